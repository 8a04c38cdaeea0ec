"""reconciler status."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.deploy import stage_option
from reconciler.cli.options.format import FORMATS, display_options, format_option
from reconciler.cli.options.select import select_responses
from reconciler.cli.terminal.help import WRONG_TARGET, Command, Example
from reconciler.errors import ExitCode


@click.command(
    "status",
    cls=Command,
    examples=(
        Example("Compare manifest, draft and every stage", "reconciler status samples/petstore"),
        Example("List the responses that are in sync as well", "reconciler status samples/petstore --stage prod -v"),
    ),
    exit_codes={
        ExitCode.OK: "in sync",
        ExitCode.FAILED: "an API could not be read",
        ExitCode.DIFFERENCES: "differences",
        ExitCode.REFUSED: WRONG_TARGET,
    },
)
@stage_option
@format_option(*FORMATS)
@aws_options
@select_responses
@display_options
@handled_by("reconciler.cli.handlers.status")
def command() -> None:
    """Compare each response in the manifest, in the draft and on every stage; -v lists those in sync, too.

    The exit code is about the stages that the manifests declare or --stage names, or about the draft if there are none.
    Other stages are shown for information. Other changes that a deployment would publish are listed as well.
    """
