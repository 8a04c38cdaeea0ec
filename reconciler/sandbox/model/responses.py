"""Integration responses: the resource that this program manages.

Put replaces the whole object; a selection pattern is unique within the integration, where absent and "" are the same;
`null`, "", `{}` and absent are stored and returned as recorded.
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import mappings, shapes
from reconciler.sandbox.model.errors import (
    NO_CONTENT_TYPE,
    NO_INTEGRATION,
    NO_PARAMETER,
    NO_STATUS,
    bad_request,
    conflict,
    not_found,
)
from reconciler.sandbox.model.integrations import integration_of
from reconciler.sandbox.model.patches import MapPath, MemberPath, Paths, apply_patch
from reconciler.sandbox.model.state import Json, RestState, get_entry, sent_members, set_entry

CONTENT_HANDLINGS: Final = ("CONVERT_TO_BINARY", "CONVERT_TO_TEXT")
_NO_INTEGRATION_FOR_PUT: Final = "No integration defined for method"


def _as_pattern(pattern: str | None) -> str:
    """A literal `-` used to be read as "default" and still reads back empty (users' reports of permanent drift)."""
    return "" if pattern in {None, "-"} else str(pattern)


def _as_template(template: str | None) -> str | None:
    return template or None


def _as_content_handling(value: str | None) -> str:
    if value not in CONTENT_HANDLINGS:
        raise bad_request(f"Invalid content handling specified: {value}")
    return str(value)


_PATHS: Final = Paths(
    scalars={
        "selectionPattern": MemberPath(_as_pattern),
        "contentHandling": MemberPath(_as_content_handling, clearable=True),
    },
    # The two texts are those of method responses, by analogy.
    maps={
        "responseParameters": MapPath(NO_PARAMETER),
        "responseTemplates": MapPath(NO_CONTENT_TYPE, _as_template),
    },
)


def put_integration_response(state: RestState, request: Json) -> Json:
    """Create or replace the response of a status. No method response is needed unless headers are mapped."""
    stored = _as_stored(request)
    shapes.reject(_bad_content_handling(request) + shapes.invalid_status(request))
    method = state.method(request)
    if "methodIntegration" not in method:
        raise not_found(_NO_INTEGRATION_FOR_PUT)
    return _store(state, request, method, stored)


def _bad_content_handling(request: Json) -> list[str]:
    """Refuse "" as the constraint says; no recording shows whether AWS does."""
    value = request.get("contentHandling")
    name = "putIntegrationResponseInput.contentHandling"
    return [] if value is None else shapes.not_in_enum(name, value, CONTENT_HANDLINGS)


def _as_stored(request: Json) -> Json:
    pattern = shapes.text(request, "selectionPattern")
    templates = shapes.text_map(request, "responseTemplates")
    sent = {
        "selectionPattern": None if pattern is None else _as_pattern(pattern),
        "contentHandling": shapes.text(request, "contentHandling"),
        "responseParameters": shapes.text_map(request, "responseParameters"),
        "responseTemplates": templates and {name: _as_template(text) for name, text in templates.items()},
    }
    return {"statusCode": request["statusCode"], **sent_members(sent, *sent)}


def _store(state: RestState, request: Json, method: Json, response: Json) -> Json:
    """Check the response against its method and integration, and store it."""
    status, integration = request["statusCode"], method["methodIntegration"]
    declared = method.get("methodResponses", {}).get(status)
    mappings.check_content_types(response.get("responseTemplates") or ())
    mappings.check_mappings(
        response.get("responseParameters"), None if declared is None else declared.get("responseParameters") or ()
    )
    _check_pattern(status, response, integration)
    changed = set_entry(integration, "integrationResponses", status, response)
    state.store_method(request, {**method, "methodIntegration": changed})
    return response


def _check_pattern(status: str, response: Json, integration: Json) -> None:
    """Refuse a pattern that another status has.

    Users report the refusal for the empty pattern; for others it follows from exports, which are keyed by pattern.
    """
    pattern = response.get("selectionPattern") or ""
    for other_status, other in (integration.get("integrationResponses") or {}).items():
        if other_status != status and (other.get("selectionPattern") or "") == pattern:
            raise conflict(f"Integration response with selection pattern {pattern or 'default'} already exists")


def get_integration_response(state: RestState, request: Json) -> Json:
    """Return the response of a status."""
    shapes.reject(shapes.invalid_status(request))
    return _response(integration_of(state.method(request)), request)


def _response(integration: Json, request: Json) -> Json:
    return get_entry(integration, "integrationResponses", request["statusCode"], not_found(NO_STATUS))


def update_integration_response(state: RestState, request: Json) -> Json:
    """Change single members and map entries of a response."""
    operations = shapes.patch_operations(request)
    shapes.reject(
        shapes.unknown_patch_ops("updateIntegrationResponseInput", operations) + shapes.invalid_status(request)
    )
    method = state.method(request)
    before = _response(integration_of(method), request)
    return _store(state, request, method, apply_patch(before, operations, _PATHS))


def delete_integration_response(state: RestState, request: Json) -> Json:
    """Delete a response. Not idempotent; for this call an unknown verb is reported as an unknown integration."""
    shapes.reject(shapes.invalid_status(request))
    method = state.method(request, missing=NO_INTEGRATION)
    integration = integration_of(method)
    _response(integration, request)
    rest = set_entry(integration, "integrationResponses", request["statusCode"], None)
    state.store_method(request, {**method, "methodIntegration": rest})
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "PutIntegrationResponse": put_integration_response,
    "GetIntegrationResponse": get_integration_response,
    "UpdateIntegrationResponse": update_integration_response,
    "DeleteIntegrationResponse": delete_integration_response,
}
