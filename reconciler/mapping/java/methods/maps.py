"""The methods of java.util.Map and of its entries."""

from typing import Final

from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.equality import equals, hash_code, position
from reconciler.mapping.java.objects import JavaEntry, JavaMap, MapView, Value, key_of, searched_key, value_of
from reconciler.mapping.java.signatures import MethodTable
from reconciler.mapping.java.values import text


def get(value: JavaMap, key: Value) -> Value:
    """Return the item under `key`, None if there is none."""
    return value.get(searched_key(key))


def put(budget: Budget, value: JavaMap, key: Value, item: Value) -> Value:
    """Put `item` under `key`; return what was there. Raises LimitExceeded, and NotEvaluated for a list as key."""
    budget.reserve_items(1)
    stored = key_of(key)
    old = value.get(stored)
    value[stored] = item
    return old


def _put_all(budget: Budget, value: JavaMap, other: JavaMap | None) -> None:
    if other is None:
        raise EvaluationFault("Map.putAll is given null")
    budget.spend(len(other))
    budget.reserve_items(len(other))
    value.update(other)


def _put_if_absent(budget: Budget, value: JavaMap, key: Value, item: Value) -> Value:
    old = get(value, key)
    if old is None:
        put(budget, value, key, item)
    return old


def _remove(value: JavaMap, key: Value) -> Value:
    return value.pop(searched_key(key), None)


def _remove_pair(budget: Budget, value: JavaMap, key: Value, item: Value) -> bool:
    stored = searched_key(key)
    is_there = stored in value and equals(value[stored], item, budget)
    if is_there:
        del value[stored]
    return is_there


def _replace(value: JavaMap, key: Value, item: Value) -> Value:
    stored = searched_key(key)
    if stored not in value:
        return None
    old = value[stored]
    value[stored] = item
    return old


def _replace_pair(budget: Budget, value: JavaMap, key: Value, old: Value, new: Value) -> bool:
    stored = searched_key(key)
    is_there = stored in value and equals(value[stored], old, budget)
    if is_there:
        value[stored] = new
    return is_there


def _get_or_default(value: JavaMap, key: Value, default: Value) -> Value:
    return value.get(searched_key(key), default)


def _contains_value(budget: Budget, value: JavaMap, item: Value) -> bool:
    return position(list(value.values()), item, budget) >= 0


def _clone(budget: Budget, value: JavaMap) -> JavaMap:
    budget.spend(len(value))
    budget.reserve_items(len(value))
    return JavaMap(value)


def _clear(_budget: Budget, value: JavaMap) -> None:
    value.clear()


MAP: Final = MethodTable(
    "Map",
    {
        "get:O": get,
        "getOrDefault:OO": _get_or_default,
        "containsKey:O": lambda value, key: searched_key(key) in value,
        "remove:O": _remove,
        "replace:OO": _replace,
        "keySet:": lambda value: MapView(value, "keys"),
        "values:": lambda value: MapView(value, "values"),
        "entrySet:": lambda value: MapView(value, "entries"),
        "size:": len,
        "isEmpty:": lambda value: not value,
    },
    {
        "put:OO": put,
        "putIfAbsent:OO": _put_if_absent,
        "remove:OO": _remove_pair,
        "replace:OOO": _replace_pair,
        "containsValue:O": _contains_value,
        "clone:": _clone,
        "equals:O": lambda budget, value, other: equals(value, other, budget),
        "hashCode:": lambda budget, value: hash_code(value, budget),
        "toString:": lambda budget, value: text(value, budget),
    },
    void={"putAll:M": _put_all, "clear:": _clear},
    others=(
        "compute computeIfAbsent computeIfPresent forEach merge replaceAll firstEntry lastEntry pollFirstEntry"
        " pollLastEntry putFirst putLast reversed sequencedKeySet sequencedValues sequencedEntrySet"
    ),
)


def _set_value(value: JavaEntry, item: Value) -> Value:
    old = value.source.get(value.key)
    value.source[value.key] = item
    return old


ENTRY: Final = MethodTable(
    "Map.Entry",
    {
        "getKey:": lambda value: value_of(value.key),
        "getValue:": lambda value: value.source.get(value.key),
        "setValue:O": _set_value,
    },
    {
        "equals:O": lambda budget, value, other: equals(value, other, budget),
        "hashCode:": lambda budget, value: hash_code(value, budget),
        "toString:": lambda budget, value: text(value, budget),
    },
)
