"""Bodies are read as json-smart 2.6 reads them in its permissive mode."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.budget import Budget, LimitExceeded
from reconciler.mapping.java.values import JavaMap, JsonArray
from reconciler.mapping.json_reader import InvalidJson, read_json
from reconciler.mapping.lenient_json import read_lenient

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(10**9), 10**9).map(lambda number: number / 8) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_strict_json_keeps_its_values(value: object) -> None:
    """Whatever is strict JSON has the value that it has elsewhere."""
    assert value == read_json(json.dumps(value))


@given(JSON, st.booleans())
def test_both_readers_agree_on_strict_json(value: object, ascii_only: bool) -> None:
    """The lenient reader, which follows json-smart, reads strict JSON as the fast one does."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)

    assert read_lenient(text, 0, Budget()) == read_json(text)


def test_containers_are_java_maps_and_json_arrays() -> None:
    """Objects are maps and arrays are JSON arrays, at every level."""
    document = read_json('{"a": [[{"b": []}]]}')

    assert isinstance(document, JavaMap)
    outer = document["a"]
    assert isinstance(outer, JsonArray)
    inner = outer[0]
    assert isinstance(inner, JsonArray)
    innermost = inner[0]
    assert isinstance(innermost, JavaMap)
    assert isinstance(innermost["b"], JsonArray)


def test_the_last_of_two_equal_names_counts() -> None:
    """An object with a name twice has the last value, in the place of the first."""
    document = read_json('{"a": 1, "b": 2, "a": 3}')

    assert isinstance(document, JavaMap)
    assert [("a", 3), ("b", 2)] == list(document.items())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("[7]", 7),
        ("[12345678901234567890]", 12345678901234567890),
        ("[1.50]", 1.5),
        ("[1e3]", 1000.0),
        ("[12345678901234567.89]", Decimal("12345678901234567.89")),
        ("[1e400]", float("inf")),
    ],
)
def test_numbers_have_javas_kinds(text: str, number: object) -> None:
    """Whole numbers are integers of any size; others are doubles, or decimals from 19 characters on."""
    document = read_json(text)

    assert isinstance(document, JsonArray)
    assert (number, type(number)) == (document[0], type(document[0]))


def test_what_follows_the_value_is_ignored() -> None:
    """An object or array ends the reading."""
    assert {"a": 1} == read_json('{"a": 1} and more')


@pytest.mark.parametrize(
    "text", ["[" * 401 + "]" * 401, '{"a":' * 401 + "1" + "}" * 401, "[" * 100_000, "{a:" * 100_000]
)
def test_nesting_is_bounded(text: str) -> None:
    """More than 400 levels are refused, as by json-smart, whether the JSON is strict or not."""
    with pytest.raises(InvalidJson, match="more than 400 levels"):
        read_json(text)


def test_400_levels_are_read() -> None:
    """The deepest nesting that json-smart accepts is read."""
    assert isinstance(read_json("[" * 400 + "]" * 400), JsonArray)


@pytest.mark.parametrize("text", ["[" + "[]," * 250_000 + "[]]", "[" + "1," * 1_000_001 + "1]"])
def test_sizes_are_bounded(text: str) -> None:
    """A text whose values would take more than 100 MB is given up."""
    with pytest.raises(LimitExceeded, match="a JSON text has more than"):
        read_json(text)


@pytest.mark.parametrize("number", ["9" * 1001, "0." + "9" * 1000])
def test_numbers_are_bounded(number: str) -> None:
    """A number of more than 1,000 characters is refused."""
    with pytest.raises(InvalidJson, match="1,000 characters"):
        read_json(f"[{number}]")


@given(st.text(alphabet="{}[]:,'\"\\ab1.-eE nulltrf\x00\t\n\x7f\x1a\ud83d\ude00"))
def test_any_text_is_a_value_or_refused(text: str) -> None:
    """Reading never fails in another way."""
    with suppress(InvalidJson):
        read_json(text)
