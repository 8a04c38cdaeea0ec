"""Reach the properties, items and methods of values as Velocity does, through closed tables alone."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from reconciler.mapping.java.budget import STEPS_OF_LONG_NUMBER, Budget, EvaluationFault
from reconciler.mapping.java.methods.collections import ARRAY, ITERATOR, JSON_ARRAY, LIST, MAP_VIEW, SUB_LIST
from reconciler.mapping.java.methods.maps import ENTRY, MAP, get, put
from reconciler.mapping.java.methods.numeric import BIG_DECIMAL, BIG_INTEGER, BOOLEAN, DOUBLE, INTEGER, LONG_TABLE
from reconciler.mapping.java.methods.strings import CHARACTER, STRING
from reconciler.mapping.java.numbers import integer_kind
from reconciler.mapping.java.objects import (
    HiddenMap,
    HostObject,
    JavaArray,
    JavaChar,
    JavaEntry,
    JavaIterator,
    JavaList,
    JavaMap,
    JsonArray,
    MapView,
    SubList,
    Value,
)
from reconciler.mapping.java.signatures import MethodTable
from reconciler.mapping.java.values import text

_TABLES: Final[Mapping[type, MethodTable]] = {
    str: STRING,
    JavaMap: MAP,
    HiddenMap: MAP,
    JsonArray: JSON_ARRAY,
    JavaList: LIST,
    JavaArray: ARRAY,
    SubList: SUB_LIST,
    MapView: MAP_VIEW,
    JavaEntry: ENTRY,
    JavaIterator: ITERATOR,
    float: DOUBLE,
    bool: BOOLEAN,
    JavaChar: CHARACTER,
    Decimal: BIG_DECIMAL,
}
_INTEGERS: Final = {"Integer": INTEGER, "Long": LONG_TABLE, "BigInteger": BIG_INTEGER}

_CALL_STEPS: Final = 3
_LONG_CALL_STEPS: Final = 6 * STEPS_OF_LONG_NUMBER
_CHANGING: Final = frozenset(
    {"add", "addAll", "appendElement", "clear", "put", "putAll", "putIfAbsent", "remove", "removeAll", "replace"}
    | {"retainAll", "set", "setValue", "sort"}
)


def read_property(value: Value, name: str, budget: Budget) -> Value:
    """Return `$value.name`: the item of a map, or what `getName()` or `isName()` gives; None if there is neither."""
    if isinstance(value, JavaMap):
        return value.get(name)
    if isinstance(value, HostObject):
        getter = value.properties.get(name)
        if getter is not None:
            return getter(value, budget)
    else:
        table = _table(value)
        if table is not None and name in table.properties and not isinstance(value, JavaArray):
            return table.call(value, table.properties[name], (), budget)
    if name == "class" and value is not None:
        budget.note_unknown("what .class gives")
    return None


def read_index(value: Value, index: Value, budget: Budget) -> Value:
    """Return `$value[index]`: what `get(index)` gives; a negative index counts from the end of a list.

    Raises EvaluationFault for an index outside of a list.
    """
    if isinstance(value, JavaMap):
        return get(value, index)
    if isinstance(value, JavaList):
        return None if type(index) is not int else value[_index_in(value, index)]
    return call_method(value, "get", (index,), budget) if isinstance(value, HostObject) else None


def _index_in(value: JavaList, index: int) -> int:
    if not -len(value) <= index < len(value):
        raise EvaluationFault(f"index {index} is out of bounds for a list of {len(value)} items")
    return index


def assign_property(value: Value, name: str, item: Value, budget: Budget) -> bool:
    """Set `$value.name`; whether `value` has such a property."""
    budget.has_changes = True
    if isinstance(value, JavaMap):
        put(budget, value, name, item)
        return True
    if isinstance(value, JavaEntry) and name == "value":
        value.source[value.key] = item
        return True
    return False


def assign_index(value: Value, index: Value, item: Value, budget: Budget) -> bool:
    """Set `$value[index]`; whether `value` is a map, or a list and the index an integer.

    Raises EvaluationFault for an index outside of a list.
    """
    budget.has_changes = True
    if isinstance(value, JavaMap):
        put(budget, value, index, item)
        return True
    if not isinstance(value, JavaList) or type(index) is not int:
        return False
    if isinstance(value, SubList):
        call_method(value, "set", (index, item), budget)
    value[_index_in(value, index)] = item
    return True


def call_method(value: Value, name: str, arguments: Sequence[Value], budget: Budget) -> Value:
    """Return what `$value.name(arguments)` gives: "" for a void method, None if there is no method for the arguments.

    Raises EvaluationFault where the method throws in Java, and NotEvaluated where it is not evaluated here.
    """
    budget.spend(_CALL_STEPS)
    if isinstance(value, str):
        budget.read(value)
    if isinstance(value, HostObject):
        method = value.methods.get(name)
        if method is not None:
            return method(value, list(arguments), budget)
        return text(value, budget) if name == "toString" and not arguments else None
    table = _table(value)
    if table is BIG_INTEGER or table is BIG_DECIMAL:
        budget.spend(_LONG_CALL_STEPS)
    elif name in _CHANGING:
        budget.has_changes = True
    return None if table is None else table.call(value, name, arguments, budget)


def _table(value: Value) -> MethodTable | None:
    if type(value) is int:
        return _INTEGERS[integer_kind(value)]
    return next((_TABLES[kind] for kind in type(value).__mro__ if kind in _TABLES), None)


def iterate(value: Value, budget: Budget) -> Sequence[Value] | None:
    """Return what `#foreach` goes over: the items of a list, the values of a map; None for a value without items."""
    if isinstance(value, JavaList):
        budget.reserve(len(value))
        return tuple(value)
    if isinstance(value, JavaMap):
        return MapView(value, "values").items(budget)
    if isinstance(value, MapView):
        return value.items(budget)
    if isinstance(value, JavaIterator):
        value.left = 0
        return list(value.upcoming)
    return None
