"""New, known, resolved: in words."""

from reconciler.fleet.ages import Age, Ages, Resolved
from reconciler.render.style import Style
from reconciler.views.finding_ages import age_counts, age_words, resolved_lines
from support.histories import FIRST, SECOND

RESOLVED = Resolved("a" * 24, "missing", "petstore: GET /pets 404", "prod", "1" * 12, "eu-west-1", FIRST, "live")
ERROR = Resolved("b" * 24, "error", "or\x1bders", None, "", "", FIRST)


def test_ages() -> None:
    """Nothing without a history."""
    assert ["", "new", "known since 2026-01-01"] == list(
        map(age_words, (None, Age("new", SECOND), Age("known", FIRST)))
    )


def test_counts() -> None:
    """Since the run before, if there was one."""
    ages = {"a": Age("new", SECOND), "b": Age("known", FIRST)}

    assert ["", "1 new, 1 known, 0 resolved", "since 2026-01-01: 0 new, 0 known, 1 resolved"] == list(
        map(age_counts, (None, Ages(ages), Ages({}, (RESOLVED,), FIRST)))
    )


def test_resolved_findings_are_listed() -> None:
    """With their places, printable."""
    assert [
        "Resolved since 2026-01-02:",
        "  petstore: GET /pets 404 (prod, eu-west-1, stage live): was missing  since 2026-01-01",
        "  or\\x1bders: was could not be compared  since 2026-01-01",
    ] == list(resolved_lines(Ages({}, (RESOLVED, ERROR), SECOND), Style()))


def test_many_resolved_findings_are_counted() -> None:
    """In full, all are listed."""
    ages = Ages({}, (RESOLVED,) * 52, SECOND)

    assert ("  ... and 2 others", 52, 53) == (
        list(resolved_lines(ages, Style()))[-1],
        len(list(resolved_lines(ages, Style()))),
        len(list(resolved_lines(ages, Style(full=True)))),
    )


def test_nothing_resolved_is_no_line() -> None:
    """With or without a history."""
    assert [] == [*resolved_lines(None, Style()), *resolved_lines(Ages(), Style())]
