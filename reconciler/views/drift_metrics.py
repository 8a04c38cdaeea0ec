"""drift as metrics: the findings of each manifest, in each environment and region, and when it was last read.

The number of series is bounded: of more manifests than `MOST_MANIFESTS`, those with findings are shown first, and the
rest is one sum with empty labels.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from reconciler.engine.drift.result import Drift
from reconciler.findings import TargetDrift, Type, summarise_drift
from reconciler.render.prometheus import LabelValues, Metric, exposition
from reconciler.views.run_metrics import EarlierMetrics, metric_of_run, read_earlier, run_metrics, timestamp

MOST_MANIFESTS: Final = 5_000
"""Manifests with series of their own, counted once for each environment and region."""

_MANIFEST: Final = ("environment", "region", "manifest")
_LAST_SUCCESS: Final = "reconciler_drift_last_success_timestamp_seconds"
_REST: Final = ("", "", "")
"""The labels of what has no series of its own."""


def earlier_drift(text: str) -> EarlierMetrics:
    """Return what `drift_metrics` needs of the file of an earlier run. Raises ValueError if it cannot be read."""
    return read_earlier(text, (_LAST_SUCCESS,))


def drift_metrics(drift: Drift, run: str, earlier: EarlierMetrics) -> str:
    """Return a drift report as metrics; `run` names the environments that were asked for.

    A manifest that could not be read keeps its last success of the earlier file.
    """
    return exposition(_metrics(drift, run, earlier))


def _metrics(drift: Drift, run: str, earlier: EarlierMetrics) -> Iterator[Metric]:
    rows = _rows(drift)
    shown = frozenset(sorted(rows, key=lambda key: (not rows[key].total(), key))[:MOST_MANIFESTS])
    yield Metric(
        "reconciler_drift_findings",
        "Differences between manifests and AWS, and errors, in the drafts and on the stages.",
        (*_MANIFEST, "type"),
        _findings(rows, shown),
    )
    yield Metric(
        "reconciler_drift_in_sync_responses",
        "Responses that are as the manifests want them; manifests of one API are counted together.",
        _MANIFEST,
        _in_sync(drift.targets, shown),
    )
    times = _successes(drift, rows, shown, earlier)
    yield Metric(_LAST_SUCCESS, "When a manifest was last compared completely.", _MANIFEST, times)
    yield metric_of_run(
        "reconciler_drift_errors",
        "Errors, those of manifests that cannot be loaded included.",
        run,
        drift.summary.errors,
    )
    yield metric_of_run(
        "reconciler_drift_omitted_manifests", "Manifests without series of their own.", run, len(rows) - len(shown)
    )
    yield from run_metrics("drift", run, drift.facts.run, drift.created_at, earlier)


def _rows(drift: Drift) -> Mapping[LabelValues, Counter[Type]]:
    """Return the findings of each manifest by their type."""
    rows: dict[LabelValues, Counter[Type]] = {}
    for target in drift.targets:
        for ref in target.manifests:
            rows.setdefault(_key(target, ref.name), Counter())
        _count(rows, target)
    for stage in drift.stages:
        _count(rows, stage.drift)
        if stage.lag:
            rows.setdefault(_key(stage.drift, stage.drift.manifests[0].name), Counter())[Type.CHANGED] += 1
    for failure in (*drift.unread, *(stage.unread for stage in drift.lost)):
        for name in failure.manifests:
            key = (failure.environment or "", failure.region, name)
            rows.setdefault(key, Counter())[Type.ERROR] += 1
    return rows


def _count(rows: dict[LabelValues, Counter[Type]], target: TargetDrift) -> None:
    for finding in target.findings:
        rows.setdefault(_key(target, finding.manifest), Counter())[finding.type] += 1


def _key(target: TargetDrift, manifest: str) -> LabelValues:
    return target.target.environment or "", target.target.region, manifest


def _findings(rows: Mapping[LabelValues, Counter[Type]], shown: Collection[LabelValues]) -> Mapping[LabelValues, float]:
    series: Counter[LabelValues] = Counter()
    for key, counts in rows.items():
        for type_ in Type:
            series[*(key if key in shown else _REST), type_.value] += counts[type_]
    return series


def _in_sync(targets: Collection[TargetDrift], shown: Collection[LabelValues]) -> Mapping[LabelValues, float]:
    series: Counter[LabelValues] = Counter()
    for target in targets:
        names = [ref.name for ref in target.manifests]
        is_shown = any(_key(target, name) in shown for name in names)
        key = _key(target, ",".join(names)) if is_shown else _REST
        series[key] += summarise_drift((target,), 0).in_sync
    return series


def _successes(
    drift: Drift,
    rows: Mapping[LabelValues, Counter[Type]],
    shown: Collection[LabelValues],
    earlier: EarlierMetrics,
) -> Mapping[LabelValues, float]:
    """Return the time of this run for what was read, an earlier one for what was not.

    If no manifest is known, as in a run that cannot load them, every earlier time stays.
    """
    now = timestamp(drift.created_at)
    if not rows:
        return earlier.all(_LAST_SUCCESS, _MANIFEST, now)
    known = {key: earlier.value(_LAST_SUCCESS, _MANIFEST, key, now) if rows[key][Type.ERROR] else now for key in shown}
    return {key: value for key, value in known.items() if value is not None}
