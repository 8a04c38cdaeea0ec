"""Ages in words."""

import pytest

from reconciler.fleet.ages import Age
from reconciler.views.drift_ages import age_note, since

NOW = "2026-11-30T06:00:00Z"
KNOWN, NEW = Age("known", "2026-11-27T23:00:00Z"), Age("new", NOW)


@pytest.mark.parametrize(
    ("first_seen", "expected"),
    [
        ("2026-11-27T23:00:00Z", "2026-11-27, 3 days ago"),
        ("2026-11-29T23:00:00Z", "2026-11-29, 1 day ago"),
        (NOW, "2026-11-30"),
        ("2026-12-24T00:00:00Z", "2026-12-24"),
        ("some day", "some day"),
    ],
)
def test_days_are_counted_from_the_run(first_seen: str, expected: str) -> None:
    """Not from now; a clock that jumped makes no negative age, and what is no moment is shown as it is."""
    assert since(first_seen, NOW) == expected


@pytest.mark.parametrize(
    ("ages", "findings", "expected"),
    [
        ([], 2, ""),
        ([NEW, NEW], 2, "new"),
        ([NEW, KNOWN], 2, "1 new, first seen 2026-11-27, 3 days ago"),
        ([KNOWN], 1, "first seen 2026-11-27, 3 days ago"),
    ],
)
def test_several_ages_are_one_note(ages: list[Age], findings: int, expected: str) -> None:
    """The oldest counts."""
    assert age_note(ages, findings, NOW) == expected
