"""Integrations: the backends of methods.

PutIntegration replaces the integration and so destroys its responses; reads have the defaults that AWS adds.
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import backends, mappings, shapes
from reconciler.sandbox.model.errors import NO_CONTENT_TYPE, NO_INTEGRATION, NO_PARAMETER, bad_request, not_found
from reconciler.sandbox.model.patches import MapPath, MemberPath, Paths, apply_patch, as_boolean, as_number
from reconciler.sandbox.model.state import Json, RestState, sent_members, without_member

_TYPES: Final = ("HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS")
TIMEOUT_MS: Final = 29_000
INTERNET: Final = "INTERNET"
_CACHE_KEYS: Final = "cacheKeyParameters"
BUFFERED: Final = "BUFFERED"
_PATHS: Final = Paths(
    scalars={
        "uri": MemberPath(),
        "httpMethod": MemberPath(),
        "credentials": MemberPath(),
        "passthroughBehavior": MemberPath(),
        "timeoutInMillis": MemberPath(as_number),
        "contentHandling": MemberPath(clearable=True),
        "connectionType": MemberPath(),
        "connectionId": MemberPath(),
        "integrationTarget": MemberPath(),
        "cacheNamespace": MemberPath(),
        "responseTransferMode": MemberPath(),
    },
    maps={
        "requestParameters": MapPath(NO_PARAMETER),
        "requestTemplates": MapPath(NO_CONTENT_TYPE),
        "tlsConfig": MapPath(NO_PARAMETER, as_boolean),
    },
)
"""Rows: API Reference, "Patch Operations"; that the newer members can be replaced is likely, but not recorded."""


def put_integration(state: RestState, request: Json) -> Json:
    """Set the integration of a method; an existing one is replaced, and its responses are lost."""
    templates = shapes.text_map(request, "requestTemplates")
    parameters = shapes.text_map(request, "requestParameters")
    shapes.reject(shapes.not_in_enum("putIntegrationInput.type", request.get("type"), _TYPES))
    method = state.method(request)
    backends.check(request["type"], request.get("integrationHttpMethod"), request.get("uri"))
    mappings.check_content_types(templates or ())
    mappings.check_request_mappings(parameters or {})
    integration = _with_defaults(request)
    state.store_method(request, {**method, "methodIntegration": integration})
    return integration


def _with_defaults(request: Json) -> Json:
    integration = {
        "type": request["type"],
        "passthroughBehavior": "WHEN_NO_MATCH",
        "timeoutInMillis": TIMEOUT_MS,
        "cacheNamespace": request["resourceId"],
        "cacheKeyParameters": [],
        **({"connectionType": INTERNET} if request["type"].startswith("HTTP") else {}),
        **sent_members(request, "uri", "credentials", "requestParameters", "requestTemplates", "passthroughBehavior"),
        **sent_members(request, "cacheNamespace", "cacheKeyParameters", "contentHandling", "timeoutInMillis"),
        **sent_members(
            request, "connectionType", "connectionId", "integrationTarget", "responseTransferMode", "tlsConfig"
        ),
    }
    if request["type"] != "MOCK" and request.get("integrationHttpMethod"):  # a MOCK keeps none: aws-semantics 12.4
        integration["httpMethod"] = request["integrationHttpMethod"]
    return integration


def integration_of(method: Json) -> Json:
    """Return the integration of a method. Raises 404 if it has none."""
    integration: Json | None = method.get("methodIntegration")
    if integration is None:
        raise not_found(NO_INTEGRATION)
    return integration


def get_integration(state: RestState, request: Json) -> Json:
    """Return an integration with its responses."""
    return integration_of(state.method(request))


def update_integration(state: RestState, request: Json) -> Json:
    """Change single members of an integration; its responses stay."""
    operations = shapes.patch_operations(request)
    shapes.reject(shapes.unknown_patch_ops("updateIntegrationInput", operations))
    method = state.method(request)
    integration = integration_of(method)
    for operation in operations:
        integration = _patched(integration, operation)
    # No recording shows that an update is checked like a Put.
    backends.check(integration["type"], integration.get("httpMethod"), integration.get("uri"))
    mappings.check_content_types(integration.get("requestTemplates") or ())
    mappings.check_request_mappings(integration.get("requestParameters") or {})
    state.store_method(request, {**method, "methodIntegration": integration})
    return integration


def _patched(integration: Json, operation: Json) -> Json:
    """Apply one operation. The cache keys are a list whose entries are addressed by their values."""
    prefix = f"/{_CACHE_KEYS}/"
    path = operation.get("path") or ""
    if not path.startswith(prefix):
        return apply_patch(integration, [operation], _PATHS)
    name = path.removeprefix(prefix)
    others = [key for key in integration[_CACHE_KEYS] if key != name]
    match operation["op"]:
        case "add":
            return {**integration, _CACHE_KEYS: [*others, name]}
        case "remove":
            return {**integration, _CACHE_KEYS: others}
        case _:
            raise bad_request(f"Invalid patch path {path}")


def delete_integration(state: RestState, request: Json) -> Json:
    """Delete the integration of a method with its integration responses."""
    method = state.method(request)
    integration_of(method)
    state.store_method(request, without_member(method, "methodIntegration"))
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "PutIntegration": put_integration,
    "GetIntegration": get_integration,
    "UpdateIntegration": update_integration,
    "DeleteIntegration": delete_integration,
}
