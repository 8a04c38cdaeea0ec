"""reconciler schema, when it runs."""

from pathlib import Path

from reconciler.cli.commands.schema import SCHEMAS
from reconciler.cli.terminal.output import write_file, write_stdout
from reconciler.engine.schemas import schema_text
from reconciler.errors import ExitCode, ReconcilerError, UsageError
from reconciler.invocation import command_line


def run(name: str | None, folder: Path | None) -> ExitCode:
    """Print one schema, or update all copies in a folder."""
    if folder is None:
        write_stdout(schema_text(name or SCHEMAS[0]))
        return ExitCode.OK
    if name:
        raise UsageError("NAME and --update cannot be used together", "omit NAME: --update updates every copy in DIR")
    copies = {file: schema_text(known) for known in SCHEMAS if (file := folder / f"{known}.schema.json").is_file()}
    if not copies:
        # Silence would pass a wrong folder off as up to date
        remedy = f"to create one: {command_line('schema', 'manifest')} > manifest.schema.json"
        raise ReconcilerError(f"{folder} contains no copy of a schema", remedy)
    for file, text in copies.items():
        _update(file, text)
    return ExitCode.OK


def _update(file: Path, text: str) -> None:
    """Replace a copy that differs from the schema, and report it."""
    try:
        is_current = file.read_bytes() == text.encode()
    except OSError as failure:
        raise ReconcilerError(f"{file} cannot be read: {failure.strerror}", "check its permissions") from failure
    if not is_current:
        write_file(file, text)
        write_stdout(f"Updated {file}.\n")
