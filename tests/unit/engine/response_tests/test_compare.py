"""What a client gets against what is expected."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.response_tests.compare import (
    AnswerComparison,
    BodyText,
    BodyValue,
    Difference,
    Expected,
    MissingBody,
    compare,
)
from reconciler.mapping.answer.answer import Answer, AnswerError, HeaderValue
from reconciler.mapping.rendering import Unknown

UNKNOWN = Unknown("two patterns match")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def answer(
    body: str | bytes | Unknown = "",
    headers: Mapping[str, HeaderValue | Unknown] | None = None,
    status: int | Unknown = 200,
    error: AnswerError | None = None,
) -> Answer:
    """An answer of the response for 200."""
    return Answer("200", status, headers or {}, body, error)


def differs(expected: Expected, actual: Answer) -> tuple[Difference, ...]:
    """The differences of a comparison in which nothing is unknown."""
    comparison = compare(expected, actual)
    assert () == comparison.unknown
    return comparison.differences


def test_what_is_not_named_is_not_compared() -> None:
    """An expectation without a value fits every answer."""
    assert AnswerComparison() == compare(Expected(), answer("body", {"X": "1"}, 500))


def test_every_value() -> None:
    """Each value that is named is compared."""
    expected = Expected(201, "404", {"X-A": "1"}, BodyText("a"), error=True, delivered=False)

    assert [
        ("selected", "404", "200"),
        ("status", 201, 200),
        ("headers.X-A", "1", None),
        ("error", True, False),
        ("delivered", False, True),
        ("body", "a", "b"),
    ] == [(each.path, each.expected, each.actual) for each in differs(expected, answer("b"))]


def test_header_names_have_no_case() -> None:
    """HTTP does not distinguish X-Error and x-error."""
    assert () == differs(Expected(headers={"x-ERROR": "1"}), answer(headers={"X-Error": "1"}))


def test_absent_header() -> None:
    """A header that is not to be sent, and is."""
    assert (Difference("headers.X", None, "1"),) == differs(Expected(headers={"X": None}), answer(headers={"X": "1"}))


def test_repeated_header() -> None:
    """Several values are a list; one value is the same as a list of it."""
    assert () == differs(Expected(headers={"X": ("1", "2")}), answer(headers={"X": ("1", "2")}))
    assert () == differs(Expected(headers={"X": ("1",)}), answer(headers={"X": "1"}))
    assert (Difference("headers.X", "1", ["1", "2"]),) == differs(
        Expected(headers={"X": "1"}), answer(headers={"X": ("1", "2")})
    )


def test_expected_error() -> None:
    """API Gateway answers for itself, as expected."""
    error = AnswerError("Internal server error", "the template does not parse")

    assert () == differs(Expected(error=True), answer(error=error))
    assert (Difference("error", False, True),) == differs(Expected(error=False), answer(error=error))


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        ({"a": 1, "b": [True, None]}, '{ "b": [true, null], "a": 1.0 }'),
        ("text", '"text"'),
        (None, "null"),
        (0.1, "1e-1"),
    ],
)
def test_equal_json(expected: object, body: str) -> None:
    """JSON is compared by value."""
    assert () == differs(Expected(body=BodyValue(expected)), answer(body))


@pytest.mark.parametrize(
    ("expected", "body", "actual"),
    [
        (1, "true", True),
        (True, "1", 1),
        ([1, 2], "[1]", [1]),
        ({"a": 1}, '{"a": 1, "b": 2}', {"a": 1, "b": 2}),
        ({"a": "1"}, '{"a": 1}', {"a": 1}),
        ({"a": 1}, "{a: 1}", "{a: 1}"),
        ({}, "", ""),
        (float(1), "NaN", "NaN"),
        ({}, b"\xff", {"base64": "/w=="}),
        ([], "[" * 100_000, "[" * 100_000),
    ],
)
def test_other_json(expected: object, body: str | bytes, actual: object) -> None:
    """A body that is no JSON differs as the text that it is."""
    assert (Difference("body", expected, actual),) == differs(Expected(body=BodyValue(expected)), answer(body))


def test_contains() -> None:
    """The body may have more members, at any depth; lists have the same length."""
    expected = Expected(body=BodyValue({"a": {"b": [{"c": 1}]}}, at_least=True))

    assert () == differs(expected, answer('{"a": {"b": [{"c": 1, "d": 2}], "e": 3}, "f": 4}'))
    assert 1 == len(differs(expected, answer('{"a": {"b": [{"c": 1}, {}]}}')))
    assert 1 == len(differs(expected, answer('{"a": {"b": [{"d": 1}]}}')))
    assert 1 == len(differs(expected, answer("{}")))
    assert 1 == len(differs(expected, answer("no JSON")))


@given(JSON)
def test_a_value_equals_its_json(value: Any) -> None:  # noqa: ANN401 - any JSON
    """Both as a whole and as what is at least there."""
    body = answer(json.dumps(value))

    assert () == differs(Expected(body=BodyValue(value)), body)
    assert () == differs(Expected(body=BodyValue(value, at_least=True)), body)


def test_texts_are_exact() -> None:
    """A space more is a difference."""
    assert (Difference("body", '{"a":1}', '{"a": 1}'),) == differs(
        Expected(body=BodyText('{"a":1}')), answer('{"a": 1}')
    )


def test_a_value_that_passes_through() -> None:
    """The spacing of a Lambda function's own JSON is not known, so it does not count."""
    expected = Expected(body=BodyText('{"a": 1}'))

    assert AnswerComparison() == compare(expected, answer('{"a":1}'), is_json_value=True)
    assert () != compare(expected, answer('{"a":2}'), is_json_value=True).differences


def test_binary_bodies() -> None:
    """Bytes are compared as such, and shown as base64."""
    assert () == differs(Expected(body=BodyText(b"\x00\xff")), answer(b"\x00\xff"))
    assert () == differs(Expected(body=BodyText("é")), answer("é".encode()))
    assert (Difference("body", {"base64": "AA=="}, {"base64": "AQ=="}),) == differs(
        Expected(body=BodyText(b"\x00")), answer(b"\x01")
    )


def test_lone_surrogates() -> None:
    """Half a pair cannot be sent: the client gets a question mark."""
    assert () == differs(Expected(body=BodyText("a?é")), answer("a\ud83dé"))
    assert (Difference("body", {}, {"?": ["?"]}),) == differs(
        Expected(body=BodyValue({})), answer('{"\\ud83d": ["\\ud83d"]}')
    )
    assert (Difference("headers.X", "", "?"),) == differs(Expected(headers={"X": ""}), answer(headers={"X": "\ud83d"}))


def test_missing_file() -> None:
    """A body that is expected in a file that does not exist yet differs from all."""
    assert (Difference("body", None, "", "missing"),) == differs(Expected(body=MissingBody()), answer(""))


def test_unknown_values() -> None:
    """A compared value that is unknown makes the result unknown, with the reason."""
    comparison = compare(
        Expected(status=200, headers={"X": "1"}, body=BodyText("")), answer(UNKNOWN, {"x": UNKNOWN}, UNKNOWN)
    )

    assert ("unknown", (), ("status", "headers.X", "body")) == (
        comparison.result,
        comparison.differences,
        tuple(what for what, _ in comparison.unknown),
    )
    assert {"two patterns match"} == {why for _, why in comparison.unknown}


def test_unknown_values_that_are_not_compared() -> None:
    """What a test does not name may be unknown."""
    assert "passed" == compare(Expected(status=200), answer(UNKNOWN)).result


def test_a_difference_outweighs_what_is_unknown() -> None:
    """A test that fails fails, whatever is unknown."""
    assert "failed" == compare(Expected(status=201, body=BodyText("")), answer(UNKNOWN)).result


def test_expected_to_be_unknown() -> None:
    """A value that is expected to be unknown, and is."""
    expected = Expected(unknown=("body", "headers.X", "status"))

    assert "passed" == compare(expected, answer(UNKNOWN, {"x": UNKNOWN}, UNKNOWN)).result


def test_expected_to_be_unknown_but_known() -> None:
    """A value that is known after all is a difference."""
    assert (
        Difference("body", "unknown", "text", "unknown"),
        Difference("headers.X", "unknown", None, "unknown"),
    ) == differs(Expected(unknown=("body", "headers.X")), answer("text"))
