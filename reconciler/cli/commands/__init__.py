"""One module for each command, named as the command; `reconciler.cli.main` imports it when the command is run."""
