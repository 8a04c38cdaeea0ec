"""The methods of maps and their entries. The expected values are those of Velocity 1.7 on Java 17."""

import pytest

from reconciler.mapping.java.access import call_method
from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded, NotEvaluated
from reconciler.mapping.java.objects import JavaEntry
from reconciler.mapping.java.values import JavaList, JavaMap, Value, text


def _call(value: Value, name: str, *arguments: Value) -> Value:
    return call_method(value, name, arguments, Budget())


@pytest.mark.parametrize(
    ("name", "arguments", "result", "after"),
    [
        ("get", ("a",), "1", "{a=1, b=x}"),
        ("get", ("q",), "", "{a=1, b=x}"),
        ("get", (JavaList(),), "", "{a=1, b=x}"),
        ("getOrDefault", ("q", 5), "5", "{a=1, b=x}"),
        ("put", ("a", "new"), "1", "{a=new, b=x}"),
        ("put", ("c", None), "", "{a=1, b=x, c=null}"),
        ("put", (1, 2), "", "{a=1, b=x, 1=2}"),
        ("putIfAbsent", ("a", 9), "1", "{a=1, b=x}"),
        ("putIfAbsent", ("c", 9), "", "{a=1, b=x, c=9}"),
        ("putAll", (JavaMap(b=2, c=3),), "", "{a=1, b=2, c=3}"),
        ("putAll", ("x",), "", "{a=1, b=x}"),
        ("remove", ("a",), "1", "{b=x}"),
        ("remove", ("q",), "", "{a=1, b=x}"),
        ("remove", ("a", 1), "true", "{b=x}"),
        ("remove", ("a", 2), "false", "{a=1, b=x}"),
        ("replace", ("a", 9), "1", "{a=9, b=x}"),
        ("replace", ("q", 9), "", "{a=1, b=x}"),
        ("replace", ("a", 1, 9), "true", "{a=9, b=x}"),
        ("replace", ("a", 2, 9), "false", "{a=1, b=x}"),
        ("containsKey", ("a",), "true", "{a=1, b=x}"),
        ("containsKey", (JavaMap(),), "false", "{a=1, b=x}"),
        ("containsValue", ("x",), "true", "{a=1, b=x}"),
        ("keySet", (), "[a, b]", "{a=1, b=x}"),
        ("values", (), "[1, x]", "{a=1, b=x}"),
        ("entrySet", (), "[a=1, b=x]", "{a=1, b=x}"),
        ("size", (), "2", "{a=1, b=x}"),
        ("isEmpty", (), "false", "{a=1, b=x}"),
        ("clear", (), "", "{}"),
        ("clone", (), "{a=1, b=x}", "{a=1, b=x}"),
        ("toString", (), "{a=1, b=x}", "{a=1, b=x}"),
        ("equals", (JavaMap(b="x", a=1),), "true", "{a=1, b=x}"),
        ("hashCode", (), str((97 ^ 1) + (98 ^ 120)), "{a=1, b=x}"),
    ],
)
def test_methods_of_map(name: str, arguments: tuple[Value, ...], result: str, after: str) -> None:
    """Each method gives what prints in Java, and changes the map as there."""
    items = JavaMap(a=1, b="x")

    assert result == text(_call(items, name, *arguments), Budget())
    assert after == text(items, Budget())


def test_what_throws() -> None:
    """Putting all of null throws, and a list as a key is not evaluated."""
    with pytest.raises(EvaluationFault, match="null"):
        _call(JavaMap(), "putAll", None)
    with pytest.raises(NotEvaluated):
        _call(JavaMap(), "put", JavaList(), 1)


def test_entries() -> None:
    """An entry has key and value, and setting the value changes the map."""
    items = JavaMap(a=1)
    entry = JavaEntry(items, "a")

    assert ["a", 1, 1, "a=5", 5] == [
        _call(entry, "getKey"),
        _call(entry, "getValue"),
        _call(entry, "setValue", 5),
        _call(entry, "toString"),
        items["a"],
    ]
    assert _call(entry, "equals", JavaEntry(JavaMap(a=5), "a")) is True
    assert (97 ^ 5) == _call(entry, "hashCode")


def test_growth_is_bounded() -> None:
    """A map that is filled without end ends in an error."""
    budget, items = Budget(), JavaMap()

    def fill() -> None:
        for number in range(10**6):
            call_method(items, "put", (number, number), budget)

    with pytest.raises(LimitExceeded):
        fill()
