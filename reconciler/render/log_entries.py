"""Lines of JSON in a log: one for each API that was read, and one for the run."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from reconciler.ports import TargetReading, Usage

LogEntry: TypeAlias = dict[str, object]

_DIFFERENCES: Final = ("changed", "missing", "unexpected", "deployed")


def log_entry(now: str, level: str, event: str, **members: object) -> LogEntry:
    """Return an entry with what all of them begin with; `now` is ISO 8601."""
    return {"time": now, "level": level, "event": event, **members}


def target_entry(now: str, reading: TargetReading) -> LogEntry:
    """Return the entry of an API, read or not."""
    entry = log_entry(
        now,
        "error" if reading.error else "info",
        "target",
        environment=reading.environment,
        accountId=reading.account_id or None,
        region=reading.region or None,
        manifests=list(reading.manifests),
        api=reading.api_id or None,
        counts=dict(reading.counts),
    )
    return entry | _spent(reading.seconds, reading.usage) | {"error": reading.error or None}


def run_entry(  # noqa: PLR0913, PLR0917 - what is known of a run
    now: str, counts: Mapping[str, int], seconds: float, usage: Usage, stopped: str, exit_code: int
) -> LogEntry:
    """Return the entry of a run; `counts` are those of its summary."""
    differences = sum(counts.get(name, 0) for name in _DIFFERENCES)
    entry = log_entry(now, "error" if stopped else "info", "run", counts=dict(counts), differences=differences)
    return entry | _spent(seconds, usage) | {"stopped": stopped or None, "exitCode": exit_code}


def _spent(seconds: float, usage: Usage) -> LogEntry:
    return {"seconds": round(seconds, 3), "calls": usage.calls, "throttles": usage.throttles}
