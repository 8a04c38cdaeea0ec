"""When values are equal, ordered and hashed as in Java. The expected values are those of Java 17."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded, NotEvaluated
from reconciler.mapping.java.equality import compare, equals, hash_code, position
from reconciler.mapping.java.objects import JavaArray, JavaChar, JavaEntry, JavaIterator, MapView
from reconciler.mapping.java.values import JavaList, JavaMap, JsonArray, Value


def _keys(**items: Value) -> MapView:
    return MapView(JavaMap(items), "keys")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 1, True),
        (1, 1.0, False),
        (1, True, False),
        (1, "1", False),
        ("a", JavaChar("a"), False),
        (0.0, -0.0, False),
        (float("nan"), float("nan"), True),
        (Decimal("1.0"), Decimal("1.00"), False),
        (Decimal("1.0"), Decimal("1.0"), True),
        (None, "", False),
        (JavaList([1, "a"]), JsonArray([1, "a"]), True),
        (JavaList([1]), JavaList([1.0]), False),
        (JavaList([1]), JavaList([1, 2]), False),
        (JavaList([1]), "[1]", False),
        (JavaArray(["a"]), JavaArray(["a"]), False),
        (JavaMap(a=JavaList([1])), JavaMap(a=JsonArray([1])), True),
        (JavaMap(a=1), JavaMap(b=1), False),
        (JavaEntry(JavaMap(a=1), "a"), JavaEntry(JavaMap(a=1, b=2), "a"), True),
        (_keys(a=1), _keys(a=2), True),
        (MapView(JavaMap(a=1), "entries"), MapView(JavaMap(a=2), "entries"), False),
        (MapView(JavaMap(a=1), "values"), MapView(JavaMap(a=1), "values"), False),
        (JavaIterator([]), JavaIterator([]), False),
    ],
)
def test_equality(left: Value, right: Value, expected: bool) -> None:
    """`equals` compares type and value, lists and maps item by item."""
    assert expected == equals(left, right, Budget())
    assert expected == equals(right, left, Budget())


def test_position_of_an_item() -> None:
    """Items are found by `equals`, not by Python's notion."""
    assert 2 == position([True, 1.0, 1], 1, Budget())
    assert -1 == position(["1"], 1, Budget())


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("a", "b", -1),
        ("abc", "abd", -1),
        ("abc", "a", 2),
        ("\U0001f600", "\uffff", 0xD83D - 0xFFFF),
        (1, 2, -1),
        (True, False, 1),
        (1.5, 1.5, 0),
        (0.0, -0.0, 1),
        (-0.0, 0.0, -1),
        (float("nan"), 1.0, 1),
    ],
)
def test_order(left: Value, right: Value, expected: int) -> None:
    """`compareTo` gives the difference of texts and the order of numbers, NaN last."""
    assert expected == compare(left, right, Budget())


@pytest.mark.parametrize(
    ("left", "right"), [(1, 1.0), (1, "1"), (1, 3_000_000_000), (1, None), (JavaList(), JavaList())]
)
def test_values_of_different_types_have_no_order(left: Value, right: Value) -> None:
    """`compareTo` throws for another type, and for a Long against an Integer."""
    with pytest.raises(EvaluationFault):
        compare(left, right, Budget())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", 0),
        ("hello", 99162322),
        ("a😀b", 1 * ((((97 * 31 + 0xD83D) * 31 + 0xDE00) * 31) + 98)),
        (True, 1231),
        (False, 1237),
        (5, 5),
        (3_000_000_000, -1294967296),
        (1.5, 1073217536),
        (JavaList([1]), 32),
        (JavaMap(a=1), 96),
        (JavaEntry(JavaMap(a=1), "a"), 96),
        (JavaList([None]), 31),
    ],
)
def test_hash_codes(value: Value, expected: int) -> None:
    """`hashCode` is that of Java, within 32 bits."""
    assert (expected + 2**31) % 2**32 - 2**31 == hash_code(value, Budget())


@pytest.mark.parametrize("value", [2**70, Decimal(1), JavaArray([]), _keys()])
def test_hash_codes_that_are_not_evaluated(value: Value) -> None:
    """Hash codes of objects differ each time."""
    with pytest.raises(NotEvaluated):
        hash_code(value, Budget())


def test_endless_values_are_not_compared() -> None:
    """Two lists that hold themselves end in an error."""
    left, right = JavaList(), JavaList()
    left.append(left)
    right.append(right)

    with pytest.raises(LimitExceeded):
        equals(left, right, Budget())
    with pytest.raises(LimitExceeded):
        hash_code(left, Budget())


@given(st.lists(st.text() | st.integers() | st.booleans() | st.floats()))
def test_a_copy_is_equal(items: list[Value]) -> None:
    """A list equals a list of the same items."""
    assert equals(JavaList(items), JavaList(items), Budget())
