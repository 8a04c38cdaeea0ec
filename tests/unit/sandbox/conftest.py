"""A control plane with one API, one resource and one method on a mock."""

from typing import Any

import pytest

from reconciler.sandbox.model.plane import ControlPlane


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
