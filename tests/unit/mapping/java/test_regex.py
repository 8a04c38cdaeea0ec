r"""Regular expressions over texts of any length. The expected values are those of Java 17."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.characters import InvalidPattern, NotFollowed
from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded, NotEvaluated
from reconciler.mapping.java.regex import (
    LONGEST_PATTERN,
    LONGEST_SUBJECT,
    PatternTimeout,
    matches,
    matches_within,
    replace_all,
    replace_first,
    split,
)


@pytest.mark.parametrize(
    ("pattern", "whole", "replacement", "expected"),
    [
        ("b", "abc", "[$0]", "a[b]c"),
        ("(b)", "abc", "<$1>", "a<b>c"),
        ("", "abc", "-", "-a-b-c-"),
        ("x*", "abc", "-", "-a-b-c-"),
        ("X?", "aXbX", "-", "-a--b--"),
        ("X*$", "aXbX", "#", "aXb##"),
        ("|a", "aa", "-", "-a-a-"),
        ("^", "aXbX", "-", "-aXbX"),
        (r"\b", "aXbX", "|", "|aXbX|"),
        ("(?=X)", "aXbX", "_", "a_Xb_X"),
        ("(?<n>b)", "abc", "${n}!", "ab!c"),
        ("(a)|X", "aXbX", "$1!", "a!!b!"),
        ("(?i)x", "aXbX", r"\\", "a\\b\\"),
        (r"\\'", r"it\'s", "'", "it's"),
        ("q", "abc", "$9", "abc"),
        ("a++", "aab", "x", "xb"),
    ],
)
def test_replace_all(pattern: str, whole: str, replacement: str, expected: str) -> None:
    """Every match is replaced, empty ones too; a group without a part in the match is empty."""
    assert expected == replace_all(pattern, whole, replacement, Budget())


def test_replace_first() -> None:
    """Only the first match is replaced, and a text without one stays."""
    assert "a[X]bX" == replace_first("X", "aXbX", "[$0]", Budget())
    assert "abc" == replace_first("X", "abc", "-", Budget())


@pytest.mark.parametrize(
    ("pattern", "whole", "limit", "expected"),
    [
        (",", "a,b,,", 0, ["a", "b"]),
        (",", "a,b,,", -1, ["a", "b", "", ""]),
        (",", "a,b,,", 2, ["a", "b,,"]),
        (",", "a,b,,", 1, ["a,b,,"]),
        (",", "", 0, [""]),
        (",", ",", 0, []),
        (",", ",a", 0, ["", "a"]),
        (",", "abc", 0, ["abc"]),
        ("", "abc", 0, ["a", "b", "c"]),
        ("", "", 0, [""]),
        (".", "a.b", 0, []),
        (r"\.", "a.b", 0, ["a", "b"]),
        (r"(?=b)", "abc", 0, ["a", "bc"]),
        ("^", "abc", 0, ["abc"]),
        (r"\s+", "a b\t c", 0, ["a", "b", "c"]),
        (r"\|", "a|b", 0, ["a", "b"]),
    ],
)
def test_split(pattern: str, whole: str, limit: int, expected: list[str]) -> None:
    """Empty parts at the end are dropped unless there is a limit."""
    assert expected == split(pattern, whole, limit, Budget())


def test_matches_the_whole_text() -> None:
    """A pattern that matches a part only does not match."""
    assert matches("[0-9]*", "123", Budget())
    assert not matches("[0-9]*", "d123", Budget())


@pytest.mark.parametrize("call", [matches, lambda p, w, b: replace_all(p, w, "", b), lambda p, w, b: split(p, w, 0, b)])
def test_a_pattern_that_java_refuses(call: object) -> None:
    """A broken pattern throws in Java, and the message says why."""
    assert callable(call)
    with pytest.raises(EvaluationFault, match="group that is not closed") as fault:
        call("(", "a", Budget())

    assert not isinstance(fault.value, NotEvaluated)


@pytest.mark.parametrize("pattern", [r"\p{Alpha}", "[a&&b]", "(?x)a"])
def test_a_pattern_that_is_not_followed(pattern: str) -> None:
    """A construct that is not translated is no fault of the template's."""
    with pytest.raises(NotEvaluated, match="not evaluated here"):
        matches(pattern, "abc", Budget())


@pytest.mark.parametrize("pattern", ["(?:a|aa)+$", "(a|a)*", "(?:.*?a){20}"])
def test_effort_is_bounded(pattern: str) -> None:
    """A pattern that would try for hours is given up, and nothing is left for those that follow."""
    budget = Budget()
    with pytest.raises(LimitExceeded, match="take longer"):
        matches(pattern, "a" * 60 + "b", budget)
    with pytest.raises(LimitExceeded):
        matches("a", "a", budget)


@pytest.mark.parametrize("pattern", ["(a+)+", "(a+)+b", "(a+)+c"])
def test_nested_repetitions_end(pattern: str) -> None:
    """Whether found out or given up, it takes no longer than the budget has."""
    budget = Budget()
    try:
        assert (pattern == "(a+)+b") is matches(pattern, "a" * 60 + "b", budget)
    except LimitExceeded:
        assert budget.regex_seconds <= 0


def test_time_is_shared_by_all_patterns() -> None:
    """Many searches that are quick on their own end too."""
    budget = Budget(steps=10**9, memory=10**12)

    def search() -> None:
        while True:
            replace_all("a*b", "a" * 300, "", budget)

    with pytest.raises(LimitExceeded, match="take longer"):
        search()


def test_sizes_are_bounded() -> None:
    """Long texts and patterns are refused, and results are reserved."""
    with pytest.raises(LimitExceeded, match="1,000,000"):
        replace_all("a", "b" * (LONGEST_SUBJECT + 1), "", Budget())
    with pytest.raises(LimitExceeded, match="200,000"):
        matches("(a)*", "a" * 300_000, Budget())
    with pytest.raises(LimitExceeded, match="500"):
        matches("a" * (LONGEST_PATTERN + 1), "a", Budget())
    with pytest.raises(LimitExceeded):
        replace_all("a", "a" * 20_000, "x" * 10_000, Budget())


def test_boundaries_beyond_ascii_are_unknown() -> None:
    r"""Whether `é` is a letter for `\b` depends on the version of Java."""
    budget = Budget()
    replace_all(r"\b", "é", "-", budget)
    replace_all(r"\w", "é", "-", budget)

    assert 1 == len(budget.unknown)


def test_selection_patterns_within_bounds() -> None:
    """A selection pattern matches a whole message, or gives up in time."""
    assert matches_within(".*four hundred.*", "error four hundred")
    assert not matches_within("404", "error 404")
    with pytest.raises(InvalidPattern):
        matches_within("(", "a")
    with pytest.raises(NotFollowed):
        matches_within(r"\p{L}", "a")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [("(a|a)*", "a" * 60 + "b"), ("a" * 501, "a"), ("(a)*", "a" * 10**6), ("a", "a" * (10**6 + 1))],
    ids=["effort", "pattern", "turns", "message"],
)
def test_selection_patterns_that_take_too_long(pattern: str, message: str) -> None:
    """Whether such a message matches is not known."""
    with pytest.raises(PatternTimeout):
        matches_within(pattern, message, 0.05)


_WORDS = st.text(alphabet="ab,. x$\\", max_size=12)


@given(_WORDS, st.text(alphabet="ab", min_size=1, max_size=2), st.text(alphabet="xy-", max_size=2))
def test_a_literal_pattern_replaces_like_replace(whole: str, literal: str, replacement: str) -> None:
    """A pattern without operators replaces as a plain text would."""
    assert whole.replace(literal, replacement) == replace_all(literal, whole, replacement, Budget())


@given(_WORDS)
def test_splitting_and_joining(whole: str) -> None:
    """With a negative limit nothing is lost, and with none only empty parts at the end."""
    parts = split(",", whole, -1, Budget())

    assert whole.split(",") == parts
    assert (whole.rstrip(",").split(",") if whole.strip(",") else [] if whole else [""]) == split(
        ",", whole, 0, Budget()
    )
