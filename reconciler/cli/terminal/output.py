"""Results to stdout and files."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

import click

from reconciler.atomic_write import place
from reconciler.errors import ExitCode, ReconcilerError, UsageError, worst_exit_code
from reconciler.line_diff import limited_line_diffs
from reconciler.render.logs import without_commands
from reconciler.render.style import printable

FORMATS: Final = ("text", "json", "markdown", "github", "sarif", "junit", "html")
"""What results of `plan`, `apply`, `drift` and `validate` can be shown as."""

_LATER: Final = frozenset(("prometheus",))


@dataclass(frozen=True, slots=True)
class Output:
    """One `--format`: what, and where to; file None is stdout."""

    format: str
    file: str | None


def formatting(*formats: str) -> Callable[[Any], Any]:
    """--format F and --format F=FILE, gathered into `outputs`."""

    def parse(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Output, ...]:
        outputs = [_output(value, formats) for value in values]
        on_stdout = [output for output in outputs if output.file is None]
        if len(on_stdout) > 1:
            message = "only one --format can go to stdout"
            raise UsageError(message, f"write the others to files: --format {on_stdout[1].format}=FILE")
        check_apart(outputs)
        return tuple(outputs) if on_stdout else (Output("text", None), *outputs)

    return click.option(
        "--format",
        "outputs",
        multiple=True,
        metavar="F[=FILE]",
        callback=parse,
        help=f"{', '.join(formats[:-1])} or {formats[-1]}; with =FILE into a file as well. Repeatable.",
    )


def _output(value: str, formats: tuple[str, ...]) -> Output:
    name, equals, file = value.partition("=")
    if name not in formats:
        message = f"the format {name!r} is not available{' yet' if name in _LATER else ''}"
        raise UsageError(message, f"there are {', '.join(formats)}")
    if equals and not file:
        message = f"--format {name}= names no file"
        raise UsageError(message, f"--format {name}=FILE, or --format {name} for stdout")
    if file == "-":
        message = f"--format {value} names a file called -"
        raise UsageError(message, f"--format {name} prints on stdout; for such a file, {name}=./-")
    if file:
        check_file(f"--format {value}: {file}", file)
    return Output(name, file or None)


def check_apart(outputs: Iterable[Output], **taken: str | None) -> None:
    """Raise UsageError where two would write one file, or one would write what an option of this name is about."""
    places = {_place(file): f"--{option} {file}" for option, file in taken.items() if file and not _is_device(file)}
    for output in outputs:
        if output.file is None or _is_device(output.file):
            continue
        told = f"--format {output.format}={output.file}"
        if other := places.get(_place(output.file)):
            message = f"{told} and {other} name one file"
            raise UsageError(message, "give each a file of its own")
        places[_place(output.file)] = told


def _place(file: str) -> str:
    return os.path.realpath(file)


def _is_device(file: str) -> bool:
    """Whether it takes one text after the other: a pipe, a terminal."""
    return Path(file).exists() and not Path(file).is_file()


def check_file(given: str, file: str) -> None:
    """Raises UsageError for what can be no file to write to, before anything is done that would have to be undone."""
    try:
        is_possible = Path(file).parent.is_dir() and not Path(file).is_dir()
    except OSError as failure:  # a name that is too long
        raise UsageError(f"{given}: {failure.strerror}", "give it another name") from failure
    if not is_possible:
        message = f"{given} is a folder, or is to be in one that is not there"
        raise UsageError(message, "name a file in a folder that exists")


def emit(
    outputs: tuple[Output, ...],
    renderings: Mapping[str, Callable[[], str]],
    code: ExitCode,
    changed: str = "",
    lost: ExitCode = ExitCode.FAILED,
) -> ExitCode:
    """Each output in its format: files first, so that they are there when stdout says so.

    Gives the exit code: `code`, or `lost` where that is graver and an output could not be written. Such an output keeps
    none of the others back. `changed` is for a command that changed something already, and says what and how to go on:
    it is shown where an output is lost, whatever the reason.
    """
    is_lost = False
    for one in sorted(outputs, key=lambda output: output.file is None):
        try:
            _put_out(one, renderings)
        except ReconcilerError as failure:
            is_lost = True
            say(f"error: {printable(str(failure))}")
        except Exception as failure:
            if not changed:
                raise
            is_lost = True
            what = f"internal error: {type(failure).__name__}: {failure}"
            say(f"error: the result cannot be shown as {one.format}: {printable(what)}")
    if is_lost and changed:
        say(f"error: {printable(changed)}")
    return worst_exit_code((code, lost)) if is_lost else code


def _put_out(one: Output, renderings: Mapping[str, Callable[[], str]]) -> None:
    with limited_line_diffs():
        text = without_commands(renderings[one.format](), one.format)
    _to_stdout(text) if one.file is None else write_file(Path(one.file), text)


def write_stdout(text: str) -> None:
    """Text to stdout; a reader that has gone away ends the output, not the command. Raises ReconcilerError."""
    _to_stdout(without_commands(text))


def _to_stdout(text: str) -> None:
    if not text:
        return
    try:
        sys.stdout.write(_ended(text))
        sys.stdout.flush()
    except BrokenPipeError:
        abandon(sys.stdout)
    except (OSError, ValueError) as failure:  # ValueError: a text that its encoding does not have, a closed file
        abandon(sys.stdout)
        raise unwritable("stdout", failure) from failure


def unwritable(name: str, failure: OSError | ValueError) -> ReconcilerError:
    """What is to be said of a stream that cannot be written."""
    why = failure.strerror if isinstance(failure, OSError) and failure.strerror else str(failure)
    return ReconcilerError(f"{name} cannot be written: {why}", f"check where {name} is redirected to")


def abandon(stream: TextIO) -> None:
    """What is still in its buffer goes nowhere: otherwise the interpreter tries again as it ends, and fails loudly."""
    with suppress(OSError, ValueError):  # a stream that is no file, or a closed one, has nothing to lose
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)


def write_file(path: Path, text: str) -> None:
    """Whole or not at all, as `placing` does it. Raises ReconcilerError."""
    try:
        # Half a surrogate pair, of a file's name for example, is spelt out as on stdout
        place(path, _ended(text).encode("utf-8", "backslashreplace"))
    except BrokenPipeError:
        return  # a pipe whose reader has enough
    except OSError as failure:
        message = f"{path} cannot be written: {failure.strerror}"
        raise ReconcilerError(message, "check the folder and its permissions") from failure


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def say(text: str, *, end: str = "\n") -> None:
    """A line for the person, on stderr. Where stderr cannot be written it is lost: no other place is left to say so."""
    with suppress(ReconcilerError):
        show(text, end=end)


def show(text: str, *, end: str = "\n") -> None:
    """A line on stderr that somebody has to see, because an answer depends on it. Raises ReconcilerError."""
    try:
        click.echo(without_commands(text) + end, nl=False, err=True)
    except (OSError, ValueError) as failure:
        abandon(sys.stderr)
        raise unwritable("stderr", failure) from failure


@contextmanager
def files_written(folder: Path) -> Iterator[None]:
    """For what is shown after files were written: where it cannot be, that is said. Raises ReconcilerError."""
    try:
        yield
    except ReconcilerError as failure:
        message = f"{failure.message}; the files in {printable(str(folder))} are written"
        raise ReconcilerError(message, failure.remedy) from failure


@contextmanager
def nothing_written() -> Iterator[None]:
    """For what has to be shown before something is written: where it cannot be, nothing is. Raises ReconcilerError."""
    try:
        yield
    except ReconcilerError as failure:
        raise ReconcilerError(f"{failure.message}; nothing was written", failure.remedy) from failure
