"""git, asked in a way that gives the working tree no say in what runs."""
