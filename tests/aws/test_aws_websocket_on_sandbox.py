"""The WebSocket half of the adapter against the sandbox: trouble leaves no trace. What it reads is in `ports/`."""

from collections import Counter

import pytest

from reconciler import errors
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind, Target, WebSocketResponseRef
from reconciler.models.views import live_integrations
from reconciler.ports import Connection, IntegrationSelection
from reconciler.sandbox.building import big_websocket_api
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed_chat import CHAT_ID
from support.websocket import RICH, created

LOST = [faults.Dropped(), faults.LostAnswer(), faults.Truncated()]


def test_largest_api(connection: Connection, plane: ControlPlane) -> None:
    """300 integrations take one call for the protocol, one for routes, one for integrations, and 300."""
    api_id = big_websocket_api(plane)
    plane.calls.clear()
    live = connection.reader.websocket_api(
        Target(connection.account_id, connection.region, api_id, Kind.WEBSOCKET_API),
        IntegrationSelection(everything=True),
    )

    assert {"GetApi": 1, "GetRoutes": 1, "GetIntegrations": 1, "GetIntegrationResponses": 300} == Counter(
        call.operation for call in plane.calls
    )
    assert [4] * 300 == [len(one.responses) for one in live_integrations(live).values()]


@pytest.mark.parametrize("lost", LOST)
def test_create_is_sent_once(
    connection: Connection, plane: ControlPlane, websocket_ref: WebSocketResponseRef, lost: faults.Fault
) -> None:
    """Whether or not it took effect, there is never a second one."""
    plane.faults.add(lost, "CreateIntegrationResponse")
    with pytest.raises(errors.AnswerLost):
        connection.open_writer().create_websocket_response(websocket_ref, RICH)

    assert 1 == len(plane.calls.of("CreateIntegrationResponse"))


@pytest.mark.parametrize("refusal", [faults.throttled(), faults.concurrent_modification()])
def test_create_gets_through(
    connection: Connection, plane: ControlPlane, websocket_ref: WebSocketResponseRef, refusal: faults.Fault
) -> None:
    """What AWS turned away is sent again."""
    plane.faults.add(refusal, "CreateIntegrationResponse")

    assert RICH == connection.reader.websocket_response(created(connection, websocket_ref, RICH))


@pytest.mark.parametrize("fault", [faults.throttled(), faults.server_error(), *LOST])
def test_update_gets_through(
    connection: Connection, plane: ControlPlane, websocket_ref: WebSocketResponseRef, fault: faults.Fault
) -> None:
    """Passing trouble costs one more call."""
    made = created(connection, websocket_ref, WebSocketResponse())
    plane.faults.add(fault, "UpdateIntegrationResponse")
    connection.open_writer().update_websocket_response(made, {"responseTemplates": {"a": "b"}})

    assert WebSocketResponse(response_templates={"a": "b"}) == connection.reader.websocket_response(made)


@pytest.mark.parametrize("lost", LOST)
def test_delete_gets_through(
    connection: Connection, plane: ControlPlane, websocket_ref: WebSocketResponseRef, lost: faults.Fault
) -> None:
    """Whether or not the lost try took effect, it was this deletion that did it."""
    made = created(connection, websocket_ref, RICH)
    plane.faults.add(lost, "DeleteIntegrationResponse")

    assert connection.open_writer().delete_websocket_response(made)


@pytest.mark.parametrize("operation", ["GetRoutes", "GetIntegrations", "GetIntegrationResponses"])
@pytest.mark.parametrize("fault", [faults.throttled(), faults.server_error(), *LOST])
def test_reading_gets_through(connection: Connection, plane: ControlPlane, operation: str, fault: faults.Fault) -> None:
    """Passing trouble with any of the reads does not show in what is read."""
    chat = Target(connection.account_id, connection.region, CHAT_ID, Kind.WEBSOCKET_API)
    whole = connection.reader.websocket_api(chat, IntegrationSelection(everything=True))
    plane.faults.add(fault, operation)

    assert whole == connection.reader.websocket_api(chat, IntegrationSelection(everything=True))
