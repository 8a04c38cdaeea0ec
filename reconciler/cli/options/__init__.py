"""The options that commands share, and the values that are made of them."""
