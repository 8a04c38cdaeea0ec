"""Reading runs back from their folders.

A run whose process was killed is readable as far as it got: a cut-off last line is skipped and reported. Anything else
that is not as it was written raises JournalError with its position. The plan is returned as bytes.
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
"""Readable formats: a later minor version only adds keys."""

_MOST_BYTES: Final = 256 * 1024 * 1024
_DAMAGED: Final = f"restore the folder from a backup, or run {command_line('plan')} to see what AWS holds"

T = TypeVar("T", bound=Line)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run's folder: the text of its plan, and its lines. `is_cut_off`: the last line is incomplete."""

    run: str
    folder: Path
    plan: bytes
    begin: BeginLine
    lines: tuple[Line, ...]
    is_cut_off: bool

    @property
    def plan_file(self) -> Path:
        """The file of the plan."""
        return self.folder / PLAN

    def place(self, line: Line) -> str:
        """Return a line's position, `file:line`."""
        return f"{self.folder / OUTCOMES}:{next(at for at, other in enumerate(self.lines, start=1) if other is line)}"

    @property
    def sent(self) -> tuple[SentLine, ...]:
        """The actions whose calls were sent or about to be sent."""
        return _of(self.lines, SentLine)

    @property
    def outcomes(self) -> tuple[OutcomeLine, ...]:
        """The outcomes of actions, in the order in which they became known."""
        return _of(self.lines, OutcomeLine)

    @property
    def deployments(self) -> tuple[DeploymentLine, ...]:
        """The deployments."""
        return _of(self.lines, DeploymentLine)

    @property
    def end(self) -> EndLine | None:
        """The end of the run; None if it never finished."""
        last = self.lines[-1]
        return last if isinstance(last, EndLine) else None


def find(folder: Path, name: str) -> str:
    """Return the run with this id, or the only one whose id starts with it. Raises UsageError, JournalError."""
    runs = run_ids(folder)
    fitting = [run for run in runs if name and run.startswith(name)]
    if name in runs:
        return name
    if not fitting:
        lists = f"to list all runs: {command_line('runs', '--journal', str(folder))}; " if runs else ""
        raise UsageError(f"no run {name!r} in {folder}", f"{lists}--journal DIR names another folder")
    if len(fitting) > 1:
        raise UsageError(f"{len(fitting)} runs start with {name!r}: {', '.join(fitting)}", "use more of the id")
    return fitting[0]


def recorded(folder: Path, run: str) -> Recorded:
    """Read a run. Raises JournalError."""
    place = folder / run
    lines, is_cut_off = _lines(place / OUTCOMES)
    plan = _content(place / PLAN)
    first, *others = lines
    if not isinstance(first, BeginLine) or first.run != run:
        raise JournalError(f"{place / OUTCOMES}:1: this is not the start of run {run}", _DAMAGED)
    if not _FORMAT.fullmatch(first.format_version):
        message = f"{place / OUTCOMES}:1: the journal has format {first.format_version!r}, not {FORMAT_VERSION}"
        raise JournalError(message, "read it with the version that wrote it, or a newer one")
    for number, line in enumerate(others, start=2):
        if isinstance(line, BeginLine):
            raise JournalError(f"{place / OUTCOMES}:{number}: the run starts a second time", _DAMAGED)
        if isinstance(line, EndLine) and number < len(lines):
            raise JournalError(f"{place / OUTCOMES}:{number}: lines follow the end of the run", _DAMAGED)
    return Recorded(run, place, plan, first, tuple(lines), is_cut_off)


def _of(lines: Sequence[Line], kind: type[T]) -> tuple[T, ...]:
    return tuple(line for line in lines if isinstance(line, kind))


def _lines(file: Path) -> tuple[list[Line], bool]:
    """Return the lines, at least one, and whether the last one is cut off."""
    *whole, rest = _content(file).split(b"\n")
    lines: list[Line] = []
    for number, text in enumerate(whole, start=1):
        try:
            lines.append(LINE.validate_json(text))
        except ValidationError as failure:
            if number == len(whole) and not rest.strip(b"\0") and lines:
                return lines, True  # what a power cut may leave of the last line
            raise JournalError(
                f"{file}:{number}: this is not a line of a journal{_newer(lines)}", _DAMAGED
            ) from failure
    if not lines:
        raise JournalError(f"{file}:1: the journal is empty", _DAMAGED)
    return lines, bool(rest)


def _newer(lines: Sequence[Line]) -> str:
    first = lines[0] if lines else None
    if isinstance(first, BeginLine) and first.format_version != FORMAT_VERSION:
        return f" of format {FORMAT_VERSION}; the journal says that its format is {first.format_version}"
    return ""


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as failure:
        raise JournalError(f"{file} cannot be read: {failure.strerror}", _DAMAGED) from failure
    if len(content) > _MOST_BYTES:
        raise JournalError(f"{file} is too large to be a journal", _DAMAGED)
    return content
