"""Long lines for a terminal: broken between words, with the indent of the line they belong to.

Pure. What can be copied stays whole: a command that does not fit begins a line of its own, however long it is. The
lines of a difference are values; they are broken anywhere, and what follows stands under their text. Sequences that
colour text have no width.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.render.code_spans import COMMAND

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_WORD: Final = re.compile(r"(?:\x1b\[[0-9;]*m|\S)+|\s+")
_DIFFERENCE: Final = re.compile(r"(?:\x1b\[[0-9;]*m)*[-+] ")
_NARROWEST: Final = 30
"""Columns below which nothing is wrapped: there is no room for an indent."""

_HANGING: Final = 2
_MOST_INDENTED: Final = 0.5
"""The greatest share of a line that is indent."""


def wrapped(text: str, columns: int) -> str:
    """Return the text with its lines wrapped to so many columns."""
    if columns < _NARROWEST:
        return text
    return "\n".join(piece for line in text.split("\n") for piece in wrapped_line(line, columns))


def wrapped_line(line: str, columns: int) -> Iterable[str]:
    """Return a line as one or more lines."""
    if _width(line) <= columns:
        return (line,)
    bare = line.lstrip(" ")
    depth = min(len(line) - len(bare), int(columns * _MOST_INDENTED))
    breaks_words = bool(_DIFFERENCE.match(bare))
    return _filled(_pieces(bare), " " * depth, " " * (depth + _HANGING), columns, breaks_words=breaks_words)


def _filled(pieces: Iterable[str], first: str, indent: str, columns: int, *, breaks_words: bool) -> Iterator[str]:
    """Fill lines with pieces, each of which is a word with the white space before it."""
    line, is_empty = first, True
    for piece in pieces:
        is_longer_than_lines = breaks_words and _width(indent + piece.lstrip(" ")) > columns
        if is_empty or is_longer_than_lines or _width(line + piece) <= columns:
            line += piece
        else:
            yield line
            line = indent + piece.lstrip(" ")
        is_empty = False
        while breaks_words and _width(line) > columns:
            head, rest = _cut(line, columns)
            yield head
            line = indent + rest
    yield line


def _pieces(text: str) -> Iterator[str]:
    """Words, and commands with what touches them, each with the white space before it."""
    piece = ""
    for word in _words(text):
        if word.isspace() and piece:
            yield piece
            piece = ""
        piece += word
    yield piece


def _words(text: str) -> Iterator[str]:
    end = 0
    for match in COMMAND.finditer(text):
        yield from _WORD.findall(text[end : match.start()])
        yield match[0]
        end = match.end()
    yield from _WORD.findall(text[end:])


def _cut(line: str, columns: int) -> tuple[str, str]:
    """Cut after so many visible characters."""
    seen = at = 0
    while seen < columns:
        match = _COLOUR.match(line, at)
        if match:
            at = match.end()
        else:
            at += 1
            seen += 1
    return line[:at], line[at:]


def _width(text: str) -> int:
    """The number of columns; every character has one, as nothing that is shown is without width."""
    return len(_COLOUR.sub("", text)) if "\x1b" in text else len(text)
