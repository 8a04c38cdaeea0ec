"""The tables of methods that templates may call, by the type of the value."""
