"""Colours, and text made harmless.

Promise: what a reader of a terminal sees coloured, Markdown and HTML can show as well: in place of a terminal's
sequences a style sets marks. They are control characters, which `printable` lets nobody else have.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import click

from reconciler.diagnostics import Location

Tone: TypeAlias = Literal["create", "update", "delete", "step", "error", "warning", "strong", "faint", "good"]

_LOOK: Final[dict[Tone, dict[str, str | bool]]] = {
    "create": {"fg": "green"},
    "update": {"fg": "yellow"},
    "delete": {"fg": "red"},
    "step": {"fg": "cyan"},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "strong": {"bold": True},
    "faint": {"dim": True},
    "good": {"fg": "green"},
}


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: with colours or not, in full or cut to what a reviewer reads first, or errors and the summary.

    `marked`: with marks for `spans` in place of colours.
    """

    colour: bool = False
    full: bool = False
    quiet: bool = False
    marked: bool = False

    def paint(self, text: str, tone: Tone) -> str:
        """The text, coloured where colours are wanted. The text must be printable already."""
        if self.marked:
            return f"\x02{tone}\x03{text}\x04"
        return click.style(text, **_LOOK[tone]) if self.colour else text  # type: ignore[arg-type]


_MARKED: Final = re.compile("\x02([a-z]+)\x03([^\x02-\x04]*)\x04")


def spans(line: str) -> Iterator[tuple[Tone | None, str]]:
    """The parts of a line that was written with a `marked` style, with their tones."""
    end = 0
    for found in _MARKED.finditer(line):
        if found.start() > end:
            yield None, line[end : found.start()]
        yield cast("Tone", found[1]), found[2]
        end = found.end()
    if end < len(line):
        yield None, line[end:]


def problem_rank(line: str) -> int:
    """The order of problems: errors and refusals before warnings."""
    return 0 if any(tone == "error" for tone, _ in spans(line)) else 1


def strip_marks(line: str) -> str:
    """The line without its marks."""
    return _MARKED.sub(r"\2", line) if "\x02" in line else line


def printable(text: str) -> str:
    """The text with everything that is not a visible character or a plain space spelt out as an escape.

    Among what is escaped: C0 and C1 controls (terminal sequences), tabs and carriage returns, bidirectional overrides,
    zero-width characters, lone surrogates.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _escape(one) for one in text)


def _escape(one: str) -> str:
    return one.encode("unicode_escape").decode("ascii")


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 response`, `2 responses`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def file_line(source: Location) -> str:
    """`file:line`, harmless."""
    return printable(f"{source.file}:{source.line}")
