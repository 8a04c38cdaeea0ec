"""reconciler validate."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import FORMATS, display_options, format_option
from reconciler.cli.options.select import select_manifests
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "validate",
    cls=Command,
    examples=(
        Example("Check the manifests of a folder", "reconciler validate samples/petstore"),
        Example("Annotate the lines of a pull request on GitHub", "reconciler validate samples --format github"),
    ),
    exit_codes={
        ExitCode.OK: "no errors",
        ExitCode.FAILED: "errors found",
    },
)
@click.option("--watch", is_flag=True, help="Check again whenever one of the files changes, until Ctrl-C.")
@format_option(*FORMATS)
@select_manifests
@display_options
@handled_by("reconciler.cli.handlers.validate")
def command() -> None:
    """Check manifests offline: syntax, structure, and what AWS would refuse or ignore. Every problem is reported."""
