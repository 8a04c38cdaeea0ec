"""Counts of coverage in words."""

import pytest

from reconciler.fleet.coverage import CoverageCount
from reconciler.models.targets import Kind
from reconciler.views.coverage_tally import coverage_line


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (CoverageCount(20, 18), "Coverage: 18 of 20 APIs have a manifest."),
        (CoverageCount(20, 18, 2), "Coverage: 18 of 20 APIs have a manifest, 2 ignored."),
        (CoverageCount(3, 1, kinds=(Kind.REST_API,)), "Coverage: 1 of 3 REST APIs has a manifest."),
        (CoverageCount(0, 0, kinds=(Kind.WEBSOCKET_API,)), "Coverage: 0 of 0 WebSocket APIs have a manifest."),
    ],
)
def test_the_line_says_what_was_counted(count: CoverageCount, line: str) -> None:
    """A kind that was not listed is not claimed."""
    assert line == coverage_line(count)
