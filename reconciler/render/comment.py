"""A report as Markdown: a comment on a pull request, or the summary of a CI step.

It always fits into what GitHub accepts. A report that is too long loses detail, all of one kind at a time, and says so;
no block is ever cut in the middle. Text from outside is in a fence, in code, or is a plain word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import groupby
from typing import Final

from reconciler.render import markdown
from reconciler.render.sections import NOTHING, Cell, Report, Section, Table, counts
from reconciler.render.style import Style, Tone, plural, problem_rank, spans, strip_marks

_FULL: Final = Style(marked=True, full=True)
_SHORT: Final = Style(marked=True)
_PROBLEMS: Final = 24_000
_NOTES: Final = 6_000
_LONGEST_KEY: Final = 200
_SHORTEST: Final = 8
"""No entry takes fewer characters."""

_MOST_UNFOLDED: Final = 40
_LEVELS_WITH_TABLE: Final = 3
"""How many levels, from the most detailed, still show every response; a table goes with these only."""

Reporting = Callable[[Style], Report]


def comment(command: str, key: str, reporting: Reporting) -> str:
    """Return the report with as much detail as fits; `key` tells comments of one command apart (`markdown.marker`).

    The table is left out if it does not fit even with the shortest rest that still shows every response; one that leads
    only if it does not fit at all.
    """
    report = cache(reporting)
    table = report(_SHORT).table
    if table:
        whole = _fitted(command, key, report, most=None if table.leads else _LEVELS_WITH_TABLE)
        if markdown.size(whole) <= markdown.LIMIT:
            return whole
        return _fitted(command, key, cache(lambda style: replace(report(style), table=None)), ("no table",))
    return _fitted(command, key, report)


def _fitted(command: str, key: str, report: Reporting, omitted: Sequence[str] = (), most: int | None = None) -> str:
    """With as much detail as fits in the first `most` levels; `omitted` names what is left out already."""
    write = partial(_comment, command, key, omitted)
    levels: list[Callable[[], str]] = [
        lambda: write(report(_FULL), _sections(report(_FULL), _entry_block), ""),
        lambda: write(report(_SHORT), _sections(report(_SHORT), _entry_block), "long texts cut"),
        lambda: write(report(_SHORT), _sections(report(_SHORT), _line_block), "one line for each response"),
        lambda: write(report(_SHORT), _sections(report(_SHORT), _method_block), "counts for each method"),
        lambda: write(report(_SHORT), _api_lines(report(_SHORT)), "counts for each API"),
        lambda: write(report(_SHORT), (), "totals only"),
    ]
    entries = sum(1 for section in report(_SHORT).sections for _ in section.entries)
    # Levels that cannot fit are skipped: computing the differences of thousands of texts is slow
    skipped = 3 if entries * _SHORTEST > markdown.LIMIT else 1 if markdown.size(levels[1]()) > markdown.LIMIT else 0
    return markdown.fit(levels[:most][skipped:] or levels[:most][-1:])


def _comment(  # noqa: PLR0913, PLR0917 - the parts of a comment, in their order
    command: str, key: str, omitted: Sequence[str], report: Report, sections: Iterable[str], shortened: str
) -> str:
    shown = key if len(key) <= _LONGEST_KEY else plural(key.count(",") + 1, "environment")
    suffix = f" ({markdown.inline(shown)})" if key else ""
    leads = report.table is not None and report.table.leads
    reductions = ", ".join(filter(None, (*omitted, shortened)))
    note = f"_Shortened to fit into a comment: {reductions}._" if reductions else ""
    return markdown.joined(
        [
            markdown.marker(command, key),
            f"### reconciler {command}: {report.verdict}{suffix}",
            in_words(report.summary),
            note,
            *([_table(report.table)] if leads else ()),
            _listed(report.notes, _NOTES),
            _listed(report.problems, _PROBLEMS),
            *([] if leads else [_table(report.table)]),
            *sections,
        ]
    )


def _listed(lines: Sequence[str], budget: int) -> str:
    """As a list within a budget of characters: only whole items are left out, and errors come first."""
    items: list[str] = []
    for line in sorted(lines, key=problem_rank):
        item = f"- {in_words(line)}"
        budget -= markdown.size(item) + 1
        if budget < 0:
            items.append(f"- _{plural(len(lines) - len(items), 'more line')}, too long for a comment_")
            break
        items.append(item)
    return "\n".join(items)


_BOLD: Final[frozenset[Tone]] = frozenset(("strong", "error", "warning", "good", "update", "create", "delete", "step"))


def in_words(line: str) -> str:
    """Return a painted line as running text; what is coloured is bold."""
    return _in_markup(line, markdown.inline, ("**", "**"))


def _in_summary(line: str) -> str:
    return _in_markup(line, markdown.in_tag, ("<strong>", "</strong>"))


def _in_markup(line: str, sentence: Callable[[str], str], bold: tuple[str, str]) -> str:
    parts: list[str] = []
    for is_bold, members in groupby(spans(line.strip()), key=lambda span: span[0] in _BOLD):
        text = "".join(part for _, part in members)
        # Markdown does not read ** as bold between a word and punctuation
        is_apart = not parts or parts[-1].endswith(" ")
        prefix = "" if is_apart or not is_bold else text[: len(text) - len(text.lstrip(_PUNCTUATION))]
        words = sentence(text[len(prefix) :])
        after = " " if text.endswith(" ") and words else ""
        before = prefix or (" " if text.startswith(" ") else "")
        begin, end = bold if is_bold and words else ("", "")
        parts.append(f"{before}{begin}{words}{end}{after}")
    return "".join(parts).strip()


_PUNCTUATION: Final = ",;: "


def _table(table: Table | None) -> str:
    if table is None:
        return ""
    subject, *others = table.head
    title = markdown.in_tag if table.leads else markdown.code_tag
    return markdown.table([markdown.in_tag(subject), *map(title, others)], map(_cells, table.rows))


def _cells(row: Sequence[Cell]) -> list[str]:
    (subject, _), *others = row
    return [markdown.code_tag(subject), *(text if text == NOTHING else _cell_text(text, tone) for text, tone in others)]


def _cell_text(text: str, tone: Tone | None) -> str:
    return f"<strong>{markdown.in_tag(text)}</strong>" if tone in _BOLD else markdown.in_tag(text)


def _sections(report: Report, block: Callable[[Section], str]) -> Iterator[str]:
    is_short = len(report.sections) == 1 and sum(1 for _ in report.sections[0].entries) <= _MOST_UNFOLDED
    for section in report.sections:
        yield markdown.details(f"{_named(section)}: {counts(section.entries)}", block(section), is_open=is_short)


def _named(section: Section) -> str:
    return _in_summary(f"{section.intro} {section.title}")


def _entry_block(section: Section) -> str:
    return markdown.fenced(_diff_lines(section, detailed=True))


def _line_block(section: Section) -> str:
    return markdown.fenced(_diff_lines(section, detailed=False))


def _method_block(section: Section) -> str:
    return markdown.fenced((f"{strip_marks(group.title)}: {counts(group.entries)}" for group in section.groups), "text")


def _api_lines(report: Report) -> Iterator[str]:
    yield "\n".join(f"- {_named(section)}: {counts(section.entries)}" for section in report.sections)


def _diff_lines(section: Section, *, detailed: bool) -> Iterator[str]:
    """Every line with its sign in the first column, where diff highlighting expects it."""
    for group in section.groups:
        yield f"@@ {strip_marks(group.title)} @@"
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
_TEXT_SIGNS: Final = ("+", "-", "~", "!")


def _signed(line: str, depth: int) -> str:
    bare = line.lstrip(" ")
    tone, first = next(spans(bare), (None, ""))
    sign = _SIGNS.get(tone, " ")
    text = strip_marks(bare)
    # The text's own sign is the one in the first column now
    if sign != " " and first.startswith(_TEXT_SIGNS):
        text = text[1:].removeprefix(" ")
    return f"{sign}{' ' * (depth + len(line) - len(bare))} {text}".rstrip()
