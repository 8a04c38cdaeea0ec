"""The function behind an AWS_PROXY integration composes the whole response."""

import base64
import json

import pytest

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.exchange import ApiFacts
from reconciler.models.targets import Kind
from support.answering import INTERNAL, function, why

PROXY = ApiFacts(integration_type="AWS_PROXY")
IMAGES = ApiFacts(integration_type="AWS_PROXY", binary_media_types=("image/*",))
PNG = b"\x89PNG\xff"


def returned(value: object, *, accept: str | None = None, api: ApiFacts = PROXY) -> Answer:
    """What a client gets if the function returns this."""
    return function({}, json.dumps(value), accept=accept, api=api)


def test_the_function_composes_the_response() -> None:
    """Status, headers and body are those that the function returns."""
    answer = returned({"statusCode": 201, "headers": {"X-A": "1"}, "body": "made", "isBase64Encoded": False})

    assert (201, "made", {"Content-Type": "application/json", "X-A": "1"}) == (
        answer.status,
        answer.body,
        answer.headers,
    )


@pytest.mark.parametrize("value", [{}, {"statusCode": 200, "headers": None}, {"body": None}, {"headers": {}}])
def test_all_members_are_optional(value: object) -> None:
    """Without members the answer is an empty 200."""
    answer = returned(value)

    assert (200, "", {"Content-Type": "application/json"}) == (answer.status, answer.body, answer.headers)


def test_the_status_may_be_text() -> None:
    """A status of three digits may be a text."""
    assert 201 == returned({"statusCode": "201"}).status


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"statusCode": "test"}, 'statusCode "test" is not a number'),
        ({"statusCode": 200, "wrong": 1}, 'the member "wrong" is not allowed'),
        ("just a text", "the payload is not an object"),
        (None, "the payload is not an object"),
        ({"body": {"a": 1}}, "body is not text"),
        ({"headers": "X: 1"}, "headers is not an object"),
        ({"multiValueHeaders": {"X": "1"}}, 'the header "X" of multiValueHeaders is not a list'),
    ],
)
def test_other_results_are_malformed(value: object, reason: str) -> None:
    """Anything else is a 502 of AWS's own."""
    answer = returned(value)

    assert (502, INTERNAL) == (answer.status, answer.body)
    assert answer.error is not None
    assert f"Malformed Lambda proxy response: {reason}" == answer.error.why


def test_a_result_that_is_no_json_is_malformed() -> None:
    """A payload that is not JSON is a 502."""
    assert 502 == function({}, "<html>", api=PROXY).status


def test_a_function_that_fails_is_a_bad_gateway() -> None:
    """A function that fails is a 502."""
    answer = function({}, '{"errorMessage": "no"}', failed=True, api=PROXY)

    assert (502, INTERNAL) == (answer.status, answer.body)


@pytest.mark.parametrize("status", [None, 7, 1000, 200.5, True, [], "007"])
def test_other_statuses_are_unknown(status: object) -> None:
    """What AWS does with other statuses is not recorded."""
    assert "statusCode" in why(returned({"statusCode": status}).status)


def test_a_boolean_header_is_text() -> None:
    """A header may be a boolean."""
    assert ("true", "false") == tuple(
        returned({"headers": {"A": True, "B": False}}).headers[name] for name in ("A", "B")
    )


def test_other_values_of_headers_are_unknown() -> None:
    """What AWS does with other values is not recorded."""
    assert "a header A that is not text" in why(returned({"headers": {"A": 1}}).headers["A"])
    assert "a header A without values" in why(returned({"multiValueHeaders": {"A": [1]}}).headers["A"])
    assert "a header A without values" in why(returned({"multiValueHeaders": {"A": []}}).headers["A"])


def test_a_header_may_have_several_values() -> None:
    """MultiValueHeaders sends a header several times."""
    assert ("1", "2") == returned({"multiValueHeaders": {"A": ["1", "2"]}}).headers["A"]
    assert "1" == returned({"multiValueHeaders": {"A": ["1"]}}).headers["A"]


def test_a_value_in_both_maps_is_sent_once() -> None:
    """A value that is in both maps counts once."""
    assert ("1", "2") == returned({"headers": {"A": "2"}, "multiValueHeaders": {"A": ["1", "2"]}}).headers["A"]


def test_the_order_of_both_maps_is_unknown() -> None:
    """The order of different values in both maps is not documented."""
    answer = returned({"headers": {"A": "0"}, "multiValueHeaders": {"A": ["1"]}})

    assert "the order of the values of A" in why(answer.headers["A"])


def test_two_spellings_are_unknown() -> None:
    """Two spellings of a header are one header with an unknown value."""
    assert "A and a, which are one header" in why(returned({"headers": {"A": "0", "a": "1"}}).headers["A"])


def test_the_function_may_set_the_type() -> None:
    """Content-Type in any case replaces the default."""
    assert {"content-type": "text/html"} == returned({"headers": {"content-type": "text/html"}}).headers


@pytest.mark.parametrize(("accept", "expected"), [("image/png", PNG), ("text/html", base64.b64encode(PNG).decode())])
def test_base64_is_decoded_for_binary_clients(accept: str, expected: str | bytes) -> None:
    """An encoded body is decoded if the first type that the client accepts is binary."""
    value = {"body": base64.b64encode(PNG).decode(), "isBase64Encoded": True}

    assert expected == returned(value, accept=accept, api=IMAGES).body


def test_text_is_never_decoded() -> None:
    """A body that is not marked as encoded passes."""
    assert "aGk=" == returned({"body": "aGk="}, accept="image/png", api=IMAGES).body


def test_base64_that_is_none_is_an_error() -> None:
    """A body that cannot be decoded is a 500."""
    assert 500 == returned({"body": "no, no", "isBase64Encoded": True}, accept="image/png", api=IMAGES).status


@pytest.mark.parametrize("body", ["aGk", "aGk=\n"])
def test_doubtful_base64_is_unknown(body: str) -> None:
    """Whether AWS decodes Base64 of other kinds is not recorded."""
    assert "Base64" in why(returned({"body": body, "isBase64Encoded": True}, accept="image/png", api=IMAGES).body)


def test_base64_without_accept_is_unknown() -> None:
    """With `*/*` and no Accept, nothing says whether the body is decoded."""
    api = ApiFacts(integration_type="AWS_PROXY", binary_media_types=("*/*",))

    assert "without Accept" in why(returned({"body": "aGk=", "isBase64Encoded": True}, api=api).body)


def test_a_mark_that_is_no_boolean_is_unknown() -> None:
    """What AWS makes of other values of isBase64Encoded is not recorded."""
    assert "isBase64Encoded" in why(returned({"body": "aGk=", "isBase64Encoded": "yes"}, api=IMAGES).body)


FRAMES = ApiFacts(integration_type="AWS_PROXY", kind=Kind.WEBSOCKET_API)


def test_a_websocket_client_gets_the_body() -> None:
    """The frame is the body that the function returns."""
    answer = returned({"statusCode": 200, "body": "pong"}, api=FRAMES)

    assert (None, {}, "pong") == (answer.status, answer.headers, answer.body)


@pytest.mark.parametrize("value", [{}, "text", {"statusCode": 500, "body": "x"}, {"statusCode": 200, "body": {}}])
def test_other_results_of_websockets_are_unknown(value: object) -> None:
    """What a client gets of other results is not documented."""
    assert "2xx statusCode" in why(returned(value, api=FRAMES).body)


def test_a_websocket_result_that_is_no_json_is_unknown() -> None:
    """What a client gets of a payload that is not JSON is not documented."""
    assert "2xx statusCode" in why(function({}, "<html>", api=FRAMES).body)


def test_a_websocket_function_that_fails_is_an_error() -> None:
    """A function that fails ends in an error frame."""
    assert function({}, "{}", failed=True, api=FRAMES).error is not None
