"""Velocity 1.7's operators over Java's values."""

from collections.abc import Callable

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.java.values import JavaList, Value, text


def add(left: Value, right: Value, budget: Budget) -> Value:
    """Return the sum of two numbers, or the two texts joined if either is a text; else None."""
    if isinstance(left, str) or isinstance(right, str):
        first, second = text(left, budget), text(right, budget)
        budget.reserve(len(first) + len(second), 1 if first.isascii() and second.isascii() else 4)
        return first + second
    return _numbers(left, right, lambda a, b: a + b)


def subtract(left: Value, right: Value, budget: Budget) -> Value:
    """Return the difference of two numbers; else None."""
    return _numbers(left, right, lambda a, b: a - b)


def multiply(left: Value, right: Value, budget: Budget) -> Value:
    """Return the product of two numbers; else None."""
    return _numbers(left, right, lambda a, b: a * b)


def divide(left: Value, right: Value, budget: Budget) -> Value:
    """Return the quotient of two numbers, truncated for integers; None for other values and by zero."""
    if not right:
        return None
    return _numbers(left, right, _quotient)


def modulo(left: Value, right: Value, budget: Budget) -> Value:
    """Return the remainder, with the sign of the dividend; None for other values and by zero."""
    if not right:
        return None
    return _numbers(left, right, lambda a, b: a - _quotient(a, b) * b)


def equal(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `==` holds; null equals "" (recorded answers)."""
    return (left if left is not None else "") == (right if right is not None else "")


def less(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `<` holds; false unless both are numbers."""
    return bool(_numbers(left, right, lambda a, b: a < b))


def less_or_equal(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `<=` holds; false unless both are numbers."""
    return bool(_numbers(left, right, lambda a, b: a <= b))


def greater(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `>` holds; false unless both are numbers."""
    return bool(_numbers(left, right, lambda a, b: a > b))


def greater_or_equal(left: Value, right: Value, budget: Budget) -> bool:
    """Whether `>=` holds; false unless both are numbers."""
    return bool(_numbers(left, right, lambda a, b: a >= b))


def java_range(low: Value, high: Value, budget: Budget) -> JavaList | None:
    """Return the integers from `low` to `high`, downwards too; None unless both are integers."""
    if type(low) is not int or type(high) is not int:
        return None
    budget.reserve_items(abs(high - low) + 1)
    step = 1 if high >= low else -1
    return JavaList(range(low, high + step, step))


def _numbers(left: Value, right: Value, function: Callable[..., Value]) -> Value:
    if type(left) in {int, float} and type(right) in {int, float}:
        return function(left, right)
    return None


def _quotient(left: float, right: float) -> float:
    if isinstance(left, int) and isinstance(right, int):
        whole = abs(left) // abs(right)
        return whole if (left < 0) == (right < 0) else -whole
    return left / right
