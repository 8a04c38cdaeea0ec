"""coverage as metrics, read by Prometheus' own parser."""

from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from reconciler.engine.coverage.coverage import ManifestCoverage
from reconciler.views.coverage_metrics import coverage_metrics, earlier_coverage
from reconciler.views.run_metrics import EarlierMetrics
from support.covered import DENIED, EVERYTHING, LISTED, coverage_of

SUCCESS = "reconciler_coverage_last_success_timestamp_seconds"
NONE = EarlierMetrics()
BOTH, PROD = ("123456789012", "dev,test", "eu-west-1"), ("210987654321", "prod", "us-east-1")
SECONDS = 1769860800.0


def run(found: ManifestCoverage, earlier: EarlierMetrics = NONE) -> dict[str, dict[tuple[str, ...], float]]:
    """Sample name -> values of the labels, in the order of their names -> value."""
    families = text_string_to_metric_families(coverage_metrics(found, "all", earlier))
    return {
        family.samples[0].name: {tuple(s.labels[name] for name in sorted(s.labels)): s.value for s in family.samples}
        for family in families
        if family.samples
    }


def test_apis_and_methods_are_counted_by_state() -> None:
    """In each account and region, with zeros."""
    found = run(coverage_of(EVERYTHING, LISTED))

    assert {
        (*BOTH, "covered"): 2,
        (*BOTH, "ignored"): 1,
        (*BOTH, "uncovered"): 2,
        (*PROD, "covered"): 1,
        (*PROD, "ignored"): 0,
        (*PROD, "uncovered"): 0,
    } == found["reconciler_coverage_apis"]
    assert 3 == found["reconciler_coverage_methods"][*BOTH, "covered"]


def test_without_methods_there_are_no_counts_of_them() -> None:
    """None is not zero."""
    assert "reconciler_coverage_methods" not in run(coverage_of(EVERYTHING, methods=False))


def test_a_run_says_when_how_long_and_how_many_calls() -> None:
    """Under the same names as drift, told apart by the command."""
    found = run(coverage_of(LISTED))

    assert ({("all",): SECONDS}, {("all",): 1.25}, {("coverage", "all"): 7}) == (
        found["reconciler_coverage_last_run_timestamp_seconds"],
        found["reconciler_coverage_duration_seconds"],
        found["reconciler_aws_calls_total"],
    )


def test_what_cannot_be_listed_keeps_its_last_success() -> None:
    """And is an error."""
    before = replace(coverage_of(EVERYTHING, LISTED), created_at="2026-01-30T12:00:00Z")
    earlier = earlier_coverage(coverage_metrics(before, "all", NONE))
    found = run(coverage_of(EVERYTHING, LISTED, failures=(DENIED,)), earlier)

    assert {BOTH: SECONDS, PROD: SECONDS - 86_400} == found[SUCCESS]
    assert {("all",): 1} == found["reconciler_coverage_errors"]


def test_what_is_gone_loses_its_last_success() -> None:
    """If everything else could be listed."""
    earlier = earlier_coverage(coverage_metrics(coverage_of(EVERYTHING, LISTED), "all", NONE))

    assert {PROD} == set(run(coverage_of(LISTED), earlier)[SUCCESS])
