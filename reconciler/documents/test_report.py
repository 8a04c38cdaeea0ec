"""The JSON document of response tests: its shapes, and how its parts are built."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from reconciler import __version__
from reconciler.diagnostics import Diagnostic
from reconciler.documents.answer import AnswerMembers, BinaryBody
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


class LiveTarget(JsonDocument):
    """The API that was called."""

    account_id: str
    region: str
    api_id: str
    api_name: str | None


class LiveDifferenceDocument(JsonDocument):
    """A value that AWS gives and the offline pipeline does not."""

    path: str = Field(description="`status`, `selected`, `headers.NAME`, `body` or `error`.")
    offline: Any = Field(description="Null for a header that is not sent, and for what is unknown.")
    live: Any = Field(description="Null for a header that is not sent.")
    cause: Literal["reconciler", "draft", "context", "backend", "unknown"] = Field(
        description="`reconciler`: the offline pipeline is wrong; `draft`: the draft differs from the manifest; "
        "`context`: the call has another $context than the test; `backend`: the backend answers something else than "
        "the test's backend."
    )
    why: str
    replayed: Any = Field(
        description="What the offline pipeline gives for what the backend really answered; null but for `reconciler`."
    )


class LiveTestDocument(JsonDocument):
    """What AWS answers to a test call."""

    target: LiveTarget | None = Field(description="Null if the test was skipped, or its API was not found.")
    result: Literal["passed", "failed", "unknown", "skipped"]
    why: str | None = Field(description="Why there is no answer.")
    status: int | None
    headers: dict[str, str | list[str] | None]
    body: str | BinaryBody | None
    latency: int | None = Field(description="In milliseconds.")
    unexpected: list[DifferenceDocument] = Field(
        description="What the test does not expect; without what differs because of $context."
    )
    differences: list[LiveDifferenceDocument]


class LiveSummary(JsonDocument):
    """Counts of test calls; a test counts once for each region of each environment."""

    passed: int
    failed: int
    unknown: int
    skipped: int


class ResponseTestRow(AnswerMembers):
    """One test in one environment: what the client gets, and how it differs from what is expected."""

    name: str
    document: str = Field(description="The name of the document with the test.")
    manifest: str
    environment: str | None
    method: str = Field(description="As in `GET /pets/{petId}`; in WebSocket APIs the route, or `integration ID`.")
    result: Literal["passed", "failed", "unknown"]
    differences: list[DifferenceDocument]
    live: list[LiveTestDocument] = Field(description="With --live: the same in AWS, for each region.")
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
    source: SourceDocument | None = Field(description="The place in the template file, or in the manifest.")


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
    live: LiveSummary | None = Field(description="The counts of test calls; null without --live.")
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
        live=_live_summary(rows),
        coverage=coverage,
        tests=list(rows),
        not_run=not_run,
        written=list(written),
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
    )


def _live_summary(rows: Iterable[ResponseTestRow]) -> LiveSummary | None:
    results = [live.result for row in rows for live in row.live]
    if not results:
        return None
    return LiveSummary(
        passed=results.count("passed"),
        failed=results.count("failed"),
        unknown=results.count("unknown"),
        skipped=results.count("skipped"),
    )
