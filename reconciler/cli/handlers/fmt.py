"""reconciler fmt, when it runs."""

from reconciler.atomic_write import replace_files
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.terminal.output import emit, say, write_stdout
from reconciler.engine.fmt.fmt import FormatResult, format_files
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.views.adopt import preview
from reconciler.views.fmt import format_text


def run(display: DisplayOptions, select: SelectOptions, *, check: bool, diff: bool) -> ExitCode:
    """Format the files, or show what would change."""
    select.check_paths()
    result = format_files(select.paths, select.config, Disk())
    written = not (check or diff)
    if written:
        replace_files(result.changes)
    style = display.style()
    if diff:
        write_stdout(preview(result.changes, style, "formatted"))
    text = format_text(result, style, written=written)
    code = _exit_code(result, check=check)
    if diff:
        if text:
            say(text)
        return code
    files = ", ".join(change.file for change in result.changes)
    changed = f"these files were changed: {files}" if written and files else ""
    return emit((Output("text", None),), {"text": lambda: text}, code, changed)


def _exit_code(result: FormatResult, *, check: bool) -> ExitCode:
    if result.is_broken:
        return ExitCode.FAILED
    return ExitCode.DIFFERENCES if check and result.changes else ExitCode.OK
