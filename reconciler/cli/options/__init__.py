"""The options that commands share. A group of options reaches the command as one value."""
