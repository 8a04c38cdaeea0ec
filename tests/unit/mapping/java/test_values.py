"""What a reference prints, what `$input.json` writes, and what is true."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.access import call_method
from reconciler.mapping.java.budget import Budget, LimitExceeded
from reconciler.mapping.java.objects import JavaArray, JavaChar, JavaEntry, JavaIterator, MapView
from reconciler.mapping.java.values import (
    HiddenMap,
    HostObject,
    JavaList,
    JavaMap,
    JsonArray,
    Value,
    json_text,
    key_of,
    text,
    truth,
    without_lone_surrogates,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", ""),
        ("a", "a"),
        (True, "true"),
        (False, "false"),
        (5, "5"),
        (1.50, "1.5"),
        (JavaChar("c"), "c"),
        (JavaMap(), "{}"),
        (JavaMap(a="b", c=None), "{a=b, c=null}"),
        (JavaList(["a", 1, True, None]), "[a, 1, true, null]"),
        (JsonArray(["a", 1, True, None, 1.50]), '["a",1,true,null,1.5]'),
        (JavaMap(a=JsonArray([JavaMap(b="c")])), '{a=[{"b":"c"}]}'),
        (JavaList([JsonArray(["x"])]), '[["x"]]'),
        (JsonArray(["http://x/"]), '["http:\\/\\/x\\/"]'),
        (HiddenMap(sourceIp="192.0.2.1"), ""),
        (JavaEntry(JavaMap(a="b"), "a"), "a=b"),
        (MapView(JavaMap(a="b", c="d"), "keys"), "[a, c]"),
        (MapView(JavaMap(a="b", c="d"), "values"), "[b, d]"),
        (MapView(JavaMap(a="b", c="d"), "entries"), "[a=b, c=d]"),
        (HostObject(), ""),
    ],
)
def test_what_a_reference_prints(value: Value, expected: str) -> None:
    """Maps and list literals print Java style, JSON arrays as JSON wherever they are."""
    assert expected == text(value, Budget())


@pytest.mark.parametrize("value", [JavaArray(["a"]), JavaIterator(["a"]), 1e17])
def test_texts_that_no_source_gives(value: Value) -> None:
    """The text of an array or iterator differs each time, that of a large double by the version of Java."""
    budget = Budget()
    text(value, budget)

    assert 1 == len(budget.unknown)


def test_a_collection_within_itself() -> None:
    """Java marks a list or map that holds itself."""
    items = JavaList([1])
    items.append(items)
    keyed = JavaMap(a=1)
    keyed["b"] = keyed

    assert "[1, (this Collection)]" == text(items, Budget())
    assert "{a=1, b=(this Map)}" == text(keyed, Budget())


@pytest.mark.parametrize("write", [text, json_text])
def test_deep_nesting_ends(write: object) -> None:
    """A value that is nested without end is refused, not followed."""
    inner, outer = JavaList(), JavaList()
    inner.append(outer)
    outer.append(inner)

    assert callable(write)
    with pytest.raises(LimitExceeded, match="nested"):
        write(JavaMap(a=outer), Budget())
    with pytest.raises(LimitExceeded, match="nested"):
        write(JsonArray([outer]), Budget())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('a"b\\c/d', '"a\\"b\\\\c/d"'),
        ("\b\f\n\r\t\x01\x7f\u2028é", '"\\b\\f\\n\\r\\t\\u0001\\u007F\\u2028é"'),
        (float("nan"), "null"),
        (float("-inf"), "null"),
        (Decimal("1.50"), "1.50"),
        (JavaMap({"a/": JavaList([1])}), '{"a/":[1]}'),
        (MapView(JavaMap(a=1), "keys"), '["a"]'),
        (None, "null"),
        (HiddenMap(a=1), '{"a":1}'),
        (JavaChar("c"), '"c"'),
        ("\x01" * 10_001, "\\u0001".join(('"', *[""] * 10_000, '"'))),
    ],
)
def test_json_as_json_smart_writes_it(value: Value, expected: str) -> None:
    """`$input.json` escapes what JavaScript may trip over, and leaves `/` and letters."""
    assert expected == json_text(value, Budget())


def test_json_of_an_object_is_unknown() -> None:
    """An entry of a map is no JSON value; its text is written, with a note."""
    budget = Budget()

    assert '"a=1"' == json_text(JavaEntry(JavaMap(a=1), "a"), budget)
    assert budget.unknown


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def of_java(value: object) -> Value:
    """Return a value of Python's `json` as Java's."""
    if isinstance(value, dict):
        return JavaMap({key: of_java(item) for key, item in value.items()})
    if isinstance(value, list):
        return JsonArray(of_java(item) for item in value)
    assert value is None or isinstance(value, str | bool | int | float)
    return value


@given(_JSON)
def test_json_means_the_same_to_another_reader(value: object) -> None:
    """What is written reads back as the same value, within a printed array too."""
    written = json_text(of_java(value), Budget())

    assert value == json.loads(written)
    assert [value] == json.loads(text(JsonArray([of_java(value)]), Budget()))


def test_long_texts_are_reserved_before_they_are_escaped() -> None:
    """A text of which every character is escaped does not outgrow the memory."""
    with pytest.raises(LimitExceeded):
        json_text("\x01" * 9_000_000, Budget())


def test_texts_are_built_within_the_memory() -> None:
    """A list that holds another many times over is refused before its text is built."""
    items = JavaList(["x" * 1000])
    for _ in range(20):
        items = JavaList([items, items])

    with pytest.raises(LimitExceeded):
        text(items, Budget())


@pytest.mark.parametrize("value", [None, "", 0, 0.0, JavaList(), JavaMap(), True, "false"])
def test_all_but_false_is_true(value: Value) -> None:
    """`#if` takes null, "", 0 and empty lists for true (recorded answers)."""
    assert truth(value)
    assert not truth(False)


def test_keys_of_different_types_stay_apart() -> None:
    """1, 1.0, true and "1" are four keys, as in Java."""
    items = JavaMap()
    for key in (1, 1.0, True, "1", Decimal("1.0"), JavaChar("1"), None):
        call_method(items, "put", (key, "x"), Budget())

    assert "{1=x, 1.0=x, true=x, 1=x, 1.0=x, 1=x, null=x}" == text(items, Budget())
    assert key_of("a") == "a"


def test_half_a_surrogate_pair_is_written_as_java_does() -> None:
    """A lone half becomes a question mark, two that meet become their character."""
    assert "a?b" == without_lone_surrogates("a\ud83db")
    assert "😀é" == without_lone_surrogates("\ud83d\ude00é")
    assert "abc" == without_lone_surrogates("abc")
