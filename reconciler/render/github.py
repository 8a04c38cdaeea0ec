"""Remarks as workflow commands of GitHub Actions, which shows them next to the lines of a pull request.

Each remark is one line and one command, whatever it contains. GitHub shows ten annotations of each level for a step
and silently drops the rest: the last line counts those that are omitted.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.render.remarks import LEVELS, FileLocator, Level, Remark
from reconciler.render.style import plural, printable, strip_marks

_LIMIT: Final = 10
_COMMANDS: Final[dict[Level, str]] = {"error": "error", "warning": "warning", "note": "notice"}


def annotations(remarks: Iterable[Remark], summary: str, locator: FileLocator) -> str:
    """Return the commands, then the summary of the report as a line of the log."""
    every = list(remarks)
    lines: list[str] = []
    omitted: list[str] = []
    for level in LEVELS:
        of_level = [remark for remark in every if remark.level == level]
        lines += (_command(remark, locator) for remark in of_level[:_LIMIT])
        if len(of_level) > _LIMIT:
            omitted.append(plural(len(of_level) - _LIMIT, f"more {_COMMANDS[level]}"))
    if omitted:
        why = f"GitHub shows {_LIMIT} of each level; the report has them all."
        lines.append(f"Not annotated: {', '.join(omitted)}. {why}")
    # Escaped like the rest, so that it cannot begin a command
    lines.append(printable(strip_marks(summary)).replace("::", ": :"))
    return "\n".join(lines)


def _command(remark: Remark, locator: FileLocator) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(remark, locator))
    return f"::{_COMMANDS[remark.level]} {properties}::{_data(remark.text)}"


def _properties(remark: Remark, locator: FileLocator) -> Iterator[tuple[str, str]]:
    if remark.location:
        yield "file", printable(locator.relative(remark.location.file))
        if remark.location.line:
            yield "line", str(remark.location.line)
        if remark.location.column:
            yield "col", str(remark.location.column)
    yield "title", printable(f"reconciler: {remark.rule.id}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
