"""How many findings each run had."""

from reconciler.fleet.trend import TrendPoint


def test_the_total_counts_everything() -> None:
    """Errors are findings too."""
    assert TrendPoint("2026-01-31T00:00:00Z", 1, 20, 300, 4000).total == 4321
