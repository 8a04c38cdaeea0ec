"""What a person meets in a terminal: questions, progress, Ctrl-C, help, and where results are written."""
