"""openapi: what an OpenAPI document gets of the manifests, method by method."""

from collections.abc import Iterator

from reconciler.engine.openapi.rewrite import MethodChange
from reconciler.engine.openapi.update import DefinitionUpdate
from reconciler.render.style import Style, Tone, plural, printable
from reconciler.views.problems import diagnostic_lines
from reconciler.views.view import Renderings

_SIGNS: tuple[tuple[str, Tone], ...] = (("+", "good"), ("~", "warning"), ("-", "error"))


def openapi_view(update: DefinitionUpdate, style: Style, *, written_to: str | None) -> Renderings:
    """Offer an update as text and JSON; `written_to` is where it was written, None if it was not."""
    return {
        "text": lambda: openapi_text(update, style, written_to=written_to),
        "json": lambda: openapi_json(update),
    }


def openapi_json(update: DefinitionUpdate) -> str:
    """Return an update for programs."""
    from reconciler.documents.openapi import OpenApiMethodDocument, openapi_document  # noqa: PLC0415 - only JSON
    from reconciler.documents.parts import dumped  # noqa: PLC0415

    methods = [
        OpenApiMethodDocument(
            address=change.address,
            create=list(change.created),
            update=list(change.updated),
            delete=list(change.deleted),
            unchanged=list(change.unchanged),
        )
        for change in update.changes
    ]
    return dumped(openapi_document(update.file, methods, update.diagnostics, changed=update.is_change))


def openapi_text(update: DefinitionUpdate, style: Style, *, written_to: str | None) -> str:
    """Return the problems, a line for each method that changes, and the summary; when quiet, nothing but errors."""
    shown = [problem for problem in update.diagnostics if problem.is_error or not style.quiet]
    lines = list(diagnostic_lines(shown, style))
    if style.quiet and not update.is_failed:
        return ""
    if not update.is_failed:
        lines += (_line(change, style) for change in update.changes if change.is_change)
    return "\n".join([*lines, _summary(update, written_to)])


def _line(change: MethodChange, style: Style) -> str:
    groups = (change.created, change.updated, change.deleted)
    statuses = [
        style.paint(f"{sign}{printable(status)}", tone)
        for (sign, tone), group in zip(_SIGNS, groups, strict=True)
        for status in group
    ]
    return f"{printable(change.address)}: {' '.join(statuses)}"


def _summary(update: DefinitionUpdate, written_to: str | None) -> str:
    file = printable(update.file)
    if update.is_failed:
        return f"{file} was not changed. Fix the errors above."
    responses = plural(sum(map(_size, update.changes)), "response")
    if not update.is_change:
        return f"{file} already has the {responses} of the manifests."
    counts = ", ".join(_counts(update))
    methods = plural(sum(change.is_change for change in update.changes), "method")
    if written_to is None:
        return f"{file} would change in {methods}: {counts}."
    return f"Wrote {printable(written_to)}, changed in {methods}: {counts}."


def _size(change: MethodChange) -> int:
    return len(change.created) + len(change.updated) + len(change.unchanged)


def _counts(update: DefinitionUpdate) -> Iterator[str]:
    numbers = {
        "added": sum(len(change.created) for change in update.changes),
        "changed": sum(len(change.updated) for change in update.changes),
        "removed": sum(len(change.deleted) for change in update.changes),
    }
    return (f"{plural(number, 'response')} {word}" for word, number in numbers.items() if number)
