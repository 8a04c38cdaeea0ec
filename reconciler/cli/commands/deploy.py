"""reconciler deploy."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.deploy import always_deploy_options
from reconciler.cli.options.format import FORMATS, display_options, format_option
from reconciler.cli.options.journal import journal_option
from reconciler.cli.options.select import select_manifests
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "deploy",
    cls=Command,
    examples=(
        Example(
            "Deploy, after confirmation",
            "reconciler deploy samples/petstore --stage prod",
        ),
        Example("Deploy without a terminal", "reconciler deploy samples/petstore --stage prod --yes"),
    ),
    exit_codes={
        ExitCode.OK: "deployed, or nothing to deploy",
        ExitCode.FAILED: "failed before the first deployment",
        ExitCode.STOPPED: "a deployment failed",
        ExitCode.REFUSED: "refused by a safety rule, or declined; nothing was deployed",
    },
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation.")
@always_deploy_options
@format_option(*FORMATS)
@aws_options
@select_manifests
@display_options
@journal_option
@handled_by("reconciler.cli.handlers.deploy")
def command() -> None:
    """Deploy, after confirmation.

    The draft is deployed as it is. If it has changes that the manifests do not declare, the deployment is refused;
    --publish-all deploys them as well.
    """
