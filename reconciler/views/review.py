"""review: what a change of the manifests does, for people who see it before AWS does."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from reconciler.diagnostics import Location, any_error
from reconciler.documents import dumped
from reconciler.documents.review import review_document
from reconciler.engine.review.review import ReviewResult
from reconciler.models.targets import Kind
from reconciler.render.remarks import Remark
from reconciler.render.sections import NOTHING, Cell, Report, Table, section_lines, table_lines
from reconciler.render.style import Style, plural, printable
from reconciler.review import PlacedReview, Review, ReviewEffect
from reconciler.review.alike import ReviewRow, rows
from reconciler.rules import ResultRule
from reconciler.views.effects import effect_lines, effect_remarks, effect_sections
from reconciler.views.overview import ApiCounts, CountKind, overview_table
from reconciler.views.problems import (
    diagnostic_lines,
    diagnostic_remarks,
    error_lines,
    explain_lines,
    manifest_suite,
    warning_groups,
)
from reconciler.views.review_sections import SIGNS, review_sections
from reconciler.views.view import Renderings, ReportParts, renderings

_MOST_ROWS: Final = 12
"""A table of more responses is cut on a terminal: what they have in common is below it."""

_WORDS: Final[Mapping[ReviewEffect, str]] = {
    ReviewEffect.CREATE: "create",
    ReviewEffect.UPDATE: "update",
    ReviewEffect.DELETE: "delete",
    ReviewEffect.RELEASE: "released",
}
_MEANINGS: Final[Mapping[ReviewEffect, str]] = {
    ReviewEffect.CREATE: "to create",
    ReviewEffect.UPDATE: "to update",
    ReviewEffect.DELETE: "to delete",
    ReviewEffect.RELEASE: "released",
}


def review_view(result: ReviewResult, key: str, style: Style) -> Renderings:
    """Offer a review in every format; `key` names the environments that were asked for."""
    return renderings(
        lambda: review_text(result, style), lambda: review_json(result), lambda: review_parts(result, key)
    )


def review_text(result: ReviewResult, style: Style) -> str:
    """Return what is compared, the table, the details, the problems and the summary.

    When quiet: errors and the summary, and "" where nothing changes.
    """
    review = result.review
    problems = [diagnostic for diagnostic in result.diagnostics if diagnostic.is_error or not style.quiet]
    if style.quiet and result.is_compared and review.is_empty and not problems:
        return ""
    summary = _summary(result, style)
    if style.quiet:
        return "\n".join([*diagnostic_lines(problems, style), summary])
    lines = [_compared(review, style)]
    table = _table(review)
    parts = (
        _table_lines(table, style) if table else (),
        *map(section_lines, review_sections(review, style)),
        *map(section_lines, effect_sections(result.effects, style)),
        effect_lines(result.effects, style),
        [*diagnostic_lines(problems, style), *explain_lines(problems, style)],
    )
    for part in map(list, parts):
        lines += ["", *part] if part else ()
    return "\n".join([*lines, "", summary])


def _table_lines(table: Table, style: Style) -> Iterator[str]:
    """The first rows; all in a full text."""
    most = len(table.rows) if style.full or len(table.rows) <= _MOST_ROWS + 1 else _MOST_ROWS
    yield from table_lines(replace(table, rows=table.rows[:most]), style)
    if most < len(table.rows):
        yield style.paint(f"... and {len(table.rows) - most:,} more (-v shows each)", "faint")


def review_json(result: ReviewResult) -> str:
    """Return the review for programs."""
    return dumped(
        review_document(result.review, result.diagnostics, is_compared=result.is_compared, effects=result.effects)
    )


def review_report(result: ReviewResult, style: Style) -> Report:
    """Return the review as a report."""
    review = result.review
    verdict = "no change" if review.is_empty else "changes"
    if any_error(result.diagnostics):
        verdict = f"{verdict}; errors"
    return Report(
        verdict=verdict if result.is_compared else "errors",
        summary=_summary(result, style),
        sections=(*review_sections(review, style), *effect_sections(result.effects, style)),
        problems=error_lines(result.diagnostics, style),
        warnings=warning_groups(result.diagnostics, style),
        notes=(_compared(review, style), *effect_lines(result.effects, style)),
        table=_table(review),
        overview=overview_table(_KINDS, map(_api_counts, review.apis)),
        protected=_protected(review),
    )


_KINDS: Final = tuple(CountKind(_WORDS[effect], *SIGNS[effect], _MEANINGS[effect]) for effect in _WORDS)


def _api_counts(api: PlacedReview) -> ApiCounts:
    counts = Counter(_WORDS[response.effect] for response in api.review.responses)
    place = api.place
    return ApiCounts(", ".join(api.review.manifests), place.environment, "", counts, place.is_protected)


def _protected(review: Review) -> tuple[str, ...]:
    places = (api.place for api in review.changed)
    return tuple(dict.fromkeys(printable(place.environment or "") for place in places if place.is_protected))


def review_parts(result: ReviewResult, key: str) -> ReportParts:
    """Return what the formats for other tools are made of."""
    return ReportParts(
        "review",
        key,
        lambda style: review_report(result, style),
        lambda: [
            *diagnostic_remarks(result.diagnostics),
            *effect_remarks(result.effects),
            *_remarks(result.review),
        ],
        lambda: [manifest_suite(result.diagnostics)],
        is_complete=result.is_compared,
    )


def _remarks(review: Review) -> Iterator[Remark]:
    """A remark for each change, once for all methods and environments that have it from the same place."""
    uses: dict[tuple[Location, ReviewEffect, str], list[tuple[str, str]]] = {}
    integrations: set[Location] = set()
    for api in review.apis:
        for response in api.review.responses:
            if response.source:
                change = response.source, response.effect, response.key.code
                uses.setdefault(change, []).append((response.address, api.place.environment or ""))
                integrations |= {response.source} if api.place.kind is Kind.WEBSOCKET_API else set()
    for (source, effect, code), places in uses.items():
        addresses = list(dict.fromkeys(address for address, _ in places))
        environments = ", ".join(dict.fromkeys(name for _, name in places if name))
        what = "integration" if source in integrations else "method"
        subject = addresses[0] if len(addresses) == 1 else f"{code} of {plural(len(addresses), what)}"
        scope = f" ({environments})" if environments else ""
        rule = ResultRule.of(f"review/{effect}")
        yield Remark("note", rule, f"{effect} {subject}{scope}", "", source, f"{addresses[0]} {code}")


def _compared(review: Review, style: Style) -> str:
    """The two states."""
    head, base = printable(str(review.head)), printable(str(review.base))
    return f"{style.paint('Review', 'strong')}: {head}, compared with {base}"


def _summary(result: ReviewResult, style: Style) -> str:
    """The last line."""
    if not result.is_compared:
        return style.paint("No review was made. Fix the errors above.", "error")
    counts = result.review.counts
    tail = style.paint("; there are errors to fix", "error") if any_error(result.diagnostics) else ""
    unchanged = f"{plural(counts.unchanged, 'response')} unchanged"
    if result.review.is_empty:
        return f"{style.paint('The manifests declare the same as before', 'good')}: {unchanged}{tail}."
    effects = (
        (counts.create, f"{counts.create:,} to create", ReviewEffect.CREATE),
        (counts.update, f"{counts.update:,} to update", ReviewEffect.UPDATE),
        (counts.delete, f"{counts.delete:,} to delete", ReviewEffect.DELETE),
        (counts.release, f"{counts.release:,} released", ReviewEffect.RELEASE),
    )
    parts = [style.paint(text, SIGNS[effect][1]) for number, text, effect in effects if number]
    if not parts:
        return f"Only settings change; {unchanged}{tail}."
    return f"Change: {', '.join(parts)}; {counts.unchanged:,} unchanged{tail}."


def _table(review: Review) -> Table | None:
    """Every response that changes, with a column for each environment; None where no response does."""
    changed = rows(review.changed)
    if not changed:
        return None
    columns = _columns(review)
    return Table(
        ("response", *(printable(column) if column else "change" for column in columns)),
        tuple(((printable(row.address), None), *(_cell(row, column) for column in columns)) for row in changed),
    )


def _columns(review: Review) -> Sequence[str | None]:
    """The environments; None for manifests that have none, where there are such."""
    has_none = any(api.place.environment is None for api in review.changed)
    return (*((None,) if has_none else ()), *review.environments)


def _cell(row: ReviewRow, environment: str | None) -> Cell:
    effect = row.effects.get(environment)
    return (_WORDS[effect], SIGNS[effect][1]) if effect else (NOTHING, None)
