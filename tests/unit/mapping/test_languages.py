r"""What two selection patterns have in common is what Java would find by trying every text."""

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.mapping.languages import Languages, Relation
from reconciler.mapping.patterns import Pattern, read_pattern

STEPS = 1_000_000

DISJOINT = [
    ("404", "410"),
    ("404", ".*not found.*"),
    (r"4\d{2}", ".*not found.*"),
    (r"4\d\d", r"5\d\d"),
    (r"\[BadRequest\](\n|.)*", r"(?!\[BadRequest\])(\n|.)+"),
    (r"\[Conflict\](\n|.)*", r"(?!\[(BadRequest|NotFound|Conflict)\])(\n|.)+"),
    ("a.b", "a\nb"),
    ("(?!a$|b$).*", "a|b"),
    ("(?=a)ab", "(?=b).*"),
    ("^a$", "b"),
    ("a(?!b).*", "ab.*"),
    ("(?!a)(?:a|b)c", "ac"),
    (r"\s*", r"\S+"),
    ("[^a-z]", "[a-z]"),
    (r"[\xe0-\xff]", r"[\u0100-\u0200]"),
    ("(?i:a)b", "aB|AB"),
]

COMMON = [
    (".+", ".*four.*", "four"),
    (r"4\d{2}", ".*", "400"),
    (".*not found.*", "(?s).*", "not found"),
    (r".*\[BadRequest\].*", r".*\[NotFound\].*", "[NotFound][BadRequest]"),
    ("(?i)not found", "Not.*", "Not found"),
    ("a?", "b?", ""),
    ("a*", "a*|b", "a"),
    ("5..", "...", "500"),
    (r"a[\n]b", "(a|\n|b)*", "a\nb"),
    ("é|ü", "[^a]", "é"),
    (r"[^\x00-\x7f]", r"\W", "é"),
    ("(?=.*foo)(?=.*bar).*", "f.*", "foobar"),
    ("(?!a).*?", "[ab].|a", "ba"),
    ("(?:a(?=b))?b", "b|ab", "b"),
    (r"a(?=$)\n?", "a(?s).?", "a"),
    (r"(?=a$)[ab\n]*", "a\n|b\n", "a\n"),
]

COVERED = [
    ("404", r"4\d\d"),
    (r"4\d\d", ".*"),
    (".*four.*", ".+"),
    ("[0-9]{3}", r"\d\d\d"),
    ("(?i)[ab]+", "[abAB]*"),
    (".*", r"(\n|.)*"),
    ("(a|aa)+", "a*"),
    ("a{2,3}?", "a+"),
    (r"ab\z", "(?=a).b"),
    ("()", "a?"),
    (r"\QA.B\E", "A[.]B"),
]

UNDECIDED = [
    (r"(a|b)\1", "aa"),
    ("a*+b", "ab"),
    (r"a\b", "a"),
    ("(?<=a|b)c", "c"),
    ("(?>a|ab)", "a"),
    ("((?!a).)*", "b"),
    ("a?^b", "b"),
    (r"\s$\n", "b"),
    (r"(?=(?s).$)\n", "b"),
    (r"\p{Alpha}", "a"),
    ("(", "a"),
    ("a" * 1_001, "a*"),
    ("(?!a)" * 21 + "b", "b"),
]


def relation(first: str, second: str, steps: int = STEPS) -> Relation | None:
    """How two patterns relate."""
    return Languages([first, second], steps).relation(first, second)


@pytest.mark.parametrize(("first", "second"), DISJOINT)
def test_disjoint_patterns_have_no_text_in_common(first: str, second: str) -> None:
    """Neither order matters."""
    assert [Relation(None)] * 2 == [relation(first, second), relation(second, first)]


@pytest.mark.parametrize(("first", "second", "text"), COMMON)
def test_the_example_is_short_and_readable(first: str, second: str, text: str) -> None:
    """A status code if possible, letters rather than signs, and the empty text only if there is no other."""
    found = relation(first, second)

    assert found is not None
    assert text == found.common


@pytest.mark.parametrize(("narrow", "wide"), COVERED)
def test_a_pattern_covers_another(narrow: str, wide: str) -> None:
    """The wide one matches every text of the narrow one."""
    found, mirrored = relation(narrow, wide), relation(wide, narrow)

    assert found is not None
    assert mirrored is not None
    assert (True, True) == (found.first_is_covered, mirrored.second_is_covered)


@pytest.mark.parametrize(("first", "second"), UNDECIDED)
def test_what_is_not_compared_has_no_verdict(first: str, second: str) -> None:
    """References, possessive quantifiers, boundaries, lookbehinds, lookaheads in loops, and very long patterns."""
    assert relation(first, second) is None


def test_comparisons_end_when_the_steps_are_used_up() -> None:
    """A short pattern can have billions of states."""
    assert relation("(.*a.{30}|b)c", "(.*b.{31}|a)c") is None


def test_a_text_is_shown_even_if_finding_out_who_covers_whom_takes_too_long() -> None:
    """Then neither pattern counts as covered."""
    assert Relation("a") == relation("a?" * 40 + "(.*a.{20})?", "(.*b.{21})?a?")


def test_nothing_is_compared_without_steps() -> None:
    """All comparisons together have one limit."""
    assert relation("a", "[ab]", 400) is None


@pytest.mark.parametrize("pattern", ["$a", "a^", "(?!.*)a*", "(?=b)a", "(?=a|b)(?!a)a"])
def test_a_pattern_can_match_nothing(pattern: str) -> None:
    """Positions may contradict each other."""
    assert Languages([pattern], STEPS).matches_nothing(pattern)


@pytest.mark.parametrize("pattern", ["a", "", "(?!a).*", r"a\b^"])
def test_a_pattern_that_matches_something_or_is_not_read_does_not_match_nothing(pattern: str) -> None:
    """Only what is certain counts."""
    assert not Languages([pattern], STEPS).matches_nothing(pattern)


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\n", r"\w", r"\s", "(?i:A)", ""])
POSITIONS = st.sampled_from(["(?!a)", "(?=b)", "(?!.b)", r"(?=(?:a|\n)*$)", "^", "$", r"\z", "(?!a$)"])
QUANTIFIERS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "*?", "{0,2}?"])


def quantified(parts: tuple[str, str]) -> str:
    """A group with a quantifier."""
    return f"(?:{parts[0]}){parts[1]}"


def joined(parts: Iterable[str]) -> str:
    """Parts in sequence."""
    return "".join(parts)


PLAIN = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=3).map(joined)
        | st.tuples(inner, QUANTIFIERS).map(quantified)
        | st.lists(inner, min_size=2, max_size=3).map("|".join)
    ),
    max_leaves=6,
).map(lambda text: f"(?:{text})")
PATTERNS = st.lists(PLAIN | POSITIONS | st.tuples(POSITIONS, PLAIN).map(joined), min_size=1, max_size=4).map(joined)
TEXTS = ["".join(text) for length in range(5) for text in product("ab\n", repeat=length)]


@settings(deadline=None, max_examples=300)
@given(PATTERNS, PATTERNS)
def test_the_verdict_is_that_of_every_short_text(first: str, second: str) -> None:
    """The example matches both, a covered pattern matches nothing else, disjoint ones share nothing."""
    readings = read_pattern(first), read_pattern(second)
    assume(isinstance(readings[0], Pattern) and isinstance(readings[1], Pattern))
    found = relation(first, second)
    assume(found is not None)
    one, other = ({text for text in TEXTS if Pattern(pattern).matches(text)} for pattern in (first, second))

    assert found is not None
    if found.common is None:
        assert set() == one & other
    else:
        assert Pattern(first).matches(found.common)
        assert Pattern(second).matches(found.common)
    assert not found.first_is_covered or one <= other
    assert not found.second_is_covered or other <= one
