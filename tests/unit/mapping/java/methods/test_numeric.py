"""The methods of numbers and Boolean. The expected values are those of Velocity 1.7 on Java 17."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.access import call_method
from reconciler.mapping.java.budget import Budget, EvaluationFault, LimitExceeded
from reconciler.mapping.java.methods.numeric import radix_text
from reconciler.mapping.java.values import Value, text

BIG = 123456789012345678901234567890
EXACT = Decimal("1.23456789012345678901")
NAN = float("nan")


def _call(value: Value, name: str, *arguments: Value) -> Value:
    return call_method(value, name, arguments, Budget())


@pytest.mark.parametrize(
    ("value", "name", "arguments", "expected"),
    [
        (0, "parseInt", ("12",), "12"),
        (0, "parseInt", ("ff", 16), "255"),
        (0, "valueOf", ("13",), "13"),
        (0, "valueOf", ("17", 8), "15"),
        (0, "valueOf", (7,), "7"),
        (0, "parseInt", (12,), ""),
        (0, "parseLong", ("5",), ""),
        (3_000_000_000, "parseLong", ("5",), "5"),
        (0, "toHexString", (255,), "ff"),
        (0, "toHexString", (-1,), "ffffffff"),
        (3_000_000_000, "toHexString", (-1,), "f" * 16),
        (0, "toBinaryString", (5,), "101"),
        (0, "toOctalString", (8,), "10"),
        (0, "toUnsignedString", (-1,), "4294967295"),
        (0, "toUnsignedString", (-1, 16), "ffffffff"),
        (0, "toString", (255,), "255"),
        (0, "toString", (-255, 16), "-ff"),
        (0, "toString", (255, 40), "255"),
        (0, "max", (3, 4), "4"),
        (0, "min", (3, 4), "3"),
        (0, "sum", (2147483647, 1), "-2147483648"),
        (0, "signum", (-5,), "-1"),
        (0, "compare", (1, 2), "-1"),
        (0, "bitCount", (7,), "3"),
        (0, "hashCode", (9,), "9"),
        (5, "intValue", (), "5"),
        (5, "doubleValue", (), "5.0"),
        (3_000_000_000, "intValue", (), "-1294967296"),
        (300, "byteValue", (), "44"),
        (70000, "shortValue", (), "4464"),
        (5, "equals", (5,), "true"),
        (5, "equals", (5.0,), "false"),
        (5, "compareTo", (6,), "-1"),
        (5, "toString", (), "5"),
        (1.5, "intValue", (), "1"),
        (1.5, "longValue", (), "1"),
        (1.5, "isNaN", (), "false"),
        (1.5, "isNaN", (NAN,), "true"),
        (1.5, "isInfinite", (), "false"),
        (1.5, "isInfinite", (1.0,), "false"),
        (1.5, "isFinite", (1,), "true"),
        (1.5, "parseDouble", ("1e3",), "1000.0"),
        (1.5, "valueOf", ("2",), "2.0"),
        (1.5, "valueOf", (3,), "3.0"),
        (1.5, "toString", (3,), "3.0"),
        (1.5, "max", (1, 2), "2.0"),
        (1.5, "max", (NAN, 2), "NaN"),
        (1.5, "min", (0.0, -0.0), "-0.0"),
        (1.5, "sum", (1, 2), "3.0"),
        (1.5, "compare", (1.0, NAN), "-1"),
        (1.5, "doubleToLongBits", (1.5,), "4609434218613702656"),
        (1.5, "hashCode", (1.5,), "1073217536"),
        (BIG, "add", (BIG,), "246913578024691357802469135780"),
        (BIG, "add", (1,), ""),
        (BIG, "subtract", (BIG,), "0"),
        (BIG, "multiply", (BIG,), "15241578753238836750495351562536198787501905199875019052100"),
        (BIG, "divide", (BIG,), "1"),
        (BIG, "remainder", (BIG,), "0"),
        (BIG, "mod", (BIG,), "0"),
        (BIG, "pow", (2,), "15241578753238836750495351562536198787501905199875019052100"),
        (BIG, "negate", (), f"-{BIG}"),
        (-BIG, "abs", (), f"{BIG}"),
        (-BIG, "signum", (), "-1"),
        (BIG, "bitLength", (), "97"),
        (-(2**64), "bitLength", (), "64"),
        (BIG, "toString", (16,), "18ee90ff6c373e0ee4e3f0ad2"),
        (BIG, "intValue", (), "1312754386"),
        (10**400, "doubleValue", (), "Infinity"),
        (EXACT, "scale", (), "20"),
        (EXACT, "precision", (), "21"),
        (EXACT, "negate", (), "-1.23456789012345678901"),
        (-EXACT, "abs", (), "1.23456789012345678901"),
        (-EXACT, "signum", (), "-1"),
        (EXACT, "unscaledValue", (), "123456789012345678901"),
        (-EXACT, "unscaledValue", (), "-123456789012345678901"),
        (EXACT, "toBigInteger", (), "1"),
        (Decimal("1E+3"), "toPlainString", (), "1000"),
        (EXACT, "add", (EXACT,), "2.46913578024691357802"),
        (EXACT, "subtract", (EXACT,), "0E-20"),
        (Decimal("1.5"), "multiply", (Decimal(2),), "3.0"),
        (Decimal("1.5"), "compareTo", (Decimal(2),), "-1"),
        (True, "toString", (), "true"),
        (False, "toString", (True,), "true"),
        (True, "booleanValue", (), "true"),
        (True, "equals", ("true",), "false"),
        (True, "compareTo", (False,), "1"),
        (True, "parseBoolean", ("TRUE",), "true"),
        (True, "valueOf", (None,), "false"),
        (True, "valueOf", (False,), "false"),
        (True, "compare", (True, False), "1"),
        (True, "logicalAnd", (True, False), "false"),
        (True, "logicalOr", (True, False), "true"),
        (True, "logicalXor", (True, True), "false"),
        (True, "hashCode", (False,), "1237"),
    ],
)
def test_methods_of_numbers(value: Value, name: str, arguments: tuple[Value, ...], expected: str) -> None:
    """Each class has its own methods, static ones among them; another class's give nothing."""
    assert expected == text(_call(value, name, *arguments), Budget())


@pytest.mark.parametrize(
    ("value", "name", "arguments"),
    [
        (0, "parseInt", ("x",)),
        (0, "parseInt", (None,)),
        (0, "intValue", (1,)),
        (5, "compareTo", ("5",)),
        (1.5, "parseDouble", ("abc",)),
        (BIG, "pow", (-1,)),
        (BIG, "mod", (-BIG,)),
    ],
)
def test_what_throws(value: Value, name: str, arguments: tuple[Value, ...]) -> None:
    """Texts that are no numbers, other types and impossible operations end the rendering."""
    with pytest.raises(EvaluationFault):
        _call(value, name, *arguments)


def test_powers_are_bounded() -> None:
    """A power of more than 4,000 digits is refused before it is computed."""
    with pytest.raises(LimitExceeded):
        _call(BIG, "pow", 2_000_000_000)


@given(st.integers(-(2**63), 2**63 - 1), st.integers(2, 36))
def test_text_of_a_radix_reads_back(value: int, radix: int) -> None:
    """Python reads the digits of any radix back."""
    assert value == int(radix_text(value, radix), radix)
