"""The JSON document of a validation: its shapes, and how it is built."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from reconciler import __version__
from reconciler.diagnostics import Diagnostic
from reconciler.documents.parts import (
    FORMAT_VERSION,
    DiagnosticDocument,
    FormatVersion,
    JsonDocument,
    diagnostic_document,
)


class ValidationSummary(JsonDocument):
    """Counts."""

    manifests: int
    responses: int
    errors: int
    warnings: int
    tests: int = Field(description="Response tests that can run.")


class ValidationDocument(JsonDocument):
    """What `validate --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Validation"]
    tool_version: str
    summary: ValidationSummary
    diagnostics: list[DiagnosticDocument]


def validation_document(
    diagnostics: Sequence[Diagnostic], *, manifests: int, responses: int, tests: int = 0
) -> ValidationDocument:
    """Return the problems of the manifests, and the counts."""
    errors = sum(diagnostic.is_error for diagnostic in diagnostics)
    return ValidationDocument(
        format_version=FORMAT_VERSION,
        kind="Validation",
        tool_version=__version__,
        summary=ValidationSummary(
            manifests=manifests,
            responses=responses,
            errors=errors,
            warnings=len(diagnostics) - errors,
            tests=tests,
        ),
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
    )
