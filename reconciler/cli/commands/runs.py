"""reconciler runs."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import display_options, format_option
from reconciler.cli.options.journal import journal_option, run_environments_option
from reconciler.cli.options.select import config_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "runs",
    cls=Command,
    examples=(
        Example("List the runs, newest first", "reconciler runs"),
        Example("Show every action of the last run", "reconciler runs latest"),
    ),
    exit_codes={
        ExitCode.OK: "listed",
        ExitCode.FAILED: "RUN does not exist, or its journal is damaged",
    },
)
@click.argument("run", required=False, is_eager=True)
@click.option(
    "-n", "--limit", "number", type=click.IntRange(min=1), metavar="N", help="List the newest N runs; default: all."
)
@format_option("text", "json", "markdown")
@journal_option
@run_environments_option
@config_option
@display_options
@handled_by("reconciler.cli.handlers.runs")
def command() -> None:
    """List the runs of apply, deploy and rollback, newest first, or show every action of RUN.

    RUN is an id, the beginning of one, or latest. The runs are read from the journal on this machine, offline. Runs
    against a sandbox or another endpoint are marked, and are latest only for commands that use the same endpoint.
    """
