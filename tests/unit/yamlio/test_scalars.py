"""What plain scalars stand for."""

import math

import pytest

from reconciler.yamlio.scalars import Scalar, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
    ],
)
def test_core_schema(text: str, expected: Scalar) -> None:
    """A plain scalar means what YAML 1.2's core schema says."""
    actual = value(text)

    assert (type(expected), expected) == (type(actual), actual)


@pytest.mark.parametrize(
    "text", ["on", "off", "yes", "no", "y", "2026-01-31", "12:30", "1_000", "0b1", "nUll", "<<", "-"]
)
def test_text_that_yaml_1_1_read_otherwise(text: str) -> None:
    """What only YAML 1.1 knew (booleans like `on`, dates, binary numbers) is text."""
    actual = value(text)

    assert text == actual


@pytest.mark.parametrize("text", ["012345678901", "0644", "00", "-01", "01.5"])
def test_leading_zero_is_text(text: str) -> None:
    """Digits with a leading zero are text: an account id must not lose its zero."""
    actual = value(text)

    assert text == actual


def test_not_a_number() -> None:
    """`.nan` is the float that equals nothing."""
    actual = value(".nan")

    assert isinstance(actual, float)
    assert math.isnan(actual)


def test_number_beyond_all_measure_is_text() -> None:
    """More digits than Python converts are text, not a failure."""
    digits = "9" * 5000

    assert digits == value(digits)
