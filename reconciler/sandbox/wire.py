"""API Gateway's HTTP: a request becomes an operation of the model, an answer or error becomes a response.

Promise: paths, status codes, member names and headers are those of the service's REST-JSON protocol (the service model
that boto3 ships); knows neither sockets nor moto. `item`, the wire's name for `items`, is dealt with here alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote
from uuid import uuid4

from reconciler.sandbox.model.errors import ModelError, bad_request, unconvertible, unsupported
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.model.state import Json

_RESOURCE: Final = "/restapis/{restApiId}/resources/{resourceId}"
_METHOD: Final = _RESOURCE + "/methods/{httpMethod}"
_RESPONSE: Final = _METHOD + "/responses/{statusCode}"
_INTEGRATION: Final = _METHOD + "/integration"
_INTEGRATION_RESPONSE: Final = _INTEGRATION + "/responses/{statusCode}"
_STAGE: Final = "/restapis/{restApiId}/stages/{stageName}"
_DEPLOYMENT: Final = "/restapis/{restApiId}/deployments/{deploymentId}"

_TABLE: Final = (
    ("POST", "/restapis", "CreateRestApi", 201),
    ("GET", "/restapis", "GetRestApis", 200),
    ("GET", "/restapis/{restApiId}", "GetRestApi", 200),
    ("DELETE", "/restapis/{restApiId}", "DeleteRestApi", 202),
    ("GET", "/tags/{resourceArn}", "GetTags", 200),
    ("GET", "/restapis/{restApiId}/resources", "GetResources", 200),
    ("POST", "/restapis/{restApiId}/resources/{parentId}", "CreateResource", 201),
    ("GET", _RESOURCE, "GetResource", 200),
    ("DELETE", _RESOURCE, "DeleteResource", 202),
    ("PUT", _METHOD, "PutMethod", 201),
    ("GET", _METHOD, "GetMethod", 200),
    ("DELETE", _METHOD, "DeleteMethod", 204),
    ("PUT", _RESPONSE, "PutMethodResponse", 201),
    ("GET", _RESPONSE, "GetMethodResponse", 200),
    ("PATCH", _RESPONSE, "UpdateMethodResponse", 201),
    ("DELETE", _RESPONSE, "DeleteMethodResponse", 204),
    ("PUT", _INTEGRATION, "PutIntegration", 201),
    ("GET", _INTEGRATION, "GetIntegration", 200),
    ("PATCH", _INTEGRATION, "UpdateIntegration", 200),
    ("DELETE", _INTEGRATION, "DeleteIntegration", 204),
    ("PUT", _INTEGRATION_RESPONSE, "PutIntegrationResponse", 201),
    ("GET", _INTEGRATION_RESPONSE, "GetIntegrationResponse", 200),
    ("PATCH", _INTEGRATION_RESPONSE, "UpdateIntegrationResponse", 200),
    ("DELETE", _INTEGRATION_RESPONSE, "DeleteIntegrationResponse", 204),
    ("POST", "/restapis/{restApiId}/deployments", "CreateDeployment", 201),
    ("GET", "/restapis/{restApiId}/deployments", "GetDeployments", 200),
    ("GET", _DEPLOYMENT, "GetDeployment", 200),
    ("DELETE", _DEPLOYMENT, "DeleteDeployment", 202),
    ("POST", "/restapis/{restApiId}/stages", "CreateStage", 201),
    ("GET", "/restapis/{restApiId}/stages", "GetStages", 200),
    ("GET", _STAGE, "GetStage", 200),
    ("PATCH", _STAGE, "UpdateStage", 200),
    ("DELETE", _STAGE, "DeleteStage", 202),
    ("GET", _STAGE + "/exports/{exportType}", "GetExport", 200),
)


@dataclass(frozen=True, slots=True)
class _Route:
    operation: str
    status: int
    parts: tuple[str, ...]

    def variables(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        """What the path's variables stand for; None when the path is another one."""
        found = {}
        for wanted, part in zip(self.parts, parts, strict=True):
            if wanted.startswith("{"):
                found[wanted[1:-1]] = part
            elif wanted != part:
                return None
        return found


def _routes() -> dict[tuple[str, int], list[_Route]]:
    routes: dict[tuple[str, int], list[_Route]] = {}
    for verb, path, operation, status in _TABLE:
        parts = tuple(path.split("/")[1:])
        routes.setdefault((verb, len(parts)), []).append(_Route(operation, status, parts))
    return routes


_ROUTES: Final = _routes()


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in: `target` is path and query, still percent-encoded."""

    verb: str
    target: str
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_ours(target: str) -> bool:
    """Whether the path is of the REST half of API Gateway."""
    return target.partition("?")[0].split("/")[1:2] in (["restapis"], ["tags"])


def answer(plane: ControlPlane, request: Request) -> Response:
    """Run the request on the control plane.

    Raises NoAnswer when a fault leaves the client without a proper answer; `given` renders what would have come.
    """
    try:
        route, parameters = _understood(request)
        return given(request, plane.call(route.operation, **parameters))
    except ModelError as error:
        return given(request, error)


def given(request: Request, outcome: Json | ModelError) -> Response:
    """The response for an outcome of this request."""
    if isinstance(outcome, ModelError):
        return _refusal(outcome)
    route, _ = _route(request)
    if route.operation == "GetExport":
        headers = {"Content-Type": outcome["contentType"], "Content-Disposition": outcome["contentDisposition"]}
        return _response(route.status, outcome["body"].encode(), headers)
    if request.verb == "DELETE":
        return _response(route.status, b"")
    wired = {"item" if name == "items" else name: value for name, value in outcome.items()}
    return _response(route.status, json.dumps(wired).encode())


def _response(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        status,
        {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid4()), **(headers or {})},
        body,
    )


def _refusal(error: ModelError) -> Response:
    headers = {"x-amzn-ErrorType": error.code}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    return _response(error.status, json.dumps({"message": error.message}).encode(), headers)


def _route(request: Request) -> tuple[_Route, dict[str, str]]:
    path = request.target.partition("?")[0].rstrip("/")
    parts = tuple(unquote(part) for part in path.split("/")[1:])
    for route in _ROUTES.get((request.verb, len(parts)), ()):
        variables = route.variables(parts)
        if variables is not None:
            return route, variables
    raise unsupported(f"{request.verb} {path}")


def _understood(request: Request) -> tuple[_Route, dict[str, Any]]:
    """The operation that is asked for, and its parameters under boto3's names."""
    route, variables = _route(request)
    body = _body(request)
    if route.operation == "PutIntegration" and "httpMethod" in body:
        body["integrationHttpMethod"] = body.pop("httpMethod")
    return route, {**body, **_query(request, route.operation), **variables}


def _body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent. A write without one is refused (users of other SDKs report the text)."""
    if request.verb in {"GET", "DELETE"}:
        return {}
    if not request.body:
        raise bad_request("Invalid request input")
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise ModelError(400, "SerializationException", "Unable to parse the request body") from error
    if not isinstance(sent, dict):
        raise unconvertible("java.util.ArrayList", "Object")
    return sent


def _query(request: Request, operation: str) -> dict[str, Any]:
    sent = parse_qs(request.target.partition("?")[2], keep_blank_values=True)
    single: dict[str, Any] = {name: values[-1] for name, values in sent.items()}
    if operation == "GetExport":
        return {"parameters": single}
    if "embed" in sent:
        single["embed"] = sent["embed"]
    if "limit" in sent:
        if not single["limit"].isascii() or not single["limit"].isdecimal():
            raise bad_request("Invalid limit specified")
        single["limit"] = int(single["limit"])
    return single
