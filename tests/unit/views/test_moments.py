"""When something happened, in words."""

from datetime import UTC, timedelta, timezone

import pytest

from reconciler.views.moments import Moments

NOW = "2026-12-08T10:00:00Z"
HERE = Moments(NOW, UTC)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-12-08T09:59:01Z", "just now"),
        ("2026-12-08T09:59:00Z", "1 minute ago"),
        ("2026-12-08T09:00:01Z", "59 minutes ago"),
        ("2026-12-08T08:00:00Z", "2 hours ago"),
        ("2026-12-01T10:00:01Z", "6 days ago"),
        ("2026-12-01T10:00:00Z", "2026-12-01 10:00"),
        ("2026-12-08T10:00:01Z", "2026-12-08 10:00"),
    ],
)
def test_on_a_terminal(at: str, words: str) -> None:
    """What is near is relative; what is further back, or in the future by another clock, is a date."""
    assert words == HERE.brief(at)


def test_the_date_is_local() -> None:
    """With its zone where there is room."""
    zone = timezone(timedelta(hours=2), "CEST")
    moments = Moments(NOW, zone)

    assert ("2026-07-01 01:30", "2026-07-01 01:30:00 CEST, 160 days ago") == (
        moments.brief("2026-06-30T23:30:00Z"),
        moments.full("2026-06-30T23:30:00Z"),
    )


def test_a_moment_of_another_clock() -> None:
    """Nothing is `ago` that has not been yet."""
    assert "2026-12-08 10:00:01 UTC" == HERE.full("2026-12-08T10:00:01Z")


@pytest.mark.parametrize("at", ["yesterday\x1b", "2026-12-01T10:00:00", ""])
def test_what_is_no_moment_stays_as_it_is(at: str) -> None:
    """Printable, even so: a journal may say anything."""
    assert at.replace("\x1b", "\\x1b") == HERE.brief(at) == HERE.full(at)


def test_in_files_moments_are_exact() -> None:
    """Without a `now` nothing is relative."""
    assert "2026-12-01T10:00:00Z" == Moments().brief("2026-12-01T10:00:00Z") == Moments().full("2026-12-01T10:00:00Z")
