"""The methods of lists, arrays, views and iterators. The expected values are those of Velocity 1.7 on Java 17."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.access import call_method
from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded, NotEvaluated
from reconciler.mapping.java.objects import JavaArray, JavaIterator, MapView
from reconciler.mapping.java.values import JavaList, JavaMap, JsonArray, Value, text


def _call(value: Value, name: str, *arguments: Value) -> Value:
    return call_method(value, name, arguments, Budget())


@pytest.mark.parametrize(
    ("name", "arguments", "result", "after"),
    [
        ("size", (), "3", "[a, b, a]"),
        ("isEmpty", (), "false", "[a, b, a]"),
        ("get", (1,), "b", "[a, b, a]"),
        ("get", ("1",), "", "[a, b, a]"),
        ("set", (0, "z"), "a", "[z, b, a]"),
        ("add", ("c",), "true", "[a, b, a, c]"),
        ("add", (0, "c"), "", "[c, a, b, a]"),
        ("addAll", (JavaList([1, 2]),), "true", "[a, b, a, 1, 2]"),
        ("addAll", (1, JavaList([1, 2])), "true", "[a, 1, 2, b, a]"),
        ("addAll", (JavaList(),), "false", "[a, b, a]"),
        ("addAll", (MapView(JavaMap(k=1), "keys"),), "true", "[a, b, a, k]"),
        ("addAll", ("x",), "", "[a, b, a]"),
        ("addAll", (JavaArray(["x"]),), "", "[a, b, a]"),
        ("remove", (1,), "b", "[a, a]"),
        ("remove", ("a",), "true", "[b, a]"),
        ("remove", ("x",), "false", "[a, b, a]"),
        ("removeAll", (JavaList(["a"]),), "true", "[b]"),
        ("retainAll", (JavaList(["a"]),), "true", "[a, a]"),
        ("retainAll", (JavaList(["a", "b"]),), "false", "[a, b, a]"),
        ("contains", ("b",), "true", "[a, b, a]"),
        ("containsAll", (JavaList(["b", "a"]),), "true", "[a, b, a]"),
        ("containsAll", (JavaList(["x"]),), "false", "[a, b, a]"),
        ("indexOf", ("a",), "0", "[a, b, a]"),
        ("lastIndexOf", ("a",), "2", "[a, b, a]"),
        ("lastIndexOf", ("x",), "-1", "[a, b, a]"),
        ("subList", (1, 3), "[b, a]", "[a, b, a]"),
        ("clear", (), "", "[]"),
        ("sort", (None,), "", "[a, a, b]"),
        ("clone", (), "[a, b, a]", "[a, b, a]"),
        ("toString", (), "[a, b, a]", "[a, b, a]"),
        ("equals", (JavaList(["a", "b", "a"]),), "true", "[a, b, a]"),
        ("hashCode", (), str((128 * 31 + 98) * 31 + 97), "[a, b, a]"),
    ],
)
def test_methods_of_list(name: str, arguments: tuple[Value, ...], result: str, after: str) -> None:
    """Each method gives what prints in Java, and changes the list as there."""
    items = JavaList(["a", "b", "a"])

    assert result == text(_call(items, name, *arguments), Budget())
    assert after == text(items, Budget())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("get", (3,)),
        ("get", (-1,)),
        ("set", (3, "x")),
        ("add", (4, "x")),
        ("addAll", (None,)),
        ("addAll", (9, JavaList())),
        ("remove", (7,)),
        ("subList", (0, 9)),
        ("subList", (2, 1)),
        ("sort", (None,)),
        ("size", (1,)),
    ],
)
def test_what_throws(name: str, arguments: tuple[Value, ...]) -> None:
    """Indexes outside of the list, null for a list and items without an order end the rendering."""
    with pytest.raises(EvaluationFault):
        _call(JavaList([1, "a", None]), name, *arguments)


def test_removing_an_integer_is_by_index() -> None:
    """`remove(1)` takes the second item, not the item 1."""
    items = JavaList([1, 2])

    assert 2 == _call(items, "remove", 1)
    assert [1] == items


def test_sorting() -> None:
    """Texts sort by their units, numbers by value; a comparator is not evaluated."""
    items = JavaList(["b", "\uffff", "😀", "a"])
    _call(items, "sort", None)

    assert ["a", "b", "😀", "\uffff"] == items
    with pytest.raises(NotEvaluated):
        _call(items, "sort", "x")


def test_json_arrays() -> None:
    """An array of JSON has methods of its own, and prints as JSON."""
    items = JsonArray([1])

    assert '[1,"x"]' == text(_call(items, "appendElement", "x"), Budget())
    assert '[1,"x"]' == _call(items, "toJSONString")
    assert "[2]" == _call(items, "toJSONString", JavaList([2]))


def test_arrays_have_a_fixed_length() -> None:
    """An array can be read and set, and not grow or shrink."""
    items = JavaArray(["a", "b"])

    assert "a" == _call(items, "set", 0, "z")
    assert "z" == _call(items, "get", 0)
    for name, arguments in (("add", ("c",)), ("remove", (0,)), ("clear", ())):
        with pytest.raises(EvaluationFault, match="does not support"):
            _call(items, name, *arguments)


def test_part_of_a_list() -> None:
    """A part of a list can be read; a change of it is not evaluated."""
    part = _call(JavaList([1, 2, 3]), "subList", 1, 3)

    assert [2, 3, 2] == [_call(part, "get", 0), _call(part, "get", 1), _call(part, "size")]
    with pytest.raises(NotEvaluated):
        _call(part, "clear")


def test_iterators() -> None:
    """An iterator gives each item once, and throws behind the last."""
    iterator = _call(JavaList(["a"]), "iterator")

    assert isinstance(iterator, JavaIterator)
    assert [True, "a", False] == [_call(iterator, "hasNext"), _call(iterator, "next"), _call(iterator, "hasNext")]
    with pytest.raises(EvaluationFault, match="no more items"):
        _call(iterator, "next")
    with pytest.raises(NotEvaluated):
        _call(iterator, "remove")


def test_views_of_a_map() -> None:
    """Views are read like collections without an order, and removing from them changes the map."""
    source = JavaMap(a=1, b=2, c=3)
    keys, values = MapView(source, "keys"), MapView(source, "values")

    assert [3, True, False, True, None] == [
        _call(keys, "size"),
        _call(keys, "contains", "a"),
        _call(keys, "contains", JsonArray([1])),
        _call(values, "contains", 2),
        _call(keys, "get", 0),
    ]
    assert [True, False] == [_call(keys, "remove", "a"), _call(values, "remove", 9)]
    assert {"b": 2, "c": 3} == source
    assert _call(values, "removeAll", JavaList([2])) is True
    assert _call(keys, "retainAll", JavaList(["c"])) is False
    assert "[c]" == _call(keys, "toString")
    assert "" == _call(keys, "clear")
    assert _call(values, "isEmpty") is True
    with pytest.raises(EvaluationFault, match="does not support"):
        _call(keys, "add", "x")


def test_copies() -> None:
    """An array and a clone are apart from their list."""
    items = JavaList([1])
    clone, array = _call(items, "clone"), _call(MapView(JavaMap(a=1), "keys"), "toArray")
    _call(items, "add", 2)

    assert [1] == clone
    assert ["a"] == array


def test_growth_is_bounded() -> None:
    """A list that is added to itself again and again ends in an error."""
    items, budget = JavaList([1]), Budget()

    def double() -> None:
        while True:
            call_method(items, "addAll", (items,), budget)

    with pytest.raises(LimitExceeded):
        double()


@given(st.lists(st.integers(-9, 9)), st.integers(-9, 9))
def test_lists_agree_with_a_model(numbers: list[int], wanted: int) -> None:
    """Searching and sorting integers is what Python does."""
    items = JavaList(numbers)

    assert (wanted in numbers) is _call(items, "contains", wanted)
    assert (numbers.index(wanted) if wanted in numbers else -1) == _call(items, "indexOf", wanted)
    _call(items, "sort", None)
    assert sorted(numbers) == items
