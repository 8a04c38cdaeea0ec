"""Find where a line and column of a text is in the YAML that the text is written in.

The place is exact for literal blocks, and for texts on one line. Elsewhere (folded texts, aliases, behind a
placeholder) it is where the value begins. Pure.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from reconciler.diagnostics import Location
from reconciler.yamlio.nodes import Path, SourceMap

_LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)*")
_HEADER: Final = re.compile(r"\|[-+]?([1-9])?")
_NOT_BLANK: Final = re.compile(r"[^ \r\n]")
_ESCAPE: Final = re.compile(r"\\(?:x..|u.{4}|U.{8}|.)")
_PLACEHOLDER: Final = "${{"
_BREAKS: Final = frozenset("\n\r\x85\u2028\u2029")


def content_location(places: SourceMap, path: Path, line: int, column: int) -> Location:
    """Return the place of a line and column, counted from 1, of the text at a path."""
    begin = places.of_value(path)
    starts = _line_starts(places.text)
    if begin.line > len(starts):
        return begin
    match = _PROPERTIES.match(places.text, starts[begin.line - 1] + begin.column - 1)
    start = match.end() if match else 0
    if places.text.startswith("|", start):
        return _in_block(places, path, start, line, column)
    offset = _in_line(places.text, start, line, column)
    if offset is None:
        return begin
    number = bisect_right(starts, offset)
    return Location(begin.file, number, offset - starts[number - 1] + 1)


@lru_cache(maxsize=4)
def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _in_block(places: SourceMap, path: Path, start: int, line: int, column: int) -> Location:
    """Return a place in a literal block: its lines are indented by a constant."""
    text, begin = places.text, places.of_value(path)
    starts = _line_starts(text)
    number = bisect_right(starts, start) + line
    if number > len(starts):
        return begin
    header = _HEADER.match(text, start)
    digit = header[1] if header else None
    indent = places.of_key(path).column - 1 + int(digit) if digit else _indent(text, starts, number - line)
    placeholder = text.find(_PLACEHOLDER, starts[number - 1], starts[number - 1] + indent + column)
    return Location(begin.file, number, indent + (column if placeholder < 0 else 1))


def _indent(text: str, starts: list[int], header_line: int) -> int:
    """Return the indentation of the first line below the header that is not blank."""
    found = _NOT_BLANK.search(text, starts[header_line] if header_line < len(starts) else len(text))
    return found.start() - starts[bisect_right(starts, found.start()) - 1] if found else 0


def _in_line(text: str, start: int, line: int, column: int) -> int | None:
    """Return the index of a place in a text that is quoted or plain; None if it is not known."""
    if text.startswith((">", "*"), start):
        return None
    at_line = at_column = 1
    for offset, char in _characters(text, start):
        if (at_line, at_column) == (line, column):
            return offset
        at_line, at_column = (at_line + 1, 1) if char == "\n" else (at_line, at_column + 1)
    return None


def _characters(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield the index of each character of a text, up to a line end or a placeholder in the source."""
    quote = text[start : start + 1]
    at = start + 1 if quote in {"'", '"'} else start
    while at < len(text) and text[at] not in _BREAKS and not text.startswith(_PLACEHOLDER, at):
        width, char = 1, text[at]
        if quote == "'" and char == "'":
            width = 2
        elif quote == '"' and char == "\\" and (escape := _ESCAPE.match(text, at)):
            width, char = len(escape[0]), "\n" if escape[0] == "\\n" else "?"
        yield at, char
        at += width
