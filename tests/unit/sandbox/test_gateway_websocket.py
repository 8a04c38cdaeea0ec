"""The in-memory cloud: pages and trouble of WebSocket APIs. What it reads and writes is in `tests/aws/ports/`."""

from collections import Counter

import pytest

from reconciler import errors
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind, Target, WebSocketResponseRef
from reconciler.ports import Connection, IntegrationSelection
from reconciler.sandbox.building import big_websocket_api
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION
from reconciler.sandbox.seed_chat import CHAT_ID, PING_ID


def test_big_api_is_read_page_by_page(cloud: InMemoryCloud, connection: Connection) -> None:
    """Of 201 routes and integrations every page is fetched, and every integration is asked once."""
    api_id = big_websocket_api(cloud.plane(), integrations=201, responses=1)
    live = connection.reader.websocket_api(
        Target(ACCOUNT_ID, REGION, api_id, Kind.WEBSOCKET_API), IntegrationSelection(everything=True)
    )

    assert (201, Counter(GetApi=1, GetRoutes=3, GetIntegrations=3, GetIntegrationResponses=201)) == (
        len(live.methods),
        Counter(cloud.plane().calls.names()),
    )


def test_lost_create_took_effect(cloud: InMemoryCloud, connection: Connection) -> None:
    """After a lost answer the list tells that the response is there, and its id."""
    ref, response = WebSocketResponseRef(CHAT_ID, PING_ID, "/4../"), WebSocketResponse("${request.body.a}")
    cloud.plane().faults.add(faults.LostAnswer(), "CreateIntegrationResponse")
    with pytest.raises(errors.AnswerLost):
        connection.open_writer().create_websocket_response(ref, response)

    assert response == connection.reader.websocket_responses(CHAT_ID, PING_ID)[ref.key][1]
