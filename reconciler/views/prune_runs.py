"""runs prune: which runs are deleted, and which old ones are kept."""

from collections.abc import Iterator

from reconciler.documents import PrunedRunsDocument, dumped
from reconciler.render.sections import Report
from reconciler.render.style import plural, printable
from reconciler.views.moments import Moments
from reconciler.views.runs import RunsDisplay, run_lines, runs_table
from reconciler.views.view import Renderings


def prune_view(document: PrunedRunsDocument, display: RunsDisplay, *, is_shown: bool) -> Renderings:
    """Offer the result as text, JSON and Markdown; `is_shown`: the runs were shown before the question."""
    return {
        "text": lambda: prune_text(document, display, is_shown=is_shown),
        "json": lambda: dumped(document),
        "markdown": lambda: _markdown(document),
    }


def prune_text(document: PrunedRunsDocument, display: RunsDisplay, *, is_shown: bool = False) -> str:
    """Return the runs that are deleted, those kept although they are old, and the counts; when quiet, the counts alone.

    When quiet, and there is nothing to delete, it is "".
    """
    if display.style.quiet and not document.deleted:
        return ""
    lines = [] if display.style.quiet or is_shown else list(planned_lines(document, display))
    return "\n".join([*lines, prune_summary(document)])


def planned_lines(document: PrunedRunsDocument, display: RunsDisplay) -> Iterator[str]:
    """Yield the runs to delete, and those kept although they are old."""
    yield from run_lines(document.deleted, display)
    yield from _kept_lines(document)


def _kept_lines(document: PrunedRunsDocument) -> Iterator[str]:
    yield from (f"kept: {kept.run} ({printable(kept.reason)})" for kept in document.kept)


def prune_summary(document: PrunedRunsDocument) -> str:
    """Return the last line."""
    remaining = f"{plural(document.remaining, 'run')} {'remains' if document.remaining == 1 else 'remain'}"
    if not document.deleted:
        return f"Nothing to delete: {remaining}."
    deleted = plural(len(document.deleted), "run")
    return f"{deleted} deleted; {remaining}." if document.is_done else f"{deleted} to delete; {remaining}."


def _markdown(document: PrunedRunsDocument) -> str:
    from reconciler.render.comment import comment  # noqa: PLC0415 - only this format needs it

    verdict = "deleted" if document.is_done else "to delete"
    report = Report(
        verdict=f"{plural(len(document.deleted), 'run')} {verdict}",
        summary=prune_summary(document),
        notes=tuple(_kept_lines(document)),
        table=runs_table(document.deleted, Moments()) if document.deleted else None,
    )
    return comment("runs prune", "", lambda _: report)
