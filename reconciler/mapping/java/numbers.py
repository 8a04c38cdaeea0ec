"""Java's numbers: their types, their texts, and the texts that Java reads as numbers."""

import math
import re
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from reconciler.mapping.java.budget import EvaluationFault, LimitExceeded

Number: TypeAlias = int | float | Decimal

INT: Final = 2**31
LONG: Final = 2**63

MOST_DIGITS: Final = 4_000
"""Decimal digits of a number, those behind the point included. Python itself prints no more than 4,300."""

MOST_BITS: Final = 13_000
"""Bits of an integer, which are fewer than `MOST_DIGITS` digits."""

_SHOWN: Final = 40
_LOWEST_RADIX: Final = 2
_HIGHEST_RADIX: Final = 36
_PLAIN_FROM: Final = 1e-3
_PLAIN_BELOW: Final = 1e7

_DOUBLE: Final = re.compile(r"[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?)")


def integer_kind(value: int) -> Literal["Integer", "Long", "BigInteger"]:
    """Return the name of the smallest type of Java's that holds `value`."""
    if -INT <= value < INT:
        return "Integer"
    return "Long" if -LONG <= value < LONG else "BigInteger"


def wrapped(value: int, limit: int) -> int:
    """Return what is left of `value` in Java's type of `2 * limit` values: `INT` or `LONG`."""
    return (value + limit) % (2 * limit) - limit


def truncated(value: Number, limit: int) -> int:
    """Return what `intValue` (`INT`) or `longValue` (`LONG`) gives. Raises LimitExceeded for a huge BigDecimal."""
    if isinstance(value, float):
        return 0 if math.isnan(value) else int(max(-limit, min(limit - 1, value)))
    if isinstance(value, Decimal):
        value = int(checked(value))
    return wrapped(value, limit)


def checked(value: Decimal) -> Decimal:
    """Return `value` if it has few digits when it is written out. Raises LimitExceeded."""
    _, digits, exponent = value.as_tuple()
    if isinstance(exponent, int) and len(digits) + abs(exponent) > MOST_DIGITS:
        raise LimitExceeded(f"a number has more than {MOST_DIGITS:,} digits")
    return value


def checked_integer(bits: int) -> None:
    """Raise LimitExceeded for an integer of `bits` bits that is too long; to be called before it is built."""
    if bits > MOST_BITS:
        raise LimitExceeded(f"a number has more than {MOST_DIGITS:,} digits")


def number_text(value: Number) -> str:
    """Return what Java's `toString` gives: `1.743263483047E9` for the double 1743263483.047."""
    return double_text(value) if isinstance(value, float) else str(value)


def double_text(value: float) -> str:
    """Return what `Double.toString` gives: scientific from 1.0E7 on and below 0.001.

    The digits are the fewest that tell the double apart, as from Java 19 on. Older versions give other last digits for
    a few doubles, nearly all of them from 1.0E16 on.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        return str(value)
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    significant = "".join(map(str, digits)).rstrip("0")
    if len(significant) == 1:  # of the texts with two digits, the nearest: 4.9E-324
        significant = f"{abs(value):.1e}".replace(".", "")[:2]
        exponent = int(f"{value:.1e}".partition("e")[2]) + 1 - len(digits)
    sign_text = "-" if sign else ""
    return f"{sign_text}{significant[0]}.{significant[1:].rstrip('0') or '0'}E{int(exponent) + len(digits) - 1}"


def parse_integer(text: str | None, radix: int, limit: int) -> int:
    """Return what `parseInt` (`INT`) or `parseLong` (`LONG`) gives. Raises EvaluationFault where Java throws."""
    if not _LOWEST_RADIX <= radix <= _HIGHEST_RADIX:
        raise EvaluationFault(f"no number can be read with the radix {radix}")
    digits = text.removeprefix("-") if text and text[0] == "-" else text.removeprefix("+") if text else ""
    if text is None or not digits.isalnum() or len(digits) > MOST_DIGITS:
        raise _no_number(text)
    try:
        value = int(digits, radix) * (-1 if text[0] == "-" else 1)
    except ValueError:
        raise _no_number(text) from None
    if not -limit <= value < limit:
        raise _no_number(text)
    return value


def parse_double(text: str | None) -> float:
    """Return what `Double.parseDouble` gives. Raises EvaluationFault where Java throws."""
    stripped = "" if text is None else text.strip("".join(map(chr, range(33))))
    if not _DOUBLE.fullmatch(stripped):
        raise _no_number(text)
    return float(stripped.rstrip("fFdD") if stripped[-1:] in "fFdD" and stripped[-3:] != "inf" else stripped)


def _no_number(text: str | None) -> EvaluationFault:
    shown = "null" if text is None else f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}..."'
    return EvaluationFault(f"{shown} is not a number of the type that is asked for")
