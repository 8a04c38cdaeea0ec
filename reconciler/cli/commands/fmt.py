"""reconciler fmt."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import display_options
from reconciler.cli.options.select import select_files
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "fmt",
    cls=Command,
    examples=(
        Example("Format a manifest and its response tests", "reconciler fmt samples/petstore"),
        Example("Fail in CI if a file is not formatted", "reconciler fmt samples --check"),
    ),
    exit_codes={
        ExitCode.OK: "formatted, or nothing to do",
        ExitCode.FAILED: "a file has errors, or could not be written",
        ExitCode.DIFFERENCES: "with --check: a file would change",
    },
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 2 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@select_files
@display_options
@handled_by("reconciler.cli.handlers.fmt")
def command() -> None:
    """Format manifests, response sets, response tests and configurations. Offline.

    Indentation, spaces, quotes and the order of known keys become uniform. Comments, blank lines, blocks, anchors and
    the order of paths, methods and responses stay, and what a file means never changes. Files of other programs are
    skipped, and files with errors are left as they are.
    """
