"""fmt: the files that were or would be written, their problems, and the summary."""

from collections.abc import Iterator

from reconciler.engine.fmt.fmt import FormatResult
from reconciler.render.style import Style, plural, printable
from reconciler.views.problems import diagnostic_lines, explain_lines


def format_text(result: FormatResult, style: Style, *, written: bool) -> str:
    """Return the names of changed files, every problem and the summary; "" when quiet and there is nothing to do."""
    if style.quiet and not result.changes and not result.is_broken:
        return ""
    verb = "formatted" if written else "would be formatted"
    names = [f"{style.paint(f'{verb}:', 'strong')} {printable(change.file)}" for change in result.changes]
    lines = [*([] if style.quiet and written else names), *diagnostic_lines(result.diagnostics, style)]
    lines += explain_lines(result.diagnostics, style)
    return "\n".join([*lines, _summary(result, verb)])


def _summary(result: FormatResult, verb: str) -> str:
    return f"{', '.join(_counts(result, verb))}."


def _counts(result: FormatResult, verb: str) -> Iterator[str]:
    errors = sum(diagnostic.is_error for diagnostic in result.diagnostics)
    if result.changes:
        yield f"{plural(len(result.changes), 'file')} {verb}"
    if result.unchanged or not (result.changes or errors or result.foreign):
        yield f"{plural(result.unchanged, 'file')} already formatted"
    if result.foreign:
        yield f"{plural(len(result.foreign), 'file')} skipped (no apiVersion: reconciler/v1)"
    if errors:
        yield plural(errors, "error")
