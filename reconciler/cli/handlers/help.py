"""reconciler help, when it runs."""

from collections.abc import Sequence

import click

from reconciler.cli.terminal.output import write_stdout
from reconciler.errors import ExitCode, UsageError
from reconciler.invocation import command_line


def run(names: Sequence[str]) -> ExitCode:
    """Print the help of the command of these names. Raises UsageError if there is none."""
    context = click.get_current_context().find_root()
    for number, name in enumerate(names):
        context = _subcommand(context, name, names[:number])
    write_stdout(context.get_help())
    return ExitCode.OK


def _subcommand(context: click.Context, name: str, parents: Sequence[str]) -> click.Context:
    group = context.command
    if not isinstance(group, click.Group):
        message = f"{' '.join(parents)} has no commands of its own"
        raise UsageError(message, f"for its help: {command_line('help', *parents)}")
    try:
        found, command, _ = group.resolve_command(context, [name])
    except click.UsageError as failure:
        remedy = f"to list them: {command_line('help', *parents)}"
        raise UsageError(f"{' '.join(parents)} has no command {name!r}", remedy) from failure
    assert command is not None  # noqa: S101 - click's promise where it raises nothing
    return click.Context(command, parent=context, info_name=found)
