"""Lines of JSON in a log."""

import json

from reconciler.findings import DriftSummary
from reconciler.ports import TargetReading, Usage
from reconciler.render.log_entries import run_entry, target_entry

NOW = "2026-11-30T12:00:00Z"


def test_an_api_that_was_read_is_an_entry() -> None:
    """With its place, its counts, and what it took."""
    reading = TargetReading(("pets",), "prod", "123456789012", "eu-west-1", "a1", {"missing": 1}, 0.12345, Usage(2, 1))

    assert json.loads(json.dumps(target_entry(NOW, reading))) == {
        "time": NOW,
        "level": "info",
        "event": "target",
        "environment": "prod",
        "accountId": "123456789012",
        "region": "eu-west-1",
        "manifests": ["pets"],
        "api": "a1",
        "counts": {"missing": 1},
        "seconds": 0.123,
        "calls": 2,
        "throttles": 1,
        "error": None,
    }


def test_an_api_that_was_not_read_is_an_error() -> None:
    """What is unknown of it is null."""
    entry = target_entry(NOW, TargetReading(("pets",), None, "", "", error="access denied"))

    assert ("error", None, None, None, "access denied") == (
        entry["level"],
        entry["accountId"],
        entry["region"],
        entry["api"],
        entry["error"],
    )


def test_a_run_counts_its_differences() -> None:
    """In drafts and on stages; a run that was stopped is an error."""
    counts = DriftSummary(in_sync=5, changed=1, missing=2, unexpected=3, deployed=4, errors=1).counts
    entry, stopped = (run_entry(NOW, counts, 1.0, Usage(), why, 1) for why in ("", "interrupted"))

    assert ("info", 10, None, "error", "interrupted") == (
        entry["level"],
        entry["differences"],
        entry["stopped"],
        stopped["level"],
        stopped["stopped"],
    )
