"""The texts that values print as, and when they are true. The types are those of `objects`."""

import re
from decimal import Decimal
from typing import Final

from reconciler.mapping.java.budget import Budget, LimitExceeded, width
from reconciler.mapping.java.numbers import number_text
from reconciler.mapping.java.objects import (
    HiddenMap,
    HostObject,
    JavaArray,
    JavaEntry,
    JavaIterator,
    JavaKey,
    JavaList,
    JavaMap,
    JsonArray,
    MapView,
    Value,
    key_of,
    value_of,
)

__all__ = [
    "DEEPEST",
    "HiddenMap",
    "HostObject",
    "JavaList",
    "JavaMap",
    "JsonArray",
    "Value",
    "json_text",
    "key_of",
    "text",
    "truth",
    "value_of",
    "without_lone_surrogates",
]

DEEPEST: Final = 100
"""Levels of lists and maps within each other that are printed and compared."""

_DIGITS_OF_STEP: Final = 16
_OLD_DIGITS_FROM: Final = 1e16
_WORDS: Final = {None: "null", True: "true", False: "false"}


def truth(value: Value) -> bool:
    """Whether `#if` takes the branch: only false is false; null and "" are true (recorded answers)."""
    return value is not False


def text(value: Value, budget: Budget) -> str:
    """Return what a reference to `value` prints: the empty text for null. Raises LimitExceeded."""
    if type(value) is str:
        return value
    return "" if value is None else _text(value, budget, 0)


def _text(value: Value | JavaKey, budget: Budget, depth: int) -> str:
    if value is None or isinstance(value, str | bool):
        return _WORDS[value] if value is None or isinstance(value, bool) else str(value)
    if isinstance(value, int | float | Decimal):
        return _number(value, budget)
    if isinstance(value, JavaKey):
        return _text(value.value, budget, depth)
    if isinstance(value, JsonArray):
        return _JsonWriter(budget, _WEB_UNSAFE).text(value, depth)
    if depth > DEEPEST:
        raise LimitExceeded(f"a value is nested deeper than {DEEPEST} levels")
    return _collection(value, budget, depth + 1)


def _number(value: float | Decimal, budget: Budget) -> str:
    if isinstance(value, float) and abs(value) >= _OLD_DIGITS_FROM:
        budget.note_unknown("the last digits of numbers from 1.0E16 on, which depend on the version of Java")
    shown = number_text(value)
    budget.spend(isinstance(value, float) + len(shown) // _DIGITS_OF_STEP)
    return shown


def _collection(
    value: JavaMap | JavaList | JavaEntry | MapView | JavaIterator | HostObject, budget: Budget, depth: int
) -> str:
    if isinstance(value, HostObject):
        return value.printed(budget)
    if isinstance(value, JavaArray | JavaIterator):
        budget.note_unknown("the text of a Java array or iterator, which is another one each time")
        return f"{value.component}@0" if isinstance(value, JavaArray) else "java.util.Iterator@0"
    if isinstance(value, JavaEntry):
        parts = [_text(value.key, budget, depth), _text(value.source.get(value.key), budget, depth)]
        return joined("", parts, "=", "", budget)
    if isinstance(value, JavaMap):
        return "" if isinstance(value, HiddenMap) else _map(value, budget, depth)
    items = value.items(budget) if isinstance(value, MapView) else value
    return joined("[", [_item(item, value, budget, depth) for item in items], ", ", "]", budget)


def _map(value: JavaMap, budget: Budget, depth: int) -> str:
    parts = [f"{_item(key, value, budget, depth)}={_item(item, value, budget, depth)}" for key, item in value.items()]
    return joined("{", parts, ", ", "}", budget)


def _item(item: Value | JavaKey, owner: object, budget: Budget, depth: int) -> str:
    if item is owner:
        return "(this Map)" if isinstance(owner, JavaMap) else "(this Collection)"
    return _text(item, budget, depth)


def joined(opening: str, parts: list[str], separator: str, closing: str, budget: Budget) -> str:
    """Join texts after their size is reserved. Raises LimitExceeded."""
    budget.spend(2 * len(parts) + 2)
    size = sum(map(len, parts)) + len(separator) * len(parts) + len(opening) + len(closing)
    budget.reserve(size, max(map(width, parts), default=1))
    return opening + separator.join(parts) + closing


# json-smart escapes these, as \u2028 with capital letters in the digits; / only where it protects web pages.
_UNSAFE: Final = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2000-\u20ff]')
_WEB_UNSAFE: Final = re.compile('["\\\\/\x00-\x1f\x7f-\x9f\u2000-\u20ff]')
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SMALL: Final = 10_000
_SHORT: Final = {
    '"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
}  # fmt: skip


def json_text(value: Value, budget: Budget) -> str:
    """Return `value` as `$input.json` writes it, without escapes of `/` (json-smart). Raises LimitExceeded."""
    return _JsonWriter(budget, _UNSAFE).text(value, 0)


class _JsonWriter:
    """Writes JSON as json-smart does; `unsafe` are the characters that are escaped."""

    __slots__ = ("budget", "unsafe")

    def __init__(self, budget: Budget, unsafe: re.Pattern[str]) -> None:
        self.budget = budget
        self.unsafe = unsafe

    def text(self, value: Value, depth: int) -> str:
        if isinstance(value, str):
            return self._quoted(value)
        if isinstance(value, float) and value - value != 0:  # infinite, or NaN
            return "null"
        if value is None or isinstance(value, bool | int | float | Decimal):
            return _text(value, self.budget, depth)
        if depth > DEEPEST:
            raise LimitExceeded(f"a value is nested deeper than {DEEPEST} levels")
        return self._collection(value, depth + 1)

    def _collection(
        self, value: JavaMap | JavaList | JavaEntry | MapView | JavaIterator | HostObject, depth: int
    ) -> str:
        match value:
            case JavaMap():
                parts = [
                    f"{self._quoted(_text(key, self.budget, depth))}:{self.text(item, depth)}"
                    for key, item in value.items()
                ]
                return joined("{", parts, ",", "}", self.budget)
            case JavaList():
                return joined("[", [self.text(item, depth) for item in value], ",", "]", self.budget)
            case MapView():
                parts = [self.text(item, depth) for item in value.items(self.budget)]
                return joined("[", parts, ",", "]", self.budget)
            case _:
                self.budget.note_unknown("the JSON of an object that is no JSON value")
                return self._quoted(_text(value, self.budget, depth))

    def _quoted(self, value: str) -> str:
        self.budget.read(value)
        if self.unsafe.search(value) is None:
            return f'"{value}"'
        self.budget.spend(len(value) // 8)
        if len(value) > _SMALL:
            self.budget.reserve(6 * len(value))
        quoted = f'"{self.unsafe.sub(_escape, value)}"'
        self.budget.spend(len(quoted) // 8)
        self.budget.reserve(len(quoted), width(quoted))
        return quoted


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04X}"


def without_lone_surrogates(output: str) -> str:
    """Return a text that can be encoded: Java writes `?` for half a surrogate pair."""
    if output.isascii() or _SURROGATE.search(output) is None:
        return output
    whole = output.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return whole.encode("utf-8", "replace").decode()
