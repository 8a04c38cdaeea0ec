"""When Java takes two values for equal, and how it orders and hashes them."""

import struct
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded, NotEvaluated
from reconciler.mapping.java.code_units import code_units
from reconciler.mapping.java.numbers import INT, LONG, Number, integer_kind, wrapped
from reconciler.mapping.java.objects import (
    HostObject,
    JavaArray,
    JavaEntry,
    JavaIterator,
    JavaKey,
    JavaList,
    JavaMap,
    MapView,
    Value,
    value_of,
)
from reconciler.mapping.java.values import DEEPEST

_STEPS_OF_COLLECTION: Final = 4

_TRUE_HASH: Final = 1231
_FALSE_HASH: Final = 1237


def equals(left: Value, right: Value, budget: Budget) -> bool:
    """Whether Java's `left.equals(right)` holds: 1 equals neither 1.0 nor "1". Raises LimitExceeded."""
    return _equals(left, right, budget, 0)


def _equals(left: Value, right: Value, budget: Budget, depth: int) -> bool:
    if left is right:
        return True
    if isinstance(left, JavaList | MapView | JavaMap | JavaEntry):
        if depth > DEEPEST:
            raise LimitExceeded(f"a value is nested deeper than {DEEPEST} levels")
        budget.spend(_STEPS_OF_COLLECTION)
        return _equal_collections(left, right, budget, depth + 1)
    if type(left) is not type(right) or isinstance(left, HostObject | JavaIterator):
        return False
    if isinstance(left, str):
        budget.read(left)
    elif isinstance(left, float):
        return struct.pack(">d", left) == struct.pack(">d", right)
    elif isinstance(left, Decimal) and isinstance(right, Decimal):
        return left.as_tuple() == right.as_tuple()
    return left == right


def _equal_collections(
    left: JavaList | MapView | JavaMap | JavaEntry, right: Value, budget: Budget, depth: int
) -> bool:
    match left, right:
        case (JavaArray(), _) | (_, JavaArray()):
            return False
        case (JavaList(), JavaList()):
            budget.spend(len(left))
            return len(left) == len(right) and all(
                _equals(one, other, budget, depth) for one, other in zip(left, right, strict=True)
            )
        case (JavaMap(), JavaMap()):
            budget.spend(len(left))
            return len(left) == len(right) and all(
                key in right and _equals(item, right[key], budget, depth) for key, item in left.items()
            )
        case (JavaEntry(), JavaEntry()):
            return left.key == right.key and _equals(
                left.source.get(left.key), right.source.get(right.key), budget, depth
            )
        case (MapView(), MapView()):
            return _equal_views(left, right, budget, depth)
        case _:
            return False


def _equal_views(left: MapView, right: MapView, budget: Budget, depth: int) -> bool:
    budget.spend(len(left.source))
    if left.kind == right.kind == "keys":
        return left.source.keys() == right.source.keys()
    if left.kind == right.kind == "entries":
        return _equals(left.source, right.source, budget, depth)
    return False


def position(items: list[Value], wanted: Value, budget: Budget) -> int:
    """Return the index of the first item that equals `wanted`, -1 if none does."""
    budget.spend(2 * len(items))
    return next((at for at, item in enumerate(items) if equals(item, wanted, budget)), -1)


def compare(left: Value, right: Value, budget: Budget) -> int:
    """Return what `left.compareTo(right)` gives. Raises EvaluationFault for values of different types."""
    if type(left) is not type(right) or not isinstance(left, str | bool | int | float | Decimal):
        raise EvaluationFault("compareTo needs two values of one type")
    if type(left) is int and type(right) is int and integer_kind(left) != integer_kind(right):
        raise EvaluationFault("compareTo needs two integers of one type")
    if isinstance(left, str) and isinstance(right, str):
        return _compare_texts(left, right, budget)
    if left != left or right != right:  # noqa: PLR0124 - NaN, which Java puts behind all numbers
        return (left != left) - (right != right)  # noqa: PLR0124
    if isinstance(left, float) and left == right == 0:
        return int(struct.pack(">d", right) > struct.pack(">d", left)) - int(
            struct.pack(">d", right) < struct.pack(">d", left)
        )
    return (left > right) - (left < right)  # type: ignore[operator]


def _compare_texts(left: str, right: str, budget: Budget) -> int:
    budget.spend(min(len(left), len(right)) // 8)
    one, other = code_units(left), code_units(right)
    for a, b in zip(one, other, strict=False):
        if a != b:
            return ord(a) - ord(b)
    return len(one) - len(other)


def hash_code(value: Value, budget: Budget) -> int:
    """Return what `hashCode` gives. Raises NotEvaluated for objects whose hash code is another one each time."""
    return _hash(value, budget, 0)


def _hash(value: Value, budget: Budget, depth: int) -> int:
    if depth > DEEPEST:
        raise LimitExceeded(f"a value is nested deeper than {DEEPEST} levels")
    if isinstance(value, str):
        units = code_units(value)
        return _rolled(map(ord, units), len(units), 0, budget)
    if value is None or isinstance(value, bool | int | float | Decimal):
        return _scalar_hash(value)
    budget.spend(2 * _STEPS_OF_COLLECTION)
    return _collection_hash(value, budget, depth + 1)


def _scalar_hash(value: bool | Number | None) -> int:
    if value is None:
        return 0
    if isinstance(value, bool):
        return _TRUE_HASH if value else _FALSE_HASH
    if isinstance(value, Decimal) or (isinstance(value, int) and not -LONG <= value < LONG):
        raise NotEvaluated("the hash code of a BigInteger or BigDecimal is not evaluated here")
    bits = int.from_bytes(struct.pack(">d", value), signed=True) if isinstance(value, float) else value
    return wrapped(bits if isinstance(value, int) and -INT <= bits < INT else bits ^ (bits >> 32), INT)


def _collection_hash(value: Value, budget: Budget, depth: int) -> int:
    match value:
        case JavaList() if not isinstance(value, JavaArray):
            return _rolled([_hash(item, budget, depth) for item in value], len(value), 1, budget)
        case JavaMap():
            budget.spend(len(value))
            return wrapped(sum(_entry_hash(key, item, budget, depth) for key, item in value.items()), INT)
        case JavaEntry():
            return _entry_hash(value.key, value.source.get(value.key), budget, depth)
        case _:
            raise NotEvaluated("the hash code of this object is another one each time")


def _entry_hash(key: "Value | JavaKey", item: Value, budget: Budget, depth: int) -> int:
    return _hash(value_of(key), budget, depth) ^ _hash(item, budget, depth)


def _rolled(hashes: Iterable[int], count: int, start: int, budget: Budget) -> int:
    budget.spend(count)
    total = start
    for code in hashes:
        total = (31 * total + code) & 0xFFFFFFFF
    return wrapped(total, INT)
