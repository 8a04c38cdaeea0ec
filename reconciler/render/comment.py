"""A report as Markdown: a comment on a pull request, or the summary of a CI step.

It always fits into what GitHub accepts. A report that is too long loses detail, all of one kind at a time, and says so;
no block is ever cut in the middle. Text from outside is in a fence, in code, or is a plain word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import groupby
from typing import Final, TypeAlias

from reconciler.render import markdown
from reconciler.render.footer import Footer
from reconciler.render.sections import NOTHING, REVERTS, Cell, Report, Section, Table, WarningGroup, counts
from reconciler.render.style import Style, Tone, plural, problem_rank, spans, strip_marks

_FULL: Final = Style(marked=True, full=True)
_SHORT: Final = Style(marked=True)
_PROBLEMS: Final = 24_000
_NOTES: Final = 6_000
_WARNINGS: Final = 8_000
_OF_RULE: Final = 4_000
_LONGEST_KEY: Final = 200
_SHORTEST: Final = 8
"""No entry takes fewer characters."""

_MOST_UNFOLDED: Final = 40
_LEVELS_WITH_TABLE: Final = 3
"""How many levels, from the most detailed, still show every response; a detailed table goes with these only."""

_MOST_ROWS: Final = 15
"""A longer detailed table is folded."""

LOCK: Final = "\N{LOCK}"
"""Marks what is protected."""

_SEPARATOR: Final = " \N{MIDDLE DOT} "

Reporting = Callable[[Style], Report]
_SectionWriter: TypeAlias = Callable[[Report, Sequence[Section]], Iterable[str]]


def comment(command: str, key: str, reporting: Reporting, footer: Footer | None = None) -> str:
    """Return the report with as much detail as fits; `key` tells comments of one command apart (`markdown.marker`).

    A detailed table is left out if it does not fit even with the shortest rest that still shows every response; the
    overview only if it does not fit at all.
    """
    report = cache(reporting)
    write = partial(_fitted, command, key, footer or Footer())
    if report(_SHORT).table:
        whole = write(report, most=_LEVELS_WITH_TABLE)
        if markdown.size(whole) <= markdown.LIMIT:
            return whole
        report = cache(lambda style: replace(reporting(style), table=None))
        return _with_overview(write, report, ("no table",))
    return _with_overview(write, report, ())


def _with_overview(write: Callable[..., str], report: Reporting, omitted: Sequence[str]) -> str:
    text = write(report, omitted)
    if not report(_SHORT).overview or markdown.size(text) <= markdown.LIMIT:
        return text
    bare = cache(lambda style: replace(report(style), overview=None))
    return write(bare, tuple(dict.fromkeys((*omitted, "no table"))))


def _fitted(  # noqa: PLR0913, PLR0917 - what a comment is made of
    command: str, key: str, footer: Footer, report: Reporting, omitted: Sequence[str] = (), most: int | None = None
) -> str:
    """With as much detail as fits in the first `most` levels; `omitted` names what is left out already."""
    write = partial(_comment, command, key, footer, omitted)
    levels: list[Callable[[], str]] = [
        lambda: write(report(_FULL), _sections(_entry_block), ""),
        lambda: write(report(_SHORT), _sections(_entry_block), "long texts cut"),
        lambda: write(report(_SHORT), _sections(_line_block), "one line for each response"),
        lambda: write(report(_SHORT), _sections(_method_block), "counts for each method"),
        lambda: write(report(_SHORT), _api_lines, "counts for each API"),
        lambda: write(report(_SHORT), lambda _report, _sections: (), "totals only"),
    ]
    entries = sum(1 for section in report(_SHORT).all_sections for _ in section.entries)
    # Levels that cannot fit are skipped: computing the differences of thousands of texts is slow
    skipped = 3 if entries * _SHORTEST > markdown.LIMIT else 1 if markdown.size(levels[1]()) > markdown.LIMIT else 0
    return markdown.fit(levels[:most][skipped:] or levels[:most][-1:])


def _comment(  # noqa: PLR0913, PLR0917 - the parts of a comment, in their order
    command: str,
    key: str,
    footer: Footer,
    omitted: Sequence[str],
    report: Report,
    sections: _SectionWriter,
    shortened: str,
) -> str:
    reductions = ", ".join(filter(None, (*omitted, shortened)))
    changes = list(sections(report, report.sections))
    return markdown.joined(
        [
            markdown.marker(command, key),
            f"### reconciler {command}: {report.verdict}{_scope(key, report)}",
            in_words(report.summary),
            f"_Shortened to fit into a comment: {reductions}._" if reductions else "",
            _table(report.overview),
            _listed(report.notes, _NOTES),
            _listed(report.problems, _PROBLEMS),
            *_headed(REVERTS, sections(report, report.reverts)),
            *_refusals(report, footer),
            _folded_table(report.table),
            *(_headed("Changes", changes) if report.reverts or report.refusals else changes),
            *_headed("Warnings", _warnings(report.warnings)),
            footer_line(footer),
        ]
    )


def _scope(key: str, report: Report) -> str:
    """The environments, and which of them are protected."""
    shown = key if len(key) <= _LONGEST_KEY else plural(key.count(",") + 1, "environment")
    names = ", ".join(report.protected)
    lock = f" {LOCK} {markdown.inline(names[:_LONGEST_KEY])}" if names else ""
    return f" ({markdown.inline(shown)}){lock}" if key else lock


def _headed(heading: str, blocks: Iterable[str]) -> Iterator[str]:
    every = [block for block in blocks if block]
    if every:
        yield from (f"#### {heading}", *every)


def _refusals(report: Report, footer: Footer) -> Iterator[str]:
    forced = footer.forcing(report.rules_to_force)
    command = f"To apply it nevertheless: {markdown.code(forced)}" if forced else ""
    yield from _headed("Refused" if report.is_refused else "Waived", [_listed(report.refusals, _PROBLEMS), command])


def _warnings(groups: Sequence[WarningGroup]) -> Iterator[str]:
    """The warnings of a rule as one line, which unfolds; what is too long is counted."""
    singles = [group.head for group in groups if not group.lines]
    yield _listed(singles, _WARNINGS)
    budget = _WARNINGS
    repeated = [group for group in groups if group.lines]
    for number, group in enumerate(repeated):
        block = markdown.details(_in_summary(group.head), _listed(group.lines, _OF_RULE))
        budget -= markdown.size(block)
        if budget < 0:
            yield f"_{plural(len(repeated) - number, 'more rule')} with warnings, too long for a comment_"
            return
        yield block


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


def footer_line(footer: Footer) -> str:
    """Return where the report comes from, in small print; "" where nothing is known."""
    parts = [
        f"{part.label} {markdown.code_tag(part.text) if part.is_code else part.text}".strip() for part in footer.parts
    ]
    return f"<sub>{_SEPARATOR.join(parts)}</sub>" if parts else ""


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


def _folded_table(table: Table | None) -> str:
    if table is None or len(table.rows) <= _MOST_ROWS:
        return _table(table)
    return markdown.details(f"All {plural(len(table.rows), 'row')}", _table(table))


def _table(table: Table | None) -> str:
    if table is None:
        return ""
    subject, *others = table.head
    title = markdown.in_tag if table.has_words else markdown.code_tag
    titles = [f"{title(each)} {LOCK}" if each in table.protected else title(each) for each in others]
    rows = markdown.table([markdown.in_tag(subject), *titles], map(_cells, table.rows))
    return markdown.joined([rows, in_words(table.caption)]).rstrip("\n")


def _cells(row: Sequence[Cell]) -> list[str]:
    (subject, tone), *others = row
    first = markdown.in_tag(subject) if tone else markdown.code_tag(subject)
    return [first, *(text if text == NOTHING else _cell_text(text, tone) for text, tone in others)]


def _cell_text(text: str, tone: Tone | None) -> str:
    if tone is None and (bare := strip_marks(text)) != text:
        return markdown.code_tag(bare)
    return f"<strong>{markdown.in_tag(text)}</strong>" if tone in _BOLD else markdown.in_tag(text)


def _sections(block: Callable[[Section], str]) -> _SectionWriter:
    def write(report: Report, sections: Sequence[Section]) -> Iterator[str]:
        every = report.all_sections
        is_short = len(every) == 1 and sum(1 for _ in every[0].entries) <= _MOST_UNFOLDED
        for section in sections:
            yield markdown.details(f"{_named(section)}: {counts(section.entries)}", block(section), is_open=is_short)

    return write


def _named(section: Section) -> str:
    return _in_summary(f"{section.intro} {section.title}")


def _entry_block(section: Section) -> str:
    return markdown.fenced(_diff_lines(section, detailed=True))


def _line_block(section: Section) -> str:
    return markdown.fenced(_diff_lines(section, detailed=False))


def _method_block(section: Section) -> str:
    return markdown.fenced((f"{strip_marks(group.title)}: {counts(group.entries)}" for group in section.groups), "text")


def _api_lines(_report: Report, sections: Sequence[Section]) -> Iterator[str]:
    yield "\n".join(f"- {_named(section)}: {counts(section.entries)}" for section in sections)


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
