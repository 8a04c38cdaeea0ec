"""A client's answer, from the backend's answer through the whole pipeline."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import ImpossibleBackend, respond
from reconciler.mapping.exchange import (
    ApiFacts,
    ClientRequest,
    Exchange,
    HttpResult,
    LambdaResult,
    MockResult,
    NoResult,
)
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import CONTENT_HANDLINGS, RestResponse, WebSocketResponse
from reconciler.models.targets import Kind
from support.answering import HEADER, INTERNAL, default, function, http, mock, reasons, templated

PETS: Mapping[str, RestResponse] = {
    "200": RestResponse(
        response_parameters={f"{HEADER}X-Count": "integration.response.body.count"},
        response_templates={"application/json": '{"first": "$input.path(\'$.pets[0].name\')"}'},
    ),
    "404": RestResponse(
        r"\[NotFound\].*",
        response_parameters={f"{HEADER}X-Error": "'NotFound'"},
        response_templates={
            "application/json": '{"message": "$input.path(\'$.errorMessage\').substring(11)"}',
        },
    ),
}


def test_an_answer_has_everything() -> None:
    """Selection, template and header mappings come together in one answer."""
    answer = function(PETS, '{"count": 2, "pets": [{"name": "Rex"}, {"name": "Tom"}]}')

    assert ("200", 200, '{"first": "Rex"}', None) == (answer.selected, answer.status, answer.body, answer.error)
    assert {"X-Count": "2", "Content-Type": "application/json"} == answer.headers
    assert ("application/json", True) == (answer.template, answer.is_delivered)


def test_an_error_of_the_function_has_its_own_answer() -> None:
    """A failed function is answered by the response for its message."""
    answer = function(PETS, '{"errorMessage": "[NotFound] no pet 7", "errorType": "Error"}', failed=True)

    assert ("404", 404, '{"message": "no pet 7"}') == (answer.selected, answer.status, answer.body)
    assert "NotFound" == answer.headers["X-Error"]


def test_the_branches_of_the_template_are_reported() -> None:
    """The branches that a template takes are part of the answer."""
    assert [True] == [branch.taken for branch in http(templated("#if(true)yes#end")).branches]


def test_the_request_template_overrides_everything() -> None:
    """Status, header and a key of its own, set by a request template, are seen and sent (recorded: case 18)."""
    template = (
        '{"s": "$context.responseOverride.status", "h": "$context.responseOverride.header.foo", "k": "$context.own"}'
    )
    state = {"responseOverride": {"status": 444, "header": {"foo": "bar"}}, "own": "kept"}
    answer = mock(templated(template), state=state, api=ApiFacts(method_responses=frozenset({"200"})))

    assert (444, "bar", '{"s": "444", "h": "bar", "k": "kept"}') == (
        answer.status,
        answer.headers["foo"],
        answer.body,
    )


def test_the_request_template_overrides_without_response_template() -> None:
    """The overrides of a request template count where there is no response template (recorded: case 19)."""
    state = {"responseOverride": {"status": 444, "header": {"foo": "bar"}}}
    answer = mock(default(), state=state)

    assert (444, "bar", "") == (answer.status, answer.headers["foo"], answer.body)


@pytest.mark.parametrize(("body", "status"), [("all is well", 202), ("a customerror here", 400)])
def test_a_template_sets_the_status_by_the_body(body: str, status: int) -> None:
    """A template may set an undeclared status by what the function returned (recorded: case 21)."""
    template = (
        "#set($root = $input.path('$'))$input.json('$')"
        '#if($root.toString().contains("customerror"))#set($context.responseOverride.status = 400)'
        "#else#set($context.responseOverride.status = 202)#end"
    )
    payload = json.dumps({"statusCode": 200, "body": body}, separators=(",", ":"))
    answer = function(templated(template), payload, api=ApiFacts(method_responses=frozenset({"200", "400"})))

    assert (status, payload) == (answer.status, str(answer.body).strip())


def test_stage_variables_and_context_are_seen() -> None:
    """An undefined stage variable prints nothing, a variable of context its value (recorded: case 22)."""
    template = '{"none": "$stageVariables.none", "tier": "$stageVariables.tier", "c": "$context.isCanaryRequest"}'
    answer = mock(templated(template), stage_variables={"tier": "gold"}, context={"isCanaryRequest": "false"})

    assert '{"none": "", "tier": "gold", "c": "false"}' == answer.body


LAMBDA_PATTERNS = {
    "200": RestResponse(),
    "405": RestResponse(".*four hundred.*"),
    "502": RestResponse(".+"),
    "504": RestResponse("200"),
}


@pytest.mark.parametrize(
    ("message", "selected"),
    [(None, "200"), ("an error of five hundred", "502"), ("200", None), ("four hundred!", None)],
)
def test_selection_as_recorded(message: str | None, selected: str | None) -> None:
    """Success takes the default and never `.+` or `200`; an error takes `.+` (recorded answers). Two matches: unknown.

    In the recording the more special of two patterns won, which was also the first in every order there is.
    """
    failed = message is not None
    payload = json.dumps({"errorMessage": message}) if failed else '{"ok": true}'
    answer = function(LAMBDA_PATTERNS, payload, failed=failed)

    assert selected == (None if isinstance(answer.selected, Unknown) else answer.selected)


def test_http_selection_as_recorded() -> None:
    r"""A backend's 404 takes `4\d{2}` to 400, and 201 the default to 200 (recorded answers)."""
    responses = {"200": RestResponse(), "400": RestResponse(r"4\d{2}")}

    assert (400, 200) == (http(responses, 404).status, http(responses, 201).status)


def test_a_lone_pattern_serves_as_recorded() -> None:
    r"""A default is not needed: `2\d{2}` alone serves successes (recorded answers)."""
    assert 200 == mock({"200": RestResponse(r"2\d{2}")}).status


def test_a_timeout_is_a_gateway_timeout() -> None:
    """A backend that does not answer in time ends in AWS's 504; no response is considered."""
    answer = respond(PETS, Exchange(NoResult("timeout")))

    assert (None, 504, '{"message": "Endpoint request timed out"}') == (answer.selected, answer.status, answer.body)
    assert answer.error is not None
    assert {"is not considered: the backend did not answer"} == set(reasons(answer).values())


def test_a_connection_that_fails_is_a_gateway_timeout() -> None:
    """An HTTP backend that cannot be reached ends in AWS's 504."""
    answer = respond(PETS, Exchange(NoResult("connection")))

    assert (504, '{"message": "Network error communicating with endpoint"}') == (answer.status, answer.body)


def test_an_aws_service_that_cannot_be_reached_is_unknown() -> None:
    """What AWS answers when one of its services cannot be reached is not documented."""
    answer = respond(PETS, Exchange(NoResult("connection"), api=ApiFacts(integration_type="AWS")))

    assert isinstance(answer.status, Unknown)
    assert isinstance(answer.body, Unknown)
    assert answer.error is not None


def test_a_timeout_of_a_websocket_is_a_frame() -> None:
    """A WebSocket client gets an error frame."""
    context = {"connectionId": "c", "requestId": "r"}
    answer = respond({"$default": WebSocketResponse()}, Exchange(NoResult("timeout"), context=context))

    assert '{"message": "Endpoint request timed out", "connectionId":"c", "requestId":"r"}' == answer.body
    assert answer.status is None


def test_a_websocket_backend_that_cannot_be_reached_is_unknown() -> None:
    """The error frame for a backend that cannot be reached is not documented."""
    answer = respond({"$default": WebSocketResponse()}, Exchange(NoResult("connection")))

    assert (None, True) == (answer.status, isinstance(answer.body, Unknown))


def test_no_responses_are_those_of_a_rest_api() -> None:
    """Without responses, the exchange says of which kind the API is; a REST API if it does not."""
    frames = ApiFacts(kind=Kind.WEBSOCKET_API)

    assert (500, INTERNAL) == (http({}).status, http({}).body)
    assert http({}, api=frames).status is None


def test_a_status_that_aws_refuses_is_unknown() -> None:
    """A response under something that is not a status code cannot exist on AWS."""
    assert isinstance(http({"20x": RestResponse()}).status, Unknown)


texts = st.text(max_size=12) | st.sampled_from(
    ["", "{", "{}", '{"a": [1, {"b": null}]}', "aGk=", "404", "\ud800", "[NotFound]"]
)
headers = st.dictionaries(
    st.sampled_from(["Content-Type", "content-type", "X-A", "Date"]),
    st.sampled_from(["image/png", "text/plain; q=1", "", "a\nb"]) | st.lists(texts, max_size=2).map(tuple),
    max_size=3,
)
backends = st.one_of(
    st.builds(LambdaResult, texts | texts.map(lambda text: json.dumps({"errorMessage": text})), st.booleans()),
    st.builds(HttpResult, st.sampled_from([200, 404, 503, 7]), headers, texts | st.binary(max_size=6)),
    st.builds(MockResult, st.sampled_from([200, 404, -1])),
    st.builds(NoResult, st.sampled_from(["timeout", "connection"])),
)
values = st.sampled_from(
    [
        "'x'",
        "''",
        "unquoted",
        "integration.response.body",
        "integration.response.body.a[0]",
        "integration.response.body.a..b",
        "integration.response.header.X-A",
        "integration.response.multivalueheader.X-A",
        "context.requestId",
        "context.a.b",
        "stageVariables.v",
    ]
)
names = st.sampled_from(["X", "x", "Content-Type", "Date", "Transfer-Encoding"])
templates = st.sampled_from(
    [
        "",
        "text",
        "$input.body",
        "$input.json('$.a')",
        "#if(",
        "#set($context.responseOverride.status = 418)",
        "$context.a.b",
    ]
)
parameters = st.dictionaries(names.map(lambda name: f"{HEADER}{name}"), values, max_size=3)
handlings = st.sampled_from([None, *CONTENT_HANDLINGS, "OTHER"])
rest_responses = st.dictionaries(
    st.sampled_from(["200", "201", "404", "500", "20x"]),
    st.builds(
        RestResponse,
        st.sampled_from(["", r"4\d{2}", ".*", ".+", "(", r"\p{L}+", r"\[NotFound\].*"]),
        handlings,
        parameters,
        st.dictionaries(
            st.sampled_from(["application/json", "image/png", "text/xml", "TEXT/XML"]), templates, max_size=2
        ),
    ),
    max_size=4,
)
expressions = st.sampled_from(
    ["", "a", r"\$default", "$default", "${request.body.a}", "${integration.response.header.X-A}"]
)
websocket_responses = st.dictionaries(
    st.sampled_from(["$default", "/200/", r"/4\d\d/", "//", "/(/", "200", "/"]),
    st.builds(
        WebSocketResponse,
        expressions,
        handlings,
        parameters,
        st.dictionaries(st.sampled_from(["a", "$default"]), templates, max_size=2),
    ),
    max_size=4,
)
overrides = st.dictionaries(
    st.sampled_from(["status", "header"]),
    st.sampled_from([None, 404, 600, "404", True, {}, {"X": "1", "x": None, "content-type": 5, "Date": [1]}]),
)
exchanges = st.builds(
    Exchange,
    backends,
    st.builds(
        ClientRequest,
        headers=st.dictionaries(
            st.sampled_from(["Accept", "accept"]), st.sampled_from(["", "*/*", "image/png, a/b", ";"])
        ),
        body=texts,
    ),
    st.dictionaries(st.sampled_from(["requestId", "connectionId", "a"]), st.sampled_from(["r", 1, None, {"b": "c"}])),
    st.dictionaries(st.just("v"), texts),
    st.dictionaries(st.sampled_from(["responseOverride", "a"]), overrides | st.none() | st.just("x")),
    st.builds(
        ApiFacts,
        st.lists(st.sampled_from(["*/*", "image/*", "image/png", ""]), max_size=2).map(tuple),
        st.none() | st.frozensets(st.sampled_from(["200", "404"])),
        st.sampled_from([None, "AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"]),
        st.booleans(),
        st.sampled_from([None, *Kind]),
    ),
)


def answered(responses: Mapping[str, Any], exchange: Exchange) -> Answer | str:
    """The answer, or why the backend is impossible."""
    try:
        return respond(responses, exchange)
    except ImpossibleBackend as impossible:
        return impossible.why


@settings(max_examples=400, deadline=None)
@given(rest_responses | websocket_responses, exchanges)
def test_every_exchange_has_an_answer(
    responses: dict[str, RestResponse] | dict[str, WebSocketResponse], exchange: Exchange
) -> None:
    """Nothing is raised but ImpossibleBackend; what is selected exists, and what is unknown has a reason."""
    answer = answered(responses, exchange)

    if isinstance(answer, Answer):
        assert isinstance(answer.selected, Unknown) or answer.selected in {*responses, None}
        assert {*responses} == {each.key for each in answer.considered}
        assert all(each.why for each in answer.considered)
        unknown = [answer.selected, answer.status, answer.body, answer.is_delivered, *answer.headers.values()]
        assert all(value.why for value in unknown if isinstance(value, Unknown))
        assert answer.error is None or answer.error.why


@settings(max_examples=200, deadline=None)
@given(rest_responses | websocket_responses, exchanges)
def test_the_order_of_responses_does_not_matter(
    responses: dict[str, RestResponse] | dict[str, WebSocketResponse], exchange: Exchange
) -> None:
    """Responses in another order give the same answer."""
    assert answered(responses, exchange) == answered(dict(reversed(responses.items())), exchange)
