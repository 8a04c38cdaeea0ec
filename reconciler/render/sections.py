"""Reports: trees of lines, written once and shown as text, Markdown and HTML.

Lines are painted by a `Style`, printable, and without indentation. A part that is added to a report's sections appears
in every format that people read.
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
"""An empty cell of a table."""

REVERTS: Final = "Reverts changes made directly in AWS"
"""The heading of `Report.reverts`."""

Cell: TypeAlias = tuple[str, Tone | None]
"""A printable text and its tone."""


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One response: its line, the lines below it, and what it counts as: `to create`, `missing`.

    `number` is how many responses the entry stands for, where they all are alike.
    """

    line: str
    details: tuple[str, ...]
    counts_as: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one method or integration."""

    title: str
    entries: tuple[ReportEntry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The groups of one API; `intro` introduces a section that differs from the main ones of its report."""

    title: str
    groups: tuple[Group, ...]
    intro: str = ""

    @property
    def entries(self) -> Iterator[ReportEntry]:
        """Iterate over the entries of all groups."""
        return (entry for group in self.groups for entry in group.entries)


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first column names the subject of its row; a cell without a tone may be painted in several.

    `leads`: it is the first thing of its report, however short that has to be. `has_words`: the titles of its columns
    are words, not names. `protected`: the titles that name protected environments. `caption` says what signs mean.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    leads: bool = False
    has_words: bool = False
    caption: str = ""
    protected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WarningGroup:
    """The warnings of one rule: `head` is the warning itself if it is the only one, else it sums them up.

    `lines` are the warnings, () for a single one.
    """

    head: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a command reports to people; formats show it in this order.

    A word and a line; `overview`, the counts of each API and environment; `notes`, further lines; `problems`, which
    prevent something; `reverts`, what overwrites changes made directly in AWS; `refusals` of the guard, and what was
    waived; a detailed `table`; `sections`, the rest; `warnings`.

    `is_refused`: a refusal stands; `rules_to_force` are those that waive all of them, () where that cannot be done.
    `protected` names the protected environments that the report is about.
    """

    verdict: str
    summary: str
    sections: tuple[Section, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    table: Table | None = None
    overview: Table | None = None
    reverts: tuple[Section, ...] = ()
    refusals: tuple[str, ...] = ()
    warnings: tuple[WarningGroup, ...] = ()
    is_refused: bool = False
    rules_to_force: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()

    @property
    def all_sections(self) -> tuple[Section, ...]:
        """All sections, in the order in which they are shown."""
        return (*self.reverts, *self.sections)


def grouped(
    items: Iterable[T], title: Callable[[T], str], entry: Callable[[T], ReportEntry], style: Style
) -> tuple[Group, ...]:
    """Return an entry for each item; consecutive items with the same title form a group."""
    return tuple(
        Group(style.paint(printable(name), "strong"), tuple(map(entry, members)))
        for name, members in groupby(items, key=title)
    )


def table_lines(table: Table, style: Style) -> Iterator[str]:
    """Yield the table as aligned text."""
    head: tuple[Cell, ...] = tuple((title, "faint") for title in table.head)
    rows = (head, *table.rows)
    widths = [max(len(row[column][0]) for row in rows) for column in range(len(head))]
    return (_aligned(row, widths, style) for row in rows)


def _aligned(row: Sequence[Cell], widths: Sequence[int], style: Style) -> str:
    cells = [
        (style.paint(text, tone) if tone else text) + " " * (width - len(text))
        for (text, tone), width in zip(row, widths, strict=True)
    ]
    return "  ".join(cells).rstrip()


def section_lines(section: Section) -> Iterator[str]:
    """Yield the section as text, with an empty line between groups and none at the end."""
    if section.intro:
        yield section.intro
    yield section.title
    for group in section.groups:
        yield ""
        yield f"  {group.title}"
        for entry in group.entries:
            yield f"    {entry.line}"
            yield from (f"        {line}".rstrip() for line in entry.details)


def counts(entries: Iterable[ReportEntry]) -> str:
    """Count the entries by kind: `2 to create, 1 to delete`."""
    numbers: Counter[str] = Counter()
    for entry in entries:
        numbers[entry.counts_as] += entry.number
    return ", ".join(f"{count:,} {kind}" for kind, count in numbers.items())


def api_line(manifests: Iterable[str], target: Target, style: Style) -> str:
    """Return the heading of an API: its manifests, and where it is."""
    names = ", ".join(manifests)
    api_name = f" {target.api_name!r}" if target.api_name else ""
    environment = f"environment {target.environment}" if target.environment else ""
    if target.is_protected:
        environment = style.paint(f"{printable(environment)} (protected)", "error")
    parts = (
        printable(f"{target.kind} {target.api_id}{api_name}"),
        environment if target.is_protected else printable(environment),
        printable(f"account {target.account_id}, {target.region}"),
    )
    return f"{style.paint(printable(names), 'strong')}  ({', '.join(filter(None, parts))})"
