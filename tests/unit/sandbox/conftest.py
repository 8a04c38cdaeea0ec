"""A control plane with one API, one resource and one method on a mock; a cloud with the seed."""

from typing import Any

import pytest

from reconciler.models.targets import Coordinates
from reconciler.ports import Cloud, Connection
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import seed_apis


@pytest.fixture
def plane() -> ControlPlane:
    """An empty control plane."""
    return ControlPlane()


@pytest.fixture
def method(plane: ControlPlane) -> dict[str, Any]:
    """Where GET /things is: the parameters that address it."""
    api = plane.call("CreateRestApi", name="things")
    things = plane.call("CreateResource", restApiId=api["id"], parentId=api["rootResourceId"], pathPart="things")
    where = {"restApiId": api["id"], "resourceId": things["id"], "httpMethod": "GET"}
    plane.call("PutMethod", **where, authorizationType="NONE")
    plane.call("PutIntegration", **where, type="MOCK")
    return where


@pytest.fixture
def mock(plane: ControlPlane) -> dict[str, Any]:
    """Where a mock of a WebSocket API is: the parameters that address the integration."""
    api = plane.call("CreateApi", Name="talk", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.do")
    created = plane.call("CreateIntegration", ApiId=api["ApiId"], IntegrationType="MOCK")
    return {"ApiId": api["ApiId"], "IntegrationId": created["IntegrationId"]}


@pytest.fixture
def web(plane: ControlPlane) -> dict[str, Any]:
    """Where a proxy of an HTTP API is: the parameters that address the integration."""
    api = plane.call("CreateApi", Name="web", ProtocolType="HTTP")
    proxy = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY", "IntegrationUri": "http://web.example/"}
    created = plane.call("CreateIntegration", ApiId=api["ApiId"], **proxy)
    return {"ApiId": api["ApiId"], "IntegrationId": created["IntegrationId"]}


@pytest.fixture
def cloud() -> InMemoryCloud:
    """A seeded cloud."""
    cloud = InMemoryCloud()
    seed_apis(cloud.plane())
    return cloud


@pytest.fixture
def connection(cloud: InMemoryCloud) -> Connection:
    """A connection to its one region."""
    typed: Cloud = cloud
    return typed.connect(Coordinates())
