"""reconciler review."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.effect import effect_option
from reconciler.cli.options.format import FORMATS, display_options, format_option
from reconciler.cli.options.select import select_manifests
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "review",
    cls=Command,
    examples=(
        Example("Show what has changed since the last commit", "reconciler review samples/petstore --base HEAD"),
        Example("Write a comment for a pull request", "reconciler review samples --format markdown=review.md"),
    ),
    exit_codes={
        ExitCode.OK: "reviewed, with or without changes",
        ExitCode.FAILED: "a manifest has errors",
    },
)
@click.option(
    "--base",
    metavar="REVISION",
    help="Compare with the commit where head branched off from REVISION; default: the main branch.",
)
@click.option("--head", metavar="REVISION", help="Git revision to review; default: the working tree.")
@effect_option
@format_option(*FORMATS)
@select_manifests
@display_options
@handled_by("reconciler.cli.handlers.review")
def command() -> None:
    """Show what the changes of a branch mean, response by response, in every environment.

    Runs offline, from git. Sets, variables, overlays and template files are resolved, so that mere reformatting shows
    nothing.
    """
