"""reconciler apply."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.deploy import deploy_options
from reconciler.cli.options.force import force_option
from reconciler.cli.options.format import FORMATS, display_options, format_option
from reconciler.cli.options.journal import journal_option
from reconciler.cli.options.saved_plan import max_age_option, plan_option
from reconciler.cli.options.select import base_option, select_responses
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "apply",
    cls=Command,
    examples=(
        Example("Show the plan, ask for confirmation, apply it", "reconciler apply samples/petstore"),
        Example("Apply exactly the plan that was reviewed", "reconciler apply --plan plan.json --yes"),
    ),
    exit_codes={
        ExitCode.OK: "all applied and verified, or nothing to do",
        ExitCode.FAILED: "failed before the first write",
        ExitCode.STOPPED: "stopped part-way, or AWS still differs",
        ExitCode.REFUSED: "refused by a safety rule, or declined; nothing was written",
    },
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation.")
@plan_option
@max_age_option
@base_option
@force_option
@deploy_options("Deploy the changes once they are verified.")
@click.option("--rollback-on-failure", is_flag=True, help="Restore the previous state if a write fails.")
@format_option(*FORMATS)
@aws_options
@select_responses
@display_options
@journal_option
@handled_by("reconciler.cli.handlers.apply")
def command() -> None:
    """Show the plan, ask for confirmation, apply it, verify the result.

    Changes go to the draft of each API, which no stage serves until it is deployed.
    """
