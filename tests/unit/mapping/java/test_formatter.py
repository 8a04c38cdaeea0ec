"""`String.format`. The expected values are those of Java 17."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded, NotEvaluated
from reconciler.mapping.java.formatter import formatted
from reconciler.mapping.java.objects import Value
from reconciler.mapping.java.values import JavaList


@pytest.mark.parametrize(
    ("pattern", "arguments", "expected"),
    [
        ("a", (), "a"),
        ("%s-%s", ("a", "b"), "a-b"),
        ("%s %s", (None, True), "null true"),
        ("%s", (JavaList(["a", "b"]),), "[a, b]"),
        ("%5s|%-5s|%.3s|%S", ("a", "b", "abcdef", "up"), "    a|b    |abc|UP"),
        ("%d%%%n", (5,), "5%\n"),
        ("%05d|%+d|% d|%,d|%(d|%-4d|", (42, 5, 5, 1234567, -5, 1), "00042|+5| 5|1,234,567|(5)|1   |"),
        ("%05d|%+05d", (-1, 3), "-0001|+0003"),
        ("%x %X %x %08x", (255, 255, -1, 255), "ff FF ffffffff 000000ff"),
        ("%x", (-3_000_000_000,), "ffffffff4d2fa200"),
        ("%.1f %.2f %.0f %f", (0.25, 1.005, 0.5, 1e10), "0.3 1.01 1 10000000000.000000"),
        ("%,.2f|%8.3f|%08.3f", (1234567.891, 1.5, 1.5), "1,234,567.89|   1.500|0001.500"),
        ("%b %B", (True, None), "true FALSE"),
        ("%s", ("a", "left over"), "a"),
    ],
)
def test_conversions(pattern: str, arguments: tuple[Value, ...], expected: str) -> None:
    """Texts, integers, fractions and booleans are formatted with flags, width and precision."""
    assert expected == formatted(pattern, arguments, Budget())


@pytest.mark.parametrize(
    ("pattern", "arguments"),
    [("%s", ()), ("%d", ("a",)), ("%d", (1.5,)), ("%f", (1,)), ("%q", (1,)), ("%5", (1,)), ("%", ()), ("%.2d", (1,))],
)
def test_what_java_refuses(pattern: str, arguments: tuple[Value, ...]) -> None:
    """A missing argument, one of another type and an unknown conversion throw."""
    with pytest.raises(EvaluationFault) as fault:
        formatted(pattern, arguments, Budget())

    assert not isinstance(fault.value, NotEvaluated)


@pytest.mark.parametrize(
    ("pattern", "argument"),
    [
        ("%e", 1.5),
        ("%1$s", "a"),
        ("%<s", "a"),
        ("%f", float("nan")),
        ("%2000000000d", 1),
        ("%.9999f", 1.5),
        ("%.99999999s", "a"),
    ],
)
def test_what_is_not_evaluated(pattern: str, argument: Value) -> None:
    """Rare conversions and sizes that would fill the memory are given up."""
    with pytest.raises(NotEvaluated):
        formatted(pattern, (argument,), Budget())


def test_widths_are_reserved() -> None:
    """Many wide numbers end before they fill the memory."""
    with pytest.raises(LimitExceeded):
        formatted("%9999999d" * 9, (1,) * 9, Budget())


@given(
    st.text(alphabet="%sdxfbn.-+0,( 19$<a", max_size=8),
    st.lists(st.sampled_from(["a", 1, -1.5, None, True]), max_size=3),
)
def test_every_format_is_followed_or_refused(pattern: str, arguments: list[Value]) -> None:
    """No format makes the formatter fail in another way."""
    with suppress(EvaluationFault):
        assert isinstance(formatted(pattern, arguments, Budget()), str)
