"""Numbers print and are read as in Java."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.budget import EvaluationFault, LimitExceeded
from reconciler.mapping.java.numbers import (
    INT,
    LONG,
    checked,
    double_text,
    integer_kind,
    number_text,
    parse_double,
    parse_integer,
    truncated,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1743263483.047, "1.743263483047E9"),
        (1e3, "1000.0"),
        (1.50, "1.5"),
        (1e10, "1.0E10"),
        (1e-5, "1.0E-5"),
        (0.001, "0.001"),
        (0.00099, "9.9E-4"),
        (9999999.999, "9999999.999"),
        (1e7, "1.0E7"),
        (-12345678.9, "-1.23456789E7"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (5e-324, "4.9E-324"),
        (1e23, "1.0E23"),
    ],
)
def test_doubles_print_as_in_java(value: float, expected: str) -> None:
    """A double is plain from 0.001 to 1.0E7 and scientific elsewhere."""
    assert expected == double_text(value)


@given(st.floats(allow_nan=False))
def test_text_of_a_double_reads_back(value: float) -> None:
    """`parseDouble` reads what `toString` writes."""
    assert value == parse_double(double_text(value))


@given(st.integers())
def test_integers_print_plain(value: int) -> None:
    """Integers of any size print as digits."""
    assert str(value) == number_text(value)


def test_big_decimals_keep_their_digits() -> None:
    """A BigDecimal prints every digit, and an exponent as Java does."""
    assert "1.50000000000000000000" == number_text(Decimal("1.50000000000000000000"))
    assert "1E+3" == number_text(Decimal("1E+3"))


def test_kinds_of_integers() -> None:
    """An integer is of the smallest type that holds it."""
    assert ["Integer", "Integer", "Long", "Long", "BigInteger"] == [
        integer_kind(value) for value in (INT - 1, -INT, INT, -LONG, LONG)
    ]


@given(st.integers(-INT, INT - 1))
def test_parse_int_reads_what_to_string_writes(value: int) -> None:
    """`parseInt` reads every Integer back."""
    assert value == parse_integer(str(value), 10, INT)


@pytest.mark.parametrize("text", [None, "", "-", "+", " 1", "1 ", "1.0", "x", "1_0", "2147483648", "--1", "9" * 5000])
def test_parse_int_refuses(text: str | None) -> None:
    """`parseInt` throws for anything but the digits of an Integer."""
    with pytest.raises(EvaluationFault):
        parse_integer(text, 10, INT)


def test_parse_int_with_a_radix() -> None:
    """A radix from 2 to 36 is followed, another one throws."""
    assert -128 == parse_integer("-80", 16, INT)
    assert 1 == parse_integer("+1", 2, INT)
    with pytest.raises(EvaluationFault, match="radix 37"):
        parse_integer("1", 37, INT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(" 1.5f ", 1.5), ("1d", 1.0), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-Infinity", -math.inf)],
)
def test_parse_double_reads(text: str, expected: float) -> None:
    """`parseDouble` takes blanks around, a suffix and an exponent."""
    assert expected == parse_double(text)


@pytest.mark.parametrize("text", [None, "", "abc", "1_0", "inf", "nan", "1e", "."])
def test_parse_double_refuses(text: str | None) -> None:
    """`parseDouble` throws for what Python reads and Java does not."""
    with pytest.raises(EvaluationFault):
        parse_double(text)


def test_conversions_cut_off() -> None:
    """`intValue` wraps integers, cuts fractions and keeps doubles within the type."""
    assert [-1294967296, 1, INT - 1, 0, -7] == [
        truncated(value, INT) for value in (3_000_000_000, 1.9, 1e30, math.nan, Decimal("-7.9"))
    ]


@pytest.mark.parametrize("text", ["1E+1000000", "1E-1000000", "1" * 5000])
def test_huge_decimals_are_not_written_out(text: str) -> None:
    """A BigDecimal whose digits would fill the memory is refused."""
    with pytest.raises(LimitExceeded):
        checked(Decimal(text))
