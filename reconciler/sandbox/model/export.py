"""GetExport: a deployed snapshot as an OpenAPI document.

Promise: `oas30` and `swagger`, with the integration extension where it is asked for: types and passthrough behaviour in
lower case, responses keyed by selection pattern with `default` for the one without, defaults and empty maps left out
(recorded exports). How AWS writes a null template is not recorded: here it stays null. Nor is what becomes of a pattern
`default`: here, of two responses under one key the later one is left.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from reconciler.sandbox.model.errors import bad_request
from reconciler.sandbox.model.integrations import INTERNET, TIMEOUT_MS
from reconciler.sandbox.model.stages import stage_of
from reconciler.sandbox.model.state import Deployment, Json, RestState, given

_ANY: Final = "x-amazon-apigateway-any-method"
_EXTENSION: Final = "x-amazon-apigateway-integration"
_EXTENSIONS_WITH_INTEGRATIONS: Final = frozenset({"apigateway", "integrations"})
_KEPT: Final = ("httpMethod", "uri", "credentials", "contentHandling", "requestParameters", "requestTemplates")
_HEADER_PREFIX: Final = "method.response.header."


def get_export(state: RestState, asked: Json) -> Json:
    """The document as text. It is JSON also when YAML is accepted (every JSON document is one)."""
    style = asked["exportType"]
    if style not in {"oas30", "swagger"}:
        raise bad_request(f"No API exporter for type '{style}'")
    deployment_id = stage_of(state, asked)["deploymentId"]
    api = state.api(asked)
    wanted = (asked.get("parameters") or {}).get("extensions", "").split(",")
    info = _info(api.description)
    host = f"{api.description['id']}.execute-api.{state.region}.amazonaws.com"
    document = _header(style, info, host, asked["stageName"]) | {
        "paths": _paths(api.deployments[deployment_id], style, integrations=_any_integrations(wanted)),
    }
    return {
        "contentType": "application/octet-stream",
        "contentDisposition": f'attachment; filename="{style}_{info["version"]}.json"',
        "body": json.dumps(document, indent=2),
    }


def _any_integrations(extensions: Iterable[str]) -> bool:
    return not _EXTENSIONS_WITH_INTEGRATIONS.isdisjoint(extensions)


def _info(description: Json) -> dict[str, Any]:
    made = datetime.fromtimestamp(description["createdDate"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "title": description["name"],
        "version": description.get("version") or made,
        **given(description, "description"),
    }


def _header(style: str, info: Json, host: str, stage: str) -> dict[str, Any]:
    if style == "swagger":
        return {"swagger": "2.0", "info": info, "host": host, "basePath": f"/{stage}", "schemes": ["https"]}
    server = {"url": f"https://{host}/{{basePath}}", "variables": {"basePath": {"default": stage}}}
    return {"openapi": "3.0.1", "info": info, "servers": [server]}


def _paths(deployment: Deployment, style: str, *, integrations: bool) -> dict[str, Any]:
    return {
        resource.path: {
            _ANY if verb == "ANY" else verb.lower(): _operation(method, style, integrations=integrations)
            for verb, method in resource.methods.items()
        }
        for resource in sorted(deployment.resources.values(), key=lambda one: one.path)
        if resource.methods
    }


def _operation(method: Json, style: str, *, integrations: bool) -> dict[str, Any]:
    declared = {status: _declared(one, style) for status, one in sorted((method.get("methodResponses") or {}).items())}
    operation: dict[str, Any] = {"responses": declared} if declared else {}
    if integrations and "methodIntegration" in method:
        operation[_EXTENSION] = _integration(method["methodIntegration"])
    return operation


def _declared(response: Json, style: str) -> dict[str, Any]:
    schema = {"type": "string"}
    names = [name.removeprefix(_HEADER_PREFIX) for name in response.get("responseParameters") or ()]
    headers = {name: schema if style == "swagger" else {"schema": schema} for name in names}
    shown: dict[str, Any] = {"description": f"{response['statusCode']} response"}
    if headers:
        shown["headers"] = headers
    return shown | _body(response.get("responseModels") or {}, style)


def _body(models: Mapping[str, str], style: str) -> dict[str, Any]:
    if style == "swagger":
        first = next(iter(models.values()), None)
        return {"schema": {"$ref": f"#/definitions/{first}"}} if first else {}
    content = {kind: {"schema": {"$ref": f"#/components/schemas/{model}"}} for kind, model in models.items()}
    return {"content": content}


def _integration(integration: Json) -> dict[str, Any]:
    shown = {
        "type": integration["type"].lower(),
        "passthroughBehavior": integration["passthroughBehavior"].lower(),
    }
    shown |= {name: integration[name] for name in _KEPT if integration.get(name)}
    if integration["timeoutInMillis"] != TIMEOUT_MS:
        shown["timeoutInMillis"] = integration["timeoutInMillis"]
    if integration.get("connectionType", INTERNET) != INTERNET:
        shown |= given(integration, "connectionType", "connectionId")
    responses = (integration.get("integrationResponses") or {}).values()
    if responses:
        shown["responses"] = {one.get("selectionPattern") or "default": _response(one) for one in responses}
    return shown


def _response(response: Json) -> dict[str, Any]:
    kept = ("statusCode", "responseParameters", "responseTemplates", "contentHandling")
    return {name: response[name] for name in kept if response.get(name)}


OPERATIONS: Final[Mapping[str, Any]] = {"GetExport": get_export}
