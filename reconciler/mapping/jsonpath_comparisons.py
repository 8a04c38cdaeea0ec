"""Compare values in the filters of a JSONPath as Jayway does: a number with a text, a text with a pattern."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final, TypeAlias

from reconciler.mapping.characters import InvalidPattern, NotFollowed
from reconciler.mapping.java.budget import Budget
from reconciler.mapping.java.equality import equals
from reconciler.mapping.java.numbers import number_text
from reconciler.mapping.java.regex import matches
from reconciler.mapping.java.values import JavaList, JavaMap, Value
from reconciler.mapping.java_regex import translate
from reconciler.mapping.jsonpath_syntax import InvalidPath, PathNotFollowed


@dataclass(frozen=True, slots=True)
class FilterPattern:
    """A regular expression between slashes, which has to match a whole text."""

    java: str


class MissingOperand:
    """What a path within a filter gives that finds nothing."""


MISSING: Final = MissingOperand()

Operand: TypeAlias = Value | FilterPattern | MissingOperand


def read_pattern(java: str, flags: str) -> FilterPattern:
    """Return a pattern. Raises InvalidPath or PathNotFollowed."""
    if flags not in {"", "i"}:
        raise PathNotFollowed(f"the flags {flags} of a regular expression")
    pattern = f"(?i){java}" if flags else java
    try:
        translate(pattern)
    except InvalidPattern as refused:
        raise InvalidPath(f"the regular expression /{java}/ has {refused.reason}") from None
    except NotFollowed as unknown:
        raise PathNotFollowed(f"a regular expression with {unknown}") from None
    return FilterPattern(pattern)


def compare(left: Operand, operator: str, right: Operand, budget: Budget) -> bool:
    """Whether the comparison holds; `operator` is a key of `OPERATORS`."""
    return OPERATORS[operator](left, right, budget)


_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def _is_number(value: Operand) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _decimal(value: Operand) -> Decimal | None:
    """Return the BigDecimal of a number or of a text, None if Java reads none there, as in Infinity."""
    text = value if isinstance(value, str) else number_text(value)  # type: ignore[arg-type]
    try:
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:  # an exponent that is too large
        return None


def _equal(left: Operand, right: Operand, budget: Budget) -> bool:
    if isinstance(left, MissingOperand | FilterPattern) or isinstance(right, MissingOperand | FilterPattern):
        return False
    if _is_number(left) and (_is_number(right) or isinstance(right, str)):
        number = _decimal(left)
        return number is not None and number == _decimal(right)
    if isinstance(left, str) and _is_number(right):
        return left == number_text(right)  # type: ignore[arg-type]
    return equals(left, right, budget)


def _identical(left: Operand, right: Operand, budget: Budget) -> bool:
    is_same_kind = type(left) is type(right) or (_is_number(left) and _is_number(right))
    return is_same_kind and _equal(left, right, budget)


def _ordered(holds: Callable[[object, object], bool]) -> "Comparison":
    def compared(left: Operand, right: Operand, _: Budget) -> bool:
        if _is_number(left) and _is_number(right):
            first, second = _decimal(left), _decimal(right)
            return first is not None and second is not None and holds(first, second)
        texts = [value if isinstance(value, str) else _number_or_none(value) for value in (left, right)]
        return None not in texts and holds(*texts)

    return compared


def _number_or_none(value: Operand) -> str | None:
    return number_text(value) if _is_number(value) else None  # type: ignore[arg-type]


def _contains(items: Operand, item: Operand, budget: Budget) -> bool:
    if not isinstance(items, JavaList):
        return False
    budget.spend(len(items))
    return any(_equal(each, item, budget) for each in items)


def _in(left: Operand, right: Operand, budget: Budget) -> bool:
    return _contains(right, left, budget)


def _holds(left: Operand, right: Operand, budget: Budget) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return right in left
    return _contains(left, right, budget)


def _is_subset(left: Operand, right: Operand, budget: Budget) -> bool:
    return isinstance(left, JavaList) and all(_contains(right, item, budget) for item in left)


def _has_all(left: Operand, right: Operand, budget: Budget) -> bool:
    return isinstance(left, JavaList) and _is_subset(right, left, budget)


def _shares(left: Operand, right: Operand, budget: Budget) -> bool:
    return isinstance(left, JavaList) and any(_contains(right, item, budget) for item in left)


def _shares_none(left: Operand, right: Operand, budget: Budget) -> bool:
    return isinstance(left, JavaList) and isinstance(right, JavaList) and not _shares(left, right, budget)


def _has_size(left: Operand, right: Operand, _: Budget) -> bool:
    return isinstance(left, str | JavaList) and _is_number(right) and len(left) == right


def _is_empty(left: Operand, right: Operand, _: Budget) -> bool:
    return isinstance(left, str | JavaList | JavaMap) and (not left) is right


def _matches(left: Operand, right: Operand, budget: Budget) -> bool:
    pattern, value = (left, right) if isinstance(left, FilterPattern) else (right, left)
    if not isinstance(pattern, FilterPattern) or isinstance(value, FilterPattern):
        return False
    values = value if isinstance(value, JavaList) else [value]
    return any(_match(pattern, _matched_text(each), budget) for each in values)


def _matched_text(value: Operand) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else _number_or_none(value) or ""


def _match(pattern: FilterPattern, text: str, budget: Budget) -> bool:
    budget.spend()
    return matches(pattern.java, text, budget)


def _not(holds: "Comparison") -> "Comparison":
    return lambda left, right, budget: not holds(left, right, budget)


Comparison: TypeAlias = Callable[[Operand, Operand, Budget], bool]

OPERATORS: Final[Mapping[str, Comparison]] = MappingProxyType(
    {
        "==": _equal,
        "!=": _not(_equal),
        "===": _identical,
        "!==": _not(_identical),
        "<": _ordered(lambda left, right: left < right),  # type: ignore[operator]  # both are of one kind
        "<=": _ordered(lambda left, right: left <= right),  # type: ignore[operator]
        ">": _ordered(lambda left, right: left > right),  # type: ignore[operator]
        ">=": _ordered(lambda left, right: left >= right),  # type: ignore[operator]
        "=~": _matches,
        "IN": _in,
        "NIN": _not(_in),
        "CONTAINS": _holds,
        "ALL": _has_all,
        "SIZE": _has_size,
        "EMPTY": _is_empty,
        "SUBSETOF": _is_subset,
        "ANYOF": _shares,
        "NONEOF": _shares_none,
    }
)
