"""reconciler export."""

from pathlib import Path

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.format import debug_option, format_option
from reconciler.cli.options.parameter import parameter_option
from reconciler.cli.options.select import EnvironmentsType, config_option, environment_names
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "export",
    cls=Command,
    examples=(
        Example("Write a manifest of one API", "reconciler export --rest-api petstore --out manifests"),
        Example(
            "Write a manifest of every API in the region",
            "reconciler export --all --out live --template-files",
        ),
    ),
    exit_codes={
        ExitCode.OK: "written",
        ExitCode.FAILED: "an API or method could not be read, or a file exists",
    },
)
@click.option(
    "--rest-api", "rest_apis", multiple=True, metavar="API", help="REST API to export, by id or name. Repeatable."
)
@click.option(
    "--websocket-api",
    "websocket_apis",
    multiple=True,
    metavar="API",
    help="WebSocket API to export, by id or name. Repeatable.",
)
# RECONCILER_ENV is not read: with --env, other files are written
@click.option(
    "--env",
    "environments",
    multiple=True,
    type=EnvironmentsType(),
    metavar="NAME",
    callback=lambda _context, _parameter, values: environment_names(values),
    help="Environment of the configuration, several as in dev,test, or all: one manifest per API, with a "
    "reconciler.yaml.",
)
@config_option
@click.option("--all", "everything", is_flag=True, help="Export every REST and WebSocket API in the region.")
@click.option(
    "--openapi",
    multiple=True,
    metavar="FILE",
    help="OpenAPI document, or SAM or CloudFormation template, to export instead of live APIs. Repeatable.",
)
@parameter_option
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Output directory."
)
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="FILE",
    help="Output of 'terraform show -json', to find the resources to remove; - for stdin. Repeatable.",
)
@click.option(
    "--template",
    "templates",
    multiple=True,
    metavar="FILE",
    help="CloudFormation template, to find the properties to remove. Repeatable.",
)
@format_option("text", "terraform", "cloudformation")
@click.option("--force", is_flag=True, help="Overwrite existing files.")
@click.option("--template-files", is_flag=True, help="Write long templates to .vtl files.")
@click.option("--extract-sets", is_flag=True, help="Move responses that three or more methods share to response sets.")
@click.option("-q", "--quiet", is_flag=True, envvar="RECONCILER_QUIET", help="Warnings and the summary only.")
@click.option("-v", "--verbose", is_flag=True, hidden=True, expose_value=False)
@debug_option
@aws_options
@handled_by("reconciler.cli.handlers.export")
def command() -> None:
    """Write live APIs to DIR as manifests, one file each. A plan on them is empty.

    All or nothing: files are written only if every API could be read, and existing ones are kept unless --force is
    given. With --env, what differs between environments becomes variables and overlays. With --openapi, offline,
    methods that no manifest can express are left out and reported.

    With --format terraform or cloudformation, print what to take out of the other tool, too.
    """
