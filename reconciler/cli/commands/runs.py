"""reconciler runs."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import display_options, format_option
from reconciler.cli.options.journal import journal_option, run_environments_option
from reconciler.cli.options.prune import prune_options
from reconciler.cli.options.select import config_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "runs",
    cls=Command,
    examples=(
        Example("Show every action of the last run", "reconciler runs latest"),
        Example("Delete the runs that are older than 90 days", "reconciler runs prune --keep 90d --yes"),
    ),
    exit_codes={
        ExitCode.OK: "listed, or deleted",
        ExitCode.FAILED: "RUN is damaged, or cannot be deleted",
        ExitCode.REFUSED: "prune was declined, or a run is in progress",
    },
)
@click.argument("run", required=False, is_eager=True, metavar="[RUN|prune]")
@click.option(
    "-n", "--limit", "number", type=click.IntRange(min=1), metavar="N", help="List the newest N runs; default: all."
)
@prune_options
@format_option("text", "json", "markdown")
@journal_option
@run_environments_option
@config_option
@display_options
@handled_by("reconciler.cli.handlers.runs")
def command() -> None:
    """List the runs of apply, deploy and rollback, newest first, show every action of RUN, or delete old runs.

    RUN is an id, the beginning of one, or latest. The runs are read from the journal on this machine, offline. Runs
    against a sandbox or another endpoint are marked, and are latest only for commands that use the same endpoint.

    prune deletes the runs that are older than --keep. It never deletes the newest run of an environment, nor a run in
    progress, and incomplete runs only with --incomplete: they may still have to be rolled back.
    """
