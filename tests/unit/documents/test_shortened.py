"""Reports that are shortened to what an answer may have."""

import json

import pytest

from reconciler.diagnostics import warning
from reconciler.documents import DriftDocument
from reconciler.documents.drift import drift_document
from reconciler.documents.shortened import shortened
from reconciler.findings import find_drift
from reconciler.models.keys import MethodKey
from reconciler.rules import RunRule
from support.live import DEFAULT, live_of
from support.states import desired_of

METHODS = {MethodKey(f"/pets/{number}", "GET"): {"200": DEFAULT} for number in range(40)}
DRIFT = find_drift(desired_of(METHODS), live_of({}))


def report(diagnostics: int = 0) -> DriftDocument:
    """A report with 40 findings and so many diagnostics."""
    problems = [warning(RunRule.UNDEPLOYED, f"\x1b{number}") for number in range(diagnostics)]
    return drift_document([DRIFT], [], "2026-11-30T12:00:00Z", problems)


def size(document: DriftDocument) -> int:
    """The bytes of its JSON."""
    return len(json.dumps(document.model_dump(mode="json", by_alias=True)))


def test_what_fits_stays() -> None:
    """To the byte."""
    whole = report()

    assert whole is shortened(whole, size(whole))


@pytest.mark.parametrize("at_most", [4_000, 10_000, 20_000])
def test_a_shortened_report_says_what_is_left_out(at_most: int) -> None:
    """It keeps as much as fits, and its counts."""
    whole = report()
    short = shortened(whole, at_most)
    kept = len(short.findings)

    assert (True, True, whole.summary, "shortened", True) == (
        size(short) <= at_most,
        size(short) > at_most - 3_000,
        short.summary,
        short.diagnostics[0].rule,
        f"{40 - kept} of 40 findings" in short.diagnostics[0].message,
    )


def test_errors_are_kept_first() -> None:
    """Diagnostics come before findings, findings before targets."""
    short = shortened(report(diagnostics=2), 4_200)

    assert (["shortened", "undeployed", "undeployed"], True, []) == (
        [diagnostic.rule for diagnostic in short.diagnostics],
        0 < len(short.findings) < 40,
        short.targets,
    )
