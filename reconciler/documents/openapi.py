"""The JSON document of `openapi`: its shapes, and how it is built."""

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


class OpenApiSummary(JsonDocument):
    """Counts of responses."""

    create: int
    update: int
    delete: int
    unchanged: int


class OpenApiMethodDocument(JsonDocument):
    """A method whose responses the document gets: their statuses."""

    address: str = Field(description="As in `petstore: GET /pets`.")
    create: list[str]
    update: list[str]
    delete: list[str]
    unchanged: list[str]


class OpenApiDocument(JsonDocument):
    """What `openapi --format json` prints."""

    format_version: FormatVersion
    kind: Literal["OpenApiUpdate"]
    tool_version: str
    file: str
    changed: bool = Field(description="Whether the document has changed, or would change with `--check`.")
    summary: OpenApiSummary
    methods: list[OpenApiMethodDocument]
    diagnostics: list[DiagnosticDocument]


def openapi_document(
    file: str, methods: Sequence[OpenApiMethodDocument], diagnostics: Sequence[Diagnostic], *, changed: bool
) -> OpenApiDocument:
    """Return what a document gets, method by method."""
    return OpenApiDocument(
        format_version=FORMAT_VERSION,
        kind="OpenApiUpdate",
        tool_version=__version__,
        file=file,
        changed=changed,
        summary=OpenApiSummary(
            create=sum(len(method.create) for method in methods),
            update=sum(len(method.update) for method in methods),
            delete=sum(len(method.delete) for method in methods),
            unchanged=sum(len(method.unchanged) for method in methods),
        ),
        methods=list(methods),
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
    )
