"""The methods of java.util.List, of the views of maps, of arrays and iterators."""

from collections.abc import Sequence
from typing import Any, Final

from reconciler.mapping.java.budget import Budget, EvaluationFault, NotEvaluated
from reconciler.mapping.java.equality import equals, hash_code, position
from reconciler.mapping.java.objects import (
    JavaArray,
    JavaIterator,
    JavaList,
    JsonArray,
    MapView,
    SubList,
    Value,
    searched_key,
)
from reconciler.mapping.java.signatures import JavaMethod, MethodTable
from reconciler.mapping.java.values import text

_POINTER: Final = 8


def items_of(value: JavaList | MapView | None, budget: Budget) -> Sequence[Value]:
    """Return the items of a collection. Raises EvaluationFault for null."""
    if value is None:
        raise EvaluationFault("a method of a collection is given null")
    return value.items(budget) if isinstance(value, MapView) else value


def _checked_index(index: int, size: int) -> int:
    if not 0 <= index < size:
        raise EvaluationFault(f"index {index} is out of bounds for a list of {size} items")
    return index


def _get(value: JavaList, index: int) -> Value:
    return value[_checked_index(index, len(value))]


def _set(value: JavaList, index: int, item: Value) -> Value:
    old = value[_checked_index(index, len(value))]
    value[index] = item
    return old


def _add(budget: Budget, value: JavaList, item: Value) -> bool:
    budget.reserve_items(1)
    value.append(item)
    return True


def _insert(budget: Budget, value: JavaList, index: int, item: Value) -> None:
    _checked_index(index, len(value) + 1)
    budget.spend(len(value) // 64)
    budget.reserve_items(1)
    value.insert(index, item)


def _add_all(budget: Budget, value: JavaList, others: JavaList | MapView | None) -> bool:
    return _insert_all(budget, value, len(value), others)


def _insert_all(budget: Budget, value: JavaList, index: int, others: JavaList | MapView | None) -> bool:
    items = list(items_of(others, budget))
    _checked_index(index, len(value) + 1)
    budget.spend(len(value) // 64)
    budget.reserve_items(len(items))
    value[index:index] = items
    return bool(items)


def _remove_at(budget: Budget, value: JavaList, index: int) -> Value:
    budget.spend(len(value) // 64)
    return value.pop(_checked_index(index, len(value)))


def _remove(budget: Budget, value: JavaList, item: Value) -> bool:
    index = position(value, item, budget)
    if index >= 0:
        del value[index]
    return index >= 0


def _keep(budget: Budget, value: JavaList, others: JavaList | MapView | None, wanted: bool) -> bool:
    items = list(items_of(others, budget))
    kept = [item for item in value if (position(items, item, budget) >= 0) is wanted]
    is_changed = len(kept) < len(value)
    value[:] = kept
    return is_changed


def _sub_list(budget: Budget, value: JavaList, begin: int, end: int) -> SubList:
    if not 0 <= begin <= end <= len(value):
        raise EvaluationFault(f"{begin} to {end} is no part of a list of {len(value)} items")
    budget.reserve(_POINTER * (end - begin))
    return SubList(value[begin:end])


def _sort(budget: Budget, value: JavaList, comparator: Value) -> None:
    if comparator is not None:
        raise NotEvaluated("List.sort with a comparator is not evaluated here")
    budget.spend(len(value) * max(len(value).bit_length(), 1))
    kinds = {type(item) for item in value}
    if len(kinds) > 1 or not kinds <= {str, int, float, bool}:
        raise EvaluationFault("List.sort needs values of one type that have an order")
    value.sort(key=_sort_key)


def _sort_key(item: Value) -> Any:  # noqa: ANN401 - any value that has an order
    return item.encode("utf-16-be", "surrogatepass") if isinstance(item, str) else item


def _last_position(budget: Budget, value: JavaList, item: Value) -> int:
    backwards = position(list(reversed(value)), item, budget)
    return -1 if backwards < 0 else len(value) - 1 - backwards


def _contains_all(budget: Budget, value: JavaList | MapView, others: JavaList | MapView | None) -> bool:
    mine = list(items_of(value, budget))
    return all(position(mine, item, budget) >= 0 for item in items_of(others, budget))


def _contains(budget: Budget, value: JavaList | MapView, item: Value) -> bool:
    return position(list(items_of(value, budget)), item, budget) >= 0


def _to_array(budget: Budget, value: JavaList | MapView) -> JavaArray:
    items = list(items_of(value, budget))
    budget.reserve(_POINTER * len(items))
    return JavaArray(items, "[Ljava.lang.Object;")


def _iterator(budget: Budget, value: JavaList | MapView) -> JavaIterator:
    budget.reserve(_POINTER * _size(value))
    return JavaIterator(list(items_of(value, budget)))


def _size(value: JavaList | MapView) -> int:
    return len(value.source) if isinstance(value, MapView) else len(value)


def _clone(budget: Budget, value: JavaList) -> JavaList:
    budget.reserve(_POINTER * len(value))
    return type(value)(value)


def _append(budget: Budget, value: JsonArray, item: Value) -> JsonArray:
    _add(budget, value, item)
    return value


def _refused(*_: object) -> Value:
    raise EvaluationFault("Java does not support this change of a collection")


def _not_followed(*_: object) -> Value:
    raise NotEvaluated("a change of a list through its subList or iterator is not evaluated here")


def _clear(_budget: Budget, value: JavaList) -> None:
    value.clear()


_READ_PLAIN: Final[dict[str, JavaMethod]] = {"size:": _size, "isEmpty:": lambda value: _size(value) == 0}
_READ: Final[dict[str, JavaMethod]] = {
    "contains:O": _contains,
    "containsAll:L": _contains_all,
    "equals:O": lambda budget, value, other: equals(value, other, budget),
    "hashCode:": lambda budget, value: hash_code(value, budget),
    "iterator:": _iterator,
    "toArray:": _to_array,
    "toString:": lambda budget, value: text(value, budget),
}
_READ_LIST: Final[dict[str, JavaMethod]] = {
    "indexOf:O": lambda budget, value, item: position(value, item, budget),
    "lastIndexOf:O": _last_position,
    "subList:ii": _sub_list,
    "listIterator:": _iterator,
}
_CHANGES: Final = (
    *("add:O", "add:iO", "addAll:L", "addAll:iL", "clear:", "remove:i", "remove:O", "removeAll:L", "retainAll:L"),
    *("set:iO", "sort:O"),
)
_OTHERS: Final = (
    "ensureCapacity forEach listIterator parallelStream removeIf replaceAll spliterator stream trimToSize toArray"
    " getFirst getLast removeFirst removeLast addFirst addLast reversed merge toJSONString writeJSONString"
)

_LIST_PLAIN: Final[dict[str, JavaMethod]] = {**_READ_PLAIN, "get:i": _get}
_LIST_BOUNDED: Final[dict[str, JavaMethod]] = {
    **_READ,
    **_READ_LIST,
    "set:iO": lambda _, value, index, item: _set(value, index, item),
    "add:O": _add,
    "addAll:L": _add_all,
    "addAll:iL": _insert_all,
    "remove:i": _remove_at,
    "remove:O": _remove,
    "removeAll:L": lambda budget, value, others: _keep(budget, value, others, wanted=False),
    "retainAll:L": lambda budget, value, others: _keep(budget, value, others, wanted=True),
    "clone:": _clone,
}
_LIST_VOID: Final[dict[str, JavaMethod]] = {"add:iO": _insert, "clear:": _clear, "sort:O": _sort}

LIST: Final = MethodTable("List", _LIST_PLAIN, _LIST_BOUNDED, void=_LIST_VOID, others=_OTHERS)

JSON_ARRAY: Final = MethodTable(
    "JSONArray",
    _LIST_PLAIN,
    {
        **_LIST_BOUNDED,
        "appendElement:O": _append,
        "toJSONString:": lambda budget, value: text(value, budget),
        "toJSONString:L": lambda budget, _, other: text(JsonArray(items_of(other, budget)), budget),
    },
    void=_LIST_VOID,
    others=_OTHERS,
)

SUB_LIST: Final = MethodTable(
    "List", _LIST_PLAIN, {**_READ, **_READ_LIST, **dict.fromkeys(_CHANGES, _not_followed)}, others=_OTHERS
)

# Velocity makes a list of fixed length of an array. The array itself has no properties.
ARRAY: Final = MethodTable(
    "List",
    _LIST_PLAIN,
    {
        **_READ,
        **_READ_LIST,
        **dict.fromkeys(_CHANGES, _refused),
        "set:iO": lambda _, value, index, item: _set(value, index, item),
    },
    others=_OTHERS,
)


def _remove_from_view(budget: Budget, value: MapView, item: Value) -> bool:
    index = position(value.items(budget), item, budget)
    if index >= 0:
        del value.source[list(value.source)[index]]
    return index >= 0


def _keep_in_view(budget: Budget, value: MapView, others: JavaList | MapView | None, wanted: bool) -> bool:
    items = list(items_of(others, budget))
    mine = zip(list(value.source), value.items(budget), strict=True)
    dropped = [key for key, item in mine if (position(items, item, budget) >= 0) is not wanted]
    for key in dropped:
        del value.source[key]
    return bool(dropped)


def _clear_view(_budget: Budget, value: MapView) -> None:
    value.source.clear()


def _view_contains(budget: Budget, value: MapView, item: Value) -> bool:
    if value.kind == "keys":
        return searched_key(item) in value.source
    return _contains(budget, value, item)


MAP_VIEW: Final = MethodTable(
    "Set",
    _READ_PLAIN,
    {
        **_READ,
        "contains:O": _view_contains,
        "remove:O": _remove_from_view,
        "removeAll:L": lambda budget, value, others: _keep_in_view(budget, value, others, wanted=False),
        "retainAll:L": lambda budget, value, others: _keep_in_view(budget, value, others, wanted=True),
        "add:O": _refused,
        "addAll:L": _refused,
    },
    void={"clear:": _clear_view},
    others=_OTHERS,
)


def _next(value: JavaIterator) -> Value:
    if not value.left:
        raise EvaluationFault("the iterator has no more items")
    value.left -= 1
    return next(value.upcoming)


ITERATOR: Final = MethodTable(
    "Iterator",
    {"hasNext:": lambda value: value.left > 0, "next:": _next},
    {"remove:": _not_followed},
    others="forEachRemaining",
)
