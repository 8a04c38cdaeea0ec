"""GetExport: a deployed snapshot as an OpenAPI document.

`oas30` and `swagger`, with the integration extension on request: types and passthrough behaviour in lower case,
responses keyed by selection pattern with `default` for the one without, defaults and empty maps omitted (recorded
exports). How AWS writes a null template is not recorded: here it stays null. Nor is what a pattern `default` becomes:
here, the later of two responses under one key remains. Models, request validators and gateway responses are exported
too (Developer Guide): here the models and validators that a method uses, since it is not recorded whether AWS exports
the others, and the customised gateway responses.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from reconciler.sandbox.model import export_parts
from reconciler.sandbox.model.errors import bad_request
from reconciler.sandbox.model.integrations import BUFFERED, INTERNET, TIMEOUT_MS
from reconciler.sandbox.model.stages import stage_of
from reconciler.sandbox.model.state import Json, RestState, StoredDeployment, sent_members

_ANY: Final = "x-amazon-apigateway-any-method"
_EXTENSION: Final = "x-amazon-apigateway-integration"
_EXTENSIONS_WITH_INTEGRATIONS: Final = frozenset({"apigateway", "integrations"})
_KEPT: Final = (
    *("httpMethod", "uri", "credentials", "contentHandling", "requestParameters", "requestTemplates"),
    *("cacheKeyParameters", "tlsConfig", "integrationTarget"),
)
_HEADER_PREFIX: Final = "method.response.header."


def get_export(state: RestState, request: Json) -> Json:
    """Return the document as text. It is JSON even if YAML is accepted (every JSON document is YAML)."""
    style = request["exportType"]
    if style not in {"oas30", "swagger"}:
        raise bad_request(f"No API exporter for type '{style}'")
    deployment_id = stage_of(state, request)["deploymentId"]
    api = state.api(request)
    extensions = (request.get("parameters") or {}).get("extensions", "").split(",")
    info = _info(api.description)
    host = f"{api.description['id']}.execute-api.{state.region}.amazonaws.com"
    deployment = api.deployments[deployment_id]
    integrations = _any_integrations(extensions)
    document = (
        _header(style, info, host, request["stageName"])
        | {"paths": _paths(deployment, style, integrations=integrations)}
        | export_parts.schemas(deployment, style)
        | (export_parts.extensions(deployment) if integrations else {})
    )
    return {
        "contentType": "application/octet-stream",
        "contentDisposition": f'attachment; filename="{style}_{info["version"]}.json"',
        "body": json.dumps(document, indent=2),
    }


def _any_integrations(extensions: Iterable[str]) -> bool:
    return not _EXTENSIONS_WITH_INTEGRATIONS.isdisjoint(extensions)


def _info(description: Json) -> dict[str, Any]:
    created = datetime.fromtimestamp(description["createdDate"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "title": description["name"],
        "version": description.get("version") or created,
        **sent_members(description, "description"),
    }


def _header(style: str, info: Json, host: str, stage: str) -> dict[str, Any]:
    if style == "swagger":
        return {"swagger": "2.0", "info": info, "host": host, "basePath": f"/{stage}", "schemes": ["https"]}
    server = {"url": f"https://{host}/{{basePath}}", "variables": {"basePath": {"default": stage}}}
    return {"openapi": "3.0.1", "info": info, "servers": [server]}


def _paths(deployment: StoredDeployment, style: str, *, integrations: bool) -> dict[str, Any]:
    return {
        resource.path: {
            _ANY if verb == "ANY" else verb.lower(): _operation(
                deployment, resource.id, method, style, integrations=integrations
            )
            for verb, method in resource.methods.items()
        }
        for resource in sorted(deployment.resources.values(), key=lambda resource: resource.path)
        if resource.methods
    }


def _operation(  # one method of a deployed resource
    deployment: StoredDeployment, resource_id: str, method: Json, style: str, *, integrations: bool
) -> dict[str, Any]:
    declared = {
        status: _declared(response, style) for status, response in sorted((method.get("methodResponses") or {}).items())
    }
    operation = export_parts.request(method, style) | ({"responses": declared} if declared else {})
    if integrations:
        operation |= export_parts.validator(deployment, method)
    if integrations and "methodIntegration" in method:
        operation[_EXTENSION] = _integration(method["methodIntegration"], resource_id)
    return operation


def _declared(response: Json, style: str) -> dict[str, Any]:
    schema = {"type": "string"}
    names = [name.removeprefix(_HEADER_PREFIX) for name in response.get("responseParameters") or ()]
    headers = {name: schema if style == "swagger" else {"schema": schema} for name in names}
    shown: dict[str, Any] = {"description": f"{response['statusCode']} response"}
    if headers:
        shown["headers"] = headers
    return shown | export_parts.body(response.get("responseModels") or {}, style)


def _integration(integration: Json, resource_id: str) -> dict[str, Any]:
    shown = {
        "type": integration["type"].lower(),
        "passthroughBehavior": integration["passthroughBehavior"].lower(),
    }
    shown |= {name: integration[name] for name in _KEPT if integration.get(name)}
    if integration["cacheNamespace"] != resource_id:
        shown["cacheNamespace"] = integration["cacheNamespace"]
    if integration.get("responseTransferMode", BUFFERED) != BUFFERED:
        shown["responseTransferMode"] = integration["responseTransferMode"]
    if integration["timeoutInMillis"] != TIMEOUT_MS:
        shown["timeoutInMillis"] = integration["timeoutInMillis"]
    if integration.get("connectionType", INTERNET) != INTERNET:
        shown |= sent_members(integration, "connectionType", "connectionId")
    responses = (integration.get("integrationResponses") or {}).values()
    if responses:
        shown["responses"] = {
            response.get("selectionPattern") or "default": _response(response) for response in responses
        }
    return shown


def _response(response: Json) -> dict[str, Any]:
    kept = ("statusCode", "responseParameters", "responseTemplates", "contentHandling")
    return {name: response[name] for name in kept if response.get(name)}


OPERATIONS: Final[Mapping[str, Any]] = {"GetExport": get_export}
