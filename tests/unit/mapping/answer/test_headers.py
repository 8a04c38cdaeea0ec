"""Clients get the headers that are mapped and overridden, under the names that API Gateway gives them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from reconciler.mapping.exchange import ApiFacts
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import RestResponse
from support.answering import HEADER, default, function, http, mapped, mock, templated, why

BACKEND: Mapping[str, str | tuple[str, ...]] = {
    "ETag": '"v1"',
    "Set-Cookie": ("a=1", "b=2"),
    "X-Empty": "",
    "X-None": (),
}


def header(value: str, body: str | bytes = "", **rest: Any) -> object:  # noqa: ANN401 - any field of an exchange
    """What a client gets as header X, None if it is not sent."""
    return http(mapped(value), 200, body, BACKEND, **rest).headers.get("X")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("'*'", "*"),
        ("'it''s'", "it''s"),
        ("'  padded '", "padded"),
        ("integration.response.header.ETag", '"v1"'),
        ("integration.response.header.Set-Cookie", "b=2"),
        ("integration.response.multivalueheader.Set-Cookie", "a=1,b=2"),
        ("integration.response.multivalueheader.ETag", '"v1"'),
    ],
)
def test_a_header_is_mapped(value: str, expected: str) -> None:
    """Static text, a header, its last value, or all values with commas."""
    assert expected == header(value)


@pytest.mark.parametrize(
    "value",
    [
        "integration.response.header.etag",
        "integration.response.header.X-Missing",
        "integration.response.multivalueheader.set-cookie",
        "integration.response.header.X-None",
        "integration.response.body.missing",
        "integration.response.body.pets[9]",
        "integration.response.body.name.first",
        "stageVariables.missing",
        "context.authorizer.missing",
    ],
)
def test_a_missing_source_gives_no_header(value: str) -> None:
    """A source that is missing, or written in another case, gives no header."""
    assert header(value, '{"pets": [{"id": 1}], "name": "Rex"}') is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("name", "Rex"),
        ("pets[0].id", "1"),
        ("pets[-1].id", "2"),
        ("['name']", "Rex"),
        ("price", "1.5"),
        ("big", "1.743263483047E9"),
    ],
)
def test_a_value_of_the_body_is_mapped(path: str, expected: str) -> None:
    """Strings are mapped as they are, numbers as Java prints them."""
    body = '{"name": "Rex", "pets": [{"id": 1}, {"id": 2}], "price": 1.50, "big": 1743263483.047}'

    assert expected == header(f"integration.response.body.{path}", body)


def test_the_whole_body_is_mapped() -> None:
    """The body as a whole is mapped as text, whether or not it is JSON."""
    assert '{"a": 1}' == header("integration.response.body", '{"a": 1}')
    assert "<a/>" == header("integration.response.body", "<a/>")


def test_an_empty_body_is_an_empty_object() -> None:
    """An empty body is `{}`."""
    assert "{}" == header("integration.response.body")
    assert header("integration.response.body.name") is None


@pytest.mark.parametrize("value", ["integration.response.body", "integration.response.body.name"])
def test_broken_json_is_an_error(value: str) -> None:
    """A body that starts with `{` and is not JSON is a 500, for a value and for the whole body."""
    answer = http(mapped(value), 200, " {wrong")

    assert 500 == answer.status
    assert answer.error is not None
    assert 'a mapping reads the body " {wrong", which is not JSON' in answer.error.why


@pytest.mark.parametrize("body", ["plain text", "[1, ", "<a>{</a>"])
def test_other_text_has_no_values(body: str) -> None:
    """A body that does not start with `{` has no values."""
    assert header("integration.response.body.name", body) is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"x": {}}', "an object"),
        ('{"x": []}', "an array"),
        ('{"x": true}', "a boolean"),
        ('{"x": null}', "null"),
        ('{"x": [null]}', "an array"),
    ],
)
def test_other_values_are_unknown(body: str, kind: str) -> None:
    """What AWS makes of objects, arrays, booleans and null in a header is not documented."""
    assert f"body.x is {kind}" in why(header("integration.response.body.x", body))


def test_null_in_an_array_is_unknown() -> None:
    """An item that is null is not a missing one."""
    assert "is null" in why(header("integration.response.body.x[0]", '{"x": [null]}'))
    assert header("integration.response.body.x[1]", '{"x": [null]}') is None
    assert header("integration.response.body.x[-2]", '{"x": [null]}') is None


def test_null_of_a_function_is_unknown() -> None:
    """A function that gives null gives no known header."""
    assert "is null" in why(header("integration.response.body.missing.length()", "{}"))


def test_an_indefinite_path_is_unknown() -> None:
    """A path that may find several values gives an array."""
    assert "an array" in why(header("integration.response.body.pets[*].id", '{"pets": [{"id": 1}]}'))


def test_a_path_that_is_not_valid_is_unknown() -> None:
    """A JSONPath that Jayway refuses gives no known header."""
    assert "is not valid" in why(header("integration.response.body.pets..", '{"pets": []}'))


def test_a_path_that_is_not_evaluated_is_unknown() -> None:
    """A JSONPath with a function that is not evaluated here gives no known header."""
    assert "not evaluated" in why(header("integration.response.body.pets.unheard()", '{"pets": []}'))


def test_a_binary_body_is_unknown() -> None:
    """What a mapping reads from a binary body is not documented."""
    api = ApiFacts(binary_media_types=("image/png",))
    answer = http(mapped("integration.response.body"), 200, b"\0", {"Content-Type": "image/png"}, api=api)

    assert "binary body" in why(answer.headers["X"])


def test_context_and_stage_variables_are_mapped() -> None:
    """Values of context, at any depth, and stage variables are mapped; numbers as text."""
    how: dict[str, Any] = {
        "context": {"requestId": "r-1", "identity": {"sourceIp": "192.0.2.1"}, "responseLatency": 12},
        "stage_variables": {"tier": "gold"},
    }

    assert "r-1" == header("context.requestId", **how)
    assert "192.0.2.1" == header("context.identity.sourceIp", **how)
    assert "12" == header("context.responseLatency", **how)
    assert "gold" == header("stageVariables.tier", **how)


@pytest.mark.parametrize("name", ["requestId", "identity.sourceIp"])
def test_context_that_every_call_has_is_unknown(name: str) -> None:
    """A value that AWS always sets and the exchange does not state is not known."""
    assert f"context.{name} is not given" == why(header(f"context.{name}"))


def test_context_of_the_request_template_is_unknown() -> None:
    """Whether a mapping sees what the request template set in $context is not documented."""
    assert "context.mine" in why(header("context.mine", state={"mine": "x"}))


@pytest.mark.parametrize("value", ["''", "' '", "'\n'", "'caf\u00e9'", "'a\nb'", "integration.response.header.X-Empty"])
def test_values_that_no_header_holds_are_unknown(value: str) -> None:
    """What AWS does with empty values, line ends and non-ASCII text is not documented."""
    assert "header is not documented" in why(header(value))


def test_json_is_the_default_type() -> None:
    """Every answer has Content-Type: application/json, whatever the backend's."""
    assert {"Content-Type": "application/json"} == http(default(), 200, "<a/>", {"Content-Type": "text/xml"}).headers


@pytest.mark.parametrize("name", ["Content-Type", "content-type"])
def test_a_mapping_replaces_the_default_type(name: str) -> None:
    """A mapping of Content-Type, in any case, replaces the default."""
    responses = default(response_parameters={f"{HEADER}{name}": "'text/csv'"})

    assert {name: "text/csv"} == http(responses).headers


def test_a_missing_type_leaves_the_default() -> None:
    """A mapping of Content-Type without a source leaves the default."""
    responses = default(response_parameters={f"{HEADER}Content-Type": "integration.response.header.Content-Type"})

    assert {"Content-Type": "application/json"} == http(responses).headers


def test_two_spellings_are_unknown() -> None:
    """A header that is mapped in two spellings is one header with an unknown value."""
    answer = http(mapped("'1'", x="'2'"))

    assert "X and x are one header, mapped twice" == why(answer.headers["X"])
    assert "x" not in answer.headers


def test_mappings_that_aws_refuses_are_skipped() -> None:
    """AWS does not store a mapping with a mistake, and lint reports it."""
    responses = default(response_parameters={f"{HEADER}X": "unquoted", "X-Y": "'1'"})

    assert {"Content-Type": "application/json"} == http(responses).headers


def test_headers_of_lambda_are_unknown() -> None:
    """The Lambda service sends headers with values that an exchange does not state."""
    assert "Lambda sends x-amzn-RequestId, with a value that is not given" in why(
        function(mapped("integration.response.header.x-amzn-RequestId")).headers["X"]
    )
    assert "X" not in function(mapped("integration.response.header.X-Other")).headers
    assert "application/json" == function(mapped("integration.response.header.Content-Type")).headers["X"]


def test_the_header_of_failed_functions_is_unknown() -> None:
    """X-Amz-Function-Error is only sent for functions that failed."""
    responses = mapped("integration.response.header.X-Amz-Function-Error")

    assert "X" not in function(responses).headers
    assert isinstance(function(responses, '{"errorMessage": "no"}', failed=True).headers["X"], Unknown)


@pytest.mark.parametrize("name", ["Authorization", "date", "WWW-Authenticate", "Server", "Host"])
def test_some_headers_are_renamed(name: str) -> None:
    """Some headers are delivered as x-amzn-Remapped-NAME."""
    answer = http(default(response_parameters={f"{HEADER}{name}": "'v'"}))

    assert {f"x-amzn-Remapped-{name}": "v", "Content-Type": "application/json"} == answer.headers


def test_transfer_encoding_is_dropped() -> None:
    """Transfer-Encoding is not delivered."""
    answer = http(default(response_parameters={f"{HEADER}Transfer-Encoding": "'chunked'"}))

    assert {"Content-Type": "application/json"} == answer.headers


def overriding(headers: object, **parameters: str) -> dict[str, object]:
    """The headers that a client gets if the request template left these overrides."""
    responses = {
        "200": RestResponse(response_parameters={f"{HEADER}{name}": text for name, text in parameters.items()})
    }
    return dict(mock(responses, state={"responseOverride": {"header": headers}}).headers)


def test_an_override_is_final() -> None:
    """A header that a template sets replaces the mapped one."""
    assert "override" == overriding({"X": "override"}, X="'mapped'")["X"]


def test_an_override_needs_no_mapping() -> None:
    """A header that is not mapped can be set."""
    assert {"foo": "bar", "Content-Type": "application/json"} == overriding({"foo": "bar"})


@pytest.mark.parametrize("name", ["Content-Type", "content-type"])
def test_an_override_replaces_the_default_type(name: str) -> None:
    """An override of Content-Type, in any case, replaces the default."""
    assert {name: "text/html"} == overriding({name: "text/html"})


def test_an_override_in_another_case_is_unknown() -> None:
    """Which of a mapped header and an override in another case is sent is not documented."""
    assert "which of X and the override x" in why(overriding({"x": "override"}, X="'mapped'")["x"])


@pytest.mark.parametrize(("value", "text"), [(7, "7"), (1.5, "1.5"), (Decimal("2.50"), "2.50")])
def test_an_override_may_be_a_number(value: object, text: str) -> None:
    """A number is sent as its text."""
    assert text == overriding({"X": value})["X"]


@pytest.mark.parametrize("value", [None, True, {}, [], ""])
def test_other_overrides_are_unknown(value: object) -> None:
    """What AWS sends for other values is not documented."""
    assert isinstance(overriding({"X": value})["X"], Unknown)


def test_overrides_that_are_no_map_are_ignored() -> None:
    """Overrides of headers that are not a map set nothing."""
    assert {"Content-Type": "application/json"} == overriding("text")


def test_a_template_overrides_headers() -> None:
    """The response template sets headers in $context.responseOverride.header."""
    answer = mock(templated('#set($context.responseOverride.header.Location = "/pets/7")'))

    assert "/pets/7" == answer.headers["Location"]
