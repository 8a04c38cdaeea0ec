"""Velocity 1.7's operators over Java's values.

Where Velocity logs an error and goes on, the result is None. On AWS a reference is never null when it gets here: one
without a value is "" (recorded answers), so that `$missing + 1` is the text "1".
"""

import math
import operator
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, Context, Decimal
from typing import Any, Final, TypeAlias

from reconciler.mapping.java.budget import STEPS_OF_LONG_NUMBER, Budget, EvaluationFault, width
from reconciler.mapping.java.code_units import concatenated
from reconciler.mapping.java.equality import equals
from reconciler.mapping.java.numbers import (
    INT,
    LONG,
    MOST_DIGITS,
    Number,
    checked,
    checked_integer,
    truncated,
)
from reconciler.mapping.java.objects import JavaList, Value
from reconciler.mapping.java.values import text

_EXACT: Final = Context(prec=5 * MOST_DIGITS)
_NUMBERS: Final = frozenset({int, float, Decimal})

# Both operands have the same type: int, float or Decimal.
_Operation: TypeAlias = Callable[[Any, Any], Number]


def add(left: Value, right: Value, budget: Budget) -> Value:
    """Return the sum of two numbers, or both texts joined if one of the values is a text; else None."""
    if type(left) is str or type(right) is str:
        return _concatenated(left, right, budget)
    return _computed(left, right, budget, operator.add, _EXACT.add)


def _concatenated(left: Value, right: Value, budget: Budget) -> str:
    first, second = text(left, budget), text(right, budget)
    budget.reserve(len(first) + len(second), max(width(first), width(second)))
    return concatenated(first, second)


def subtract(left: Value, right: Value, budget: Budget) -> Value:
    """Return the difference of two numbers; else None."""
    return _computed(left, right, budget, operator.sub, _EXACT.subtract)


def multiply(left: Value, right: Value, budget: Budget) -> Value:
    """Return the product of two numbers; else None. Raises LimitExceeded for more than 4,000 digits."""
    return _computed(left, right, budget, product, _EXACT.multiply)


def divide(left: Value, right: Value, budget: Budget) -> Value:
    """Return the quotient of two numbers; None for other values and by zero.

    That of integers is truncated. That of a BigDecimal has as many digits behind the point as the dividend.
    """
    if type(right) in _NUMBERS and right == 0:
        return None
    return _computed(left, right, budget, _quotient, decimal_quotient)


def modulo(left: Value, right: Value, budget: Budget) -> Value:
    """Return the remainder with the sign of the dividend; None for other values and by zero.

    Raises EvaluationFault for a BigDecimal, for which Velocity throws.
    """
    return None if type(right) in _NUMBERS and right == 0 else _computed(left, right, budget, _remainder, _no_remainder)


def _computed(left: Value, right: Value, budget: Budget, plain: _Operation, exact: _Operation) -> Value:
    operands = _operands(left, right, budget)
    if operands is None:
        return None
    one, other = operands
    if isinstance(one, Decimal):
        result = checked(Decimal(exact(one, other)))
        return result or result.copy_abs()  # a BigDecimal has no negative zero
    if isinstance(one, int) and (_is_huge(one) or _is_huge(other)):
        budget.spend(STEPS_OF_LONG_NUMBER)
    number = plain(one, other)
    if isinstance(number, int):
        checked_integer(number.bit_length())
    return number


def product(left: Number, right: Number) -> Number:
    """Return the product of two integers or doubles, unless it is an integer of too many digits."""
    if isinstance(left, int) and isinstance(right, int):
        checked_integer(left.bit_length() + right.bit_length())
    return operator.mul(left, right)  # type: ignore[no-any-return]


def quotient(left: int, right: int) -> int:
    """Return the quotient of two integers, truncated towards zero as in Java."""
    whole = abs(left) // abs(right)
    return whole if (left < 0) == (right < 0) else -whole


def _quotient(left: float, right: float) -> float:
    return quotient(left, right) if isinstance(left, int) and isinstance(right, int) else left / right


def decimal_quotient(left: Decimal, right: Decimal) -> Decimal:
    """Return the quotient of two BigDecimals with the scale of the first, rounded half down as Velocity does."""
    scale = Decimal((0, (1,), int(left.as_tuple().exponent)))
    return _EXACT.divide(left, right).quantize(scale, rounding=ROUND_HALF_DOWN, context=_EXACT)


def _remainder(left: float, right: float) -> float:
    if isinstance(left, int) and isinstance(right, int):
        if _is_huge(left) or _is_huge(right):
            return modulus(left, right)
        return left - quotient(left, right) * right
    return math.nan if math.isinf(left) else math.fmod(left, right)


def modulus(left: int, right: int) -> int:
    """Return `left` modulo `right` as `BigInteger.mod` does. Raises EvaluationFault unless `right` is positive."""
    if right <= 0:
        raise EvaluationFault("the modulus of a BigInteger is not positive")
    return left % right


def _no_remainder(left: Number, right: Number) -> Number:  # noqa: ARG001 - operations are called alike
    raise EvaluationFault("Velocity has no remainder of BigDecimals")


def equal(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `==` holds: numbers by value, values of different types by their texts, null with null alone.

    A reference without a value is "" here, so that it equals `$null` and "" (recorded answers).
    """
    if isinstance(left, str) and isinstance(right, str):
        budget.read(left)
        return left == right
    if left is None or right is None:
        return left is right
    operands = _operands(left, right, budget)
    if operands is not None:
        return _order(*operands) == 0
    if isinstance(left, type(right)) or isinstance(right, type(left)):
        return equals(left, right, budget)
    return text(left, budget) == text(right, budget)


def less(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `<` holds; false unless both are numbers."""
    operands = _operands(left, right, budget)
    return operands is not None and _order(*operands) < 0


def less_or_equal(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `<=` holds; false unless both are numbers."""
    operands = _operands(left, right, budget)
    return operands is not None and _order(*operands) <= 0


def greater(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `>` holds; false unless both are numbers."""
    operands = _operands(left, right, budget)
    return operands is not None and _order(*operands) > 0


def greater_or_equal(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `>=` holds; false unless both are numbers."""
    operands = _operands(left, right, budget)
    return operands is not None and _order(*operands) >= 0


def java_range(low: Value, high: Value, budget: Budget) -> JavaList | None:
    """Return the integers from `low` to `high`, downwards too; None unless both are numbers. Raises LimitExceeded."""
    if not isinstance(low, int | float | Decimal) or not isinstance(high, int | float | Decimal):
        return None
    if isinstance(low, bool) or isinstance(high, bool):
        return None
    first, last = truncated(low, INT), truncated(high, INT)
    budget.reserve_items(abs(last - first) + 1)
    step = 1 if last >= first else -1
    return JavaList(range(first, last + step, step))


def _operands(left: Value, right: Value, budget: Budget) -> tuple[Number, Number] | None:
    """Return two numbers, both in the type that Velocity computes with; None if one is no number."""
    one, other = type(left), type(right)
    if one is int and other is int:
        return left, right  # type: ignore[return-value]
    if one not in _NUMBERS or other not in _NUMBERS:
        return None
    if Decimal in {one, other} or _is_huge(left) or _is_huge(right):
        budget.spend(STEPS_OF_LONG_NUMBER)
        return _exact(left), _exact(right)  # type: ignore[arg-type]
    return float(left), float(right)  # type: ignore[arg-type]


def _is_huge(value: Value) -> bool:
    return isinstance(value, int) and not -LONG <= value < LONG


def _exact(value: Number) -> Decimal:
    if isinstance(value, float) and value - value != 0:
        raise EvaluationFault("Infinity and NaN cannot be computed with BigDecimals")
    # Velocity takes the way over the double, which a Long may not fit in.
    return checked(Decimal(value if isinstance(value, Decimal) or _is_huge(value) else float(value)))


def _order(left: Number, right: Number) -> int:
    """Return -1, 0 or 1; 0 for NaN, as in Velocity."""
    return (left > right) - (left < right)
