"""The metrics that all commands have in common, and what the file of an earlier run says.

Names, labels and help texts are the same for every command: a collector that reads several files requires it. The label
`run` has the environments that were asked for, so that two jobs can write into one folder.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from reconciler.fleet.run_facts import RunFacts
from reconciler.render.prometheus import LabelValues, Metric, SeriesKey, read_series, series_key

_LABELS: Final = ("command", "run")
_CALLS: Final = "reconciler_aws_calls_total"
_THROTTLES: Final = "reconciler_aws_throttles_total"


@dataclass(frozen=True, slots=True)
class EarlierMetrics:
    """The series of the file that a run replaces; empty if there is none."""

    series: Mapping[SeriesKey, float] = field(default_factory=dict)

    def value(self, name: str, labels: LabelValues, values: LabelValues, at_most: float = float("inf")) -> float | None:
        """Return the value of a series; None if there is none between 0 and `at_most`."""
        value = self.series.get(series_key(name, labels, values))
        return value if value is not None and 0 <= value <= at_most else None

    def all(self, name: str, labels: LabelValues, at_most: float) -> Mapping[LabelValues, float]:
        """Return every series of a metric with these labels and a value between 0 and `at_most`."""
        found = {key: value for key, value in self.series.items() if key[0] == name and 0 <= value <= at_most}
        by_label = ((dict(key[1]), value) for key, value in found.items())
        return {
            tuple(values[label] for label in labels): value
            for values, value in by_label
            if values.keys() == set(labels)
        }


def read_earlier(text: str, names: tuple[str, ...]) -> EarlierMetrics:
    """Return what a run needs of an earlier file: these metrics, and its totals. Raises ValueError."""
    return EarlierMetrics(read_series(text, (*names, _CALLS, _THROTTLES)))


def timestamp(moment: str) -> float:
    """Return a moment (ISO 8601) as seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp()


def metric_of_run(name: str, text: str, run: str, value: float) -> Metric:
    """Return a metric with one value for the run."""
    return Metric(name, text, ("run",), {(run,): value})


def run_metrics(command: str, run: str, facts: RunFacts, created_at: str, earlier: EarlierMetrics) -> Iterator[Metric]:
    """Yield when a run began, how long it took, and the requests of all runs that wrote this file."""
    began = timestamp(created_at)
    yield metric_of_run(f"reconciler_{command}_last_run_timestamp_seconds", f"When {command} last began.", run, began)
    seconds = round(facts.seconds, 3)
    yield metric_of_run(f"reconciler_{command}_duration_seconds", f"How long {command} took.", run, seconds)
    for name, text, count in (
        (_CALLS, "Requests sent to API Gateway, retries included.", facts.usage.calls),
        (_THROTTLES, "Requests that API Gateway throttled.", facts.usage.throttles),
    ):
        labels = (command, run)
        yield Metric(name, text, _LABELS, {labels: (earlier.value(name, _LABELS, labels) or 0) + count})
