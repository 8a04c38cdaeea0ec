"""What can be typed, and its help: one module per command, of its name. `reconciler.cli.handler` runs it."""
