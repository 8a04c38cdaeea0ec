"""WebSocket APIs and their responses, read and written by either way."""

from collections import Counter
from dataclasses import replace

import pytest

from reconciler import errors
from reconciler.models.keys import IntegrationKey
from reconciler.models.live import ApiSummary
from reconciler.models.responses import WebSocketResponse
from reconciler.models.routes import RouteRef
from reconciler.models.targets import Kind, Target, WebSocketResponseRef
from reconciler.models.views import live_integrations
from reconciler.ports import Connection, IntegrationSelection
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID
from reconciler.sandbox.seed_chat import CHAT_ID, CLEANUP_ID, CONNECT_ID, HISTORY_ID, PING_ID, SEND_ID, WEB_ID
from support.websocket import RICH, created

CHAT = Target(ACCOUNT_ID, REGION, CHAT_ID, Kind.WEBSOCKET_API)
EVERYTHING = IntegrationSelection(everything=True)


def test_apis_are_listed_with_their_protocol(connection: Connection) -> None:
    """WebSocket and HTTP APIs are there, each said to be what it is."""
    assert [ApiSummary(CHAT_ID, "chat", "WEBSOCKET"), ApiSummary(WEB_ID, "web", "HTTP")] == [
        one for one in connection.reader.websocket_apis() if one.id in {CHAT_ID, WEB_ID}
    ]


@pytest.mark.parametrize("name", [None, "gone"])
def test_unknown_api(connection: Connection, name: str | None) -> None:
    """An API that is not there is no empty API, whether or not its name is known."""
    gone = Target(ACCOUNT_ID, REGION, "nosuchapi1", Kind.WEBSOCKET_API, name)
    with pytest.raises(errors.ApiNotFound, match="nosuchapi1"):
        connection.reader.websocket_api(gone, IntegrationSelection(frozenset({"ping"})))


def test_rest_api_is_no_websocket_api(connection: Connection) -> None:
    """An id of the other kind leads nowhere."""
    with pytest.raises(errors.ApiNotFound, match=MINIMAL_ID):
        connection.reader.websocket_api(replace(CHAT, api_id=MINIMAL_ID), IntegrationSelection())


def test_http_api_is_refused(fresh: Connection, plane: ControlPlane) -> None:
    """After nothing but the question what it is."""
    with pytest.raises(errors.WrongProtocol, match=f"API {WEB_ID} is an HTTP API"):
        fresh.reader.websocket_api(replace(CHAT, api_id=WEB_ID), EVERYTHING)

    assert ["GetApi"] == plane.calls.names()


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
    fresh: Connection, plane: ControlPlane, listed: IntegrationSelection, read: int
) -> None:
    """Protocol, routes, integrations, and one call for each listed integration that is no proxy."""
    fresh.reader.websocket_api(CHAT, listed)
    expected = Counter(GetApi=1, GetRoutes=1, GetIntegrations=1, GetIntegrationResponses=read)

    assert expected == Counter(plane.calls.names())


def test_api_of_known_name_is_not_asked_for_its_protocol(fresh: Connection, plane: ControlPlane) -> None:
    """The listing that found it has given the protocol already."""
    fresh.reader.websocket_apis()
    plane.calls.clear()
    fresh.reader.websocket_api(replace(CHAT, api_name="chat"), IntegrationSelection())

    assert ["GetIntegrations", "GetRoutes"] == sorted(plane.calls.names())


def test_every_integration_is_there(connection: Connection) -> None:
    """Those that are not listed too, as not read; proxies have nothing to read."""
    listed = IntegrationSelection(frozenset({"ping"}), frozenset({CLEANUP_ID}))
    integrations = live_integrations(connection.reader.websocket_api(CHAT, listed))

    assert {
        "$connect": True,
        "sendMessage": False,
        "history": False,
        "ping": True,
        "typing": False,
        f"integration {CLEANUP_ID}": True,
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

    assert {"sendMessage", "history", "ping"} == set().union(*(one.two_way_routes for one in integrations.values()))


def test_lambda_is_told(connection: Connection) -> None:
    """Only the function that is not proxied is selected by error message."""
    integrations = live_integrations(connection.reader.websocket_api(CHAT, IntegrationSelection()))

    assert [SEND_ID] == [one.integration_id for one in integrations.values() if one.is_lambda]


def test_responses_are_read_page_by_page(
    connection: Connection, websocket_ref: WebSocketResponseRef, plane: ControlPlane
) -> None:
    """More responses than fit a page arrive all the same, by key and with their ids."""
    ref, keys = websocket_ref, [f"/{number:03}/" for number in range(501)]
    for key in keys:
        plane.call(
            "CreateIntegrationResponse", ApiId=ref.api_id, IntegrationId=ref.integration_id, IntegrationResponseKey=key
        )
    found = connection.reader.websocket_responses(ref.api_id, ref.integration_id)

    assert (keys, 501) == (list(found), len({response_id for response_id, _ in found.values()}))


def test_what_is_created_is_read_back(connection: Connection, websocket_ref: WebSocketResponseRef) -> None:
    """Every field survives the way to AWS and back, in normal form; the id is found in the integration's list too."""
    made = created(connection, websocket_ref, RICH)
    listed = connection.reader.websocket_responses(made.api_id, made.integration_id)

    assert (RICH, {made.key: (made.response_id, RICH)}) == (connection.reader.websocket_response(made), listed)


def test_creating_twice_conflicts(connection: Connection, websocket_ref: WebSocketResponseRef) -> None:
    """A key is taken once only."""
    made = created(connection, websocket_ref, RICH)
    with pytest.raises(errors.Conflict):
        connection.open_writer().create_websocket_response(made, RICH)


def test_update_merges(connection: Connection, websocket_ref: WebSocketResponseRef) -> None:
    """Fields that are not sent stay, and None counts as not sent."""
    made = created(connection, websocket_ref, RICH)
    connection.open_writer().update_websocket_response(
        made,
        {"templateSelectionExpression": "", "responseTemplates": {"b": "new"}, "contentHandlingStrategy": None},
    )

    assert WebSocketResponse(
        "", "CONVERT_TO_TEXT", RICH.response_parameters, {**RICH.response_templates, "b": "new"}
    ) == connection.reader.websocket_response(made)


def test_delete_tells_whether_there_was_something(connection: Connection, websocket_ref: WebSocketResponseRef) -> None:
    """The first delete finds the response, the second nothing, and what is gone is None."""
    made = created(connection, websocket_ref, RICH)
    writer = connection.open_writer()
    deleted = [writer.delete_websocket_response(made) for _ in range(2)]

    assert ([True, False], None) == (deleted, connection.reader.websocket_response(made))


def test_missing_integration_is_an_error(connection: Connection, websocket_ref: WebSocketResponseRef) -> None:
    """An integration that is gone does not pass for a response that is not there."""
    with pytest.raises(errors.NotFound):
        connection.reader.websocket_response(replace(websocket_ref, integration_id="gone", response_id="gone"))


def test_route_responses_are_read_where_that_is_requested(fresh: Connection, plane: ControlPlane) -> None:
    """Of the routes of covered integrations only, a call for each."""
    listed = IntegrationSelection(
        routes=frozenset({"ping", "typing"}), two_way=frozenset({"ping", "typing", "history"})
    )
    live = fresh.reader.websocket_api(CHAT, listed)
    routes = {
        key: (route.selects, route.responds)
        for integration in live_integrations(live).values()
        for key, route in integration.read_routes.items()
    }

    assert ({"ping": (True, True), "typing": (False, False)}, 2) == (
        routes,
        plane.calls.names().count("GetRouteResponses"),
    )


def test_a_route_is_made_two_way(connection: Connection, plane: ControlPlane) -> None:
    """By a route response and the expression that selects it; reading shows each."""
    created_route = plane.call("CreateRoute", ApiId=CHAT_ID, RouteKey="whisper", Target=f"integrations/{PING_ID}")
    ref = RouteRef(CHAT_ID, created_route["RouteId"], "whisper")
    writer = connection.open_writer()
    states = [connection.reader.route(ref)]
    writer.create_route_response(ref)
    states.append(connection.reader.route(ref))
    writer.select_route_response(ref)
    states.append(connection.reader.route(ref))
    with pytest.raises(errors.Conflict):
        writer.create_route_response(ref)
    plane.call("DeleteRoute", ApiId=CHAT_ID, RouteId=ref.id)

    assert [("response", "selection"), ("selection",), ()] == [state.lacks for state in states if state]


def test_a_route_that_does_not_exist(connection: Connection) -> None:
    """Reading it finds none; writing to it is refused."""
    ref = RouteRef(CHAT_ID, "nosuchroute", "whisper")
    writer = connection.open_writer()
    for write in (writer.create_route_response, writer.select_route_response):
        with pytest.raises(errors.NotFound):
            write(ref)

    assert None is connection.reader.route(ref)
