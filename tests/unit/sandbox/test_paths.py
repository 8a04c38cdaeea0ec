"""Which operation a request is taken for, held against the service models that boto3 ships."""

from collections.abc import Iterator

import pytest
from botocore.session import get_session

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.paths import is_api_path, route

VERSIONS = {"v1": "apigateway", "v2": "apigatewayv2"}


def operations() -> Iterator[tuple[str, str, str, str, int]]:
    """Version, name, verb, path and status of every operation of AWS that is about APIs; a part for each variable."""
    for version, service in VERSIONS.items():
        model = get_session().get_service_model(service)
        for name in model.operation_names:
            http = model.operation_model(name).http
            path = http["requestUri"].replace("{", "x").replace("}", "").replace("+", "")
            if is_api_path(path):
                yield version, name, http["method"], path, http.get("responseCode", 200)


def taken_for(verb: str, path: str) -> tuple[str, str, int] | None:
    """Version, operation and status that the sandbox takes a request for; None when it refuses it."""
    try:
        found, _ = route(verb, path)
    except ModelError:
        return None
    return found.version, found.operation, found.status


@pytest.mark.parametrize(("version", "name", "verb", "path", "status"), tuple(operations()))
def test_operation_is_never_taken_for_another(version: str, name: str, verb: str, path: str, status: int) -> None:
    """Each operation of AWS is taken for itself, with its own status, or refused."""
    assert taken_for(verb, path) in {None, (version, name, status)}


@pytest.mark.parametrize(
    ("verb", "path", "name"),
    [
        ("POST", "/restapis?mode=import&failonwarnings=true", "ImportRestApi"),
        ("PUT", "/restapis/a1b2c3d4e5?mode=merge", "PutRestApi"),
        ("PATCH", "/restapis/a1b2c3d4e5/resources/x1", "UpdateResource"),
        ("PUT", "/v2/apis", "ImportApi"),
    ],
)
def test_refusal_names_the_operation(verb: str, path: str, name: str) -> None:
    """Operations that people may well try are refused by name."""
    with pytest.raises(ModelError, match=f"The sandbox does not implement {name}"):
        route(verb, path)


def test_cloned_apis_are_refused(plane: ControlPlane) -> None:
    """A request that asks for more than the sandbox does is refused, not done by half."""
    with pytest.raises(ModelError, match="does not implement APIs that are cloned from another one"):
        plane.call("CreateRestApi", name="twin", cloneFrom="a1b2c3d4e5")
