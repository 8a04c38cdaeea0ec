"""reconciler init."""

from pathlib import Path

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.format import debug_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "init",
    cls=Command,
    examples=(
        Example("Start in the current folder, with an example", "reconciler init"),
        Example("Start from a live API, with a CI recipe", "reconciler init pets --rest-api petstore --ci github"),
    ),
    exit_codes={
        ExitCode.OK: "written",
        ExitCode.FAILED: "an API could not be read, or a file exists",
    },
)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rest-api", metavar="API", help="Add a manifest of this live REST API, by id or name.")
@click.option("--websocket-api", metavar="API", help="Add a manifest of this live WebSocket API, by id or name.")
@click.option("--ci", type=click.Choice(("github", "gitlab")), help="Add a recipe for continuous integration.")
@click.option("-q", "--quiet", is_flag=True, help="Warnings and the summary only.")
@click.option("-v", "--verbose", is_flag=True, hidden=True, expose_value=False)
@debug_option
@aws_options
@handled_by("reconciler.cli.handlers.init")
def command() -> None:
    """Create a configuration, a manifest with a test, schemas and editor settings in DIR.

    If one of the files exists, nothing is written. The manifest is an example, unless DIR has manifests already. AWS
    is read only for a live API. Run it at the top of a repository for --ci.
    """
