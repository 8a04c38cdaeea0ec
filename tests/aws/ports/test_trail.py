"""The event history of a sandbox, by either way."""

import pytest

from reconciler import errors
from reconciler.models.writes import ApiWrite
from reconciler.ports import Connection
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.faults import ErrorAnswer
from reconciler.sandbox.seed import PETSTORE_ID
from reconciler.sandbox.seed_chat import CHAT_ID
from reconciler.sandbox.server import Server


def latest(connection: Connection, api_id: str, *events: str) -> ApiWrite:
    """The latest of these writes to an API."""
    trail = connection.open_trail()
    assert trail is not None
    return trail.writes({api_id}, events).writes[0]


def test_a_rest_response_that_was_written(connection: Connection, server: Server) -> None:
    """With who, from where, and the ids of its method."""
    plane = server.aws.plane()
    items = plane.call("GetResources", restApiId=PETSTORE_ID, embed=["methods"])["items"]
    resource = next(item for item in items if item["path"] == "/pets")
    where = {"restApiId": PETSTORE_ID, "resourceId": resource["id"], "httpMethod": "GET"}
    plane.call("PutIntegrationResponse", **where, statusCode="200")
    write = latest(connection, PETSTORE_ID, "UpdateIntegrationResponse", "PutIntegrationResponse")

    assert ("PutIntegrationResponse", resource["id"], "GET", "200") == (
        write.event,
        write.resource_id,
        write.method,
        write.code,
    )
    assert ("arn:aws:iam::123456789012:user/sandbox", "127.0.0.1") == (write.who, write.address)


def test_a_websocket_deployment(connection: Connection, server: Server) -> None:
    """With its stage."""
    plane = server.aws.plane()
    plane.call("CreateDeployment", ApiId=CHAT_ID, StageName="prod")

    assert "prod" == latest(connection, CHAT_ID, "CreateDeployment").stage


def test_a_refusal(connection: Connection, server: Server) -> None:
    """Those who may read API Gateway may not always read the history."""
    denied = ErrorAnswer(ModelError(400, "AccessDeniedException", "no"))
    server.aws.plane().faults.add(denied, "LookupEvents")
    with pytest.raises(errors.AccessDenied):
        latest(connection, CHAT_ID, "CreateDeployment")
