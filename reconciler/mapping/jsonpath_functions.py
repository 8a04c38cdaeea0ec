"""The functions at the end of a Jayway JSONPath, as in `$.items.length()`; those with arguments are not evaluated."""

import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from reconciler.mapping.java.values import JavaList, JavaMap, Value, value_of

_Numbers = list[float]


class FunctionFailure(Exception):  # noqa: N818 - Jayway throws a JsonPathException
    """The function throws in Java; the message is a sentence part."""


def count(node: Value) -> Value:
    """Return the number of items or members; null for other values, texts included."""
    return len(node) if isinstance(node, JavaList | JavaMap) else None


def _keys(node: Value) -> Value:
    return JavaList(map(value_of, node)) if isinstance(node, JavaMap) else None


def _numbers(node: Value) -> _Numbers:
    items = node if isinstance(node, JavaList) else []
    return [_double(item) for item in items if isinstance(item, int | float | Decimal) and not isinstance(item, bool)]


def _double(number: float | Decimal) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _mean(numbers: Iterable[float]) -> float:
    values = list(numbers)
    return sum(values) / len(values)


def _deviation(numbers: _Numbers) -> float:
    mean = _mean(numbers)
    return math.sqrt(_mean((number - mean) ** 2 for number in numbers))


def _aggregate(function: Callable[[_Numbers], float]) -> Callable[[Value], Value]:
    def aggregated(node: Value) -> Value:
        numbers = _numbers(node)
        if not numbers:
            raise FunctionFailure("there are no numbers in an array")
        return float(function(numbers))

    return aggregated


def _end(index: int) -> Callable[[Value], Value]:
    def item(node: Value) -> Value:
        if not isinstance(node, JavaList) or not node:
            raise FunctionFailure("there is no item in an array")
        return node[index]

    return item


def _concat(node: Value) -> Value:
    items = node if isinstance(node, JavaList) else []
    return "".join(item for item in items if isinstance(item, str))


FUNCTIONS: Final[Mapping[str, Callable[[Value], Value]]] = MappingProxyType(
    {
        "length": count,
        "size": count,
        "keys": _keys,
        "sum": _aggregate(sum),
        "min": _aggregate(min),
        "max": _aggregate(max),
        "avg": _aggregate(_mean),
        "stddev": _aggregate(_deviation),
        "first": _end(0),
        "last": _end(-1),
        "concat": _concat,
    }
)

AGGREGATES: Final = frozenset({"length", "size", "sum", "min", "max", "avg", "stddev"})
"""Functions that Jayway calls once with all values, where the path begins with `..`."""
