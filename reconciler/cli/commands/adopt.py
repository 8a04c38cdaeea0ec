"""reconciler adopt."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.aws import aws_options
from reconciler.cli.options.format import display_options
from reconciler.cli.options.select import select_responses
from reconciler.cli.terminal.help import WRONG_TARGET, Command, Example
from reconciler.errors import ExitCode


@click.command(
    "adopt",
    cls=Command,
    examples=(
        Example("Ask about each difference, then change the files", "reconciler adopt samples/petstore"),
        Example("Adopt everything without asking", "reconciler adopt samples/petstore --yes"),
    ),
    exit_codes={
        ExitCode.OK: "written, or nothing to adopt",
        ExitCode.FAILED: "something could not be read, adopted or written",
        ExitCode.REFUSED: WRONG_TARGET,
    },
)
@click.option("-y", "--yes", is_flag=True, help="Adopt every live value without asking.")
@click.option(
    "--accept-missing", is_flag=True, help="With --yes: remove responses that AWS no longer has from the manifests."
)
@click.option("--into-set", is_flag=True, help="Change a response set if all its users have the same drift.")
@aws_options
@select_responses
@display_options
@handled_by("reconciler.cli.handlers.adopt")
def command() -> None:
    """Write drift into the manifests; everything else in them stays as it is, byte for byte.

    On a terminal, each difference is a question, as with git add -p: adopt it, keep the manifest's version, split it,
    edit it, or quit and continue later. All changes are shown before they are written. AWS is only read.
    """
