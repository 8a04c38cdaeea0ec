"""reconciler help."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import debug_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


def _names(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the commands that complete the next name."""
    root = context.find_root()
    command: click.Command | None = root.command
    for name in context.params.get("names") or ():
        command = command.get_command(root, name) if isinstance(command, click.Group) else None
    names = command.list_commands(root) if isinstance(command, click.Group) else ()
    return [name for name in names if name.startswith(incomplete)]


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
@click.argument("names", nargs=-1, metavar="[COMMAND]", shell_complete=_names)
@debug_option
@handled_by("reconciler.cli.handlers.help")
def command() -> None:
    """Show the help of COMMAND, as COMMAND --help does; without COMMAND, list all commands."""
