"""Integrations of WebSocket and HTTP APIs: the backends of routes.

An update keeps the responses; the target of a route cannot be deleted. The expression that selects responses is set by
AWS and cannot be changed (service model).
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import shapes as json_shapes
from reconciler.sandbox.model.errors import bad_request, conflict
from reconciler.sandbox.model.state import Json, without_member
from reconciler.sandbox.model.v2 import shapes
from reconciler.sandbox.model.v2.routes import TARGET
from reconciler.sandbox.model.v2.state import V2Api, V2Item, V2State

PROXIES: Final = ("AWS_PROXY", "HTTP_PROXY")
_TYPES: Final = ("AWS", "HTTP", "MOCK", *PROXIES)
_LAMBDA: Final = ":lambda:path/"
_SELECTION: Final = "IntegrationResponseSelectionExpression"
_BY_MESSAGE: Final = "${integration.response.body.errorMessage}"
_BY_STATUS: Final = "${integration.response.statuscode}"
_TIMEOUTS_MS: Final = {True: 29_000, False: 30_000}
_ONLY_PROXIES: Final = (
    "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations "
    "(AWS_PROXY, HTTP_PROXY)"
)
_TEXTS: Final = (
    "ConnectionId",
    "ConnectionType",
    "ContentHandlingStrategy",
    "CredentialsArn",
    "Description",
    "IntegrationMethod",
    "IntegrationSubtype",
    "IntegrationType",
    "IntegrationUri",
    "PassthroughBehavior",
    "PayloadFormatVersion",
    "TemplateSelectionExpression",
)
_MAPS: Final = ("RequestParameters", "RequestTemplates")


def create_integration(state: V2State, request: Json) -> Json:
    """Create an integration, which is not the target of a route yet."""
    api = state.api(request)
    shapes.required_choice(request, "IntegrationType", _TYPES)
    defaults = {
        "IntegrationId": state.ids.next(),
        "ConnectionType": "INTERNET",
        "PayloadFormatVersion": "1.0",
        "TimeoutInMillis": _TIMEOUTS_MS[api.is_websocket],
        **({"PassthroughBehavior": "WHEN_NO_MATCH"} if api.is_websocket else {}),
    }
    return _store(api, V2Item(_merge(api, defaults, request)))


def _merge(api: V2Api, before: Json, request: Json) -> Json:
    json_shapes.number(request, "TimeoutInMillis")
    after = shapes.merge_update(before, request, _TEXTS, _MAPS, ("TimeoutInMillis",))
    kind = shapes.required_choice(after, "IntegrationType", _TYPES)
    if not api.is_websocket and kind not in PROXIES:
        raise bad_request(_ONLY_PROXIES)
    if kind != "MOCK" and not (after.get("IntegrationUri") or after.get("IntegrationSubtype")):
        raise bad_request("IntegrationUri is required")  # the text is a guess
    return _with_selection(after) if api.is_websocket else after


def _with_selection(integration: Json) -> Json:
    kind = integration["IntegrationType"]
    if kind in PROXIES:
        return without_member(integration, _SELECTION)
    is_lambda = kind == "AWS" and _LAMBDA in integration.get("IntegrationUri", "")
    return {**integration, _SELECTION: _BY_MESSAGE if is_lambda else _BY_STATUS}


def _store(api: V2Api, integration: V2Item) -> Json:
    api.integrations[integration.description["IntegrationId"]] = integration
    return integration.description


def get_integration(state: V2State, request: Json) -> Json:
    """Return one integration, without its responses."""
    return state.integration(request)[1].description


def get_integrations(state: V2State, request: Json) -> Json:
    """Return a page of integrations, without their responses."""
    shown = [integration.description for integration in state.api(request).integrations.values()]
    return shapes.page(request, shown, "IntegrationId")


def update_integration(state: V2State, request: Json) -> Json:
    """Change the members of an integration that are sent; its responses stay."""
    api, integration = state.integration(request)
    return _store(api, V2Item(_merge(api, integration.description, request), integration.responses))


def delete_integration(state: V2State, request: Json) -> Json:
    """Delete an integration with its responses, unless it is the target of a route."""
    api, _ = state.integration(request)
    target = f"{TARGET}{request['IntegrationId']}"
    routes = [route_id for route_id, route in api.routes.items() if route.description.get("Target") == target]
    if routes:
        listed = ", ".join(routes)
        raise conflict(
            f"Cannot delete Integration because it is referenced by the following Routes with Ids: [{listed}]"
        )
    del api.integrations[request["IntegrationId"]]
    return {}


READS: Final[Mapping[str, Any]] = {
    "GetIntegration": get_integration,
    "GetIntegrations": get_integrations,
}
WRITES: Final[Mapping[str, Any]] = {
    "CreateIntegration": create_integration,
    "UpdateIntegration": update_integration,
    "DeleteIntegration": delete_integration,
}
