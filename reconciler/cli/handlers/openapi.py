"""reconciler openapi, when it runs."""

from pathlib import Path
from typing import Final

from reconciler.atomic_write import FileReplacement, replace_files
from reconciler.cli.options.format import DisplayOptions, Output, check_distinct_files, check_writable
from reconciler.cli.options.parameter import parameter_values
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.request import request
from reconciler.cli.terminal.input_files import STDIN, InputFiles, check_files
from reconciler.cli.terminal.output import emit, say, write_exactly
from reconciler.engine.openapi.update import DefinitionUpdate, update_definitions
from reconciler.errors import ExitCode, UsageError
from reconciler.manifest import Disk
from reconciler.views.openapi import openapi_view

_STDOUT: Final = "-"


def run(  # noqa: PLR0913 - the options of the command
    display: DisplayOptions,
    select: SelectOptions,
    outputs: tuple[Output, ...],
    document: str,
    out: str | None,
    *,
    check: bool,
    parameters: tuple[str, ...],
) -> ExitCode:
    """Write the responses into the document and show what changed."""
    target = _target(document, out, outputs, check=check)
    file = InputFiles(remedy="split it").read("--into", document)
    update = update_definitions(request(select), Disk(), file, parameter_values(parameters))
    code = update.exit_code(check=check)
    written_to = None if check or update.is_failed else _write(update, document, target)
    renderings = openapi_view(update, display.style(), written_to=written_to)
    if target != _STDOUT or update.is_failed or check:
        return emit(outputs, renderings, code)
    if not display.quiet:
        say(renderings["text"]())
    return emit(tuple(output for output in outputs if output.file), renderings, code)


def _target(document: str, out: str | None, outputs: tuple[Output, ...], *, check: bool) -> str:
    """Return the file to write. Raises UsageError for options that contradict each other."""
    check_files({"--into": document})
    if out == "":
        raise UsageError("--out is empty", "give it the name of a file, or - for stdout")
    if check and out is not None:
        raise UsageError("--check and --out cannot be used together", "omit one of them")
    target = out or (_STDOUT if document == STDIN else document)
    check_distinct_files(outputs, out=None if target == _STDOUT else target)
    if target == _STDOUT and not check and any(output.file is None and output.format != "text" for output in outputs):
        raise UsageError("the document and the result both go to stdout", "write one of them to a file")
    if out is not None and target != _STDOUT:
        check_writable(f"--out {out}", out)
    return target


def _write(update: DefinitionUpdate, document: str, target: str) -> str:
    """Write the document, and return where to."""
    if target == _STDOUT:
        write_exactly(update.after.decode(), None)
        return "stdout"
    if target != document:
        write_exactly(update.after.decode(), target)
    elif update.is_change:
        replace_files([FileReplacement(document, update.before, update.after)])
    return str(Path(target))
