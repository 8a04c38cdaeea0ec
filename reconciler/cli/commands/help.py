"""reconciler help."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import debug_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "help",
    cls=Command,
    examples=(
        Example("Show the help of plan", "reconciler help plan"),
        Example("List all commands", "reconciler help"),
    ),
    exit_codes={
        ExitCode.OK: "shown",
        ExitCode.FAILED: "stdout cannot be written",
    },
)
@click.argument("names", nargs=-1, metavar="[COMMAND]")
@debug_option
@handled_by("reconciler.cli.handlers.help")
def command() -> None:
    """Show the help of COMMAND, as COMMAND --help does; without COMMAND, list all commands."""
