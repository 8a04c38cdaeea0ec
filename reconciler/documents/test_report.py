"""The JSON document of response tests: its shapes, and how its parts are built."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from reconciler import __version__
from reconciler.diagnostics import Diagnostic
from reconciler.documents.answer import AnswerMembers
from reconciler.documents.parts import (
    FORMAT_VERSION,
    DiagnosticDocument,
    FormatVersion,
    JsonDocument,
    SourceDocument,
    diagnostic_document,
)


class DifferenceDocument(JsonDocument):
    """A value that is not as expected."""

    path: str = Field(description="`status`, `selected`, `headers.NAME`, `body`, `error` or `delivered`.")
    expected: Any = Field(description="Null for a header that is not to be sent.")
    actual: Any = Field(description="Null for a header that is not sent.")


class ResponseTestRow(AnswerMembers):
    """One test in one environment: what the client gets, and how it differs from what is expected."""

    name: str
    document: str = Field(description="The name of the document with the test.")
    manifest: str
    environment: str | None
    method: str = Field(description="As in `GET /pets/{petId}`; in WebSocket APIs the route, or `integration ID`.")
    result: Literal["passed", "failed", "unknown"]
    differences: list[DifferenceDocument]
    source: SourceDocument


class NeverSelected(JsonDocument):
    """A response that no test selects."""

    address: str
    manifest: str
    source: SourceDocument | None


class ResponseCoverage(JsonDocument):
    """The responses of the manifests that are tested."""

    total: int
    selected: int
    never_selected: list[NeverSelected]


class NeverTaken(JsonDocument):
    """A branch of a template that no test takes."""

    address: str = Field(description="A response that has the template.")
    manifest: str
    template: str = Field(description="The key of the template, as in `application/json`.")
    line: int = Field(description="Of the directive, within the template.")
    column: int
    directive: str = Field(description="As in `#if`.")
    entered: bool = Field(
        description="False for the way past an `#if` without `#else`, and past a `#foreach` over nothing."
    )
    source: SourceDocument | None = Field(description="Where the manifest has or names the template.")


class BranchCoverage(JsonDocument):
    """The branches of the templates of the manifests that are tested."""

    total: int
    taken: int
    never_taken: list[NeverTaken]


class CoverageDocument(JsonDocument):
    """What the tests reach; what is reached in one environment counts for all."""

    percent: int | None = Field(description="Of responses and branches, rounded down; null if there is neither.")
    responses: ResponseCoverage
    branches: BranchCoverage


class TestReportSummary(JsonDocument):
    """Counts; a test counts once for each environment."""

    __test__: ClassVar[bool] = False

    passed: int
    failed: int
    unknown: int


class TestReportDocument(JsonDocument):
    """What `test --format json` prints."""

    __test__: ClassVar[bool] = False

    format_version: FormatVersion
    kind: Literal["TestReport"]
    tool_version: str
    summary: TestReportSummary
    coverage: CoverageDocument
    tests: list[ResponseTestRow]
    not_run: int = Field(description="Tests that could not run, once for each environment; `diagnostics` says why.")
    written: list[str] = Field(description="The files with expected bodies that --update wrote.")
    diagnostics: list[DiagnosticDocument]


def response_test_report(
    rows: Sequence[ResponseTestRow],
    diagnostics: Iterable[Diagnostic],
    *,
    coverage: CoverageDocument,
    not_run: int,
    written: Sequence[str] = (),
) -> TestReportDocument:
    """Return the document."""
    results = [row.result for row in rows]
    return TestReportDocument(
        format_version=FORMAT_VERSION,
        kind="TestReport",
        tool_version=__version__,
        summary=TestReportSummary(
            passed=results.count("passed"),
            failed=results.count("failed"),
            unknown=results.count("unknown"),
        ),
        coverage=coverage,
        tests=list(rows),
        not_run=not_run,
        written=list(written),
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
    )
