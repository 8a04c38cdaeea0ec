"""reconciler schema."""

from pathlib import Path

import click

from reconciler.cli.handler import handled_by
from reconciler.cli.options.format import debug_option
from reconciler.cli.terminal.help import Command, Example
from reconciler.errors import ExitCode

SCHEMAS = (
    "manifest",
    "config",
    "plan",
    "apply",
    "drift",
    "coverage",
    "status",
    "validation",
    "review",
    "rollback",
    "runs",
    "run",
    "pruned-runs",
    "answer",
    "rendering",
    "selection",
    "test-report",
    "openapi-update",
    "explanation",
    "notification",
)


@click.command(
    "schema",
    cls=Command,
    examples=(
        Example("Print the schema of manifests", "reconciler schema manifest"),
        Example("Print the schema of plan --format json", "reconciler schema plan"),
    ),
    exit_codes={
        ExitCode.OK: "printed, or up to date",
        ExitCode.FAILED: "a file could not be read or written",
    },
)
@click.argument("name", type=click.Choice(SCHEMAS), required=False, metavar="[NAME]")
@click.option(
    "--update",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Update the copies in DIR (NAME.schema.json) instead.",
)
@debug_option
@handled_by("reconciler.cli.handlers.schema")
def command() -> None:
    """Print the JSON Schema of manifests or configurations (for editors), or of a document of --format json.

    NAME is manifest (the default), config, plan, apply, drift, coverage, status, validation, review, rollback, runs,
    run, pruned-runs, answer, rendering, selection, test-report, openapi-update, explanation or notification.
    """
