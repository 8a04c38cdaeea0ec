"""reconciler select."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.backend import backend_options, method_options
from reconciler.cli.options.format import display_options, format_option
from reconciler.cli.options.select import select_manifests
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "select",
    cls=Command,
    examples=(
        Example("Show which response a 500 selects", "reconciler select . --method 'GET /pets' --status 500"),
        Example("Show it for a route", "reconciler select samples --route history --status 404"),
    ),
    exit_codes={
        ExitCode.OK: "a response is selected, or it is unknown which",
        ExitCode.FAILED: "no response is selected: API Gateway answers 500; or bad input",
    },
)
@method_options
@backend_options
@format_option("text", "json")
@select_manifests
@display_options
@handled_by("reconciler.cli.handlers.select")
def command() -> None:
    """Show which integration response is selected for an answer of the backend, and why not each other one. Offline.

    A FILE can be - for stdin.
    """
