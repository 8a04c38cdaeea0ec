"""Ages in words."""

import pytest

from reconciler.fleet.ages import Age, Ages, Resolved
from reconciler.render.style import Style
from reconciler.views.drift_ages import age_counts, age_note, age_notes, resolved_lines, since

NOW = "2026-11-30T06:00:00Z"
KNOWN, NEW = Age("known", "2026-11-27T23:00:00Z"), Age("new", NOW)
RESOLVED = Resolved("f", "missing", "users: GET /items 404", "prod", "333333333333", "us-east-1", KNOWN.first_seen)


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


def test_without_a_history_there_are_no_notes() -> None:
    """And nothing for a finding that the history does not know."""
    notes = age_notes(Ages({"a": NEW}), NOW)

    assert age_notes(None, NOW) is None
    assert notes is not None
    assert [notes("a"), notes("b")] == ["new", ""]


def test_resolved_findings_name_their_environment() -> None:
    """And their stage, if they were on one."""
    assert list(resolved_lines(Ages({}, (RESOLVED,), "2026-11-29T06:00:00Z"), Style(), NOW)) == [
        "Resolved since 2026-11-29: 1 finding",
        "  users: GET /items 404 (prod, us-east-1): missing, first seen 2026-11-27, 3 days ago",
    ]


@pytest.mark.parametrize(("style", "expected"), [(Style(), "  ... and 2 more"), (Style(full=True), "")])
def test_many_resolved_findings_are_counted(style: Style, expected: str) -> None:
    """The full style lists them."""
    lines = list(resolved_lines(Ages({}, (RESOLVED,) * 7), style, NOW))

    assert ("Resolved: 7 findings", expected) == (lines[0], next((line for line in lines if "more" in line), ""))


def test_nothing_resolved_is_not_mentioned() -> None:
    """Nor is it without a history."""
    assert [*resolved_lines(Ages({}), Style(), NOW), *resolved_lines(None, Style(), NOW)] == []


def test_counts_are_since_the_run_before() -> None:
    """If there was one."""
    ages = {"a": Age("new", "2026-01-02T00:00:00Z"), "b": Age("known", "2026-01-01T00:00:00Z")}
    gone = Resolved("c", "missing", "petstore: GET /pets 404", None, "", "", "2026-01-01T00:00:00Z")

    assert ["1 new, 1 known, 0 resolved", "since 2026-01-01: 0 new, 0 known, 1 resolved"] == list(
        map(age_counts, (Ages(ages), Ages({}, (gone,), "2026-01-01T00:00:00Z")))
    )
