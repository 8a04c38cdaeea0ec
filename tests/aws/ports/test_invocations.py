"""Test calls of methods by either way."""

import re

import pytest

from reconciler import errors
from reconciler.models.invocations import InvocationResult, MethodInvocation
from reconciler.models.keys import MethodKey
from reconciler.ports import Connection
from reconciler.sandbox.building import ApiBuilder
from reconciler.sandbox.model.plane import ControlPlane
from support.backends import LAMBDA, MOCK

PET = MethodKey("/pets/{petId}", "GET")
TEMPLATE = "$input.params('petId') $input.params('page') $input.params('X-A') $stageVariables.tier"


@pytest.fixture
def api(plane: ControlPlane) -> ApiBuilder:
    """An API with a mock that shows what it was sent, and a function."""
    api = ApiBuilder(plane, "of one test")
    api.method(PET.path, PET.method, MOCK, {"200": ()})
    api.response(PET.path, PET.method, "200", {"responseTemplates": {"application/json": TEMPLATE}})
    api.method(PET.path, "PUT", LAMBDA, {"200": ()})
    plane.calls.clear()
    return api


def call(api: ApiBuilder, path: str = "/pets/7?page=2", scope: MethodKey = PET) -> MethodInvocation:
    """Return a call of a method of the API."""
    return MethodInvocation(api.id, api.resource(PET.path), scope, path, {"X-A": "a"}, "{}", {"tier": "gold"})


def test_everything_of_a_call_arrives(connection: Connection, api: ApiBuilder) -> None:
    """Path, query string, headers and stage variables are seen by the draft's template; it was never deployed."""
    result = connection.open_invoker(30).invoke(call(api))

    assert (
        InvocationResult(200, {"Content-Type": ("application/json",)}, "7 2 a gold", result.log, result.latency)
        == result
    )
    assert re.match(r"Execution log for request \S+\n.* : Starting execution for request: ", result.log)


def test_a_missing_method(connection: Connection, api: ApiBuilder) -> None:
    """A method that does not exist is NotFound."""
    with pytest.raises(errors.NotFound, match="Invalid Method identifier specified"):
        connection.open_invoker(30).invoke(call(api, scope=MethodKey(PET.path, "DELETE")))


def test_a_sandbox_without_a_backend(connection: Connection, api: ApiBuilder) -> None:
    """The error says how to give it one."""
    with pytest.raises(errors.BadRequest, match=r"no backend for PUT /pets/{petId}.*start it with --backends PATH"):
        connection.open_invoker(30).invoke(call(api, scope=MethodKey(PET.path, "PUT")))


def test_one_call_is_one_request(connection: Connection, plane: ControlPlane, api: ApiBuilder) -> None:
    """Nothing else is read or written for it."""
    connection.open_invoker(30).invoke(call(api))

    assert ["TestInvokeMethod"] == plane.calls.names()
