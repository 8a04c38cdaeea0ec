"""Reading WebSocket APIs through real boto3: routes, integrations, and the responses of listed integrations."""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from reconciler import errors
from reconciler.aws.clients import ProfileClients
from reconciler.aws.failures import WriteBlocked
from reconciler.aws.session import AwsCloud
from reconciler.models.keys import IntegrationKey
from reconciler.models.live import ApiSummary, LiveIntegration
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Coordinates, Target
from reconciler.models.views import live_integrations
from reconciler.ports import IntegrationSelection, Reader
from support.clock import FakeClock
from support.processes import PATIENCE
from support.stub import (
    CHAT,
    CHAT_REF,
    CHAT_RESPONSE_PATH,
    CHAT_RESPONSES_PATH,
    CHAT_STORED,
    DROPPED,
    NO_SUCH_RESPONSE,
    Scripted,
    Stub,
    refused,
    said,
)

pytestmark = pytest.mark.usefixtures("settings")

IDS = (f"chat{number}" for number in itertools.count(2))
SEND = {"routeId": "r1", "routeKey": "sendMessage", "target": "integrations/int1"}
TWO_WAY = {**SEND, "routeKey": "ask", "routeResponseSelectionExpression": "$default"}
MOCK = {"integrationId": "int1", "integrationType": "MOCK"}
PROXY = {"integrationId": "int2", "integrationType": "AWS_PROXY", "integrationUri": "arn:x"}
SENDING = IntegrationSelection(routes=frozenset({"sendMessage"}))
NO_SUCH_API = refused(404, "NotFoundException", "Invalid API identifier specified 123456789012:chat1")


@pytest.fixture
def chat(stub: Stub) -> Target:
    """An API that nobody has asked for yet, as a connection remembers protocols; it says that it is a WebSocket API."""
    api_id = next(IDS)
    stub.standing[f"GET /v2/apis/{api_id}"] = said({"apiId": api_id, "protocolType": "WEBSOCKET"})
    return replace(CHAT, api_id=api_id)


def items(*found: dict[str, Any], then: str = "") -> Scripted:
    """Return a page and the token of the next."""
    return said({"items": found, **({"nextToken": then} if then else {})})


def one_response(response_id: str = "ir1", key: str = "$default") -> dict[str, Any]:
    """Return an integration response with only a key, as it reads back."""
    return {
        "integrationResponseId": response_id,
        "integrationResponseKey": key,
        "responseParameters": {},
        "responseTemplates": {},
    }


def many(chat: Target, stub: Stub, number: int) -> IntegrationSelection:
    """An API of so many integrations with a response each, none of which a route leads to; all are listed."""
    ids = [f"int{index}" for index in range(number)]
    base = f"GET /v2/apis/{chat.api_id}"
    stub.standing[f"{base}/routes?maxResults=500"] = items()
    stub.standing[f"{base}/integrations?maxResults=500"] = items(*({**MOCK, "integrationId": one} for one in ids))
    for one in ids:
        stub.standing[responses_of(chat, one)] = items(one_response())
    return IntegrationSelection(integrations=frozenset(ids))


def responses_of(chat: Target, integration_id: str) -> str:
    """Return the request for the responses of an integration."""
    return f"GET /v2/apis/{chat.api_id}/integrations/{integration_id}/integrationresponses?maxResults=500"


def test_api_is_read_in_normal_form(stub: Stub, reader: Reader, chat: Target) -> None:
    """Integrations have their routes; the listed one has its responses by key, with AWS's ids."""
    stub.answers = [items(SEND, TWO_WAY), items(MOCK, PROXY), items(CHAT_STORED)]
    live = reader.websocket_api(chat, SENDING)

    assert {
        IntegrationKey("sendMessage", "int1"): LiveIntegration(
            "int1",
            "MOCK",
            routes=("ask", "sendMessage"),
            two_way_routes=frozenset({"ask"}),
            responses={"$default": WebSocketResponse(response_templates={"200": "$x"})},
            response_ids={"$default": "ir1"},
        ),
        IntegrationKey("", "int2"): LiveIntegration("int2", "AWS_PROXY", "arn:x"),
    } == live.methods
    assert {"ask": "int1", "sendMessage": "int1"} == live.routes


def test_api_is_read_with_few_calls(stub: Stub, reader: Reader, chat: Target) -> None:
    """It requests protocol, routes, integrations and the responses of the listed integration, in the largest pages."""
    stub.answers = [items(SEND), items(MOCK, {**MOCK, "integrationId": "int3"}), items(one_response())]
    reader.websocket_api(chat, SENDING)
    base = f"GET /v2/apis/{chat.api_id}"

    assert [
        base,
        f"{base}/routes?maxResults=500",
        f"{base}/integrations?maxResults=500",
        f"{base}/integrations/int1/integrationresponses?maxResults=500",
    ] == stub.gateway_calls


def test_what_is_not_listed_is_not_read(stub: Stub, reader: Reader, chat: Target) -> None:
    """An integration that no manifest lists is read without responses, and marked as such."""
    stub.answers = [items(SEND), items(MOCK)]
    live = reader.websocket_api(chat, IntegrationSelection())

    assert [(False, {})] == [
        (integration.is_read, integration.responses) for integration in live_integrations(live).values()
    ]


def test_responses_of_proxies_are_not_asked_for(stub: Stub, reader: Reader, chat: Target) -> None:
    """A proxy integration has no responses, even if every integration is listed."""
    stub.answers = [items(), items(PROXY)]
    reader.websocket_api(chat, IntegrationSelection(everything=True))

    assert 3 == len(stub.gateway_calls)


def test_second_reading_knows_the_protocol(stub: Stub, reader: Reader, chat: Target) -> None:
    """A protocol never changes: reading an API again requests only routes and integrations."""
    stub.answers = [items(), items()] * 2
    reader.websocket_api(chat, IntegrationSelection())
    reader.websocket_api(chat, IntegrationSelection())

    assert 5 == len(stub.gateway_calls)


def test_all_pages_are_read(stub: Stub, reader: Reader, chat: Target) -> None:
    """Routes, integrations and responses are paginated."""
    stub.answers = [
        items(SEND, then="r2"),
        items(TWO_WAY),
        items(then="i2"),
        items(MOCK),
        items(one_response(), then="two"),
        items(one_response("ir2", "/404/")),
    ]
    live = reader.websocket_api(chat, SENDING)

    assert {"$default": "ir1", "/404/": "ir2"} == live_integrations(live)[
        IntegrationKey("sendMessage", "int1")
    ].response_ids
    assert {"ask", "sendMessage"} == live.routes.keys()


def test_next_page_is_asked_for_by_token(stub: Stub, reader: Reader) -> None:
    """The token is sent unchanged, and the size of the page stays."""
    stub.answers = [items(then="a/b=="), items()]
    reader.websocket_responses("chat1", "int1")

    assert [
        f"GET {CHAT_RESPONSES_PATH}?maxResults=500",
        f"GET {CHAT_RESPONSES_PATH}?maxResults=500&nextToken=a%2Fb%3D%3D",
    ] == stub.gateway_calls


def test_pages_in_circles_end(stub: Stub, reader: Reader) -> None:
    """Reading stops if a token is returned twice."""
    stub.answers = [items(one_response(), then="again")] * 2

    with pytest.raises(errors.UnreadableAnswer, match="NextToken 'again' was returned twice"):
        reader.websocket_responses("chat1", "int1")


def test_page_that_shifted(stub: Stub, reader: Reader) -> None:
    """The same response on two pages of a changing list is one response."""
    stub.answers = [items(one_response(), then="two"), items(one_response())]

    assert {"$default": ("ir1", WebSocketResponse())} == reader.websocket_responses("chat1", "int1")


def test_two_responses_of_one_key(stub: Stub, reader: Reader) -> None:
    """Two responses with one key are an error with both ids."""
    stub.answers = [items(one_response("ir1"), one_response("ir2"))]

    with pytest.raises(errors.Conflict, match=r"integration int1 .*key \$default: ir1 and ir2; delete one"):
        reader.websocket_responses("chat1", "int1")


def test_apis_are_listed_with_their_protocol(stub: Stub, reader: Reader) -> None:
    """The list has WebSocket and HTTP APIs from all pages."""
    stub.answers = [
        items({"apiId": "a1", "name": "chat", "protocolType": "WEBSOCKET"}, then="two"),
        items({"apiId": "b2", "name": "shop", "protocolType": "HTTP"}),
    ]

    assert [ApiSummary("a1", "chat", "WEBSOCKET"), ApiSummary("b2", "shop", "HTTP")] == reader.websocket_apis()
    assert ["GET /v2/apis?maxResults=500", "GET /v2/apis?maxResults=500&nextToken=two"] == stub.gateway_calls


def test_listed_api_is_not_asked_for_its_protocol(stub: Stub, reader: Reader, chat: Target) -> None:
    """An API that was listed by name needs no GetApi."""
    stub.answers = [items({"apiId": chat.api_id, "name": "c", "protocolType": "WEBSOCKET"}), items(), items()]
    reader.websocket_apis()
    reader.websocket_api(replace(chat, api_name="c"), IntegrationSelection())

    assert f"GET /v2/apis/{chat.api_id}" not in stub.gateway_calls


def test_http_api_is_refused(stub: Stub, reader: Reader, chat: Target) -> None:
    """For an HTTP API the error says what it has instead, and nothing else is requested."""
    stub.standing[f"GET /v2/apis/{chat.api_id}"] = said({"apiId": chat.api_id, "protocolType": "HTTP"})
    with pytest.raises(
        errors.WrongProtocol, match=r"an HTTP API.*only REST APIs and WebSocket APIs.*responseParameters"
    ):
        reader.websocket_api(chat, SENDING)

    assert 1 == len(stub.gateway_calls)


def test_http_api_that_was_listed_is_refused(stub: Stub, reader: Reader, chat: Target) -> None:
    """The protocol of an API that was listed by name is known."""
    stub.answers = [items({"apiId": chat.api_id, "name": "shop", "protocolType": "HTTP"})]
    reader.websocket_apis()

    with pytest.raises(errors.WrongProtocol):
        reader.websocket_api(replace(chat, api_name="shop"), SENDING)


def test_api_that_is_not_there(stub: Stub, reader: Reader, chat: Target) -> None:
    """The error names API, account and region, and what to check."""
    stub.standing[f"GET /v2/apis/{chat.api_id}"] = NO_SUCH_API

    with pytest.raises(
        errors.ApiNotFound,
        match=rf"no WebSocket API {chat.api_id} in account 123456789012, eu-west-1 .*--profile.*kind: RestApi",
    ):
        reader.websocket_api(chat, SENDING)


def test_api_that_is_gone_at_the_second_reading(stub: Stub, reader: Reader, chat: Target) -> None:
    """An API with a known protocol may have been deleted."""
    stub.answers = [items(), items(), NO_SUCH_API]
    reader.websocket_api(chat, IntegrationSelection())

    with pytest.raises(errors.ApiNotFound):
        reader.websocket_api(chat, IntegrationSelection())


def test_integration_that_is_gone_meanwhile_is_no_empty_one(stub: Stub, reader: Reader, chat: Target) -> None:
    """An integration may be deleted between its listing and the reading of its responses."""
    stub.answers = [items(SEND), items(MOCK), refused(404, "NotFoundException", "Invalid Integration identifier")]

    with pytest.raises(errors.NotFound, match="integration int1 of WebSocket API"):
        reader.websocket_api(chat, SENDING)


@pytest.mark.parametrize("broken_at", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "broken",
    [
        Scripted(200, '{"items": [{"rou'),
        Scripted(200, "<html>Please log in</html>"),
        Scripted(404, "<html>Not found</html>"),
        said({"message": "hello"}),
        said({"item": []}),
        said({"items": [{"name": "x"}]}),
        said({"items": "text"}),
        DROPPED,
        refused(500, "InternalFailure"),
    ],
)
def test_broken_answers_never_read_as_nothing(
    stub: Stub, reader: Reader, chat: Target, broken: Scripted, broken_at: int
) -> None:
    """A truncated, foreign or error response of any call is retried and finally an error."""
    whole = [stub.standing.pop(f"GET /v2/apis/{chat.api_id}"), items(SEND), items(MOCK)]
    stub.answers = [*whole[:broken_at], *[broken] * 5]
    with pytest.raises(errors.AnswerLost):
        reader.websocket_api(chat, SENDING)

    assert broken_at + 5 == len(stub.gateway_calls)


def test_empty_object_is_a_list_without_items(stub: Stub, reader: Reader) -> None:
    """`{}` is an empty list."""
    stub.answers = [said({})]

    assert {} == reader.websocket_responses("chat1", "int1")


def test_throttling_is_waited_out(stub: Stub, reader: Reader, clock: FakeClock) -> None:
    """AWS sends no Retry-After for these APIs, so the usual delay applies."""
    clock.naps.clear()
    stub.answers = [refused(429, "TooManyRequestsException", "Too Many Requests"), items()]
    reader.websocket_responses("chat1", "int1")

    assert (2, True) == (len(stub.gateway_calls), any(clock.naps))


@pytest.fixture
def wide(stub: Stub) -> Iterator[Reader]:
    """A reader that reads four lists at once."""
    yield AwsCloud(FakeClock(), threading.Event(), None, 4).connect(Coordinates(endpoint_url=stub.url)).reader
    stub.forget()


def test_large_api_takes_one_read_for_each_integration(stub: Stub, wide: Reader, chat: Target) -> None:
    """An API with 300 integrations, the maximum, takes 303 reads, none of them twice."""
    listed = many(chat, stub, 300)
    wide.websocket_api(chat, listed)

    assert (303, 303) == (len(stub.gateway_calls), len(set(stub.gateway_calls)))


def test_responses_are_read_side_by_side(stub: Stub, wide: Reader, chat: Target) -> None:
    """As many lists as allowed are read at once."""
    listed = many(chat, stub, 8)
    together = threading.Barrier(4, timeout=PATIENCE)
    stub.arrived = lambda request: together.wait() if "integrationresponses" in request else 0
    live = wide.websocket_api(chat, listed)

    assert [{"$default": "ir1"}] * 8 == [integration.response_ids for integration in live_integrations(live).values()]


def test_no_more_than_allowed_side_by_side(stub: Stub, wide: Reader, chat: Target) -> None:
    """Several APIs share the limit of the connection: no more than four lists are read at once."""
    second = replace(chat, api_id=f"{chat.api_id}b")
    stub.standing[f"GET /v2/apis/{second.api_id}"] = said({"apiId": second.api_id, "protocolType": "WEBSOCKET"})
    work = [(one, many(one, stub, 12)) for one in (chat, second)]
    begun = threading.Semaphore(4)
    crowded = []

    def arrived(request: str) -> None:
        if "integrationresponses" in request:
            crowded.append(not begun.acquire(blocking=False))
            threading.Event().wait(0.005)
            begun.release()

    stub.arrived = arrived
    readings = [threading.Thread(target=wide.websocket_api, args=one) for one in work]
    for reading in readings:
        reading.start()
    for reading in readings:
        reading.join()

    assert [False] * 24 == crowded


def test_one_failure_fails_the_reading(stub: Stub, wide: Reader, chat: Target) -> None:
    """If one integration cannot be read, the API is not returned without it."""
    listed = many(chat, stub, 9)
    stub.standing[responses_of(chat, "int5")] = refused(403, "AccessDeniedException", "no")

    with pytest.raises(errors.AccessDenied, match="integrations/int5/integrationresponses"):
        wide.websocket_api(chat, listed)


def test_stop_ends_the_reading(stub: Stub, chat: Target) -> None:
    """After Ctrl-C in the middle of 100 integrations no further read is sent."""
    stop = threading.Event()
    reader = AwsCloud(FakeClock(), stop, None, 4).connect(Coordinates(endpoint_url=stub.url)).reader
    listed = many(chat, stub, 100)
    stub.arrived = lambda request: stop.set() if "integrationresponses" in request else None
    with pytest.raises(errors.Interrupted):
        reader.websocket_api(chat, listed)

    assert len(stub.gateway_calls) <= 3 + 4


def test_both_kinds_of_api_share_the_pace(stub: Stub, chat: Target) -> None:
    """Both kinds of API share the quota: after a burst of 40 calls for one kind, the other waits."""
    clock = FakeClock()
    reader = AwsCloud(clock, threading.Event(), 1.0).connect(Coordinates(endpoint_url=stub.url)).reader
    stub.answers = [said({"item": []})] * 40 + [items()]
    for _ in range(40):
        reader.rest_apis()
    reader.websocket_responses(chat.api_id, "int1")

    assert [0.1] == pytest.approx(clock.naps)


def test_one_response(stub: Stub, reader: Reader) -> None:
    """A single response is in normal form."""
    stub.answers = [said(CHAT_STORED)]

    assert WebSocketResponse(response_templates={"200": "$x"}) == reader.websocket_response(CHAT_REF)
    assert [f"GET {CHAT_RESPONSE_PATH}"] == stub.gateway_calls


def test_absent_response(stub: Stub, reader: Reader) -> None:
    """After a 404, a response that is not in the integration's list is None."""
    stub.answers = [NO_SUCH_RESPONSE, items(one_response("ir2"))]

    assert None is reader.websocket_response(CHAT_REF)


def test_absent_integration_is_not_an_absent_response(stub: Stub, reader: Reader) -> None:
    """If the integration's list is a 404 too, the error is about the integration."""
    stub.answers = [refused(404, "NotFoundException", "Invalid Integration identifier specified int1")] * 2

    with pytest.raises(errors.NotFound, match="GetIntegrationResponses for integration int1"):
        reader.websocket_response(CHAT_REF)


def test_response_that_only_the_list_has(stub: Stub, reader: Reader) -> None:
    """After a 404, a response that is in the list is returned."""
    stub.answers = [NO_SUCH_RESPONSE, items(one_response())]

    assert WebSocketResponse() == reader.websocket_response(CHAT_REF)


def test_answer_about_something_else_is_not_a_response(stub: Stub, reader: Reader) -> None:
    """JSON about something else is not taken for a response without fields."""
    stub.answers = [said(one_response("other"))] * 5

    with pytest.raises(errors.UnreadableAnswer, match="not about integration response ir1"):
        reader.websocket_response(CHAT_REF)


def test_response_without_an_id_is_not_asked_for(stub: Stub, reader: Reader) -> None:
    """An empty id, which would address the whole collection, is refused."""
    with pytest.raises(ValueError, match="the id is not known"):
        reader.websocket_response(replace(CHAT_REF, response_id=""))

    assert [] == stub.gateway_calls


@pytest.mark.parametrize(
    ("granted", "resource"),
    [
        (0, "/apis/{id}"),
        (1, "/apis/{id}/routes"),
        (2, "/apis/{id}/integrations"),
        (3, "/apis/{id}/integrations/int1/integrationresponses"),
    ],
)
def test_access_denied_names_what_is_missing(
    stub: Stub, reader: Reader, chat: Target, granted: int, resource: str
) -> None:
    """The error names action and resource as an IAM policy does, without the `/v2` of the URLs."""
    whole = [stub.standing.pop(f"GET /v2/apis/{chat.api_id}"), items(SEND), items(MOCK)]
    stub.answers = [*whole[:granted], refused(403, "AccessDeniedException")]

    with pytest.raises(errors.AccessDenied) as caught:
        reader.websocket_api(chat, SENDING)
    expected = f"do not allow apigateway:GET on arn:aws:apigateway:eu-west-1::{resource.format(id=chat.api_id)} "
    assert expected in str(caught.value)


def test_reader_cannot_write(stub: Stub) -> None:
    """The reader's client refuses a deletion before anything is sent."""
    client = ProfileClients(None, 1).websocket_read_client(Coordinates(endpoint_url=stub.url))
    with pytest.raises(WriteBlocked):
        client.delete_integration_response(ApiId="a", IntegrationId="b", IntegrationResponseId="c")

    assert [] == stub.calls


def test_endpoint_of_the_environment(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3's own endpoint variable for these APIs works."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", stub.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_APIGATEWAYV2", stub.url)
    stub.answers = [items()]
    cloud.connect(Coordinates()).reader.websocket_apis()

    assert ["GET /v2/apis?maxResults=500"] == stub.gateway_calls
