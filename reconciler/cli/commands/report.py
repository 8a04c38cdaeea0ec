"""reconciler report."""

from typing import Final

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import profile_option
from reconciler.cli.options.format import FORMATS, display_options, format_option
from reconciler.cli.options.history import history_options
from reconciler.cli.options.select import config_option
from reconciler.cli.terminal.help import Command, CommandGroup, Example
from reconciler.errors import ExitCode

_EXAMPLES: Final = (
    Example("Merge the reports of three shards", "reconciler report merge 1.json 2.json 3.json"),
    Example("Write a page, too", "reconciler report merge *.json --format html=drift.html"),
)
_EXIT_CODES: Final = {
    ExitCode.OK: "in sync",
    ExitCode.FAILED: "the reports are not one run, or an API could not be read",
    ExitCode.DIFFERENCES: "drift",
}


@click.group("report", cls=CommandGroup, examples=_EXAMPLES, exit_codes=_EXIT_CODES)
def command() -> None:
    """Work with the reports of drift runs, offline."""


@command.command(
    "merge",
    cls=Command,
    short_help="Merge the reports of all shards of a run.",
    examples=_EXAMPLES,
    exit_codes=_EXIT_CODES,
)
@click.argument("reports", nargs=-1, required=True, metavar="FILE...")
@history_options
@config_option
@profile_option
@format_option(*FORMATS)
@display_options
@handled_by("reconciler.cli.handlers.report")
def merge() -> None:
    """Merge the reports of all shards of a run into the report of the run.

    Each FILE was written by `drift --shard I/N --format json=FILE`. Reports that are missing, doubled, cut off or of
    another run are refused. --config has the channels of --notify; AWS is called only for a history or a channel there.
    """
