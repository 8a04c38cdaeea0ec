"""validate: the problems of the manifests, and whether they are valid."""

from reconciler.diagnostics import any_error
from reconciler.engine.validate import Validation
from reconciler.render.sections import Report
from reconciler.render.style import Style, plural
from reconciler.views.problems import (
    diagnostic_lines,
    diagnostic_remarks,
    error_lines,
    explain_lines,
    manifest_suite,
    warning_groups,
)
from reconciler.views.view import Renderings, ReportParts, renderings


def validate_view(validation: Validation, key: str, style: Style) -> Renderings:
    """Offer a validation in every format; `key` names the environments that were asked for."""
    return renderings(
        lambda: validate_text(validation, style),
        lambda: validate_json(validation),
        lambda: validate_parts(validation, key),
    )


def validate_text(validation: Validation, style: Style) -> str:
    """Return every problem and the summary; when quiet, only errors, and "" without any."""
    if style.quiet and not any_error(validation.diagnostics):
        return ""
    shown = [diagnostic for diagnostic in validation.diagnostics if diagnostic.is_error or not style.quiet]
    return "\n".join([*diagnostic_lines(shown, style), *explain_lines(shown, style), _summary(validation, style)])


def validate_json(validation: Validation) -> str:
    """Return the validation for programs."""
    from reconciler.documents import dumped, validation_document  # noqa: PLC0415 - only JSON needs it

    document = validation_document(
        validation.diagnostics,
        manifests=validation.manifests,
        responses=validation.responses,
        tests=validation.tests,
    )
    return dumped(document)


def validate_report(validation: Validation, style: Style) -> Report:
    """Return the validation as a report."""
    return Report(
        verdict="invalid" if any_error(validation.diagnostics) else "valid",
        summary=_summary(validation, style),
        problems=error_lines(validation.diagnostics, style),
        warnings=warning_groups(validation.diagnostics, style),
    )


def validate_parts(validation: Validation, key: str) -> ReportParts:
    """Return what the formats for other tools are made of."""
    valid = f"{plural(validation.manifests, 'manifest')} can be read"
    return ReportParts(
        "validate",
        key,
        lambda style: validate_report(validation, style),
        lambda: list(diagnostic_remarks(validation.diagnostics)),
        lambda: [manifest_suite(validation.diagnostics, valid)],
        is_complete=True,
    )


def _summary(validation: Validation, style: Style) -> str:
    """The last line."""
    errors = sum(diagnostic.is_error for diagnostic in validation.diagnostics)
    warnings = len(validation.diagnostics) - errors
    read = f"{plural(validation.manifests, 'manifest')}, {plural(validation.responses, 'response')}"
    if validation.tests:
        read += f", {plural(validation.tests, 'test')}"
    if not errors and not warnings:
        return f"{style.paint('Valid', 'good')}: {read}."
    problems = ", ".join(plural(number, word) for number, word in ((errors, "error"), (warnings, "warning")) if number)
    verdict = style.paint("Invalid", "error") if errors else style.paint("Valid", "good")
    if errors and not validation.manifests:
        return f"{verdict}: {problems}."
    return f"{verdict}: {problems}; {read} can be read."
