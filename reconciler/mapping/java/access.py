"""Reach the properties, items and methods of values, through closed tables alone."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.values import HostObject, JavaList, JavaMap, Value, text


def read_property(value: Value, name: str, budget: Budget) -> Value:
    """Return `$value.name`: the item of a map, or a property of a closed table; None if there is none."""
    if isinstance(value, JavaMap):
        return value.get(name)
    if isinstance(value, HostObject):
        getter = value.properties.get(name)
        return None if getter is None else getter(value, budget)
    return None


def read_index(value: Value, index: Value, budget: Budget) -> Value:
    """Return `$value[index]`: an item of a list or map; None for other values."""
    if isinstance(value, JavaList) and type(index) is int:
        if not -len(value) <= index < len(value):
            raise EvaluationFault(f"index {index} is out of bounds for a list of {len(value)}")
        return value[index]
    if isinstance(value, JavaMap):
        return value.get(index)
    return read_property(value, index, budget) if isinstance(index, str) else None


def assign_property(value: Value, name: str, item: Value, budget: Budget) -> bool:
    """Set `$value.name`; whether `value` has such a property."""
    if not isinstance(value, JavaMap):
        return False
    budget.reserve_items(1)
    value[name] = item
    return True


def assign_index(value: Value, index: Value, item: Value, budget: Budget) -> bool:
    """Set `$value[index]`; whether `value` is a list or map."""
    if isinstance(value, JavaMap):
        budget.reserve_items(1)
        value[index] = item
        return True
    if isinstance(value, JavaList) and type(index) is int:
        if not 0 <= index < len(value):
            raise EvaluationFault(f"index {index} is out of bounds for a list of {len(value)}")
        value[index] = item
        return True
    return False


def call_method(value: Value, name: str, arguments: Sequence[Value], budget: Budget) -> Value:
    """Return what `$value.name(arguments)` gives; None if there is no such method for these arguments.

    Raises EvaluationFault where the method throws in Java.
    """
    if isinstance(value, HostObject):
        method = value.methods.get(name)
        return None if method is None else method(value, list(arguments), budget)
    for kind, methods in _TABLES.items():
        if isinstance(value, kind) and name in methods:
            return methods[name](value, budget, *arguments)
    return None


# Skeleton: replaced by complete tables.
_Table = Mapping[str, Callable[..., Any]]
_STRING: Final[_Table] = MappingProxyType(
    {
        "length": lambda value, budget: len(value),
        "isEmpty": lambda value, budget: not value,
        "contains": lambda value, budget, other: other in value,
        "equals": lambda value, budget, other: value == other,
        "replace": lambda value, budget, old, new: value.replace(old, new),
        "toLowerCase": lambda value, budget: value.lower(),
        "toUpperCase": lambda value, budget: value.upper(),
        "trim": lambda value, budget: value.strip(),
        "startsWith": lambda value, budget, other: value.startswith(other),
        "endsWith": lambda value, budget, other: value.endswith(other),
        "toString": lambda value, budget: value,
    }
)


def _put(value: JavaMap, budget: Budget, key: Value, item: Value) -> Value:
    old = value.get(key)
    value[key] = item
    return old


def _add(value: JavaList, budget: Budget, item: Value) -> bool:
    value.append(item)
    return True


_MAP: Final[_Table] = MappingProxyType(
    {
        "get": lambda value, budget, key: value.get(key),
        "put": _put,
        "size": lambda value, budget: len(value),
        "isEmpty": lambda value, budget: not value,
        "keySet": lambda value, budget: JavaList(value),
        "values": lambda value, budget: JavaList(value.values()),
        "containsKey": lambda value, budget, key: key in value,
        "toString": lambda value, budget: text(value, budget),
    }
)
_LIST: Final[_Table] = MappingProxyType(
    {
        "get": lambda value, budget, index: value[index],
        "add": _add,
        "size": lambda value, budget: len(value),
        "isEmpty": lambda value, budget: not value,
        "contains": lambda value, budget, item: item in value,
        "toString": lambda value, budget: text(value, budget),
    }
)
_TABLES: Final[Mapping[type, _Table]] = MappingProxyType({str: _STRING, JavaMap: _MAP, JavaList: _LIST})
