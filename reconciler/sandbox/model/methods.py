"""Methods and method responses.

PutMethod and PutMethodResponse do not overwrite; a stored method has `methodResponses` only if there are some.
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import mappings, shapes
from reconciler.sandbox.model.errors import (
    NO_CONTENT_TYPE,
    NO_PARAMETER,
    NO_STATUS,
    bad_request,
    conflict,
    not_found,
)
from reconciler.sandbox.model.patches import MapPath, MemberPath, Paths, apply_patch, as_boolean
from reconciler.sandbox.model.state import Json, RestState, get_entry, sent_members, set_entry

_VERBS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
_METHOD_PATHS: Final = Paths(
    scalars={
        "authorizationType": MemberPath(),
        "authorizerId": MemberPath(clearable=True),
        "apiKeyRequired": MemberPath(as_boolean),
        "operationName": MemberPath(clearable=True),
        "requestValidatorId": MemberPath(clearable=True),
    },
    maps={"requestParameters": MapPath(NO_PARAMETER, as_boolean), "requestModels": MapPath(NO_CONTENT_TYPE)},
)
_PATHS: Final = Paths(
    maps={
        "responseParameters": MapPath(NO_PARAMETER, as_boolean),
        "responseModels": MapPath(NO_CONTENT_TYPE),
    }
)


def put_method(state: RestState, request: Json) -> Json:
    """Create a method without an integration."""
    _, resource = state.resource(request)
    verb = request["httpMethod"]
    if verb not in _VERBS:
        raise bad_request(f"Invalid HttpMethod specified. Valid options are {','.join(_VERBS)}")
    if verb in resource.methods:
        raise conflict("Method already exists for this resource")
    method = {
        "httpMethod": verb,
        "apiKeyRequired": False,
        # `none` reads back as NONE (aws-semantics 12.4); the other types are treated alike by analogy.
        "authorizationType": (shapes.text(request, "authorizationType") or "NONE").upper(),
        **sent_members(request, "apiKeyRequired", "authorizerId", "operationName"),
        **sent_members(request, "requestParameters", "requestModels", "requestValidatorId"),
    }
    state.store_method(request, method)
    return method


def get_method(state: RestState, request: Json) -> Json:
    """Return a method with its integration and every response."""
    return state.method(request)


def update_method(state: RestState, request: Json) -> Json:
    """Change single members of a method; its integration and its responses stay."""
    operations = shapes.patch_operations(request)
    shapes.reject(shapes.unknown_patch_ops("updateMethodInput", operations))
    method = apply_patch(state.method(request), operations, _METHOD_PATHS)
    state.store_method(request, method)
    return method


def delete_method(state: RestState, request: Json) -> Json:
    """Delete a method with everything in it."""
    state.method(request)
    state.store_method(request, None)
    return {}


def put_method_response(state: RestState, request: Json) -> Json:
    """Declare a status. Refused if it is already declared: nothing is overwritten."""
    parameters = shapes.boolean_map(request, "responseParameters")
    models = shapes.text_map(request, "responseModels")
    shapes.reject(shapes.invalid_status(request))
    method, status = state.method(request), request["statusCode"]
    if status in method.get("methodResponses", {}):
        raise conflict("Response already exists for this resource")
    mappings.check_declarations(parameters or ())
    sent = {"responseParameters": parameters, "responseModels": models}
    stored = {"statusCode": status, **sent_members(sent, *sent)}
    state.store_method(request, set_entry(method, "methodResponses", status, stored))
    return stored


def get_method_response(state: RestState, request: Json) -> Json:
    """Return what a method declares for a status."""
    shapes.reject(shapes.invalid_status(request))
    return get_entry(state.method(request), "methodResponses", request["statusCode"], not_found(NO_STATUS))


def update_method_response(state: RestState, request: Json) -> Json:
    """Add, replace or remove declared headers and models, one by one."""
    operations = shapes.patch_operations(request)
    shapes.reject(shapes.unknown_patch_ops("updateMethodResponseInput", operations) + shapes.invalid_status(request))
    method, status = state.method(request), request["statusCode"]
    before = get_entry(method, "methodResponses", status, not_found(NO_STATUS))
    after = apply_patch(before, operations, _PATHS)
    mappings.check_declarations(after.get("responseParameters") or ())
    state.store_method(request, set_entry(method, "methodResponses", status, after))
    return after


def delete_method_response(state: RestState, request: Json) -> Json:
    """Delete a declaration, even if an integration response needs it (no refusal is recorded)."""
    get_method_response(state, request)
    state.store_method(request, set_entry(state.method(request), "methodResponses", request["statusCode"], None))
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "PutMethod": put_method,
    "GetMethod": get_method,
    "UpdateMethod": update_method,
    "DeleteMethod": delete_method,
    "PutMethodResponse": put_method_response,
    "GetMethodResponse": get_method_response,
    "UpdateMethodResponse": update_method_response,
    "DeleteMethodResponse": delete_method_response,
}
