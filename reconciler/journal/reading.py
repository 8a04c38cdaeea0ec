"""Runs, out of their folders.

Promise: a run whose writer was killed reads as far as it got: a last line that is cut off is passed over, and said.
Whatever else is not as it was written is a JournalError with its place. What a plan says is for others to understand;
here it is bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from reconciler.documents.parts import FORMAT_VERSION
from reconciler.errors import JournalError, UsageError
from reconciler.invocation import command_line
from reconciler.journal.lines import LINE, BeginLine, DeploymentLine, EndLine, Line, OutcomeLine, SentLine
from reconciler.journal.writing import OUTCOMES, PLAN, run_ids

_FORMAT: Final = re.compile(rf"{FORMAT_VERSION.partition('.')[0]}\.[0-9]{{1,4}}")
"""What is understood: a later minor version only says more."""

_MOST_BYTES: Final = 256 * 1024 * 1024
_DAMAGED: Final = "restore the folder from a copy, or make a plan of the manifests to see what AWS holds"

T = TypeVar("T", bound=Line)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run's folder says: the text of its plan, its lines. `is_cut_off`: a last line is not whole."""

    run: str
    folder: Path
    plan: bytes
    begin: BeginLine
    lines: tuple[Line, ...]
    is_cut_off: bool

    @property
    def plan_file(self) -> Path:
        """Where the plan is."""
        return self.folder / PLAN

    def place(self, line: Line) -> str:
        """Where a line is: file and number."""
        return f"{self.folder / OUTCOMES}:{next(at for at, one in enumerate(self.lines, start=1) if one is line)}"

    @property
    def sent(self) -> tuple[SentLine, ...]:
        """The actions whose calls were sent, or were about to be."""
        return _of(self.lines, SentLine)

    @property
    def outcomes(self) -> tuple[OutcomeLine, ...]:
        """What became of actions, in the order in which it was known."""
        return _of(self.lines, OutcomeLine)

    @property
    def deployments(self) -> tuple[DeploymentLine, ...]:
        """What was deployed."""
        return _of(self.lines, DeploymentLine)

    @property
    def end(self) -> EndLine | None:
        """How the run ended; None when it never came to its end."""
        last = self.lines[-1]
        return last if isinstance(last, EndLine) else None


def find(folder: Path, name: str) -> str:
    """The run of this id, or the only one whose id begins so. Raises UsageError, JournalError."""
    runs = run_ids(folder)
    fitting = [run for run in runs if name and run.startswith(name)]
    if name in runs:
        return name
    if not fitting:
        lists = f"to list them: {command_line('runs', '--journal', str(folder))}; " if runs else ""
        raise UsageError(f"there is no run {name!r} in {folder}", f"{lists}--journal DIR names another folder")
    if len(fitting) > 1:
        raise UsageError(f"{len(fitting)} runs begin with {name!r}: {', '.join(fitting)}", "give more of the id")
    return fitting[0]


def recorded(folder: Path, run: str) -> Recorded:
    """One run. Raises JournalError."""
    place = folder / run
    lines, is_cut_off = _lines(place / OUTCOMES)
    plan = _content(place / PLAN)
    first, *others = lines
    if not isinstance(first, BeginLine) or first.run != run:
        raise JournalError(f"{place / OUTCOMES}:1: this is not how run {run} begins", _DAMAGED)
    if not _FORMAT.fullmatch(first.format_version):
        message = f"{place / OUTCOMES}:1: the journal is of format {first.format_version!r}, not {FORMAT_VERSION}"
        raise JournalError(message, "read it with the version that wrote it, or a newer one")
    for number, line in enumerate(others, start=2):
        if isinstance(line, BeginLine):
            raise JournalError(f"{place / OUTCOMES}:{number}: the run begins a second time", _DAMAGED)
        if isinstance(line, EndLine) and number < len(lines):
            raise JournalError(f"{place / OUTCOMES}:{number}: something follows the end of the run", _DAMAGED)
    return Recorded(run, place, plan, first, tuple(lines), is_cut_off)


def _of(lines: Sequence[Line], kind: type[T]) -> tuple[T, ...]:
    return tuple(line for line in lines if isinstance(line, kind))


def _lines(file: Path) -> tuple[list[Line], bool]:
    """The lines, at least one, and whether a last one is cut off."""
    *whole, rest = _content(file).split(b"\n")
    lines: list[Line] = []
    for number, text in enumerate(whole, start=1):
        try:
            lines.append(LINE.validate_json(text))
        except ValidationError as failure:
            if number == len(whole) and not rest.strip(b"\0") and lines:
                return lines, True  # what a machine that stopped may leave of its last line
            raise JournalError(f"{file}:{number}: this is no line of a journal{_newer(lines)}", _DAMAGED) from failure
    if not lines:
        raise JournalError(f"{file}:1: the journal has no line", _DAMAGED)
    return lines, bool(rest)


def _newer(lines: Sequence[Line]) -> str:
    first = lines[0] if lines else None
    if isinstance(first, BeginLine) and first.format_version != FORMAT_VERSION:
        return f" of format {FORMAT_VERSION}; it says that it is of format {first.format_version}"
    return ""


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as failure:
        raise JournalError(f"{file} cannot be read: {failure.strerror}", _DAMAGED) from failure
    if len(content) > _MOST_BYTES:
        raise JournalError(f"{file} is larger than any journal", _DAMAGED)
    return content
