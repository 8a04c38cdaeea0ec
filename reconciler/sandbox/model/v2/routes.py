"""Routes and route responses: which integration gets a message, and whether its sender gets a response.

A route key is unique within its API; a target is an integration of the same API.
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model import shapes as json_shapes
from reconciler.sandbox.model.errors import bad_request, conflict
from reconciler.sandbox.model.state import Json, sent_members
from reconciler.sandbox.model.v2 import shapes
from reconciler.sandbox.model.v2.state import V2Api, V2Item, V2State, route_response

TARGET: Final = "integrations/"
_TWO_WAY: Final = "$default"
_TEXTS: Final = (
    "AuthorizationType",
    "AuthorizerId",
    "ModelSelectionExpression",
    "OperationName",
    "RouteKey",
    "RouteResponseSelectionExpression",
    "Target",
)
_MAPS: Final = ("RequestModels",)


def create_route(state: V2State, request: Json) -> Json:
    """Create a route, with or without a target."""
    api = state.api(request)
    shapes.required(request, "RouteKey")
    route_id = state.ids.next()
    defaults = {"RouteId": route_id, "ApiKeyRequired": False, "AuthorizationType": "NONE"}
    return _store(api, V2Item(_merge(api, defaults, request)))


def _merge(api: V2Api, before: Json, request: Json) -> Json:
    json_shapes.boolean(request, "ApiKeyRequired")
    after = shapes.merge_update(before, request, _TEXTS, _MAPS, ("ApiKeyRequired",))
    _check_key(api, after)
    _check_target(api, after)
    if after.get("RouteResponseSelectionExpression", _TWO_WAY) != _TWO_WAY:
        raise bad_request("RouteResponseSelectionExpression must be $default")  # the text is a guess
    return after


def _check_key(api: V2Api, route: Json) -> None:
    key = route["RouteKey"]
    others = (other.description for other in api.routes.values())
    if any(other["RouteKey"] == key and other["RouteId"] != route["RouteId"] for other in others):
        raise conflict(f"Route with key {key} already exists for this API")


def _check_target(api: V2Api, route: Json) -> None:
    target = route.get("Target")
    if target is None:
        return
    if not target.startswith(TARGET) or target.removeprefix(TARGET) not in api.integrations:
        raise bad_request(f"Invalid target specified: {target}")  # the text is a guess


def _store(api: V2Api, route: V2Item) -> Json:
    api.routes[route.description["RouteId"]] = route
    return route.description


def get_route(state: V2State, request: Json) -> Json:
    """Return one route."""
    return state.route(request)[1].description


def get_routes(state: V2State, request: Json) -> Json:
    """Return a page of routes."""
    return shapes.page(request, [route.description for route in state.api(request).routes.values()], "RouteId")


def update_route(state: V2State, request: Json) -> Json:
    """Change the members of a route that are sent; its responses stay."""
    api, route = state.route(request)
    if request.get("RouteKey") == "":
        raise bad_request("RouteKey is required")
    return _store(api, V2Item(_merge(api, route.description, request), route.responses))


def delete_route(state: V2State, request: Json) -> Json:
    """Delete a route with its responses; its integration stays."""
    api, _ = state.route(request)
    del api.routes[request["RouteId"]]
    return {}


def create_route_response(state: V2State, request: Json) -> Json:
    """Create the response of a route. Its key must be `$default` (Developer Guide), so there is only one."""
    api, route = state.route(request)
    if shapes.required(request, "RouteResponseKey") != _TWO_WAY:
        raise bad_request("RouteResponseKey must be $default")  # the text is a guess
    if route.responses:
        raise conflict("Route response with key $default already exists")  # the text is a guess
    created = {
        "RouteResponseId": state.ids.next(),
        **sent_members(request, "RouteResponseKey", "ModelSelectionExpression", "ResponseModels", "ResponseParameters"),
    }
    _store(api, route.with_response(created["RouteResponseId"], created))
    return created


def get_route_response(state: V2State, request: Json) -> Json:
    """Return one response of a route."""
    return route_response(state.route(request)[1], request)


def get_route_responses(state: V2State, request: Json) -> Json:
    """Return a page of a route's responses."""
    return shapes.page(request, list(state.route(request)[1].responses.values()), "RouteResponseId")


def delete_route_response(state: V2State, request: Json) -> Json:
    """Delete the response of a route."""
    api, route = state.route(request)
    route_response(route, request)
    _store(api, route.with_response(request["RouteResponseId"], None))
    return {}


READS: Final[Mapping[str, Any]] = {
    "GetRoute": get_route,
    "GetRoutes": get_routes,
    "GetRouteResponse": get_route_response,
    "GetRouteResponses": get_route_responses,
}
WRITES: Final[Mapping[str, Any]] = {
    "CreateRoute": create_route,
    "UpdateRoute": update_route,
    "DeleteRoute": delete_route,
    "CreateRouteResponse": create_route_response,
    "DeleteRouteResponse": delete_route_response,
}
