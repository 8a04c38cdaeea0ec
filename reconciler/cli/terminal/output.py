"""Results to stdout and files; messages to stderr."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import click

from reconciler import atomic_write
from reconciler.cli.options.format import Output
from reconciler.errors import ExitCode, ReconcilerError, worst_exit_code
from reconciler.line_diff import limited_line_diffs
from reconciler.render.logs import without_commands
from reconciler.render.style import legible, printable
from reconciler.render.wrapping import wrapped

if TYPE_CHECKING:
    from reconciler.render.footer import Footer


_STARTED: Final = time.monotonic()


def emit(
    outputs: tuple[Output, ...],
    renderings: Mapping[str, Callable[[], str]],
    code: ExitCode,
    changed: str = "",
    lost: ExitCode = ExitCode.FAILED,
) -> ExitCode:
    """Write each output in its format, files before stdout, and return the exit code.

    An output that cannot be written does not stop the others; the exit code is then the worse of `code` and `lost`.
    `changed` is for a command that has already changed something: it says what, and how to go on, and is shown if an
    output is lost for any reason.
    """
    from reconciler.views.view import with_footer  # noqa: PLC0415 - help is shown without any view

    is_lost = False
    renderings = with_footer(renderings, _footer)
    for output in sorted(outputs, key=lambda output: output.file is None):
        try:
            _write(output, renderings)
        except ReconcilerError as failure:
            is_lost = True
            say(f"error: {printable(str(failure))}")
        except Exception as failure:
            if not changed:
                raise
            is_lost = True
            what = f"internal error: {type(failure).__name__}: {failure}"
            say(f"error: the result cannot be shown as {output.format}: {printable(what)}")
    if is_lost and changed:
        say(f"error: {printable(changed)}")
    return worst_exit_code((code, lost)) if is_lost else code


def _footer() -> "Footer":
    from reconciler.cli.run_footer import run_footer  # noqa: PLC0415 - only formats with a footer need it

    return run_footer(time.monotonic() - _STARTED)


def _write(output: Output, renderings: Mapping[str, Callable[[], str]]) -> None:
    with limited_line_diffs():
        text = renderings[output.format]()
    if output.format == "text" and output.file is None:
        text = _for_terminal(text, sys.stdout)
    text = without_commands(text, output.format)
    if output.file is None:
        _to_stdout(text)
    else:
        write_file(Path(output.file), click.unstyle(text) if output.format == "text" else text)


def write_stdout(text: str) -> None:
    """Write a text to stdout; a closed pipe ends the output, not the command. Raises ReconcilerError."""
    _to_stdout(without_commands(text))


def write_lines(text: str) -> None:
    """Write lines for people to stdout, as `write_stdout` does, wrapped on a terminal. Raises ReconcilerError."""
    write_stdout(_for_terminal(text, sys.stdout))


def _for_terminal(text: str, stream: TextIO) -> str:
    """Wrap long lines on a terminal; what reads a pipe or a file gets each line as it is."""
    return wrapped(text, shutil.get_terminal_size().columns) if stream.isatty() else text


def _to_stdout(text: str) -> None:
    if text:
        _put(lambda: sys.stdout.write(_with_newline(text)))


def _put(write: Callable[[], object]) -> None:
    """Write to stdout; a closed pipe ends the output, not the command. Raises ReconcilerError."""
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        abandon(sys.stdout)
    except (OSError, ValueError) as failure:  # ValueError: a closed file, or a character that the encoding lacks
        abandon(sys.stdout)
        raise unwritable("stdout", failure) from failure


def write_exactly(text: str, file: str | None) -> None:
    """Write a text as it is, in UTF-8, to a file or to stdout, so that another program can read it.

    A terminal gets what `printable` makes of it, and a newline at the end. Raises ReconcilerError.
    """
    if file is not None:
        _write_bytes(Path(file), text.encode("utf-8", "replace"))
    elif sys.stdout.isatty():
        write_stdout("\n".join(map(legible, text.split("\n"))))
    else:
        _put(lambda: sys.stdout.buffer.write(text.encode("utf-8", "replace")))


def unwritable(name: str, failure: OSError | ValueError) -> ReconcilerError:
    """Return the error for a stream that cannot be written."""
    why = failure.strerror if isinstance(failure, OSError) and failure.strerror else str(failure)
    return ReconcilerError(f"{name} cannot be written: {why}", f"check where {name} is redirected to")


def abandon(stream: TextIO) -> None:
    """Discard what is in the stream's buffer: the interpreter would try to write it at exit, with a traceback."""
    with suppress(OSError, ValueError):  # a closed stream, or one without a file, has nothing to discard
        devnull = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(devnull, stream.fileno())
        finally:
            os.close(devnull)


def write_file(path: Path, text: str) -> None:
    """Write a file, completely or not at all. Raises ReconcilerError."""
    # Half a surrogate pair, from a file's name say, is escaped as on stdout
    _write_bytes(path, _with_newline(text).encode("utf-8", "backslashreplace"))


def _write_bytes(path: Path, content: bytes) -> None:
    try:
        atomic_write.write_file(path, content)
    except BrokenPipeError:
        return  # a pipe whose reader has closed it
    except OSError as failure:
        message = f"{path} cannot be written: {failure.strerror}"
        raise ReconcilerError(message, "check the folder and its permissions") from failure


def _with_newline(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


class _Log:
    """The log on stderr, of the one command of the process."""

    is_json = False


LOG: Final = _Log()


def say(text: str, *, end: str = "\n") -> None:
    """Write a message to stderr, as a JSON line with `--log-format json`.

    If stderr cannot be written, it is lost: nowhere is left to report it.
    """
    if LOG.is_json:
        say_exactly(_entry(text))
        return
    with suppress(ReconcilerError):
        show(text, end=end)


def say_exactly(line: str) -> None:
    """Write a line of the log as it is: a terminal wraps it, and its JSON stays on one line."""
    with suppress(ReconcilerError):
        _to_stderr(f"{line}\n")


def _entry(text: str) -> str:
    import json  # noqa: PLC0415 - only --log-format json needs these
    from datetime import UTC, datetime  # noqa: PLC0415

    from reconciler.render.log_entries import log_entry  # noqa: PLC0415

    level = next((level for level in ("error", "warning") if f"{level}: " in text), "info")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(log_entry(now, level, "message", message=text.removeprefix(f"{level}: ")))


def show(text: str, *, end: str = "\n") -> None:
    """Write a message to stderr that the user has to see before answering a question. Raises ReconcilerError."""
    _to_stderr(_for_terminal(text, sys.stderr) + end)


def _to_stderr(text: str) -> None:
    try:
        # `Style` has decided on colours: click would remove them where stderr is no terminal
        click.echo(without_commands(text), nl=False, err=True, color=True)
    except (OSError, ValueError) as failure:
        abandon(sys.stderr)
        raise unwritable("stderr", failure) from failure


@contextmanager
def files_written(folder: Path) -> Iterator[None]:
    """Add to an output error that the files of this folder were written. Raises ReconcilerError."""
    try:
        yield
    except ReconcilerError as failure:
        message = f"{failure.message}; the files in {printable(str(folder))} were written"
        raise ReconcilerError(message, failure.remedy) from failure
