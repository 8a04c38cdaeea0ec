"""export --openapi, when it runs: files with OpenAPI definitions instead of live APIs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from reconciler.atomic_write import create_files
from reconciler.cli.exchange import say_problems
from reconciler.cli.options.parameter import parameter_values
from reconciler.cli.schema_files import SchemaFiles
from reconciler.cli.terminal.input_files import InputFiles, check_files
from reconciler.cli.terminal.output import files_written, say, write_stdout
from reconciler.engine.openapi.export import export_definitions
from reconciler.errors import ExitCode, UsageError
from reconciler.manifest.writer import Layout
from reconciler.views.export import export_text, file_texts

TOO_LARGE = "pass a smaller file"


def check_source(openapi: Sequence[str], parameters: Sequence[str], live: Mapping[str, object]) -> None:
    """Raise UsageError if definitions are mixed with live APIs (option -> value), or parameters belong to nothing."""
    option = next((option for option, value in live.items() if value), None)
    if openapi and option:
        raise UsageError(f"--openapi and {option} cannot be used together", "omit one of them")
    if parameters and not openapi:
        raise UsageError("--parameter is for templates only", "use it with --openapi, or omit it")


def write_definitions(  # noqa: PLR0913 - the options of the command
    names: Sequence[str],
    parameters: tuple[str, ...],
    layout: Layout,
    schemas: SchemaFiles,
    out: Path,
    *,
    force: bool,
    quiet: bool,
) -> ExitCode:
    """Write the manifests of OpenAPI definitions and show what was written, and what is left out and why."""
    for name in names:
        check_files({"--openapi": name})
    files = InputFiles(remedy=TOO_LARGE)
    inputs = [files.read("--openapi", name) for name in dict.fromkeys(names)]
    result = export_definitions(inputs, parameter_values(parameters), layout)
    exported = schemas.added_to(result.exported)
    if exported.files:
        remedy = "choose another folder, or overwrite the files with --force"
        create_files(out, file_texts(exported), remedy, force=force)
    say_problems(result.diagnostics)
    lines = export_text(exported, out)
    for line in lines.warnings:
        say(line)
    if exported.files:
        with files_written(out):
            write_stdout(lines.summary if quiet else lines.files)
    return result.exit_code
