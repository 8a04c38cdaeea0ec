"""The methods of numbers and Boolean. Static ones are called on any value of the class, as in `$n.parseInt`."""

import math
import struct
from decimal import Decimal
from typing import Final

from reconciler.mapping.java.budget import EvaluationFault
from reconciler.mapping.java.equality import compare, equals, hash_code
from reconciler.mapping.java.numbers import (
    INT,
    LONG,
    Number,
    checked,
    checked_integer,
    number_text,
    parse_double,
    parse_integer,
    truncated,
)
from reconciler.mapping.java.operators import add, modulus, multiply, product, quotient, subtract
from reconciler.mapping.java.signatures import JavaMethod, MethodTable

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_DECIMAL_RADIX: Final = 10


def radix_text(value: int, radix: int) -> str:
    """Return what `Integer.toString` gives for a radix; one that Java does not know counts as 10."""
    if radix == _DECIMAL_RADIX or not 2 <= radix <= len(_DIGITS):  # noqa: PLR2004 - no radix is smaller
        return str(value)
    digits, rest = "", abs(value)
    while rest or not digits:
        rest, digit = divmod(rest, radix)
        digits = _DIGITS[digit] + digits
    return f"-{digits}" if value < 0 else digits


def _as_double(value: Number) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


_CONVERSIONS: Final[dict[str, JavaMethod]] = {
    "intValue:": lambda value: truncated(value, INT),
    "longValue:": lambda value: truncated(value, LONG),
    "shortValue:": lambda value: truncated(truncated(value, INT), 2**15),
    "byteValue:": lambda value: truncated(truncated(value, INT), 2**7),
    "doubleValue:": _as_double,
    "toString:": number_text,
}
_COMPARISONS: Final[dict[str, JavaMethod]] = {
    "equals:O": lambda budget, value, other: equals(value, other, budget),
    "compareTo:O": lambda budget, value, other: compare(value, other, budget),
    "hashCode:": lambda budget, value: hash_code(value, budget),
}


def _integer_table(name: str, limit: int, kind: str, parse: str) -> MethodTable:
    def unsigned(value: int) -> int:
        return value % (2 * limit)

    return MethodTable(
        name,
        {
            **_CONVERSIONS,
            f"{parse}:S": lambda _, text: parse_integer(text, 10, limit),
            f"{parse}:Si": lambda _, text, radix: parse_integer(text, radix, limit),
            "valueOf:S": lambda _, text: parse_integer(text, 10, limit),
            "valueOf:Si": lambda _, text, radix: parse_integer(text, radix, limit),
            f"valueOf:{kind}": lambda _, number: number,
            f"toString:{kind}": lambda _, number: str(number),
            f"toString:{kind}i": lambda _, number, radix: radix_text(number, radix),
            f"toHexString:{kind}": lambda _, number: f"{unsigned(number):x}",
            f"toBinaryString:{kind}": lambda _, number: f"{unsigned(number):b}",
            f"toOctalString:{kind}": lambda _, number: f"{unsigned(number):o}",
            f"toUnsignedString:{kind}": lambda _, number: str(unsigned(number)),
            f"toUnsignedString:{kind}i": lambda _, number, radix: radix_text(unsigned(number), radix),
            f"max:{kind * 2}": lambda _, one, other: max(one, other),
            f"min:{kind * 2}": lambda _, one, other: min(one, other),
            f"sum:{kind * 2}": lambda _, one, other: truncated(one + other, limit),
            f"compare:{kind * 2}": lambda _, one, other: (one > other) - (one < other),
            f"signum:{kind}": lambda _, number: (number > 0) - (number < 0),
            f"bitCount:{kind}": lambda _, number: unsigned(number).bit_count(),
            f"hashCode:{kind}": lambda _, number: truncated(number if limit == INT else number ^ (number >> 32), INT),
        },
        _COMPARISONS,
        others=(
            "compareUnsigned decode describeConstable divideUnsigned floatValue getInteger getLong highestOneBit"
            " lowestOneBit numberOfLeadingZeros numberOfTrailingZeros parseUnsignedInt parseUnsignedLong"
            " remainderUnsigned reverse reverseBytes rotateLeft rotateRight toUnsignedLong"
        ),
    )


INTEGER: Final = _integer_table("Integer", INT, "i", "parseInt")
LONG_TABLE: Final = _integer_table("Long", LONG, "j", "parseLong")

DOUBLE: Final = MethodTable(
    "Double",
    {
        **_CONVERSIONS,
        "isNaN:": math.isnan,
        "isInfinite:": math.isinf,
        "isNaN:d": lambda _, number: math.isnan(number),
        "isInfinite:d": lambda _, number: math.isinf(number),
        "isFinite:d": lambda _, number: math.isfinite(number),
        "parseDouble:S": lambda _, text: parse_double(text),
        "valueOf:S": lambda _, text: parse_double(text),
        "valueOf:d": lambda _, number: float(number),
        "toString:d": lambda _, number: number_text(float(number)),
        "sum:dd": lambda _, one, other: float(one) + float(other),
        "doubleToLongBits:d": lambda _, number: struct.unpack(">q", struct.pack(">d", number))[0],
    },
    {
        **_COMPARISONS,
        "hashCode:d": lambda budget, _, number: hash_code(float(number), budget),
        "compare:dd": lambda budget, _, one, other: compare(float(one), float(other), budget),
        "max:dd": lambda budget, _, one, other: _extreme(
            float(one), float(other), compare(float(one), float(other), budget)
        ),
        "min:dd": lambda budget, _, one, other: _extreme(
            float(one), float(other), -compare(float(one), float(other), budget)
        ),
    },
    others="describeConstable doubleToRawLongBits floatValue longBitsToDouble toHexString",
)


def _extreme(one: float, other: float, order: int) -> float:
    if math.isnan(one) or math.isnan(other):
        return math.nan
    return one if order >= 0 else other


def _power(value: int, exponent: int) -> int:
    if exponent < 0:
        raise EvaluationFault(f"BigInteger.pow is given the exponent {exponent}")
    checked_integer(max(value.bit_length(), 1) * exponent)
    return value**exponent  # type: ignore[no-any-return]


def _remainder(value: int, other: int) -> int:
    return value - quotient(value, other) * other


def _few_digits(value: int) -> int:
    checked_integer(value.bit_length())
    return value


BIG_INTEGER: Final = MethodTable(
    "BigInteger",
    {
        **_CONVERSIONS,
        "add:B": lambda value, other: _few_digits(value + other),
        "subtract:B": lambda value, other: _few_digits(value - other),
        "multiply:B": product,
        "divide:B": quotient,
        "remainder:B": _remainder,
        "mod:B": modulus,
        "pow:i": _power,
        "negate:": lambda value: -value,
        "abs:": abs,
        "signum:": lambda value: (value > 0) - (value < 0),
        "max:B": max,
        "min:B": min,
        "gcd:B": math.gcd,
        "bitLength:": lambda value: (value if value >= 0 else ~value).bit_length(),
        "toString:i": radix_text,
    },
    {name: method for name, method in _COMPARISONS.items() if name != "hashCode:"},
    others=(
        "and andNot bitCount byteValueExact clearBit divideAndRemainder flipBit floatValue getLowestSetBit hashCode"
        " intValueExact isProbablePrime longValueExact modInverse modPow nextProbablePrime not or setBit shiftLeft"
        " shiftRight shortValueExact sqrt sqrtAndRemainder testBit toByteArray valueOf xor"
    ),
)


def _unscaled(value: Decimal) -> int:
    sign, digits, _ = value.as_tuple()
    return int("".join(map(str, digits))) * (-1 if sign else 1)


BIG_DECIMAL: Final = MethodTable(
    "BigDecimal",
    {
        **_CONVERSIONS,
        "negate:": lambda value: value.copy_negate() if value else value,
        "abs:": lambda value: value.copy_abs(),
        "signum:": lambda value: (value > 0) - (value < 0),
        "scale:": lambda value: -value.as_tuple().exponent,
        "precision:": lambda value: len(value.as_tuple().digits),
        "unscaledValue:": _unscaled,
        "toBigInteger:": lambda value: int(checked(value)),
        "toPlainString:": lambda value: f"{checked(value):f}",
    },
    {
        **{name: method for name, method in _COMPARISONS.items() if name != "hashCode:"},
        "add:D": lambda budget, value, other: add(value, other, budget),
        "subtract:D": lambda budget, value, other: subtract(value, other, budget),
        "multiply:D": lambda budget, value, other: multiply(value, other, budget),
    },
    others=(
        "byteValueExact divide divideAndRemainder divideToIntegralValue floatValue hashCode intValueExact"
        " longValueExact max min movePointLeft movePointRight plus pow remainder round scaleByPowerOfTen setScale"
        " shortValueExact sqrt stripTrailingZeros toBigIntegerExact toEngineeringString ulp valueOf"
    ),
)

BOOLEAN: Final = MethodTable(
    "Boolean",
    {
        "booleanValue:": lambda value: value,
        "toString:": lambda value: "true" if value else "false",
        "toString:b": lambda _, other: "true" if other else "false",
        "parseBoolean:S": lambda _, text: text is not None and text.lower() == "true",
        "valueOf:S": lambda _, text: text is not None and text.lower() == "true",
        "valueOf:b": lambda _, other: other,
        "compare:bb": lambda _, one, other: int(one) - int(other),
        "logicalAnd:bb": lambda _, one, other: one and other,
        "logicalOr:bb": lambda _, one, other: one or other,
        "logicalXor:bb": lambda _, one, other: one is not other,
    },
    {**_COMPARISONS, "hashCode:b": lambda budget, _, other: hash_code(other, budget)},
    others="describeConstable getBoolean",
)
