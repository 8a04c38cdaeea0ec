"""Velocity 1.7's operators. The expected values are those of Velocity 1.7 on Java 17."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java import operators
from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded
from reconciler.mapping.java.objects import JavaChar, MapView
from reconciler.mapping.java.operators import (
    add,
    divide,
    equal,
    greater,
    greater_or_equal,
    java_range,
    less,
    less_or_equal,
    modulo,
    multiply,
    subtract,
)
from reconciler.mapping.java.values import JavaList, JavaMap, JsonArray, Value, text

Operator = Callable[[Value, Value, Budget], Value]

BIG = 123456789012345678901234567890
EXACT = Decimal("1.23456789012345678901")
NAN = float("nan")


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        (add, 2147483647, 1, "2147483648"),
        (add, 9223372036854775807, 1, "9223372036854775808"),
        (add, 1, 0.5, "1.5"),
        (add, BIG, 1.5, "123456789012345678901234567891.5"),
        (add, EXACT, 1, "2.23456789012345678901"),
        (add, "a", 1, "a1"),
        (add, 1, "a", "1a"),
        (add, "", 1, "1"),
        (add, True, "a", "truea"),
        (add, JavaMap(a=1), "z", "{a=1}z"),
        (add, JsonArray(["a"]), "z", '["a"]z'),
        (add, JavaChar("a"), "z", "az"),
        (add, "\ud83d", "\ude00", "😀"),
        (subtract, 5, 7, "-2"),
        (subtract, EXACT, 1, "0.23456789012345678901"),
        (multiply, 0.5, 0.1, "0.05"),
        (multiply, Decimal("-7.50"), 0.0, "0.00"),
        (divide, 7, 2, "3"),
        (divide, -7, 2, "-3"),
        (divide, 100.0, 50, "2.0"),
        (divide, EXACT, 3, "0.41152263004115226300"),
        (divide, Decimal("7.5"), 2, "3.7"),
        (divide, 5, Decimal("3.000"), "2"),
        (modulo, 7, -3, "1"),
        (modulo, -7, 3, "-1"),
        (modulo, 7.5, 2, "1.5"),
        (modulo, -7.5, 2, "-1.5"),
        (modulo, BIG, 11, "7"),
        (modulo, float("inf"), 2, "NaN"),
    ],
)
def test_arithmetic(operator: Operator, left: Value, right: Value, expected: str) -> None:
    """Integers grow instead of overflowing, division truncates, + joins texts."""
    assert expected == text(operator(left, right, Budget()), Budget())


def test_a_long_meets_a_big_decimal_as_a_double() -> None:
    """Velocity takes a Long to a BigDecimal by way of a double, which loses its last digit."""
    assert Decimal("9007199254740993.5") == add(Decimal("1.5"), 9007199254740993, Budget())


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [
        (divide, 1, 0),
        (divide, 1.0, 0.0),
        (divide, 1, Decimal("0.00")),
        (modulo, 5, 0),
        (modulo, 5, 0.0),
        (subtract, "a", 1),
        (multiply, "4", 2),
        (add, None, 1),
        (add, True, 1),
        (add, JavaList([1]), JavaList([2])),
        (add, JavaChar("a"), JavaChar("b")),
        (divide, "a", 2),
        (modulo, 7, "a"),
    ],
)
def test_arithmetic_without_a_result(operator: Operator, left: Value, right: Value) -> None:
    """By zero, and with values that are no numbers, there is no result."""
    assert operator(left, right, Budget()) is None


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [(modulo, EXACT, 1), (modulo, BIG, -1), (modulo, BIG, 1.5), (add, NAN, BIG), (less, NAN, BIG)],
)
def test_arithmetic_that_throws(operator: Operator, left: Value, right: Value) -> None:
    """Velocity throws for a remainder of BigDecimals, and for NaN among large numbers."""
    with pytest.raises(EvaluationFault):
        operator(left, right, Budget())


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 1.0, True),
        ("1", 1, True),
        ("1.0", 1, False),
        (True, "true", True),
        (True, 1, False),
        (None, None, True),
        (None, "", False),
        ("", None, False),
        (None, "a", False),
        (None, 0, False),
        (JavaList(), None, False),
        (False, None, False),
        (JavaList([1, 2]), "[1, 2]", True),
        (JavaList([1, 2]), JavaList([1, 2]), True),
        (JavaList([1]), JavaList([1.0]), False),
        (JsonArray([1]), JavaList([1]), True),
        (JavaMap(a=1), JavaMap(a=1), True),
        (JavaMap(), JavaList(), False),
        (JavaChar("h"), "h", True),
        (JavaChar("h"), 104, False),
        (Decimal("1.0"), Decimal("1.00"), True),
        (Decimal("0.1"), 0.1, False),
        (9007199254740993, 9007199254740992.0, True),
        (NAN, 1, True),
        (0.0, -0.0, True),
        (MapView(JavaMap(a=1), "keys"), JavaList(["a"]), True),
    ],
)
def test_equality(left: Value, right: Value, expected: bool) -> None:
    """Numbers are equal by value, values of different types by their texts, null equals "" (recorded answers)."""
    assert expected is equal(left, right, Budget())


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 2, (True, True, False, False)),
        (2, 2.0, (False, True, False, True)),
        (BIG, 1.5, (False, False, True, True)),
        (NAN, 1, (False, True, False, True)),
        ("a", "b", (False, False, False, False)),
        ("2", 10, (False, False, False, False)),
        (None, 1, (False, False, False, False)),
    ],
)
def test_order(left: Value, right: Value, expected: tuple[bool, ...]) -> None:
    """Only numbers have an order; texts have none."""
    budget = Budget()

    assert expected == tuple(
        operator(left, right, budget) for operator in (less, less_or_equal, greater, greater_or_equal)
    )


def test_products_are_bounded() -> None:
    """Squaring again and again ends before the number fills the memory."""

    def square(number: Value) -> None:
        while True:
            number = multiply(number, number, Budget())

    with pytest.raises(LimitExceeded, match="digits"):
        square(3)


def test_texts_are_bounded() -> None:
    """Doubling a text ends before it fills the memory."""

    def double(whole: Value, budget: Budget) -> None:
        while True:
            whole = add(whole, whole, budget)

    with pytest.raises(LimitExceeded):
        double("ab", Budget())


def test_ranges() -> None:
    """A range goes up or down, and its bounds are cut to integers; other values make none."""
    assert [1, 2, 3] == java_range(1, 3, Budget())
    assert [2, 1, 0, -1] == java_range(2, -1, Budget())
    assert [1] == java_range(1.9, Decimal("1.2"), Budget())
    assert java_range("1", 3, Budget()) is None
    assert java_range(True, 3, Budget()) is None
    with pytest.raises(LimitExceeded):
        java_range(1, 5_000_000, Budget())


@given(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40).filter(bool))
def test_division_truncates(left: int, right: int) -> None:
    """Quotient and remainder make up the dividend, and the remainder has its sign."""
    quotient, rest = divide(left, right, Budget()), modulo(left, right, Budget())

    assert isinstance(quotient, int)
    assert isinstance(rest, int)
    assert left == quotient * right + rest
    assert rest == 0 or (rest < 0) == (left < 0)


_VALUES = st.sampled_from(
    [None, True, "", "a", 0, 5, -1, 2**70, 1.5, NAN, float("inf"), EXACT, JavaList([1]), JavaMap()]
)
_OPERATORS = [getattr(operators, name) for name in ("add", "subtract", "multiply", "divide", "modulo", "equal", "less")]


@given(st.sampled_from(_OPERATORS), _VALUES, _VALUES)
def test_operators_end_in_a_value_or_a_fault(operator: Operator, left: Value, right: Value) -> None:
    """No operands make an operator fail in another way."""
    with suppress(EvaluationFault):
        assert isinstance(text(operator(left, right, Budget()), Budget()), str)
