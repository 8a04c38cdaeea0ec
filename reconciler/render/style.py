"""Colours, and text without control characters.

Markdown and HTML can show what a terminal shows in colour: a `marked` style writes marks in place of terminal
sequences. The marks are control characters, which `printable` removes from everything else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import click

from reconciler.diagnostics import Location

Tone: TypeAlias = Literal["create", "update", "delete", "step", "error", "warning", "strong", "faint", "good"]

_TERMINAL: Final[dict[Tone, dict[str, str | bool]]] = {
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
    """How to write: in colour or not, `full` or cut to what a reviewer reads first, `quiet`: errors and the summary.

    `marked`: with marks for `spans` in place of colours. `hints`: name commands that explain more, as on a terminal.
    """

    colour: bool = False
    full: bool = False
    quiet: bool = False
    marked: bool = False
    hints: bool = False

    def paint(self, text: str, tone: Tone) -> str:
        """Return the text in this tone. The text must be printable already."""
        if self.marked:
            return f"\x02{tone}\x03{text}\x04"
        return click.style(text, **_TERMINAL[tone]) if self.colour else text  # type: ignore[arg-type]


_MARKED: Final = re.compile("\x02([a-z]+)\x03([^\x02-\x04]*)\x04")


def spans(line: str) -> Iterator[tuple[Tone | None, str]]:
    """Yield the parts of a line that was written with a `marked` style, with their tones."""
    end = 0
    for match in _MARKED.finditer(line):
        if match.start() > end:
            yield None, line[end : match.start()]
        yield cast("Tone", match[1]), match[2]
        end = match.end()
    if end < len(line):
        yield None, line[end:]


def problem_rank(line: str) -> int:
    """Return the sort key of a problem: errors and refusals come before warnings."""
    return 0 if any(tone == "error" for tone, _ in spans(line)) else 1


def strip_marks(line: str) -> str:
    """Return the line without its marks."""
    return _MARKED.sub(r"\2", line) if "\x02" in line else line


def printable(text: str) -> str:
    """Return the text with everything but visible characters and plain spaces escaped.

    Escaped are among others C0 and C1 controls (terminal sequences), tabs and carriage returns, bidirectional
    overrides, zero-width characters, and lone surrogates.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def legible(line: str) -> str:
    """Return a line of a text as `printable` does, but with its tabs, which indent."""
    return "\t".join(map(printable, line.split("\t")))


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def plural(number: int, singular: str, plural_form: str | None = None) -> str:
    """Return the number with its noun: `1 response`, `2 responses`."""
    return f"{number:,} {singular if number == 1 else plural_form or singular + 's'}"


def file_line(location: Location) -> str:
    """Return `file:line`, printable."""
    return printable(f"{location.file}:{location.line}")
