"""A report as Markdown: a comment on a pull request, a step's summary.

Promise: it fits what GitHub takes. What is too long loses detail, all of one kind at a time, and says so; no block is
ever cut. Whatever comes from outside stands in a fence, in code, or is a plain word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Final

from reconciler.render import markdown
from reconciler.render.sections import Report, Section, counts
from reconciler.render.style import Style, Tone, counted, spans, unmarked

_FULL: Final = Style(marked=True, full=True)
_SHORT: Final = Style(marked=True)
_PROBLEMS: Final = 24_000
_NOTES: Final = 6_000
_LEAST: Final = 8
"""No entry takes less than so many characters."""

_SHOWN_OPEN: Final = 40

Reporting = Callable[[Style], Report]


def comment(command: str, key: str, reporting: Reporting) -> str:
    """The report with as much detail as fits; `key` tells comments of one command apart (`markdown.marker`)."""
    report = cache(reporting)
    write = partial(_comment, command, key)
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
    return markdown.fit(levels[hopeless:])


def _comment(command: str, key: str, report: Report, sections: Iterable[str], shortened: str) -> str:
    where = f" ({markdown.inline(key)})" if key else ""
    note = f"_Shortened to fit into a comment: {shortened}._" if shortened else ""
    return markdown.joined(
        [
            markdown.marker(command, key),
            f"### reconciler {command}: {report.verdict}{where}",
            in_words(report.summary),
            note,
            _listed(report.notes, _NOTES),
            _listed(report.problems, _PROBLEMS),
            *sections,
        ]
    )


def _listed(lines: Sequence[str], budget: int) -> str:
    """As a list, of which only whole items are left out; errors stand before the rest."""
    items: list[str] = []
    for line in sorted(lines, key=_gravity):
        item = f"- {in_words(line)}"
        budget -= markdown.size(item) + 1
        if budget < 0:
            items.append(f"- _{counted(len(lines) - len(items), 'line')} more: too long for a comment_")
            break
        items.append(item)
    return "\n".join(items)


def _gravity(line: str) -> int:
    return 0 if any(tone == "error" for tone, _ in spans(line)) else 1


_LOUD: Final[frozenset[Tone]] = frozenset(("strong", "error", "warning", "good", "update", "create", "delete", "step"))


def in_words(line: str) -> str:
    """A painted line as running text, what is coloured in bold."""
    return _worded(line, markdown.inline, ("**", "**"))


def _in_summary(line: str) -> str:
    return _worded(line, markdown.in_tag, ("<strong>", "</strong>"))


def _worded(line: str, sentence: Callable[[str], str], bold: tuple[str, str]) -> str:
    parts: list[str] = []
    for tone, text in spans(line.strip()):
        words = sentence(text)
        before, after = " " * text.startswith(" "), " " * text.endswith(" ")
        begin, end = bold if tone in _LOUD and words else ("", "")
        parts.append(f"{before}{begin}{words}{end}{after}" if words else before)
    return "".join(parts).strip()


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
    return markdown.fenced((f"{unmarked(one.title)}: {counts(one.entries)}" for one in section.groups), "text")


def _api_lines(report: Report) -> Iterator[str]:
    yield "\n".join(f"- {_named(one)}: {counts(one.entries)}" for one in report.sections)


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
