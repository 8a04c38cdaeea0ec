"""reconciler schema."""

from pathlib import Path

import click

from reconciler.cli.options.common import debugging
from reconciler.cli.terminal.help import Command, Example
from reconciler.cli.terminal.output import write_file, write_stdout
from reconciler.errors import ExitCode, ReconcilerError, UsageError
from reconciler.invocation import command_line

_NAMES = ("manifest", "config", "plan", "apply", "drift", "status", "validation", "review", "rollback", "runs", "run")


@click.command(
    "schema",
    cls=Command,
    short_help="Print a JSON Schema.",
    examples=(
        Example("Print the schema of manifests", "reconciler schema manifest"),
        Example("Print the schema of plan --format json", "reconciler schema plan"),
    ),
    exit_codes={
        ExitCode.OK: "printed, or up to date",
        ExitCode.FAILED: "a file could not be read or written",
    },
)
@click.argument("name", type=click.Choice(_NAMES), required=False, metavar="[NAME]")
@click.option(
    "--update",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Bring the copies in DIR (NAME.schema.json) up to date instead.",
)
@debugging
def command(name: str | None, folder: Path | None) -> int:
    """Print the JSON Schema of manifests or configurations (for editors), or of a document that --format json prints.

    NAME is manifest, config, plan, apply, drift, status, validation, review, rollback, runs or run.
    """
    from reconciler.engine.schemas import schema_text  # noqa: PLC0415 - only what this command needs, when it runs

    if folder is None:
        write_stdout(schema_text(name or _NAMES[0]))
        return 0
    if name:
        raise UsageError("NAME and --update stand side by side", "leave NAME out: --update is for all that DIR has")
    copies = {file: schema_text(one) for one in _NAMES if (file := folder / f"{one}.schema.json").is_file()}
    if not copies:
        # Of a wrong folder silence would say that all is well
        remedy = f"begin with: {command_line('schema', 'manifest')} > manifest.schema.json"
        raise ReconcilerError(f"{folder} has no copy of a schema", remedy)
    for file, text in copies.items():
        _update(file, text)
    return 0


def _update(file: Path, text: str) -> None:
    """Replace a copy that is not the schema, and say so."""
    try:
        is_current = file.read_bytes() == text.encode()
    except OSError as failure:
        raise ReconcilerError(f"{file} cannot be read: {failure.strerror}", "check its permissions") from failure
    if not is_current:
        write_file(file, text)
        write_stdout(f"Updated {file}.\n")
