"""Results to stdout and files."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from reconciler.errors import ReconcilerError, UsageError
from reconciler.render.style import printable


@dataclass(frozen=True, slots=True)
class Output:
    """One `--format`: what, and where to; file None is stdout."""

    format: str
    file: str | None


def formatting(*formats: str) -> Callable[[Any], Any]:
    """--format F and --format F=FILE, gathered into `outputs`."""

    def parse(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Output, ...]:
        outputs = [_output(value, formats) for value in values]
        on_stdout = [one for one in outputs if one.file is None]
        if len(on_stdout) > 1:
            message = "only one --format can go to stdout"
            raise UsageError(message, f"write the others to files: --format {on_stdout[1].format}=FILE")
        return tuple(outputs) if on_stdout else (Output("text", None), *outputs)

    return click.option(
        "--format",
        "outputs",
        multiple=True,
        metavar="F[=FILE]",
        callback=parse,
        help=f"{' or '.join(formats)}; with =FILE into a file as well. Repeatable.",
    )


def _output(value: str, formats: tuple[str, ...]) -> Output:
    name, equals, file = value.partition("=")
    if name not in formats:
        later = name in {"markdown", "html", "github", "sarif", "junit", "prometheus"}
        message = f"the format {printable(name)!r} is not available{' yet' if later else ''}"
        raise UsageError(message, f"there are {', '.join(formats)}")
    if equals and not file:
        message = f"--format {name}= names no file"
        raise UsageError(message, f"--format {name}=FILE, or --format {name} for stdout")
    return Output(name, file or None)


def emit(outputs: tuple[Output, ...], renderings: Mapping[str, Callable[[], str]]) -> None:
    """Each output in its format: files first, so that they are there when stdout says so."""
    for one in sorted(outputs, key=lambda output: output.file is None):
        text = renderings[one.format]()
        if one.file is None:
            write_stdout(text)
        else:
            write_file(Path(one.file), text)


def write_stdout(text: str) -> None:
    """To stdout; a reader that has gone away ends the output, not the command."""
    if not text:
        return
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_file(path: Path, text: str) -> None:
    """Whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as draft:
            draft.write(text if text.endswith("\n") else f"{text}\n")
        Path(draft.name).replace(path)
    except OSError as failure:
        message = f"{path} cannot be written: {failure.strerror}"
        raise ReconcilerError(message, "check the folder and its permissions") from failure


def say(text: str) -> None:
    """A line for the person, beside the results."""
    click.echo(text, err=True)
