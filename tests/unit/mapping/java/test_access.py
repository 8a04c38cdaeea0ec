"""What a template reaches of a value: the items of maps and lists, and a closed table of methods."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.access import (
    assign_index,
    assign_property,
    call_method,
    iterate,
    read_index,
    read_property,
)
from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.objects import JavaArray, JavaChar, JavaEntry, JavaIterator, MapView, SubList
from reconciler.mapping.java.signatures import JavaMethod
from reconciler.mapping.java.values import HiddenMap, HostObject, JavaList, JavaMap, JsonArray, Value, text


class Host(HostObject):
    """An object of the host's with one property and one method."""

    methods: ClassVar[Mapping[str, JavaMethod]] = {"get": lambda _host, arguments, _budget: f"got {arguments}"}
    properties: ClassVar[Mapping[str, JavaMethod]] = {"body": lambda _host, _budget: "the body"}

    def printed(self, budget: Budget) -> str:
        """Return a text that takes no budget."""
        return "the host" if budget.steps else ""


def _values() -> list[Value]:
    items = JavaMap(a=1, b=JsonArray([1, "x", None]), c=JavaMap())
    return [
        *(None, True, "", "text,é😀", 5, 3_000_000_000, 2**70, 1.5, Decimal("1.50"), items, HiddenMap(a=1)),
        *(JavaList([1, "a"]), JsonArray(["b", "a"]), SubList([1, 2]), JavaArray(["a", "b"])),
        *(MapView(items, "keys"), MapView(items, "values"), MapView(items, "entries"), JavaEntry(items, "a")),
        *(JavaIterator([1]), JavaChar("x"), Host()),
    ]


_VALUES = st.integers(0, len(_values()) - 1).map(lambda at: _values()[at])
_PYTHON_NAMES = sorted({name for value in _values() for name in dir(value)} | {"__globals__", "__builtins__", "mro"})
_JAVA_NAMES = st.sampled_from(
    [
        *("add", "addAll", "charAt", "clear", "clone", "compareTo", "concat", "contains", "containsKey", "endsWith"),
        *(
            "entrySet",
            "equals",
            "format",
            "get",
            "getKey",
            "getOrDefault",
            "hasNext",
            "hashCode",
            "indexOf",
            "intValue",
        ),
        *("isEmpty", "iterator", "join", "keySet", "lastIndexOf", "length", "matches", "mod", "multiply", "next"),
        *(
            "parseInt",
            "pow",
            "put",
            "putAll",
            "putIfAbsent",
            "regionMatches",
            "remove",
            "removeAll",
            "repeat",
            "replace",
        ),
        *(
            "replaceAll",
            "replaceFirst",
            "retainAll",
            "set",
            "setValue",
            "size",
            "sort",
            "split",
            "startsWith",
            "subList",
        ),
        *("substring", "toArray", "toCharArray", "toHexString", "toLowerCase", "toString", "toUpperCase", "valueOf"),
    ]
)


@given(_VALUES, _JAVA_NAMES | st.sampled_from(_PYTHON_NAMES), st.lists(_VALUES, max_size=4))
def test_any_call_gives_a_value_or_a_fault(value: Value, name: str, arguments: list[Value]) -> None:
    """No method with any arguments fails in another way, and its result prints."""
    budget = Budget()
    with suppress(EvaluationFault):
        assert isinstance(text(call_method(value, name, arguments, budget), budget), str)
        assert isinstance(text(value, budget), str)


@given(_VALUES, st.text(max_size=5) | st.sampled_from(_PYTHON_NAMES), _VALUES, _VALUES)
def test_any_access_gives_a_value_or_a_fault(value: Value, name: str, index: Value, item: Value) -> None:
    """No property and no index fails in another way."""
    budget = Budget()
    for access in (
        lambda: read_property(value, name, budget),
        lambda: read_index(value, index, budget),
        lambda: assign_property(value, name, item, budget),
        lambda: assign_index(value, index, item, budget),
        lambda: iterate(value, budget),
    ):
        with suppress(EvaluationFault):
            access()


@pytest.mark.parametrize("value", _values(), ids=lambda value: type(value).__name__)
def test_no_attribute_of_python_is_reachable(value: Value) -> None:
    """Neither as a property nor as a method does a Python name give a Python object."""
    own = {"a", "b", "c", "key", "value", "empty"}
    hidden = [name for name in dir(value) if name.startswith("_") or not hasattr(JavaMap, name)]

    assert hidden
    for name in {*hidden, "__class__", "__globals__", "mro"} - own - {"isEmpty"}:
        assert read_property(value, name, Budget()) is None
        if name.startswith("_"):
            assert call_method(value, name, (), Budget()) is None


def test_properties_of_maps_are_their_items() -> None:
    """A map has its keys as properties and nothing else, not even empty or class."""
    items = JavaMap(size=1, key="x")

    assert [1, "x", None, None, None] == [
        read_property(items, name, Budget()) for name in ("size", "key", "empty", "class", "keySet")
    ]


def test_properties_are_getters() -> None:
    """`.empty` calls isEmpty(); an array has no properties, and a size is no property."""
    assert [True, False, None, None, None] == [
        read_property(JavaList(), "empty", Budget()),
        read_property("x", "empty", Budget()),
        read_property(JavaArray([]), "empty", Budget()),
        read_property(JavaList(), "size", Budget()),
        read_property(None, "x", Budget()),
    ]
    entry = JavaEntry(JavaMap(a=1), "a")
    assert ["a", 1] == [read_property(entry, name, Budget()) for name in ("key", "value")]


@pytest.mark.parametrize("value", ["a", 5, JavaList(), Host()])
def test_the_class_of_a_value_is_unknown(value: Value) -> None:
    """`.class` and getClass() give nothing, and a note."""
    budget = Budget()

    assert read_property(value, "class", budget) is None
    assert 1 == len(budget.unknown)


def test_indexes() -> None:
    """A list takes integers, from the end too; a map takes its keys; a text takes none."""
    items = JsonArray(["a", "b"])

    assert ["a", "b", None, None, 1, None, None] == [
        read_index(items, 0, Budget()),
        read_index(items, -1, Budget()),
        read_index(items, "0", Budget()),
        read_index(items, True, Budget()),
        read_index(JavaMap(k=1), "k", Budget()),
        read_index(JavaMap(k=1), JavaList(), Budget()),
        read_index("abc", 0, Budget()),
    ]


@pytest.mark.parametrize("index", [2, -3])
def test_an_index_outside_of_a_list_throws(index: int) -> None:
    """Reading and writing outside of a list end the rendering."""
    with pytest.raises(EvaluationFault, match="out of bounds"):
        read_index(JavaList([1, 2]), index, Budget())
    with pytest.raises(EvaluationFault, match="out of bounds"):
        assign_index(JavaList([1, 2]), index, 0, Budget())


def test_assignments() -> None:
    """Maps take keys, lists indexes, entries their value; the others have nothing to assign to."""
    items, several = JavaMap(a=1), JavaList([1, 2])

    assert assign_property(items, "b", 2, Budget())
    assert assign_index(items, "c", 3, Budget())
    assert assign_index(several, -1, 9, Budget())
    assert assign_property(JavaEntry(items, "a"), "value", 7, Budget())
    assert {"a": 7, "b": 2, "c": 3} == items
    assert [1, 9] == several
    assert not assign_property(several, "a", 1, Budget())
    assert not assign_index(several, "a", 1, Budget())
    assert not assign_index("abc", 0, "x", Budget())


def test_a_part_of_a_list_cannot_be_assigned_to() -> None:
    """A change through subList is not evaluated."""
    with pytest.raises(EvaluationFault, match="not evaluated"):
        assign_index(SubList([1]), 0, 2, Budget())


def test_objects_of_the_host_show_their_tables() -> None:
    """A host object has the methods and properties of its tables, a text, and nothing else."""
    assert ["the body", None, "got ['x']", "got ['y']", "the host", None] == [
        read_property(Host(), "body", Budget()),
        read_property(Host(), "methods", Budget()),
        call_method(Host(), "get", ["x"], Budget()),
        read_index(Host(), "y", Budget()),
        call_method(Host(), "toString", (), Budget()),
        call_method(Host(), "printed", (), Budget()),
    ]


def test_what_a_loop_goes_over() -> None:
    """Lists, maps by their values, views, arrays and iterators have items; a text or number has none."""
    source = JavaMap(a=1, b=2)
    iterator = JavaIterator([1, 2])
    call_method(iterator, "next", (), Budget())

    assert [[1, 2], [1, 2], ["a", "b"], ["x"], [2]] == [
        list(iterate(value, Budget()) or ())
        for value in (JavaList([1, 2]), source, MapView(source, "keys"), JavaArray(["x"]), iterator)
    ]
    assert call_method(iterator, "hasNext", (), Budget()) is False
    assert [None, None, None] == [iterate(value, Budget()) for value in ("abc", 5, None)]


def test_methods_of_null() -> None:
    """Null has no methods."""
    assert call_method(None, "toString", (), Budget()) is None
