"""runs: the list of earlier runs, as a table that fits the terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from reconciler.documents import RunDocument, RunsDocument, dumped
from reconciler.render.sections import NOTHING, Cell, Report, Table, table_lines
from reconciler.render.style import Style, plural, printable
from reconciler.views.moments import Moments
from reconciler.views.run_words import (
    INCOMPLETE,
    count_words,
    detail_lines,
    environment_words,
    state_tone,
    state_words,
    who,
)
from reconciler.views.view import Renderings

_HEAD: Final = ("Run", "When", "Who", "Commit", "Environment", "Endpoint", "Command", "Result", "Counts")
_RESULT: Final = len(_HEAD) - 2
"""The column of the result; what comes before it, and after the moment, says what the run was."""


@dataclass(frozen=True, slots=True)
class RunsDisplay:
    """How to show runs: the style, how to write moments, and the columns of the terminal, 0 for any number."""

    style: Style = field(default_factory=Style)
    moments: Moments = field(default_factory=Moments)
    width: int = 0


def runs_view(document: RunsDocument, display: RunsDisplay, key: str = "") -> Renderings:
    """Offer the list of runs as text, JSON and Markdown; `key` names the environments that were asked for."""
    return {
        "text": lambda: runs_text(document, display),
        "json": lambda: dumped(document),
        "markdown": lambda: _markdown(document, key),
    }


def runs_text(document: RunsDocument, display: RunsDisplay) -> str:
    """Return the table, newest first; when quiet, only the counts, and "" where there is no run.

    Where the table does not fit the terminal, each run takes two or three lines.
    """
    if not document.runs:
        return "" if display.style.quiet else f"No runs in {printable(document.folder)}."
    if display.style.quiet:
        return f"{_summary(document)}."
    return "\n".join([*run_lines(document.runs, display), *_notes(document)])


def run_lines(runs: Sequence[RunDocument], display: RunsDisplay) -> Iterator[str]:
    """Yield a table of runs, or where it does not fit the terminal two or three lines for each; nothing for none."""
    if not runs:
        return
    table = runs_table(runs, display.moments)
    is_wide = not display.width or max(map(len, table_lines(table, Style()))) <= display.width
    yield from _table(runs, table, display.style) if is_wide else _stacked(runs, display)


def runs_table(runs: Sequence[RunDocument], moments: Moments) -> Table:
    """Return the table of runs (at least one), without the columns of which nothing is known."""
    rows = [_cells(run, moments) for run in runs]
    kept = [column for column in range(len(_HEAD)) if any(row[column][0] != NOTHING for row in rows)]
    head = tuple(_HEAD[column] for column in kept)
    return Table(head, tuple(tuple(row[column] for column in kept) for row in rows), leads=True, has_words=True)


def _cells(run: RunDocument, moments: Moments) -> tuple[Cell, ...]:
    texts = (
        moments.brief(run.started_at) if run.started_at else "",
        who(run),
        printable(run.commit or ""),
        environment_words(run),
        _endpoint(run),
        printable(run.command or ""),
    )
    return (
        (run.run, "strong"),
        *((text or NOTHING, None) for text in texts),
        (state_words(run), state_tone(run)),
        (count_words(run) or NOTHING, None),
    )


def _endpoint(run: RunDocument) -> str:
    """Return the host of an endpoint that is not AWS, "" for AWS."""
    if not run.endpoint_url:
        return ""
    try:
        return printable(urlsplit(run.endpoint_url).netloc or run.endpoint_url)
    except ValueError:  # the journal has what was typed
        return printable(run.endpoint_url)


def _table(runs: Sequence[RunDocument], table: Table, style: Style) -> Iterator[str]:
    head, *lines = table_lines(table, style)
    yield head
    for run, line in zip(runs, lines, strict=True):
        yield line
        yield from _more(run, style)


def _stacked(runs: Sequence[RunDocument], display: RunsDisplay) -> Iterator[str]:
    for run in runs:
        texts = [text for text, _ in _cells(run, display.moments)]
        when = f"  {texts[1]}" if texts[1] != NOTHING else ""
        yield f"{display.style.paint(run.run, 'strong')}{when}"
        described = "  ".join(text for text in (texts[_RESULT - 1], *texts[2 : _RESULT - 1]) if text != NOTHING)
        result = display.style.paint(texts[_RESULT], state_tone(run))
        counts = f": {texts[-1]}" if texts[-1] != NOTHING else ""
        length = len(described) + len(texts[_RESULT]) + len(counts)
        if described and length + 6 > display.width:
            yield from (f"  {described}", f"  {result}{counts}")
        else:
            yield f"  {described}{'  ' if described else ''}{result}{counts}"
        yield from _more(run, display.style)


def _more(run: RunDocument, style: Style) -> Iterator[str]:
    """Yield what is wrong with a damaged journal; with the full style all else that is known."""
    if run.problem is not None:
        yield f"  {style.paint(printable(run.problem), 'error')}"
    if style.full:
        yield from (f"  {line}" for line in detail_lines(run))


def _notes(document: RunsDocument) -> Iterator[str]:
    for endpoint in dict.fromkeys(run.endpoint_url for run in document.runs if run.endpoint_url):
        yield f"not on AWS: {printable(endpoint)}"
    if any(run.state == "torn" for run in document.runs):
        yield INCOMPLETE
    if document.omitted:
        yield f"{plural(document.omitted, 'older run')} not shown"


def _summary(document: RunsDocument) -> str:
    states = Counter(map(state_words, document.runs))
    counts = ", ".join(f"{number:,} {state}" for state, number in states.items())
    return f"{plural(len(document.runs), 'run')}: {counts}"


def _markdown(document: RunsDocument, key: str) -> str:
    from reconciler.render.comment import comment  # noqa: PLC0415 - only this format needs it

    report = Report(
        verdict=plural(len(document.runs), "run"),
        summary=f"{_summary(document)}." if document.runs else f"No runs in {printable(document.folder)}.",
        problems=tuple(f"{run.run}: {printable(run.problem)}" for run in document.runs if run.problem is not None),
        notes=tuple(_notes(document)),
        table=runs_table(document.runs, Moments()) if document.runs else None,
    )
    return comment("runs", key, lambda _: report)
