"""An API in memory, in a given state."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler import normal
from reconciler.models.keys import MethodKey
from reconciler.models.live import LiveApi
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Coordinates, Target
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.plane import ControlPlane
from support.websocket import websocket_from_json

LAMBDA = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations"


@dataclass(frozen=True)
class Method:
    """A method to be set up; `declared` maps a status to header names, None declares whatever the responses need.

    `uri` None is one that AWS takes for the type.
    """

    responses: Mapping[str, RestResponse] = field(default_factory=dict)
    declared: Mapping[str, Iterable[str]] | None = None
    type: str | None = "HTTP"
    uri: str | None = None


def make_api(plane: ControlPlane, name: str, methods: Mapping[MethodKey, Method]) -> str:
    """Set an API up through the calls that a user would make; gives its id."""
    api_id: str = plane.call("CreateRestApi", name=name)["id"]
    root = plane.call("GetResources", restApiId=api_id)["items"][0]["id"]
    resources = {"/": root, "": root}
    for key, method in methods.items():
        resource = _resource(plane, api_id, key.path, resources)
        _method(plane, {"restApiId": api_id, "resourceId": resource, "httpMethod": key.method}, method)
    plane.calls.clear()
    return api_id


def _resource(plane: ControlPlane, api_id: str, path: str, known: dict[str, str]) -> str:
    if path not in known:
        parent, _, part = path.rpartition("/")
        parent_id = _resource(plane, api_id, parent, known)
        known[path] = plane.call("CreateResource", restApiId=api_id, parentId=parent_id, pathPart=part)["id"]
    return known[path]


def _method(plane: ControlPlane, where: dict[str, str], method: Method) -> None:
    plane.call("PutMethod", **where, authorizationType="NONE")
    for code, headers in _declared(method).items():
        parameters = {f"{normal.HEADER_PREFIX}{name}": False for name in headers}
        plane.call("PutMethodResponse", **where, statusCode=code, responseParameters=parameters)
    if method.type is None:
        return
    usual = LAMBDA if method.type.startswith("AWS") else "https://backend.example/"
    uri = {} if method.type == "MOCK" else {"uri": method.uri or usual, "integrationHttpMethod": "POST"}
    plane.call("PutIntegration", **where, type=method.type, **uri)
    for code, response in method.responses.items():
        plane.call("PutIntegrationResponse", **where, statusCode=code, **normal.rest_request(response))


def _declared(method: Method) -> Mapping[str, Iterable[str]]:
    if method.declared is not None:
        return method.declared
    return {
        code: [name.removeprefix(normal.HEADER_PREFIX) for name in response.response_parameters]
        for code, response in method.responses.items()
    }


def from_json(plane: ControlPlane, file: Path) -> str:
    """Set up the API that a scenario's `live.json` describes: with a `protocol` one of v2, else a REST API."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if content.get("protocol"):
        return websocket_from_json(plane, content)
    methods = {
        MethodKey(path, verb): Method(
            responses={code: normal.rest_response(raw) for code, raw in one.get("responses", {}).items()},
            declared=one.get("methodResponses"),
            type=one.get("type", "HTTP"),
            uri=LAMBDA if one.get("lambda") else None,
        )
        for path, verbs in content["resources"].items()
        for verb, one in verbs.items()
    }
    return make_api(plane, content["name"], methods)


def read(cloud: InMemoryCloud, api_id: str, name: str | None = None) -> LiveApi:
    """The API as a run would read it."""
    connection = cloud.connect(Coordinates())
    return connection.reader.rest_api(Target(connection.account_id, connection.region, api_id, api_name=name))
