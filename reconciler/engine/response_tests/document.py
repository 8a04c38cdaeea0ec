"""A run of response tests as a JSON document."""

from reconciler.documents.answer import answer_members
from reconciler.documents.parts import SourceDocument, source_of
from reconciler.documents.test_report import (
    BranchCoverage,
    CoverageDocument,
    DifferenceDocument,
    LiveDifferenceDocument,
    LiveTarget,
    LiveTestDocument,
    NeverSelected,
    NeverTaken,
    ResponseCoverage,
    ResponseTestRow,
    TestReportDocument,
    response_test_report,
)
from reconciler.engine.response_tests.compare import AnswerComparison
from reconciler.engine.response_tests.coverage import Coverage
from reconciler.engine.response_tests.live_result import LiveResult
from reconciler.engine.response_tests.results import ResponseTestResult
from reconciler.engine.response_tests.run import ResponseTestRun


def document_of_run(run: ResponseTestRun) -> TestReportDocument:
    """Return the results, one row for each test and environment."""
    rows = list(map(_row, run.results))
    return response_test_report(
        rows, run.diagnostics, coverage=_coverage(run.coverage), not_run=run.not_run, written=run.written
    )


def _coverage(coverage: Coverage) -> CoverageDocument:
    return CoverageDocument(
        percent=coverage.percent,
        responses=ResponseCoverage(
            total=coverage.responses,
            selected=coverage.responses - len(coverage.unselected),
            never_selected=[
                NeverSelected(address=each.address, manifest=each.manifest, source=source_of(each.location))
                for each in coverage.unselected
            ],
        ),
        branches=BranchCoverage(
            total=coverage.branches,
            taken=coverage.branches - len(coverage.untaken),
            never_taken=[
                NeverTaken(
                    address=each.address,
                    manifest=each.manifest,
                    template=each.template,
                    line=each.branch.line,
                    column=each.branch.column,
                    directive=each.branch.directive,
                    entered=each.branch.taken,
                    source=source_of(each.location),
                )
                for each in coverage.untaken
            ],
        ),
    )


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
        differences=_differences(result.comparison),
        live=list(map(_live, result.live)),
        source=SourceDocument(file=location.file, line=location.line),
        **answer_members(result.answer),
    )


def _differences(comparison: AnswerComparison) -> list[DifferenceDocument]:
    return [
        DifferenceDocument(path=difference.path, expected=difference.expected, actual=difference.actual)
        for difference in comparison.differences
    ]


def _live(live: LiveResult) -> LiveTestDocument:
    target, answer = live.target, live.answer
    members = answer_members(answer) if answer else {"status": None, "headers": {}, "body": None}
    return LiveTestDocument(
        target=LiveTarget(
            account_id=target.account_id, region=target.region, api_id=target.api_id, api_name=target.api_name
        )
        if target
        else None,
        result=live.outcome,
        why=live.why or None,
        status=members["status"],
        headers=members["headers"],
        body=members["body"],
        latency=live.latency if answer else None,
        unexpected=_differences(live.comparison),
        differences=[
            LiveDifferenceDocument(
                path=difference.path,
                offline=difference.offline,
                live=difference.live,
                cause=difference.cause,
                why=difference.why,
                replayed=difference.replayed,
            )
            for difference in live.differences
        ],
    )
