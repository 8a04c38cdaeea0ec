"""A review: what a change of the manifests does, for people who see it before AWS does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.render.problems import diagnostic_lines
from reconciler.render.review_sections import SIGNS, review_sections
from reconciler.render.sections import section_lines
from reconciler.render.style import Style, counted, printable
from reconciler.review import Effect, Review
from reconciler.review.alike import Row, rows

_WORDS: Final[Mapping[Effect, str]] = {
    Effect.CREATE: "create",
    Effect.UPDATE: "update",
    Effect.DELETE: "delete",
    Effect.RELEASE: "released",
}
NOTHING: Final = "-"


def review_report(review: Review, diagnostics: Sequence[Diagnostic], style: Style, *, is_told: bool) -> str:
    """The whole text: what is compared, the table, the details, what is wrong, the summary.

    When quiet, nothing at all where there is nothing to tell. `is_told`: the two sides could be compared.
    """
    problems = [one for one in diagnostics if one.is_error or not style.quiet]
    if style.quiet and is_told and review.is_empty and not problems:
        return ""
    lines = [compared(review, style)]
    table = table_lines(review, style)
    for part in (table, *map(section_lines, review_sections(review, style)), diagnostic_lines(problems, style)):
        found = list(part)
        lines += ["", *found] if found else ()
    summary = review_summary(review, style, errors=any_error(diagnostics), is_told=is_told)
    return "\n".join([*lines, "", summary])


def compared(review: Review, style: Style) -> str:
    """Which two states."""
    return f"{style.paint('Review', 'strong')}: {printable(str(review.base))} -> {printable(str(review.head))}"


def review_summary(review: Review, style: Style, *, errors: bool, is_told: bool) -> str:
    """The last line."""
    if not is_told:
        return style.paint("No review: mend the errors first.", "error")
    counts = review.counts
    tail = style.paint("; there are errors to mend", "error") if errors else ""
    if review.is_empty:
        lead = style.paint("No change in what the manifests want", "good")
        return f"{lead}: {counted(counts.unchanged, 'response')} as before{tail}."
    effects = (
        (counts.create, f"{counts.create:,} to create", Effect.CREATE),
        (counts.update, f"{counts.update:,} to update", Effect.UPDATE),
        (counts.delete, f"{counts.delete:,} to delete", Effect.DELETE),
        (counts.release, f"{counts.release:,} released", Effect.RELEASE),
    )
    parts = [style.paint(text, SIGNS[effect][1]) for number, text, effect in effects if number]
    if not parts:
        return f"Only settings change; {counted(counts.unchanged, 'response')} as before{tail}."
    return f"Change: {', '.join(parts)}; {counts.unchanged:,} unchanged{tail}."


def table_lines(review: Review, style: Style) -> Iterator[str]:
    """Every response that changes, and a column for each environment."""
    found = rows(review.changed)
    if not found:
        return
    columns = columns_of(review)
    titles = [one or "change" for one in columns]
    cells = [[printable(row.address), *(_cell(row, one) for one in columns)] for row in found]
    widths = [max(map(len, column)) for column in zip(["response", *titles], *cells, strict=True)]
    yield style.paint(_aligned(["response", *map(printable, titles)], widths), "faint")
    for row, texts in zip(found, cells, strict=True):
        tones = [None, *(SIGNS[row.effects[one]][1] if one in row.effects else None for one in columns)]
        padded = [text.ljust(width) for text, width in zip(texts, widths, strict=True)]
        painted = [style.paint(text, tone) if tone else text for text, tone in zip(padded, tones, strict=True)]
        yield "  ".join(painted).rstrip()


def columns_of(review: Review) -> tuple[str | None, ...]:
    """The environments; None for manifests that have none, where there are such."""
    without = any(one.place.environment is None for one in review.changed)
    return (*((None,) if without else ()), *review.environments)


def _cell(row: Row, environment: str | None) -> str:
    effect = row.effects.get(environment)
    return _WORDS[effect] if effect else NOTHING


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
