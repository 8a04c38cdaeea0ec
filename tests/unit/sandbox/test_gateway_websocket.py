"""The in-memory cloud: the ports for WebSocket APIs over the model."""

from collections import Counter

import pytest

from reconciler import errors
from reconciler.models.keys import IntegrationKey
from reconciler.models.live import ApiSummary
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind, Target, WebSocketResponseRef
from reconciler.models.views import live_integrations
from reconciler.ports import Connection, IntegrationSelection
from reconciler.sandbox.building import WebSocketBuilder, big_websocket_api
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION
from reconciler.sandbox.seed_chat import CHAT_ID, CLEANUP_ID, CONNECT_ID, HISTORY_ID, PING_ID, SEND_ID, WEB_ID

CHAT = Target(ACCOUNT_ID, REGION, CHAT_ID, Kind.WEBSOCKET_API)
EVERYTHING = IntegrationSelection(everything=True)
RICH = WebSocketResponse(
    "${request.body.a}", "CONVERT_TO_TEXT", {"method.response.header.X": "'é'"}, {"a": "", "b": "\u2028"}
)


@pytest.fixture
def ref() -> WebSocketResponseRef:
    """Where `chat: ping /4../` would be."""
    return WebSocketResponseRef(CHAT_ID, PING_ID, "/4../")


def test_apis_are_listed_with_their_protocol(connection: Connection) -> None:
    """WebSocket and HTTP APIs are there, each said to be what it is."""
    assert [ApiSummary(CHAT_ID, "chat", "WEBSOCKET"), ApiSummary(WEB_ID, "web", "HTTP")] == list(
        connection.reader.websocket_apis()
    )


def test_unknown_api_is_an_error(connection: Connection) -> None:
    """An API that is not there is never an empty one, whether or not its name is known."""
    for name in (None, "gone"):
        with pytest.raises(errors.ApiNotFound, match="gone"):
            connection.reader.websocket_api(
                Target(ACCOUNT_ID, REGION, "gone", Kind.WEBSOCKET_API, name), IntegrationSelection(frozenset({"ping"}))
            )


def test_http_api_is_refused(connection: Connection) -> None:
    """An HTTP API is said to be one."""
    with pytest.raises(errors.WrongProtocol, match="HTTP"):
        connection.reader.websocket_api(Target(ACCOUNT_ID, REGION, WEB_ID, Kind.WEBSOCKET_API), EVERYTHING)


@pytest.mark.parametrize(
    ("listed", "read"),
    [
        (IntegrationSelection(), 0),
        (IntegrationSelection(routes=frozenset({"ping", "history"})), 2),
        (IntegrationSelection(integrations=frozenset({CLEANUP_ID})), 1),
        (IntegrationSelection(routes=frozenset({"ping"}), integrations=frozenset({PING_ID})), 1),
        (IntegrationSelection(routes=frozenset({"$connect", "nowhere"})), 0),
        (EVERYTHING, 5),
    ],
    ids=["nothing", "two routes", "an integration", "both ways to one", "not there", "everything"],
)
def test_only_what_is_listed_is_read(
    cloud: InMemoryCloud, connection: Connection, listed: IntegrationSelection, read: int
) -> None:
    """Protocol, routes, integrations, and one call for each listed integration that is no proxy."""
    connection.reader.websocket_api(CHAT, listed)
    calls = Counter(cloud.plane().calls.names())

    assert Counter(GetApi=1, GetRoutes=1, GetIntegrations=1, GetIntegrationResponses=read) == calls


def test_api_of_known_name_is_not_asked_for_its_protocol(cloud: InMemoryCloud, connection: Connection) -> None:
    """The listing that found it has told the protocol already."""
    connection.reader.websocket_api(
        Target(ACCOUNT_ID, REGION, CHAT_ID, Kind.WEBSOCKET_API, "chat"), IntegrationSelection()
    )

    assert ["GetRoutes", "GetIntegrations"] == cloud.plane().calls.names()


def test_every_integration_is_there(connection: Connection) -> None:
    """Those that are not listed too, as not read; proxies have nothing to read."""
    integrations = live_integrations(connection.reader.websocket_api(CHAT, IntegrationSelection(frozenset({"ping"}))))

    assert {
        "$connect": True,
        "sendMessage": False,
        "history": False,
        "ping": True,
        "typing": False,
        f"integration {CLEANUP_ID}": False,
    } == {str(key): integration.is_read for key, integration in integrations.items()}


@pytest.mark.parametrize(
    ("routes", "key"),
    [
        (frozenset({"$disconnect"}), IntegrationKey("$disconnect", CONNECT_ID)),
        (frozenset({"$connect", "$disconnect"}), IntegrationKey("$connect", CONNECT_ID)),
        (frozenset[str](), IntegrationKey("$connect", CONNECT_ID)),
    ],
)
def test_shared_integration_goes_by_a_listed_route(
    connection: Connection, routes: frozenset[str], key: IntegrationKey
) -> None:
    """It goes by the first route that is listed, else by its first."""
    assert key in connection.reader.websocket_api(CHAT, IntegrationSelection(routes)).methods


def test_routes_lead_to_integrations(connection: Connection) -> None:
    """Every route with a target is there with the id of its integration."""
    routes = connection.reader.websocket_api(CHAT, IntegrationSelection()).routes

    assert {
        "$connect": CONNECT_ID,
        "$disconnect": CONNECT_ID,
        "history": HISTORY_ID,
        "ping": PING_ID,
        "sendMessage": SEND_ID,
        "typing": "chattype01",
    } == routes


def test_two_way_routes_are_told(connection: Connection) -> None:
    """A route whose caller hears the answer is told from one whose caller does not."""
    integrations = live_integrations(connection.reader.websocket_api(CHAT, IntegrationSelection()))

    assert {"sendMessage", "history", "ping"} == set().union(
        *(integration.two_way_routes for integration in integrations.values())
    )


def test_lambda_is_told(connection: Connection) -> None:
    """Only the function that is not proxied is selected by error message."""
    integrations = live_integrations(connection.reader.websocket_api(CHAT, IntegrationSelection()))

    assert [SEND_ID] == [integration.integration_id for integration in integrations.values() if integration.is_lambda]


def test_big_api_is_read_page_by_page(cloud: InMemoryCloud, connection: Connection) -> None:
    """Of 201 routes and integrations every page is fetched, and every integration is asked once."""
    api_id = big_websocket_api(cloud.plane(), integrations=201, responses=1)
    live = connection.reader.websocket_api(Target(ACCOUNT_ID, REGION, api_id, Kind.WEBSOCKET_API), EVERYTHING)

    assert (201, Counter(GetApi=1, GetRoutes=3, GetIntegrations=3, GetIntegrationResponses=201)) == (
        len(live.methods),
        Counter(cloud.plane().calls.names()),
    )


def test_responses_are_read_page_by_page(cloud: InMemoryCloud, connection: Connection) -> None:
    """More responses than fit a page arrive all the same, by key and with their ids."""
    api = WebSocketBuilder(cloud.plane(), "many")
    integration_id = api.integration({"IntegrationType": "MOCK"})
    for number in range(101):
        api.response(integration_id, f"/{number:03}/", {})
    found = connection.reader.websocket_responses(api.id, integration_id)

    assert ([f"/{number:03}/" for number in range(101)], 101) == (
        list(found),
        len({response_id for response_id, _ in found.values()}),
    )


def test_written_response_reads_back(connection: Connection, ref: WebSocketResponseRef) -> None:
    """Every field of a response that was created is read back, by its id and in the list."""
    response_id = connection.open_writer().create_websocket_response(ref, RICH)
    by_id = connection.reader.websocket_response(WebSocketResponseRef(CHAT_ID, PING_ID, ref.key, response_id))
    listed = connection.reader.websocket_responses(CHAT_ID, PING_ID)[ref.key]

    assert (RICH, (response_id, RICH)) == (by_id, listed)


def test_creating_twice_conflicts(connection: Connection, ref: WebSocketResponseRef) -> None:
    """A key is taken once only."""
    connection.open_writer().create_websocket_response(ref, RICH)
    with pytest.raises(errors.Conflict):
        connection.open_writer().create_websocket_response(ref, RICH)


def test_update_merges(connection: Connection, ref: WebSocketResponseRef) -> None:
    """Fields that are not sent stay, and None counts as not sent."""
    writer = connection.open_writer()
    made = WebSocketResponseRef(CHAT_ID, PING_ID, ref.key, writer.create_websocket_response(ref, RICH))
    writer.update_websocket_response(
        made,
        {"templateSelectionExpression": "", "responseTemplates": {"b": "new"}, "contentHandlingStrategy": None},
    )

    assert WebSocketResponse(
        "", "CONVERT_TO_TEXT", RICH.response_parameters, {"a": "", "b": "new"}
    ) == connection.reader.websocket_response(made)


def test_delete_tells_whether_there_was_something(connection: Connection, ref: WebSocketResponseRef) -> None:
    """The first delete finds the response, the second nothing."""
    writer = connection.open_writer()
    made = WebSocketResponseRef(CHAT_ID, PING_ID, ref.key, writer.create_websocket_response(ref, RICH))

    assert (True, False) == (writer.delete_websocket_response(made), writer.delete_websocket_response(made))


def test_missing_response_is_none(connection: Connection) -> None:
    """An id that the integration does not have is None, not an error."""
    assert connection.reader.websocket_response(WebSocketResponseRef(CHAT_ID, PING_ID, "/x/", "gone")) is None


def test_missing_integration_is_an_error(connection: Connection) -> None:
    """An integration that is gone does not pass for a response that is not there."""
    with pytest.raises(errors.NotFound):
        connection.reader.websocket_response(WebSocketResponseRef(CHAT_ID, "gone", "/x/", "gone"))


def test_lost_create_took_effect(cloud: InMemoryCloud, connection: Connection, ref: WebSocketResponseRef) -> None:
    """After a lost answer the list tells that the response is there, and its id."""
    cloud.plane().faults.add(faults.LostAnswer(), "CreateIntegrationResponse")
    with pytest.raises(errors.AnswerLost):
        connection.open_writer().create_websocket_response(ref, RICH)

    assert RICH == connection.reader.websocket_responses(CHAT_ID, PING_ID)[ref.key][1]
