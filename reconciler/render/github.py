"""Remarks as workflow commands of GitHub Actions, which puts them beside the lines of a pull request.

Promise: each remark is one line and one command, whatever is in it. GitHub shows ten of each level for a step, and
silently drops the rest: the gravest of each level stand first, and what is over is counted in the last line.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.render.remarks import LEVELS, FileLocator, Level, Remark
from reconciler.render.style import counted, printable, unmarked

_MOST: Final = 10
_COMMANDS: Final[dict[Level, str]] = {"error": "error", "warning": "warning", "note": "notice"}


def annotations(remarks: Iterable[Remark], summary: str, places: FileLocator) -> str:
    """The commands, then the summary of the report as a line of the log."""
    given = list(remarks)
    lines: list[str] = []
    over: list[str] = []
    for level in LEVELS:
        of_level = [one for one in given if one.level == level]
        lines += (_command(one, places) for one in of_level[:_MOST])
        if len(of_level) > _MOST:
            over.append(counted(len(of_level) - _MOST, f"more {_COMMANDS[level]}"))
    if over:
        lines.append(f"Not annotated: {', '.join(over)}. GitHub shows {_MOST} of each; the report has them all.")
    # Escaped like the rest, so that it begins no command
    lines.append(printable(unmarked(summary)).replace("::", ": :"))
    return "\n".join(lines)


def _command(one: Remark, places: FileLocator) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(one, places))
    return f"::{_COMMANDS[one.level]} {properties}::{_data(one.text)}"


def _properties(one: Remark, places: FileLocator) -> Iterator[tuple[str, str]]:
    if one.location:
        yield "file", printable(places.relative(one.location.file))
        if one.location.line:
            yield "line", str(one.location.line)
        if one.location.column:
            yield "col", str(one.location.column)
    yield "title", printable(f"reconciler: {one.rule.id}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
