"""The helpers of `$util` do what Java's do."""

import base64
import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.access import call_method, read_property
from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.values import JavaMap, Value
from reconciler.mapping.variables.util import UTIL

UNICODE = st.text(st.characters(exclude_categories=["Cs"]))


def called(method: str, argument: Value) -> Value:
    """Return what a helper gives, about which nothing is unknown."""
    budget = Budget()
    value = call_method(UTIL, method, [argument], budget)
    assert [] == budget.unknown
    return value


@pytest.mark.parametrize(
    ("method", "argument", "value"),
    [
        ("escapeJavaScript", 'it\'s "1/2" \\', r"it\'s \"1\/2\" \\"),
        ("escapeJavaScript", "\b\t\n\f\r", r"\b\t\n\f\r"),
        ("escapeJavaScript", "\x00\x1f", r"\u0000\u001F"),
        ("escapeJavaScript", "caf\u00e9 \u20ac", r"caf\u00E9 \u20AC"),
        ("escapeJavaScript", "\U0001f600", r"\uD83D\uDE00"),
        ("escapeJavaScript", "\x7f[]~ .-", "\x7f[]~ .-"),
        ("urlEncode", "a b&c=d/e?", "a+b%26c%3Dd%2Fe%3F"),
        ("urlEncode", "*-._~", "*-._%7E"),
        ("urlEncode", "\u20ac", "%E2%82%AC"),
        ("urlEncode", "\ud800", "%3F"),
        ("urlDecode", "a+b%26%E2%82%AC~", "a b&\u20ac~"),
        ("urlDecode", "%FF", "\ufffd"),
        ("base64Encode", "a\u20ac", "YeKCrA=="),
        ("base64Encode", "\ud800", "Pw=="),
        ("base64Decode", "YeKCrA==", "a\u20ac"),
        ("base64Decode", "YeKCrA", "a\u20ac"),
        ("base64Decode", "/w==", "\ufffd"),
        ("parseJson", '{"a": [1, 2]}', {"a": [1, 2]}),
        ("parseJson", "{a: b}", {"a": "b"}),
        ("parseJson", '"text"', "text"),
        ("parseJson", "plain", "plain"),
    ],
)
def test_helper(method: str, argument: str, value: object) -> None:
    """The helper gives this."""
    assert value == called(method, argument)


@given(UNICODE)
def test_escaped_text_is_json_once_its_single_quotes_are_repaired(text: str) -> None:
    r"""`.replaceAll("\\'", "'")` makes JSON of an escaped text."""
    escaped = called("escapeJavaScript", text)

    assert isinstance(escaped, str)
    assert escaped.isascii()
    assert text == json.loads(f'"{escaped}"'.replace(r"\'", "'"))


@given(UNICODE)
def test_encoded_text_decodes_to_itself(text: str) -> None:
    """Encoding for a URL or as base64 loses nothing."""
    encoded = called("urlEncode", text)

    assert text == called("urlDecode", encoded)
    assert [("x", text)] == parse_qsl(f"x={encoded}", keep_blank_values=True)
    assert text == called("base64Decode", called("base64Encode", text))


@given(st.binary())
def test_any_base64_is_decoded(data: bytes) -> None:
    """Bytes that are no UTF-8 are replaced."""
    assert data.decode(errors="replace") == called("base64Decode", base64.b64encode(data).decode())


@pytest.mark.parametrize(("method", "argument"), [("urlDecode", "100%"), ("urlDecode", "%zz"), ("parseJson", "{a")])
def test_what_java_throws_is_a_fault(method: str, argument: str) -> None:
    """AWS answers 500 there."""
    with pytest.raises(EvaluationFault, match=method):
        call_method(UTIL, method, [argument], Budget())


@pytest.mark.parametrize(
    ("method", "argument", "value"),
    [
        ("base64Decode", "a b?YeKCrA==", None),
        ("base64Decode", "YWJjZ", "abc"),
        ("base64Decode", "YW Jj", "abc"),
        ("parseJson", "", None),
        ("escapeJavaScript", JavaMap(a="b'"), r"{a=b\'}"),
        ("urlEncode", 1.5, "1.5"),
    ],
)
def test_what_no_source_describes_is_unknown(method: str, argument: Value, value: object) -> None:
    """The reason names the helper; the value is a guess."""
    budget = Budget()

    given_value = call_method(UTIL, method, [argument], budget)

    assert [True] == [method in why for why in budget.unknown]
    assert value is None or value == given_value


@pytest.mark.parametrize(
    "method", ["escapeJavaScript", "urlEncode", "urlDecode", "base64Encode", "base64Decode", "parseJson"]
)
def test_null_stays_null(method: str) -> None:
    """A helper of a missing value gives nothing (recorded answers)."""
    assert called(method, None) is None
    assert call_method(UTIL, method, [], Budget()) is None


@pytest.mark.parametrize("name", ["defaultIfNull", "toJson", "qr", "__class__", "__init__", "methods"])
def test_other_helpers_do_not_exist(name: str) -> None:
    """Those of AppSync, and attributes of Python, give null."""
    assert call_method(UTIL, name, ["a"], Budget()) is None
    assert read_property(UTIL, name, Budget()) is None
