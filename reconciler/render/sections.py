"""What a report tells of one API: a tree of lines, written once and shown as text, Markdown and HTML.

Promise: lines are painted by a `Style`, printable, without indentation. Who adds a part to a report makes a section of
it, and every format that is for people has it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias, TypeVar

from reconciler.models.targets import Target
from reconciler.render.style import Style, Tone, printable

T = TypeVar("T")

NOTHING: Final = "-"
"""A cell of a table in which nothing is to be told."""

Cell: TypeAlias = tuple[str, Tone | None]
"""A printable text, and how it is painted."""


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """What is told of one response: its line, what stands below it, and as what it counts: `to create`, `missing`.

    `number`: of how many responses it is told, where it is the same for all of them.
    """

    line: str
    details: tuple[str, ...]
    word: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """What is told of one method or integration."""

    title: str
    entries: tuple[ReportEntry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What is told of one API; `lead` says what about it, where that is not what the whole report is about."""

    title: str
    groups: tuple[Group, ...]
    lead: str = ""

    @property
    def entries(self) -> Iterator[ReportEntry]:
        """Of all groups."""
        return (entry for group in self.groups for entry in group.entries)


@dataclass(frozen=True, slots=True)
class Table:
    """What is told side by side. The first column names what its row is about."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a command tells people, by importance: in a word, in a line, what stands against it, the rest.

    `notes` are lines of their own: how it stands in each environment, say.
    """

    verdict: str
    summary: str
    sections: tuple[Section, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    table: Table | None = None


def grouped(
    found: Iterable[T], title: Callable[[T], str], entry: Callable[[T], ReportEntry], style: Style
) -> tuple[Group, ...]:
    """What is found, an entry each; those that follow each other under one title are a group."""
    return tuple(
        Group(style.paint(printable(name), "strong"), tuple(map(entry, of_one)))
        for name, of_one in groupby(found, key=title)
    )


def table_lines(table: Table, style: Style) -> Iterator[str]:
    """As text."""
    head: tuple[Cell, ...] = tuple((title, "faint") for title in table.head)
    every = (head, *table.rows)
    widths = [max(len(row[column][0]) for row in every) for column in range(len(head))]
    return (_aligned(row, widths, style) for row in every)


def _aligned(row: Sequence[Cell], widths: Sequence[int], style: Style) -> str:
    cells = [
        (style.paint(text, tone) if tone else text) + " " * (width - len(text))
        for (text, tone), width in zip(row, widths, strict=True)
    ]
    return "  ".join(cells).rstrip()


def section_lines(section: Section) -> Iterator[str]:
    """As text; there is an empty line between groups, none at the end."""
    if section.lead:
        yield section.lead
    yield section.title
    for group in section.groups:
        yield ""
        yield f"  {group.title}"
        for entry in group.entries:
            yield f"    {entry.line}"
            yield from (f"        {line}".rstrip() for line in entry.details)


def counts(entries: Iterable[ReportEntry]) -> str:
    """`2 to create, 1 to delete`."""
    numbers: Counter[str] = Counter()
    for entry in entries:
        numbers[entry.word] += entry.number
    return ", ".join(f"{count:,} {word}" for word, count in numbers.items())


def api_line(manifests: Iterable[str], target: Target, style: Style) -> str:
    """The title of what is told of an API: by which manifests, where."""
    names = ", ".join(manifests)
    known = f" {target.api_name!r}" if target.api_name else ""
    environment = f"environment {target.environment}, " if target.environment else ""
    where = f"{target.kind} {target.api_id}{known}, {environment}account {target.account_id}, {target.region}"
    return f"{style.paint(printable(names), 'strong')}  ({printable(where)})"
