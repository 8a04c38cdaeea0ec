"""reconciler demo."""

import os
import sys
import threading

import click

from reconciler.cli.options.common import debugging
from reconciler.cli.terminal.help import Command, Example
from reconciler.cli.terminal.output import write_stdout
from reconciler.errors import ExitCode
from reconciler.render.style import Style


@click.command(
    "demo",
    cls=Command,
    short_help="The guided tour; needs nothing.",
    examples=(
        Example("Take the tour", "reconciler demo"),
        Example("Take it without colors", "reconciler demo --no-color"),
    ),
    exit_codes={
        ExitCode.OK: "done",
        ExitCode.FAILED: "a step of the tour failed",
    },
)
@click.option("--no-color", is_flag=True, envvar="RECONCILER_NO_COLOR", help="No colours (as NO_COLOR does).")
@debugging
def command(no_color: bool) -> int:
    """Walk through plan, apply, drift and adopt, on APIs in memory: no account, no network, no files."""
    from reconciler.aws.clock import SystemClock  # noqa: PLC0415 - only what this command needs, when it runs
    from reconciler.cli.tour import Tour  # noqa: PLC0415

    colour = sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ
    for text in Tour(SystemClock(threading.Event()), Style(colour=colour)).steps():
        write_stdout(text)
    return ExitCode.OK
