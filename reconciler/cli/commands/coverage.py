"""reconciler coverage."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.coverage import coverage_options, refuse_narrowing
from reconciler.cli.options.format import FORMATS, METRICS, display_options, format_option
from reconciler.cli.options.select import select_configurations
from reconciler.cli.options.timeouts import timeout_options
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "coverage",
    cls=Command,
    examples=(
        Example("List the APIs that have no manifest", "reconciler coverage samples/petstore"),
        Example("Check methods too", "reconciler coverage samples/petstore --min-methods 80%"),
    ),
    exit_codes={
        ExitCode.OK: "covered, or as much as is required",
        ExitCode.FAILED: "an account, region or API could not be read",
        ExitCode.DIFFERENCES: "not covered",
        ExitCode.REFUSED: "refused: wrong account",
    },
)
@coverage_options
@refuse_narrowing
@format_option(*FORMATS, METRICS)
@aws_options
@timeout_options
@select_configurations
@display_options
@handled_by("reconciler.cli.handlers.coverage")
def command() -> None:
    """List the REST and WebSocket APIs that no manifest addresses. Nothing is changed.

    Every manifest of the configuration counts, whatever PATH names in it. --env chooses the accounts and regions. HTTP
    APIs do not count: they have no integration responses.
    """
