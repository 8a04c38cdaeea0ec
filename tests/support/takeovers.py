"""Exports of APIs that another tool made, and the files of that tool."""

import json
from collections.abc import Mapping
from typing import Any

from reconciler.engine.call_inputs import InputFile
from reconciler.engine.export.export import Exported
from reconciler.manifest.writer import Layout, OmittedMethod, Subject, write
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod, LiveScope
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import ApiRef, Kind, Target

GET, PUT = MethodKey("/pets", "GET"), MethodKey("/pets/{petId}", "PUT")
REST = "aws_api_gateway_integration_response"
WEBSOCKET = "aws_apigatewayv2_integration_response"


def exported(*omitted: MethodKey) -> Exported:
    """A REST and a WebSocket API as exported, without these methods."""
    target = Target("123456789012", "eu-west-1", "rest000001", Kind.REST_API, "pets")
    both = {"200": RestResponse(), "404": RestResponse("4..")}
    methods: dict[Scope, LiveScope] = {
        GET: LiveMethod("res0", "HTTP", responses=both),
        PUT: LiveMethod("res1", "HTTP", responses={"200": RestResponse()}),
    }
    rest = Subject("pets", ApiRef(name="pets"), LiveApi(target, frozenset({"/pets", "/pets/{petId}"}), methods))
    chat = Target("123456789012", "eu-west-1", "chat000001", Kind.WEBSOCKET_API, "chat")
    integration = LiveIntegration(
        "int0", "HTTP", routes=("send",), responses={"$default": WebSocketResponse()}, response_ids={"$default": "r0"}
    )
    key = IntegrationKey("send", "int0")
    websocket = Subject("chat", ApiRef(name="chat"), LiveApi(chat, frozenset(), {key: integration}, {"send": "int0"}))
    files = write([rest, websocket], Layout()).files
    return Exported(files, tuple(OmittedMethod(rest, scope, "why") for scope in omitted))


def resource(address: str, kind: str, **values: str) -> dict[str, Any]:
    """A resource of a state."""
    return {"address": address, "mode": "managed", "type": kind, "values": values}


def response(address: str, status: str = "404", resource_id: str = "res0", verb: str = "GET") -> dict[str, Any]:
    """A response of the REST API as a resource."""
    values = {"rest_api_id": "rest000001", "resource_id": resource_id, "http_method": verb, "status_code": status}
    return resource(address, REST, **values)


def state(*resources: Mapping[str, Any], modules: tuple[Mapping[str, Any], ...] = ()) -> InputFile:
    """A state, as `terraform show -json` prints it."""
    root = {"resources": list(resources), "child_modules": list(modules)}
    return InputFile("state.json", json.dumps({"format_version": "1.0", "values": {"root_module": root}}).encode())
