"""What is not strict JSON is read as json-smart 2.6 reads it in its permissive mode."""

import math

import pytest

from reconciler.mapping.java.budget import Budget, LimitExceeded
from reconciler.mapping.lenient_json import InvalidJson, read_lenient

READ = [
    # what does not begin as JSON is a string
    ("a=b", "a=b"),
    ("<pets><pet/></pets>", "<pets><pet/></pets>"),
    ("null{", "null{"),
    ("123 abc", "123 abc"),
    ("", ""),
    # and so are words and numbers without anything behind them, of their own kind
    ("null", None),
    ("true ", True),
    ("false", False),
    ("-7", -7),
    ("2.5\n", 2.5),
    ("'single'", "single"),
    ('"double" rest', "double"),
    # names and texts without quotes
    ("{a:1}", {"a": 1}),
    ("{a: b c , 'd':e}", {"a": "b c", "d": "e"}),
    ("{a b: 1}", {"a b": 1}),
    ("[red, green]", ["red", "green"]),
    ("{a:null,b:true}", {"a": None, "b": True}),
    # commas too many
    ("[,1,,2,]", [1, 2]),
    ("{,a:1,,}", {"a": 1}),
    # numbers that are none
    ("[1 2]", ["1 2"]),
    ("{a:1]}", {"a": "1]"}),
    ("[-]", [0]),
    ("[1.]", [1.0]),
    ("[-.5]", [-0.5]),
    ("[.5]", [".5"]),
    ("[1e]", ["1e"]),
    ("[Infinity]", ["Infinity"]),
    ("[007]", [7]),
    # strings
    ('["a"b]', ["a", "b"]),
    (r"['\'\"\\\/\b\f\n\r\t']", ["'\"\\/\b\f\n\r\t"]),
    (r"['\u0041\x42\q']", ["AB"]),
    (r"['\ud83d\ude00']", ["\U0001f600"]),
    ("['a\tb']", ["a\tb"]),
    ("['a\tb\\n\"c']", ['ab\n"c']),
    ("{a:1,a:2}", {"a": 2}),
    ("{a:[{b:[1]}]}", {"a": [{"b": [1]}]}),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_value(text: str, value: object) -> None:
    """The text has the value that json-smart's source gives it."""
    assert value == read_lenient(text, 0, Budget())


@pytest.mark.parametrize(
    "text",
    [
        "{a",
        "{a:",
        "{a:1",
        "{a:}",
        "{:1}",
        "{a b}",
        '{"a" "b":1}',
        '{"a":"b" c}',
        "[1",
        "[}",
        "]",
        ":",
        '"abc',
        "'ab\\'",
        "[1e+]",
        r"['\u12']",
        r"['\x4']",
        "['\\",
        r"'\u0041",
        "{[",
        "[1}",
        "['a\\",
        "['\\'\\",
    ],
)
def test_refused(text: str) -> None:
    """What json-smart refuses is refused, with a reason."""
    with pytest.raises(InvalidJson, match=r"unexpected|cannot be read"):
        read_lenient(text, 0, Budget())


def test_nan_is_a_number() -> None:
    """NaN is a Float."""
    value = read_lenient("NaN", 0, Budget())

    assert isinstance(value, float)
    assert math.isnan(value)


def test_the_message_says_where() -> None:
    """The message names what is not expected, and its place."""
    with pytest.raises(InvalidJson, match="unexpected end of the text at character 3"):
        read_lenient("{a", 0, Budget())


@pytest.mark.parametrize("number", ["1.0e99999999999999999999", "1.000000000e9999999999", "1.0000000000000000e+"])
def test_an_exponent_beyond_javas_is_refused(number: str) -> None:
    """A decimal whose exponent is missing, or too large for Java, is no number."""
    with pytest.raises(InvalidJson, match="cannot be read"):
        read_lenient(f"[{number}]", 0, Budget())


@pytest.mark.parametrize("text", ["[a" + ",1" * 200_001 + "]", "['" + r"\n" * 200_001 + "']"])
def test_a_text_that_takes_too_long_is_given_up(text: str) -> None:
    """The number of values and of escapes is bounded."""
    with pytest.raises(LimitExceeded, match="200,000 values"):
        read_lenient(text, 0, Budget())
