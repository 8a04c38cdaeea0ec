"""A run of response tests as a JSON document."""

from reconciler.documents.answer import answer_members
from reconciler.documents.parts import SourceDocument
from reconciler.documents.test_report import (
    DifferenceDocument,
    ResponseTestRow,
    TestReportDocument,
    response_test_report,
)
from reconciler.engine.response_tests.run import ResponseTestResult, ResponseTestRun


def document_of_run(run: ResponseTestRun) -> TestReportDocument:
    """Return the results, one row for each test and environment."""
    return response_test_report(list(map(_row, run.results)), run.diagnostics, not_run=run.not_run)


def _row(result: ResponseTestResult) -> ResponseTestRow:
    ready = result.ready
    location = ready.source.location
    return ResponseTestRow(
        name=ready.source.test.name,
        document=ready.source.document.name,
        manifest=ready.desired.manifests[0].name,
        environment=ready.environment,
        method=str(ready.test.scope),
        result=result.comparison.result,
        differences=[
            DifferenceDocument(path=difference.path, expected=difference.expected, actual=difference.actual)
            for difference in result.comparison.differences
        ],
        source=SourceDocument(file=location.file, line=location.line),
        **answer_members(result.answer),
    )
