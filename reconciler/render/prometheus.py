"""Metrics in the text format of Prometheus, and what an earlier file of them says.

Pure. Label values are printable and bounded, so that neither a name in AWS nor one in a manifest breaks a line or grows
the file; what is cut ends in a digest, so that two names never become one.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.render.style import printable

LabelValues: TypeAlias = tuple[str, ...]

LONGEST_LABEL: Final = 200
"""Characters of a label value."""

_LONGEST_LINE: Final = 10_000
_DIGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric and its series: numbers by the values of its labels. The name of a counter ends in `_total`."""

    name: str
    help: str
    labels: tuple[str, ...]
    series: Mapping[LabelValues, float]


SeriesKey: TypeAlias = tuple[str, frozenset[tuple[str, str]]]
"""The name of a metric, and its labels with their values."""


def label(value: str) -> str:
    """Return a text as a label value: printable, and cut with a digest of the whole if it is too long."""
    text = printable(value)
    if text == value and len(text) <= LONGEST_LABEL:
        return text
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{text[: LONGEST_LABEL - _DIGEST - 1]}~{digest}"


def exposition(metrics: Iterable[Metric]) -> str:
    """Return the metrics in the text format, each with its help and type, and its series sorted by their labels."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - only this format needs it
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415
    from prometheus_client.registry import Collector  # noqa: PLC0415

    shown = tuple(metrics)

    class _Metrics(Collector):
        def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
            for metric in shown:
                make = CounterMetricFamily if metric.name.endswith("_total") else GaugeMetricFamily
                family = make(metric.name, metric.help, labels=metric.labels)
                for values, number in sorted(metric.series.items()):
                    family.add_metric(list(map(label, values)), number)
                yield family

    registry = CollectorRegistry()
    registry.register(_Metrics())
    return generate_latest(registry).decode("utf-8")


def series_key(name: str, labels: Iterable[str], values: Iterable[str]) -> SeriesKey:
    """Return the key of a series as `read_series` finds it in a file."""
    return name, frozenset(zip(labels, map(label, values), strict=True))


def read_series(text: str, names: Iterable[str]) -> Mapping[SeriesKey, float]:
    """Return the finite values of these metrics in an earlier text. Raises ValueError if they cannot be read.

    Lines of other metrics are not read at all.
    """
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415 - only this format needs it

    wanted = tuple(f"{name}{end}" for name in names for end in "{ ")
    lines = [line for line in text.split("\n") if line.startswith(wanted)]
    if any(len(line) > _LONGEST_LINE for line in lines):
        raise ValueError("a line is too long")
    try:
        families = text_string_to_metric_families("\n".join(lines))
        samples = [(sample, float(sample.value)) for family in families for sample in family.samples]
    except (IndexError, OverflowError) as failure:  # of the parser, for what is no sample
        raise ValueError(str(failure)) from failure
    return {(sample.name, frozenset(sample.labels.items())): value for sample, value in samples if math.isfinite(value)}
