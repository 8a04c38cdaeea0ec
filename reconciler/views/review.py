"""A review: what a change of the manifests does, for people who see it before AWS does."""

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.render.sections import NOTHING, Cell, Report, Table, section_lines, table_lines
from reconciler.render.style import Style, counted, printable
from reconciler.review import Review, ReviewEffect
from reconciler.review.alike import ReviewRow, rows
from reconciler.views.problems import diagnostic_lines
from reconciler.views.review_sections import SIGNS, review_sections

_WORDS: Final[Mapping[ReviewEffect, str]] = {
    ReviewEffect.CREATE: "create",
    ReviewEffect.UPDATE: "update",
    ReviewEffect.DELETE: "delete",
    ReviewEffect.RELEASE: "released",
}


def review_report(review: Review, diagnostics: Sequence[Diagnostic], style: Style, *, is_told: bool) -> str:
    """The whole text: what is compared, the table, the details, what is wrong, the summary.

    When quiet, errors and the summary, and nothing where there is neither. `is_told`: the two sides could be compared.
    """
    problems = [diagnostic for diagnostic in diagnostics if diagnostic.is_error or not style.quiet]
    if style.quiet and is_told and review.is_empty and not problems:
        return ""
    summary = review_summary(review, style, errors=any_error(diagnostics), is_told=is_told)
    if style.quiet:
        return "\n".join([*diagnostic_lines(problems, style), summary])
    lines = [compared(review, style)]
    table = review_table(review)
    parts = (
        table_lines(table, style) if table else (),
        *map(section_lines, review_sections(review, style)),
        diagnostic_lines(problems, style),
    )
    for part in parts:
        found = list(part)
        lines += ["", *found] if found else ()
    return "\n".join([*lines, "", summary])


def review_parts(review: Review, diagnostics: Sequence[Diagnostic], style: Style, *, is_told: bool) -> Report:
    """The same as a report for other formats than text."""
    errors = any_error(diagnostics)
    found = "no change" if review.is_empty else "changes"
    return Report(
        verdict="errors" if not is_told else f"{found}; errors" if errors else found,
        summary=review_summary(review, style, errors=errors, is_told=is_told),
        sections=tuple(review_sections(review, style)),
        problems=tuple(diagnostic_lines(diagnostics, style)),
        notes=(compared(review, style),),
        table=review_table(review),
    )


def compared(review: Review, style: Style) -> str:
    """Which two states."""
    head, base = printable(str(review.head)), printable(str(review.base))
    return f"{style.paint('Review', 'strong')}: {head}, compared with {base}"


def review_summary(review: Review, style: Style, *, errors: bool, is_told: bool) -> str:
    """The last line."""
    if not is_told:
        return style.paint("No review was made. Fix the errors above.", "error")
    counts = review.counts
    tail = style.paint("; there are errors to fix", "error") if errors else ""
    if review.is_empty:
        lead = style.paint("No change in what the manifests want", "good")
        return f"{lead}: {counted(counts.unchanged, 'response')} as before{tail}."
    effects = (
        (counts.create, f"{counts.create:,} to create", ReviewEffect.CREATE),
        (counts.update, f"{counts.update:,} to update", ReviewEffect.UPDATE),
        (counts.delete, f"{counts.delete:,} to delete", ReviewEffect.DELETE),
        (counts.release, f"{counts.release:,} released", ReviewEffect.RELEASE),
    )
    parts = [style.paint(text, SIGNS[effect][1]) for number, text, effect in effects if number]
    if not parts:
        return f"Only settings change; {counted(counts.unchanged, 'response')} as before{tail}."
    return f"Change: {', '.join(parts)}; {counts.unchanged:,} unchanged{tail}."


def review_table(review: Review) -> Table | None:
    """Every response that changes, and a column for each environment; None where no response does."""
    found = rows(review.changed)
    if not found:
        return None
    columns = columns_of(review)
    return Table(
        ("response", *(printable(column) if column else "change" for column in columns)),
        tuple(((printable(row.address), None), *(_cell(row, column) for column in columns)) for row in found),
    )


def columns_of(review: Review) -> tuple[str | None, ...]:
    """The environments; None for manifests that have none, where there are such."""
    without = any(one.place.environment is None for one in review.changed)
    return (*((None,) if without else ()), *review.environments)


def _cell(row: ReviewRow, environment: str | None) -> Cell:
    effect = row.effects.get(environment)
    return (_WORDS[effect], SIGNS[effect][1]) if effect else (NOTHING, None)
