"""The WebSocket half of the adapter against the sandbox: what is written comes back, and trouble leaves no trace."""

from collections import Counter
from dataclasses import replace

import pytest

from reconciler import errors
from reconciler.models.keys import IntegrationKey
from reconciler.models.live import ApiSummary
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind, Target, WebSocketResponseRef
from reconciler.models.views import live_integrations
from reconciler.ports import Connection, IntegrationSelection
from reconciler.sandbox.building import WebSocketBuilder, big_websocket_api
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed_chat import CHAT_ID, CLEANUP_ID, SEND_ID, WEB_ID

RICH = WebSocketResponse(
    template_selection_expression=r"\$default",
    content_handling_strategy="CONVERT_TO_TEXT",
    response_parameters={"method.response.header.X": "'é'"},
    response_templates={"$default": "<b>\u2028</b>", "application/json": ""},
)
LOST = [faults.Dropped(), faults.LostAnswer(), faults.Truncated()]


def target(connection: Connection, api_id: str) -> Target:
    """One of the sandbox's APIs."""
    return Target(connection.account_id, connection.region, api_id, Kind.WEBSOCKET_API)


@pytest.fixture
def ref(plane: ControlPlane) -> WebSocketResponseRef:
    """A key that nobody has used yet, of an integration of its own."""
    api = WebSocketBuilder(plane, "of one test")
    integration_id = api.integration({"IntegrationType": "MOCK"})
    plane.calls.clear()
    return WebSocketResponseRef(api.id, integration_id, r"/4\d\d/")


def created(connection: Connection, ref: WebSocketResponseRef, response: WebSocketResponse) -> WebSocketResponseRef:
    """The same response, now that it is there."""
    return replace(ref, response_id=connection.open_writer().create_websocket_response(ref, response))


def test_apis_of_both_protocols_are_listed(connection: Connection) -> None:
    """The seeded chat, and a web API that is none."""
    assert {ApiSummary(CHAT_ID, "chat", "WEBSOCKET"), ApiSummary(WEB_ID, "web", "HTTP")} <= set(
        connection.reader.websocket_apis()
    )


def test_api_is_read_as_listed(connection: Connection, plane: ControlPlane) -> None:
    """By route, by id, and nothing of what is not listed."""
    listed = IntegrationSelection(routes=frozenset({"sendMessage", "$connect"}), integrations=frozenset({CLEANUP_ID}))
    live = live_integrations(connection.reader.websocket_api(target(connection, CHAT_ID), listed))
    read = {key for key, one in live.items() if one.is_read and not one.is_proxy}

    assert {IntegrationKey("sendMessage", SEND_ID), IntegrationKey("", CLEANUP_ID)} == read
    assert 2 == len(plane.calls.of("GetIntegrationResponses"))


def test_http_api_is_refused(connection: Connection, plane: ControlPlane) -> None:
    """After nothing but the question what it is."""
    with pytest.raises(errors.WrongProtocol, match=f"API {WEB_ID} is an HTTP API"):
        connection.reader.websocket_api(target(connection, WEB_ID), IntegrationSelection(everything=True))

    assert {"GetApi"} >= {call.operation for call in plane.calls}


def test_unknown_api(connection: Connection) -> None:
    """An API that is not there is no empty API."""
    with pytest.raises(errors.ApiNotFound, match="no WebSocket API nosuchapi1"):
        connection.reader.websocket_api(target(connection, "nosuchapi1"), IntegrationSelection())


def test_rest_api_is_no_websocket_api(connection: Connection) -> None:
    """An id of the other kind leads nowhere, and the message knows why that may be."""
    with pytest.raises(errors.ApiNotFound, match="a REST API is `kind: RestApi`"):
        connection.reader.websocket_api(target(connection, connection.reader.rest_apis()[0].id), IntegrationSelection())


def test_largest_api(connection: Connection, plane: ControlPlane) -> None:
    """300 integrations take one call for the protocol, one for routes, one for integrations, and 300."""
    api_id = big_websocket_api(plane)
    plane.calls.clear()
    live = connection.reader.websocket_api(target(connection, api_id), IntegrationSelection(everything=True))

    assert {"GetApi": 1, "GetRoutes": 1, "GetIntegrations": 1, "GetIntegrationResponses": 300} == Counter(
        call.operation for call in plane.calls
    )
    assert [4] * 300 == [len(integration.responses) for integration in live_integrations(live).values()]


def test_responses_on_several_pages(connection: Connection, ref: WebSocketResponseRef, plane: ControlPlane) -> None:
    """More responses than a page holds are all there."""
    asked = {"ApiId": ref.api_id, "IntegrationId": ref.integration_id}
    for number in range(501):
        plane.call("CreateIntegrationResponse", **asked, IntegrationResponseKey=f"/{number}/")
    found = connection.reader.websocket_responses(ref.api_id, ref.integration_id)

    assert {f"/{number}/" for number in range(501)} == found.keys()


def test_what_is_created_is_read_back(connection: Connection, ref: WebSocketResponseRef) -> None:
    """Every field survives the way to AWS and back, in normal form."""
    assert RICH == connection.reader.websocket_response(created(connection, ref, RICH))


def test_response_is_found_by_its_key(connection: Connection, ref: WebSocketResponseRef) -> None:
    """Who lost the answer to a create finds the id in the integration's list."""
    made = created(connection, ref, RICH)

    assert {ref.key: (made.response_id, RICH)} == connection.reader.websocket_responses(ref.api_id, ref.integration_id)


def test_key_that_exists(connection: Connection, ref: WebSocketResponseRef) -> None:
    """A second response of one key is a conflict."""
    made = created(connection, ref, RICH)

    with pytest.raises(errors.Conflict):
        connection.open_writer().create_websocket_response(made, RICH)


def test_update_merges(connection: Connection, ref: WebSocketResponseRef) -> None:
    """What is sent changes, and what is not stays."""
    made = created(connection, ref, RICH)
    connection.open_writer().update_websocket_response(made, {"templateSelectionExpression": ""})

    assert replace(RICH, template_selection_expression="") == connection.reader.websocket_response(made)


def test_deleted_response_is_absent(connection: Connection, ref: WebSocketResponseRef) -> None:
    """It is gone, and its integration is not."""
    made = created(connection, ref, RICH)
    connection.open_writer().delete_websocket_response(made)

    assert None is connection.reader.websocket_response(made)


def test_deleting_what_is_not_there(connection: Connection, ref: WebSocketResponseRef) -> None:
    """AWS answers 404: nothing was deleted."""
    assert not connection.open_writer().delete_websocket_response(replace(ref, response_id="none"))


@pytest.mark.parametrize("lost", LOST)
def test_create_is_sent_once(
    connection: Connection, plane: ControlPlane, ref: WebSocketResponseRef, lost: faults.Fault
) -> None:
    """Whether or not it took effect, there is never a second one."""
    plane.faults.add(lost, "CreateIntegrationResponse")
    with pytest.raises(errors.AnswerLost):
        connection.open_writer().create_websocket_response(ref, RICH)

    assert 1 == len(plane.calls.of("CreateIntegrationResponse"))


@pytest.mark.parametrize("refusal", [faults.throttled(), faults.concurrent_modification()])
def test_create_gets_through(
    connection: Connection, plane: ControlPlane, ref: WebSocketResponseRef, refusal: faults.Fault
) -> None:
    """What AWS turned away is sent again."""
    plane.faults.add(refusal, "CreateIntegrationResponse")

    assert RICH == connection.reader.websocket_response(created(connection, ref, RICH))


@pytest.mark.parametrize("fault", [faults.throttled(), faults.server_error(), *LOST])
def test_update_gets_through(
    connection: Connection, plane: ControlPlane, ref: WebSocketResponseRef, fault: faults.Fault
) -> None:
    """Passing trouble costs one more call."""
    made = created(connection, ref, WebSocketResponse())
    plane.faults.add(fault, "UpdateIntegrationResponse")
    connection.open_writer().update_websocket_response(made, {"responseTemplates": {"a": "b"}})

    assert WebSocketResponse(response_templates={"a": "b"}) == connection.reader.websocket_response(made)


@pytest.mark.parametrize("lost", LOST)
def test_delete_gets_through(
    connection: Connection, plane: ControlPlane, ref: WebSocketResponseRef, lost: faults.Fault
) -> None:
    """Whether or not the lost try took effect, it was this deletion that did it."""
    made = created(connection, ref, RICH)
    plane.faults.add(lost, "DeleteIntegrationResponse")

    assert connection.open_writer().delete_websocket_response(made)


@pytest.mark.parametrize("operation", ["GetRoutes", "GetIntegrations", "GetIntegrationResponses"])
@pytest.mark.parametrize("fault", [faults.throttled(), faults.server_error(), *LOST])
def test_reading_gets_through(connection: Connection, plane: ControlPlane, operation: str, fault: faults.Fault) -> None:
    """Passing trouble with any of the reads does not show in what is read."""
    chat = target(connection, CHAT_ID)
    whole = connection.reader.websocket_api(chat, IntegrationSelection(everything=True))
    plane.faults.add(fault, operation)

    assert whole == connection.reader.websocket_api(chat, IntegrationSelection(everything=True))
