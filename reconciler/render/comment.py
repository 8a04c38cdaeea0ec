"""A report as Markdown: a comment on a pull request, a step's summary.

Promise: it fits what GitHub takes. What is too long loses detail, all of one kind at a time, and says so; no block is
ever cut. Whatever comes from outside stands in a fence, in code, or is a plain word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import groupby
from typing import Final

from reconciler.render import markdown
from reconciler.render.sections import NOTHING, Cell, Report, Section, Table, counts
from reconciler.render.style import Style, Tone, counted, gravity, spans, unmarked

_FULL: Final = Style(marked=True, full=True)
_SHORT: Final = Style(marked=True)
_PROBLEMS: Final = 24_000
_NOTES: Final = 6_000
_LONGEST_KEY: Final = 200
_LEAST: Final = 8
"""No entry takes less than so many characters."""

_SHOWN_OPEN: Final = 40
_WITH_TABLE: Final = 3
"""With a table go the levels that tell of each response."""

Reporting = Callable[[Style], Report]


def comment(command: str, key: str, reporting: Reporting) -> str:
    """The report with as much detail as fits; `key` tells comments of one command apart (`markdown.marker`).

    A table is given up where there is no room for it even beside the least of the rest that tells of each response.
    """
    report = cache(reporting)
    if report(_SHORT).table:
        whole = _fitted(command, key, report, most=_WITH_TABLE)
        if markdown.size(whole) <= markdown.LIMIT:
            return whole
        return _fitted(command, key, cache(lambda style: replace(report(style), table=None)), ("no table",))
    return _fitted(command, key, report)


def _fitted(command: str, key: str, report: Reporting, given_up: Sequence[str] = (), most: int | None = None) -> str:
    """With as much detail as fits, or the least of the first `most` levels; `given_up` is what is left out already."""
    write = partial(_comment, command, key, given_up)
    levels: list[Callable[[], str]] = [
        lambda: write(report(_FULL), _sections(report(_FULL), _entry_block), ""),
        lambda: write(report(_SHORT), _sections(report(_SHORT), _entry_block), "long texts are cut"),
        lambda: write(report(_SHORT), _sections(report(_SHORT), _line_block), "one line for each response"),
        lambda: write(report(_SHORT), _sections(report(_SHORT), _method_block), "the counts of each method"),
        lambda: write(report(_SHORT), _api_lines(report(_SHORT)), "the counts of each API"),
        lambda: write(report(_SHORT), (), "the totals only"),
    ]
    entries = sum(1 for section in report(_SHORT).sections for _ in section.entries)
    # What cannot fit is not even tried: the differences of thousands of texts take their time.
    hopeless = 3 if entries * _LEAST > markdown.LIMIT else 1 if markdown.size(levels[1]()) > markdown.LIMIT else 0
    return markdown.fit(levels[:most][hopeless:] or levels[:most][-1:])


def _comment(  # noqa: PLR0913, PLR0917 - the parts of a comment, in their order
    command: str, key: str, given_up: Sequence[str], report: Report, sections: Iterable[str], shortened: str
) -> str:
    shown = key if len(key) <= _LONGEST_KEY else counted(key.count(",") + 1, "environment")
    where = f" ({markdown.inline(shown)})" if key else ""
    short = ", ".join(filter(None, (*given_up, shortened)))
    note = f"_Shortened to fit into a comment: {short}._" if short else ""
    return markdown.joined(
        [
            markdown.marker(command, key),
            f"### reconciler {command}: {report.verdict}{where}",
            in_words(report.summary),
            note,
            _listed(report.notes, _NOTES),
            _listed(report.problems, _PROBLEMS),
            _table(report.table),
            *sections,
        ]
    )


def _listed(lines: Sequence[str], budget: int) -> str:
    """As a list, of which only whole items are left out; errors stand before the rest."""
    items: list[str] = []
    for line in sorted(lines, key=gravity):
        item = f"- {in_words(line)}"
        budget -= markdown.size(item) + 1
        if budget < 0:
            items.append(f"- _{counted(len(lines) - len(items), 'line')} more: too long for a comment_")
            break
        items.append(item)
    return "\n".join(items)


_LOUD: Final[frozenset[Tone]] = frozenset(("strong", "error", "warning", "good", "update", "create", "delete", "step"))


def in_words(line: str) -> str:
    """A painted line as running text, what is coloured in bold."""
    return _worded(line, markdown.inline, ("**", "**"))


def _in_summary(line: str) -> str:
    return _worded(line, markdown.in_tag, ("<strong>", "</strong>"))


def _worded(line: str, sentence: Callable[[str], str], bold: tuple[str, str]) -> str:
    parts: list[str] = []
    for loud, found in groupby(spans(line.strip()), key=lambda span: span[0] in _LOUD):
        text = "".join(part for _, part in found)
        # Bold that begins with a point right after a word is not bold
        is_apart = not parts or parts[-1].endswith(" ")
        lead = "" if is_apart or not loud else text[: len(text) - len(text.lstrip(_POINTS))]
        words = sentence(text[len(lead) :])
        after = " " if text.endswith(" ") and words else ""
        before = lead or (" " if text.startswith(" ") else "")
        begin, end = bold if loud and words else ("", "")
        parts.append(f"{before}{begin}{words}{end}{after}")
    return "".join(parts).strip()


_POINTS: Final = ",;: "


def _table(table: Table | None) -> str:
    if table is None:
        return ""
    subject, *others = table.head
    return markdown.table([markdown.in_tag(subject), *map(markdown.code_tag, others)], map(_cells, table.rows))


def _cells(row: Sequence[Cell]) -> list[str]:
    (subject, _), *others = row
    return [markdown.code_tag(subject), *(text if text == NOTHING else _bold(text, tone) for text, tone in others)]


def _bold(text: str, tone: Tone | None) -> str:
    return f"<strong>{markdown.in_tag(text)}</strong>" if tone in _LOUD else markdown.in_tag(text)


def _sections(report: Report, block: Callable[[Section], str]) -> Iterator[str]:
    few = len(report.sections) == 1 and sum(1 for _ in report.sections[0].entries) <= _SHOWN_OPEN
    for section in report.sections:
        yield markdown.details(f"{_named(section)}: {counts(section.entries)}", block(section), is_open=few)


def _named(section: Section) -> str:
    return _in_summary(f"{section.lead} {section.title}")


def _entry_block(section: Section) -> str:
    return markdown.fenced(_diff_lines(section, detailed=True))


def _line_block(section: Section) -> str:
    return markdown.fenced(_diff_lines(section, detailed=False))


def _method_block(section: Section) -> str:
    return markdown.fenced((f"{unmarked(group.title)}: {counts(group.entries)}" for group in section.groups), "text")


def _api_lines(report: Report) -> Iterator[str]:
    yield "\n".join(f"- {_named(section)}: {counts(section.entries)}" for section in report.sections)


def _diff_lines(section: Section, *, detailed: bool) -> Iterator[str]:
    """Every line with its sign in the first column, where readers of diffs look for it."""
    for group in section.groups:
        yield f"@@ {unmarked(group.title)} @@"
        for entry in group.entries:
            yield _signed(entry.line, 0)
            if detailed:
                yield from (_signed(line, 4) for line in entry.details)


_SIGNS: Final[Mapping[Tone | None, str]] = {
    "create": "+",
    "good": "+",
    "delete": "-",
    "update": "!",
    "error": "!",
    "warning": "!",
}
_SIGNS_OF_TEXT: Final = ("+", "-", "~", "!")


def _signed(line: str, depth: int) -> str:
    bare = line.lstrip(" ")
    tone, first = next(spans(bare), (None, ""))
    sign = _SIGNS.get(tone, " ")
    text = unmarked(bare)
    # The text's own sign, which has moved to the first column
    if sign != " " and first.startswith(_SIGNS_OF_TEXT):
        text = text[1:].removeprefix(" ")
    return f"{sign}{' ' * (depth + len(line) - len(bare))} {text}".rstrip()
