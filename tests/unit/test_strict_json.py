"""JSON as clients read it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.strict_json import is_strict_json, read_strict_json


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("NaN", 0),
        ('{"a": Infinity}', 6),
        ('["NaN", NaN]', 8),
        ('{"-Infinity": -Infinity}', 14),
        ('["\\"NaN", NaN]', 10),
    ],
)
def test_constants_of_python(text: str, position: int) -> None:
    """NaN and Infinity are no JSON outside of texts; the position is theirs."""
    with pytest.raises(json.JSONDecodeError) as raised:
        read_strict_json(text)

    assert position == raised.value.pos
    assert not is_strict_json(text)


@pytest.mark.parametrize("text", ['{"a": 1', "", "'a'", b"\xff"])
def test_no_json(text: str | bytes) -> None:
    """What is broken, empty or no UTF-8 is no JSON."""
    assert not is_strict_json(text)


@pytest.mark.parametrize("text", ["1" * 5_000, "[" * 100_000 + "]" * 100_000], ids=["huge number", "deep"])
def test_more_than_python_reads(text: str) -> None:
    """JSON has no limits: what only Python refuses counts as JSON."""
    assert is_strict_json(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES)
def test_any_json(value: object) -> None:
    """Every JSON value is read, as a text and as bytes."""
    text = json.dumps(value)

    assert value == read_strict_json(text) == read_strict_json(text.encode())
