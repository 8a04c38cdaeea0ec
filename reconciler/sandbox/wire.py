"""API Gateway's HTTP: a request becomes an operation of the model, its outcome becomes a response.

Status codes, member names and headers are those of the service's REST-JSON protocol (the service models that boto3
ships). Sockets and moto are not known here. Only this module deals with what the wire names differently than boto3: in
v1 `item` for `items`; in v2 camelCase for PascalCase, and dates in ISO 8601. Names below a response's own members and
those of its items are the user's, and stay.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import uuid4

from reconciler.sandbox.model.errors import ModelError, bad_request, wrong_type
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.model.state import Json
from reconciler.sandbox.paths import Version, route

_DATES: Final = frozenset({"CreatedDate", "LastUpdatedDate"})


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as received: `target` is path and query, percent-encoded."""

    verb: str
    target: str
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response to send."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def handle_request(plane: ControlPlane, request: HttpRequest) -> HttpResponse:
    """Run the request on the control plane.

    Raises TransportFailure if a fault leaves the client without a proper response; `render` renders the one it missed.
    """
    try:
        operation, parameters = _parse_request(request)
        return render(request, plane.call(operation, **parameters))
    except ModelError as error:
        return render(request, error)


def handle_lookup(plane: ControlPlane, body: bytes) -> HttpResponse:
    """Look up events, in CloudTrail's protocol: JSON with the error code in the body (service model)."""
    headers = {"Content-Type": "application/x-amz-json-1.1"}
    try:
        events = plane.call("LookupEvents", **json.loads(body))
    except ModelError as error:
        return _response(error.status, json.dumps({"__type": error.code, "message": error.message}).encode(), headers)
    return _response(HTTPStatus.OK, json.dumps(events).encode(), headers)


def render(request: HttpRequest, outcome: Json | ModelError) -> HttpResponse:
    """Return the response for an outcome of this request."""
    if isinstance(outcome, ModelError):
        return _error_response(outcome)
    matched, _ = route(request.verb, request.target)
    if matched.operation == "GetExport":
        headers = {"Content-Type": outcome["contentType"], "Content-Disposition": outcome["contentDisposition"]}
        return _response(matched.status, outcome["body"].encode(), headers)
    if request.verb == "DELETE":
        return _response(matched.status, b"")
    return _response(matched.status, json.dumps(_to_wire(outcome, matched.version)).encode())


def _to_wire(outcome: Json, version: Version) -> Json:
    if version == "v1":
        return {"item" if name == "items" else name: value for name, value in outcome.items()}
    return {f"{name[:1].lower()}{name[1:]}": _value_to_wire(name, value) for name, value in outcome.items()}


def _value_to_wire(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    if name == "Items":
        return [_to_wire(item, "v2") for item in value]
    return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if name in _DATES else value


def _response(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        status,
        {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid4()), **(headers or {})},
        body,
    )


def _error_response(error: ModelError) -> HttpResponse:
    headers = {"x-amzn-ErrorType": error.code}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    return _response(error.status, json.dumps({"message": error.message}).encode(), headers)


def _parse_request(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Return the requested operation and its parameters under boto3's names."""
    matched, variables = route(request.verb, request.target)
    body, query = _body(request), _query(request)
    if matched.version == "v2":
        return matched.operation, _boto_names({**body, **_single(query)}) | variables
    if matched.operation == "PutIntegration" and "httpMethod" in body:
        body["integrationHttpMethod"] = body.pop("httpMethod")
    return matched.operation, {**body, **_v1_query(query, matched.operation), **variables}


def _boto_names(sent: Json) -> dict[str, Any]:
    """Return members of v2 under boto3's names; a name without an initial small letter is not a member."""
    return {f"{name[0].upper()}{name[1:]}": value for name, value in sent.items() if name[:1].islower()}


def _body(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of the body. A write without one is refused (users of other SDKs report the text)."""
    if request.verb in {"GET", "DELETE"}:
        return {}
    if not request.body:
        raise bad_request("Invalid request input")
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise ModelError(400, "SerializationException", "Unable to parse the request body") from error
    if not isinstance(sent, dict):
        raise wrong_type("java.util.ArrayList", "Object")
    return sent


def _query(request: HttpRequest) -> dict[str, list[str]]:
    return parse_qs(request.target.partition("?")[2], keep_blank_values=True)


def _single(query: Mapping[str, list[str]]) -> dict[str, Any]:
    return {name: values[-1] for name, values in query.items()}


def _v1_query(query: Mapping[str, list[str]], operation: str) -> dict[str, Any]:
    single = _single(query)
    if operation == "GetExport":
        return {"parameters": single}
    if "embed" in query:
        single["embed"] = query["embed"]
    if "limit" in single:
        if not single["limit"].isascii() or not single["limit"].isdecimal():
            raise bad_request("Invalid limit specified")
        single["limit"] = int(single["limit"])
    return single
