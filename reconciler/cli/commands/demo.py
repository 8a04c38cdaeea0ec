"""reconciler demo."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.color import color_option, no_color_option
from reconciler.cli.options.format import debug_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "demo",
    cls=Command,
    examples=(
        Example("Take the tour", "reconciler demo"),
        Example("Take it without colors", "reconciler demo --no-color"),
    ),
    exit_codes={
        ExitCode.OK: "done",
        ExitCode.FAILED: "a step of the tour failed",
    },
)
@color_option
@no_color_option
@debug_option
@handled_by("reconciler.cli.handlers.demo")
def command() -> None:
    """Take a tour of plan, apply, drift and adopt on APIs in memory: no account, no network, no files."""
