"""coverage as metrics: the APIs and methods of each account and region by their state."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from reconciler.engine.coverage.coverage import ManifestCoverage
from reconciler.fleet.coverage import CoverageTally, RegionCoverage
from reconciler.render.prometheus import LabelValues, Metric, exposition
from reconciler.views.run_metrics import EarlierMetrics, metric_of_run, read_earlier, run_metrics, timestamp

_REGION: Final = ("environment", "account", "region")
_LAST_SUCCESS: Final = "reconciler_coverage_last_success_timestamp_seconds"


def earlier_coverage(text: str) -> EarlierMetrics:
    """Return what `coverage_metrics` needs of the file of an earlier run. Raises ValueError if it cannot be read."""
    return read_earlier(text, (_LAST_SUCCESS,))


def coverage_metrics(coverage: ManifestCoverage, run: str, earlier: EarlierMetrics) -> str:
    """Return a coverage report as metrics; `run` names the environments that were asked for.

    An account and region that could not be listed keeps its last success of the earlier file.
    """
    return exposition(_metrics(coverage, run, earlier))


def _metrics(coverage: ManifestCoverage, run: str, earlier: EarlierMetrics) -> Iterator[Metric]:
    states = (*_REGION, "state")
    apis = _by_state(coverage, lambda region: region.counts)
    yield Metric(
        "reconciler_coverage_apis", "REST and WebSocket APIs by whether a manifest addresses them.", states, apis
    )
    if coverage.has_methods:
        methods = _by_state(coverage, lambda region: region.method_counts)
        help_ = "Methods of covered APIs by whether a manifest lists them; proxies do not count."
        yield Metric("reconciler_coverage_methods", help_, states, methods)
    times = _successes(coverage, earlier)
    yield Metric(_LAST_SUCCESS, "When an account and region was last listed completely.", _REGION, times)
    errors = sum(diagnostic.is_error for diagnostic in coverage.all_diagnostics)
    yield metric_of_run("reconciler_coverage_errors", "What could not be listed, read or loaded.", run, errors)
    yield from run_metrics("coverage", run, coverage.run, coverage.created_at, earlier)


def _labels(region: RegionCoverage) -> LabelValues:
    return ",".join(region.environments), region.account_id, region.region


def _by_state(
    coverage: ManifestCoverage, counts: Callable[[RegionCoverage], CoverageTally]
) -> Mapping[LabelValues, float]:
    series: Counter[LabelValues] = Counter()
    for region in coverage.regions:
        tally = counts(region)
        series[*_labels(region), "covered"] += tally.covered
        series[*_labels(region), "uncovered"] += tally.uncovered
        series[*_labels(region), "ignored"] += tally.ignored
    return series


def _successes(coverage: ManifestCoverage, earlier: EarlierMetrics) -> Mapping[LabelValues, float]:
    """Return the time of this run for what was listed, an earlier one for what was not."""
    now = timestamp(coverage.created_at)
    if coverage.is_complete:
        return {_labels(region): now for region in coverage.regions}
    failed = {(failure.account_id, failure.region) for failure in coverage.failures}
    read = {_labels(region): now for region in coverage.regions if (region.account_id, region.region) not in failed}
    return {**earlier.all(_LAST_SUCCESS, _REGION, now), **read}
