"""A validation."""

from collections.abc import Sequence

from reconciler.diagnostics import Diagnostic
from reconciler.render.sections import Report
from reconciler.render.style import Style, counted
from reconciler.views.problems import diagnostic_lines


def validation_report(diagnostics: Sequence[Diagnostic], *, manifests: int, responses: int, style: Style) -> str:
    """Every problem, then the summary; when quiet, errors only, and nothing when there are none."""
    errors = sum(1 for diagnostic in diagnostics if diagnostic.is_error)
    if style.quiet and not errors:
        return ""
    lines = diagnostic_lines(
        [diagnostic for diagnostic in diagnostics if diagnostic.is_error or not style.quiet], style
    )
    summary = validation_summary(
        manifests=manifests, responses=responses, errors=errors, warnings=len(diagnostics) - errors, style=style
    )
    return "\n".join([*lines, summary])


def validation_parts(diagnostics: Sequence[Diagnostic], *, manifests: int, responses: int, style: Style) -> Report:
    """The same as a report for other formats than text."""
    errors = sum(1 for diagnostic in diagnostics if diagnostic.is_error)
    warnings = len(diagnostics) - errors
    return Report(
        verdict="invalid" if errors else "valid",
        summary=validation_summary(
            manifests=manifests, responses=responses, errors=errors, warnings=warnings, style=style
        ),
        problems=tuple(diagnostic_lines(diagnostics, style)),
    )


def validation_summary(*, manifests: int, responses: int, errors: int, warnings: int, style: Style) -> str:
    """The last line of a validation."""
    read = f"{counted(manifests, 'manifest')}, {counted(responses, 'response')}"
    if not errors and not warnings:
        return f"{style.paint('Valid', 'good')}: {read}."
    problems = ", ".join(counted(number, word) for number, word in ((errors, "error"), (warnings, "warning")) if number)
    if errors and not manifests:
        return f"{style.paint('Invalid', 'error')}: {problems}."
    lead = style.paint("Invalid", "error") if errors else style.paint("Valid", "good")
    return f"{lead}: {problems}; {read} can be read."
