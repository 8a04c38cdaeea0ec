"""reconciler render."""

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.backend import backend_options, client_options, method_options
from reconciler.cli.options.format import display_options, format_option
from reconciler.cli.options.select import select_manifests
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode


@click.command(
    "render",
    cls=Command,
    examples=(
        Example("Show what a client gets for a backend's 500", "reconciler render . --method 'GET /pets' --status 500"),
        Example("Show what a route sends for a mock", "reconciler render samples/chat --route ping --mock 200"),
    ),
    exit_codes={
        ExitCode.OK: "shown, unknown values included",
        ExitCode.FAILED: "API Gateway answers with an error of its own, or bad input",
    },
)
@method_options
@click.option("--template", metavar="FILE", help="Render this template alone, for the answer in --body.")
@backend_options
@client_options
@click.option("--watch", is_flag=True, help="Render again whenever one of the files changes, until Ctrl-C.")
@format_option("text", "json")
@select_manifests
@display_options
@handled_by("reconciler.cli.handlers.render")
def command() -> None:
    """Show what a client gets for one answer of the backend, or render one template. Offline.

    A FILE can be - for stdin. With --template, stdout gets the rendered text and nothing else.
    """
