"""reconciler rollback."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.force import rollback_force_option
from reconciler.cli.options.format import display_options, format_option
from reconciler.cli.options.journal import journal_option, run_environments_option
from reconciler.cli.options.select import config_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "rollback",
    cls=Command,
    examples=(
        Example("Undo the last run, after confirmation", "reconciler rollback latest"),
        Example("Also roll back its stages, without asking", "reconciler rollback latest --deploy --yes"),
    ),
    exit_codes={
        ExitCode.OK: "restored and verified, or nothing to do",
        ExitCode.FAILED: "failed before the first write",
        ExitCode.STOPPED: "stopped part-way, or AWS still differs",
        ExitCode.REFUSED: "refused by a safety rule, or declined; nothing was written",
    },
)
@click.argument("run", is_eager=True)
@click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--deploy", is_flag=True, help="Also make the stages serve their earlier deployments again.")
@rollback_force_option
@format_option("text", "json")
@aws_options
@journal_option
@run_environments_option
@config_option
@display_options
@handled_by("reconciler.cli.handlers.rollback")
def command() -> None:
    """Restore the responses that RUN changed: show the plan, ask for confirmation, write, verify the result.

    RUN is an id, the beginning of one, or latest: the last run on this endpoint that is not a rollback itself. If the
    journal has runs of several environments, latest needs --env. Incomplete runs can be rolled back, too.
    """
