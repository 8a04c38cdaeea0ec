"""The values that templates compute with, and the texts that they print as.

Java's types are told by Python's own: `str` String, `bool` Boolean, `int` Integer, Long or BigInteger by its size,
`float` Double, `Decimal` BigDecimal, None null.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, TypeAlias

from reconciler.mapping.java.budget import Budget, LimitExceeded
from reconciler.mapping.java.numbers import number_text

DEEPEST = 100
"""Levels of lists and maps within each other that are printed or compared."""


class JavaMap(dict["Value", "Value"]):
    """A java.util.LinkedHashMap; prints as `{a=b, c=d}`."""

    __slots__ = ()


class HiddenMap(JavaMap):
    """A map that prints as the empty text, as `$context.identity` does (recorded answers)."""

    __slots__ = ()


class JavaList(list["Value"]):
    """A java.util.ArrayList; prints as `[a, 1, true]`."""

    __slots__ = ()


class JsonArray(JavaList):
    """An array of a JSON document; prints as JSON, within maps too (recorded answers)."""

    __slots__ = ()


class HostObject:
    """An object of API Gateway's: nothing can be reached but its two tables.

    `methods` map a name to a function of the object, the arguments and the budget; `properties` a name to a function of
    the object and the budget.
    """

    __slots__ = ()

    methods: ClassVar[Mapping[str, Callable[..., "Value"]]] = MappingProxyType({})
    properties: ClassVar[Mapping[str, Callable[..., "Value"]]] = MappingProxyType({})

    def printed(self, budget: Budget) -> str:  # noqa: ARG002 - subclasses may build their text
        """Return what a reference to the object prints."""
        return ""


Value: TypeAlias = str | bool | int | float | Decimal | JavaMap | JavaList | HostObject | None


def truth(value: Value) -> bool:
    """Whether `#if` takes the branch: only false is false, null and "" are true (recorded answers)."""
    return value is not False


def text(value: Value, budget: Budget) -> str:
    """Return what a reference to `value` prints: the empty text for null. Raises LimitExceeded."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    return _text(value, budget, 0)


def _text(value: Value, budget: Budget, depth: int) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return number_text(value)
    if isinstance(value, HostObject):
        return value.printed(budget)
    if isinstance(value, HiddenMap):
        return ""
    if isinstance(value, JsonArray):
        return json_text(value, budget)
    if depth > DEEPEST:
        raise LimitExceeded(f"a value is nested deeper than {DEEPEST} levels")
    budget.spend(len(value))
    if isinstance(value, JavaMap):
        parts = [f"{_text(k, budget, depth + 1)}={_text(v, budget, depth + 1)}" for k, v in value.items()]
        opening, closing = "{}"
    else:
        parts = [_text(item, budget, depth + 1) for item in value]
        opening, closing = "[]"
    budget.reserve(sum(map(len, parts)) + 2 * len(parts) + 2)
    return opening + ", ".join(parts) + closing


def json_text(value: Value, budget: Budget) -> str:
    """Return `value` as json-smart writes it. Raises LimitExceeded."""
    return _json(value, budget, 0)


def _json(value: Value, budget: Budget, depth: int) -> str:
    import json  # skeleton

    if depth > DEEPEST:
        raise LimitExceeded(f"a value is nested deeper than {DEEPEST} levels")
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None:
        return "null"
    if isinstance(value, JavaMap):
        parts = [
            f"{json.dumps(text(k, budget), ensure_ascii=False)}:{_json(v, budget, depth + 1)}" for k, v in value.items()
        ]
        return "{" + ",".join(parts) + "}"
    if isinstance(value, JavaList):
        return "[" + ",".join(_json(v, budget, depth + 1) for v in value) + "]"
    return _text(value, budget, depth)
