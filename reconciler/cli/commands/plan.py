"""reconciler plan."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.deploy import deploy_options
from reconciler.cli.options.effect import effect_option
from reconciler.cli.options.force import force_option
from reconciler.cli.options.format import FORMATS, display_options, format_option
from reconciler.cli.options.saved_plan import out_option
from reconciler.cli.options.select import base_option, select_responses
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "plan",
    cls=Command,
    examples=(
        Example("Show what apply would do", "reconciler plan samples/petstore"),
        Example("Save the plan for review", "reconciler plan samples/petstore --out plan.json"),
    ),
    exit_codes={
        ExitCode.OK: "plan made",
        ExitCode.FAILED: "a check failed, or AWS could not be read",
        ExitCode.DIFFERENCES: "changes, with --detailed-exitcode",
        ExitCode.REFUSED: "refused by a safety rule",
    },
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")
@out_option
@click.option("--allow-missing", is_flag=True, help="Defer responses of methods that do not exist yet.")
@base_option
@force_option
@deploy_options("Also show everything that a deployment would publish.")
@effect_option
@format_option(*FORMATS)
@aws_options
@select_responses
@display_options
@handled_by("reconciler.cli.handlers.plan")
def command() -> None:
    """Compare the manifests with AWS and show, action by action, what apply would do. Nothing is changed."""
