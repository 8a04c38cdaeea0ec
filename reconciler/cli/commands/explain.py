"""reconciler explain."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import display_options, format_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "explain",
    cls=Command,
    examples=(
        Example("Explain a rule of a message", "reconciler explain missing-method-response"),
        Example("List all rules", "reconciler explain"),
    ),
    exit_codes={
        ExitCode.OK: "explained",
        ExitCode.FAILED: "a file could not be written",
    },
)
@click.argument("rules", metavar="[RULE]...", nargs=-1)
@format_option("text", "json", "markdown")
@display_options
@handled_by("reconciler.cli.handlers.explain")
def command() -> None:
    """Explain rules: what they mean and why, with examples, and how to fix and silence them. Offline.

    A RULE is the name in brackets at the end of a message. Without one, all rules are listed (-q: their names only).
    """
