r"""Selection patterns mean here what they mean to Java.

The tables hold what java.util.regex of Java 17 answered to the same patterns and texts.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.mapping.patterns import Broken, Pattern, Unverifiable, read_pattern, statuses

MATCHES = [
    ("404", "404", True),
    ("404", "error 404", False),
    (".*404.*", "error 404", True),
    (r"4\d{2}", "409", True),
    (r".*\[NotFound\].*", "[NotFound] no such pet", True),
    (".+", "", False),
    (".*", "", True),
    # . crosses no line end, of whatever sort
    (".*x.*", "a\nx", False),
    (".*x.*", "a\u2028x", False),
    (".*x.*", "a\x85x", False),
    ("(?s).*x.*", "a\nx", True),
    (r"(\n|.)*x(\n|.)*", "a\nx\nb", True),
    # flags hold from where they stand to the end of their group
    ("a(?s).b", "a\nb", True),
    ("a(?s).b", "a\n\nb", False),
    ("a.(?s).b", "a\n\nb", False),
    ("(?i)not found", "Not Found", True),
    ("(a(?i)b|c)b", "Cb", True),
    ("(a(?i)b|c)b", "CB", False),
    ("(?i:a)b", "AB", False),
    ("(?is-i:A.)b", "A\nb", True),
    ("(?i)é", "É", False),
    # $ and \Z also stand before one last line end, \z does not
    (r"a$\n", "a\n", True),
    (r"a$\r\n", "a\r\n", True),
    (r"a\Z\n", "a\n", True),
    (r"a\z\n", "a\n", False),
    # classes of ASCII
    (r"\d", "\u0663", False),
    (r"\w", "é", False),
    (r"[\d-z]", "-", True),
    ("[]a]", "]", True),
    (r"\h\v", "\u00a0\u2028", True),
    (r"\B", "", True),
    # braces and brackets that stand alone, and repetitions of nothing
    ("a]}", "a]}", True),
    ("{2}", "", True),
    ("a{2}{3}", "aa", True),
    ("a{2}{3}", "aaaaaa", False),
    ("^*a", "a", True),
    ("a{" + "0" * 20 + "2}", "aa", True),
    # escapes
    (r"\x41\u0042\x{43}\0104", "ABCD", True),
    (r"\cA\e\t", "\x01\x1b\t", True),
    (r".*\Q[a].*\E", "see [a].*", True),
    (r"a\Qb\E+", "abbb", True),
    # groups
    (r"(?<kind>a|b)-\k<kind>", "b-b", True),
    (r"(?<kind>a|b)-\k<kind>", "a-b", False),
    (r"(a)\11", "aa1", True),
    ("(?>a|ab)c", "abc", False),
    ("a*+a", "aaa", False),
    ("(?<=ab)c|abc", "abc", True),
    ("(?!a).b", "cb", True),
]

BROKEN = [
    ("(", 0),
    ("a)", 1),
    ("[a", 0),
    ("[]", 0),
    ("*", 0),
    ("a**", 2),
    ("{", 0),
    ("a{,3}", 1),
    ("${name}", 1),
    ("a{3,2}", 1),
    ("a{2147483648}", 1),
    ("a{" + "9" * 4000 + "}", 1),
    ("a\\", 1),
    (r"\y", 0),
    (r"\E", 0),
    (r"\x4", 0),
    (r"\0", 0),
    (r"\c", 0),
    ("[z-a]", 1),
    (r"[a-\d]", 3),
    (r"[\b]", 1),
    ("(?P<n>a)", 0),
    ("(a)(?P=n)", 3),
    ("(a)?(?(1)b)", 4),
    ("(?#note)a", 0),
    ("(?z)a", 0),
    ("(?<1>a)", 2),
    ("(?<n>a)(?<n>b)", 7),
    (r"\k<n>", 0),
    ("(?i)*", 4),
    (r"\Qa(b\E(", 7),
]

UNVERIFIABLE = [
    r"\p{Alpha}+",
    r"\PL",
    "[a-z&&[^b]]",
    "[a[b]]",
    r"\R",
    r"\X",
    r"\Ga",
    r"\N{DIGIT ONE}",
    r"\b{g}",
    r"[\H]",
    r"[\x01-\v]",
    "(?m)^a$",
    "(?x) a",
    "(?u)é",
    "(?<=a+)b",
    "(?<=a|bc)d",
    r"(a\1)",
    r"\1(a)",
    r"(a)*\1",
    r"\ud83d\ude00",
]


@pytest.mark.parametrize(("pattern", "text", "expected"), MATCHES)
def test_matches_as_java_does(pattern: str, text: str, expected: bool) -> None:
    """A pattern matches the whole text where Java's `matches` does, and nowhere else."""
    reading = read_pattern(pattern)

    assert isinstance(reading, Pattern)
    assert expected == reading.matches(text)


@pytest.mark.parametrize(("pattern", "offset"), BROKEN)
def test_refuses_what_java_does_not_compile(pattern: str, offset: int) -> None:
    """A pattern that Java refuses is broken, and the place is told."""
    reading = read_pattern(pattern)

    assert isinstance(reading, Broken)
    assert offset == reading.offset


@pytest.mark.parametrize("pattern", UNVERIFIABLE)
def test_admits_what_it_does_not_follow(pattern: str) -> None:
    """Syntax that is not translated is never called broken."""
    assert isinstance(read_pattern(pattern), Unverifiable)


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:a?|b?){30}c",
        r"(\d?){1000}x",
        r"((((\d*)*)*)*)*x",
        r"\d?" * 60 + "x",
        "(|)" * 30 + "x",
        "(?:){99999999}",
    ],
)
def test_never_evaluates_for_ever(pattern: str) -> None:
    """A pattern with too many ways to match even a short text is not evaluated."""
    assert isinstance(read_pattern(pattern), Unverifiable)


def test_nesting_has_a_limit() -> None:
    """Groups nested beyond reason are not followed, and overflow nothing."""
    assert isinstance(read_pattern("(" * 5000 + "a" + ")" * 5000), Unverifiable)


def test_deep_nesting_within_the_limit_is_followed() -> None:
    """Fifty groups within each other are evaluated."""
    reading = read_pattern("(" * 50 + "a" + ")" * 50)

    assert isinstance(reading, Pattern)
    assert reading.matches("a")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("404", {"404"}),
        ("40[04]", {"400", "404"}),
        ("4xx", set()),
        (".*404.*", {"404"}),
        ("(?:1|2)00", {"100", "200"}),
        ("600", set()),
    ],
)
def test_knows_the_statuses_of_a_pattern(pattern: str, expected: set[str]) -> None:
    """The statuses of a pattern are those from 100 to 599 that it matches whole."""
    reading = read_pattern(pattern)

    assert isinstance(reading, Pattern)
    assert expected == statuses(reading)


@given(st.text(alphabet=r"ab1(){}[]*+?|^$.\-&:<=!>iskQEdwx0,é ", max_size=14))
@settings(max_examples=80)
def test_any_text_is_read(text: str) -> None:
    """No text makes the reader fail, and what it calls a pattern can be evaluated."""
    reading = read_pattern(text)

    assert not isinstance(reading, Pattern) or isinstance(reading.matches(""), bool)


@given(st.text(max_size=20).filter(lambda text: r"\E" not in text))
@settings(max_examples=80)
def test_a_quoted_text_matches_itself(text: str) -> None:
    r"""Whatever stands between `\Q` and `\E` is matched as it is."""
    reading = read_pattern(rf"\Q{text}\E")

    assert isinstance(reading, Pattern)
    assert reading.matches(text)


def test_a_pattern_that_is_too_long_is_not_read() -> None:
    """Five thousand characters are; one more is neither right nor wrong."""
    assert isinstance(read_pattern("a" * 5_000), Pattern)
    assert Unverifiable("a" * 5_001, "5,001 characters") == read_pattern("a" * 5_001)
