"""reconciler openapi."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import display_options, format_option
from reconciler.cli.options.parameter import parameter_option
from reconciler.cli.options.select import select_manifests
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "openapi",
    cls=Command,
    examples=(
        Example("Write the responses into a document", "reconciler openapi --into openapi.yaml manifests"),
        Example("Check in CI that a document has them", "reconciler openapi --into openapi.yaml --check manifests"),
    ),
    exit_codes={
        ExitCode.OK: "written, or nothing to do",
        ExitCode.FAILED: "errors found; the document was not changed",
        ExitCode.DIFFERENCES: "the document would change (--check)",
    },
)
@click.option(
    "--into",
    "document",
    required=True,
    metavar="FILE",
    help="OpenAPI document, or SAM or CloudFormation template, that gets the responses; - for stdin.",
)
@click.option("--out", metavar="FILE", help="Write the result to FILE instead; - for stdout.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 2 if the document would change.")
@parameter_option
@format_option("text", "json")
@select_manifests
@display_options
@handled_by("reconciler.cli.handlers.openapi")
def command() -> None:
    """Write the responses of manifests into an OpenAPI document, so that an import of it wipes none. Offline.

    Only `responses` of x-amazon-apigateway-integration change. The API is found by `info.title`.
    """
