"""Integration responses of WebSocket APIs: the other resource that this program manages.

A key is unique within its integration; a response is addressed by its id, which the service assigns. A response with
only a key reads back with two empty maps and without the two texts (read through Cloud Control).
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import mappings
from reconciler.sandbox.model import shapes as json_shapes
from reconciler.sandbox.model.errors import bad_request, conflict
from reconciler.sandbox.model.responses import CONTENT_HANDLINGS
from reconciler.sandbox.model.state import Json
from reconciler.sandbox.model.v2 import shapes
from reconciler.sandbox.model.v2.integrations import PROXIES
from reconciler.sandbox.model.v2.state import V2Api, V2Item, V2State, integration_response

# The texts of the refusals below are guesses: no answer is recorded.
_KEY: Final = re.compile(r"\$default|/.+/", re.DOTALL)
_LONGEST_MAPPING: Final = 512
_LONGEST_TEMPLATE: Final = 32_768
_TEXTS: Final = ("IntegrationResponseKey", "TemplateSelectionExpression")
_MAPS: Final = ("ResponseParameters", "ResponseTemplates")


def create_integration_response(state: V2State, request: Json) -> Json:
    """Create a response. A template "" is stored as such (the service model allows it)."""
    api, integration = state.integration(request)
    _check_integration(api, integration)
    shapes.required(request, "IntegrationResponseKey")
    maps = {name: _entries(request, name) for name in _MAPS}
    before = {"IntegrationResponseId": state.ids.next(), **maps}
    return _store(api, integration, shapes.merge_update(before, request, _TEXTS, (), ("ContentHandlingStrategy",)))


def _entries(request: Json, name: str) -> dict[str, str]:
    """Return the entries of a map that are sent; null counts as not sent."""
    sent = json_shapes.text_map(request, name) or {}
    return {key: value for key, value in sent.items() if value is not None}


def _check_integration(api: V2Api, integration: V2Item) -> None:
    """Refuse HTTP APIs (API Reference) and proxies (Developer Guide), which have no integration responses."""
    if not api.is_websocket:
        raise bad_request("IntegrationResponses are only supported for WebSocket APIs")
    if integration.description["IntegrationType"] in PROXIES:
        raise bad_request("IntegrationResponses are not supported for proxy integrations")


def _store(api: V2Api, integration: V2Item, response: Json) -> Json:
    """Check the response against its integration and store it."""
    _check_key(integration, response)
    _check_content(response)
    changed = integration.with_response(response["IntegrationResponseId"], response)
    api.integrations[integration.description["IntegrationId"]] = changed
    return response


def _check_key(integration: V2Item, response: Json) -> None:
    key = response["IntegrationResponseKey"]
    if not _KEY.fullmatch(key):
        raise bad_request(f"Invalid integration response key specified: {key}")
    for response_id, other in integration.responses.items():
        if other["IntegrationResponseKey"] == key and response_id != response["IntegrationResponseId"]:
            raise conflict(f"Integration response with key {key} already exists")


def _check_content(response: Json) -> None:
    """Check the constraints of the service model and the grammar of v1, which the reference repeats for v2."""
    handling = response.get("ContentHandlingStrategy")
    if handling is not None and handling not in CONTENT_HANDLINGS:
        raise bad_request(f"Invalid content handling specified: {handling}")
    parameters, templates = response["ResponseParameters"], response["ResponseTemplates"]
    for name, value in parameters.items():
        if not 1 <= len(value) <= _LONGEST_MAPPING:
            raise bad_request(f"The value of {name} must have 1 to {_LONGEST_MAPPING} characters")
    for name, template in templates.items():
        if len(template) > _LONGEST_TEMPLATE:
            raise bad_request(f"The template {name} must have at most {_LONGEST_TEMPLATE} characters")
    mappings.check_declarations(parameters)
    mappings.check_mappings(parameters, declared=parameters)


def get_integration_response(state: V2State, request: Json) -> Json:
    """Return one response, by its id."""
    return integration_response(state.integration(request)[1], request)


def get_integration_responses(state: V2State, request: Json) -> Json:
    """Return a page of an integration's responses, which is empty for a proxy."""
    api, integration = state.integration(request)
    if not api.is_websocket:
        _check_integration(api, integration)
    return shapes.page(request, list(integration.responses.values()), "IntegrationResponseId")


def update_integration_response(state: V2State, request: Json) -> Json:
    """Merge the members that are sent into a response. ContentHandlingStrategy cannot be cleared: "" is not a value."""
    api, integration = state.integration(request)
    before = integration_response(integration, request)
    if request.get("IntegrationResponseKey") == "":
        raise bad_request("IntegrationResponseKey is required")
    return _store(api, integration, shapes.merge_update(before, request, _TEXTS, _MAPS, ("ContentHandlingStrategy",)))


def delete_integration_response(state: V2State, request: Json) -> Json:
    """Delete a response. Not idempotent."""
    api, integration = state.integration(request)
    integration_response(integration, request)
    api.integrations[request["IntegrationId"]] = integration.with_response(request["IntegrationResponseId"], None)
    return {}


READS: Final[Mapping[str, Any]] = {
    "GetIntegrationResponse": get_integration_response,
    "GetIntegrationResponses": get_integration_responses,
}
WRITES: Final[Mapping[str, Any]] = {
    "CreateIntegrationResponse": create_integration_response,
    "UpdateIntegrationResponse": update_integration_response,
    "DeleteIntegrationResponse": delete_integration_response,
}
