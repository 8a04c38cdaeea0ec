"""reconciler iam-policy."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.format import display_options
from reconciler.cli.options.history import granted_history_options
from reconciler.cli.options.select import select_manifests
from reconciler.cli.terminal.help import WRONG_TARGET, Command, Example
from reconciler.errors import ExitCode


@click.command(
    "iam-policy",
    cls=Command,
    examples=(
        Example("Print the policy for plan and drift", "reconciler iam-policy samples/petstore"),
        Example("Print the policy for apply and rollback", "reconciler iam-policy samples/petstore --mode apply"),
    ),
    exit_codes={
        ExitCode.OK: "printed",
        ExitCode.FAILED: "a manifest has errors, or an API was not found",
        ExitCode.REFUSED: WRONG_TARGET,
    },
)
@click.option(
    "--mode",
    type=click.Choice(("drift", "plan", "apply", "deploy")),
    default="plan",
    show_default=True,
    help="drift: drift, adopt and plan without --deploy; plan: also status and plan --deploy; apply: also apply and "
    "rollback; deploy: also deploy, and apply and rollback with --deploy.",
)
@click.option(
    "--stage", "stages", multiple=True, metavar="NAME", help="Stage, in addition to those in the manifests. Repeatable."
)
@click.option(
    "--test-live",
    is_flag=True,
    help="Also allow what test --live needs: to call methods, and with them their backends.",
)
@click.option("--coverage", is_flag=True, help="Also allow what coverage and drift --coverage need: to list all APIs.")
@click.option("--blame", is_flag=True, help="Also allow what drift --blame needs: to look up CloudTrail events.")
@granted_history_options
@aws_options
@select_manifests
@display_options
@handled_by("reconciler.cli.handlers.iam_policy")
def command() -> None:
    """Print the least-privilege IAM policy for these manifests.

    AWS is read only to look up APIs that are addressed by name, and the region if it is not configured.
    """
