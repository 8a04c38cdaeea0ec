"""WebSocket and HTTP APIs.

The operations here take and return what boto3 takes and returns; the package docstring has what they share.
"""

from collections.abc import Mapping
from typing import Any, Final

from reconciler.sandbox.model.errors import unsupported
from reconciler.sandbox.model.state import Json, sent_members
from reconciler.sandbox.model.v2 import shapes
from reconciler.sandbox.model.v2.state import WEBSOCKET, V2Api, V2State

_HTTP: Final = "HTTP"
_HTTP_SELECTION: Final = "$request.method $request.path"


def create_api(state: V2State, request: Json) -> Json:
    """Create an API without routes."""
    if request.get("Target"):
        raise unsupported("APIs that are created with a target")
    protocol = shapes.required_choice(request, "ProtocolType", (WEBSOCKET, _HTTP))
    name = shapes.required(request, "Name")
    selection = _HTTP_SELECTION if protocol == _HTTP else shapes.required(request, "RouteSelectionExpression")
    api_id = state.ids.next()
    scheme = "https" if protocol == _HTTP else "wss"
    state.apis[api_id] = V2Api(
        {
            "ApiId": api_id,
            "ApiEndpoint": f"{scheme}://{api_id}.execute-api.{state.region}.amazonaws.com",
            "ApiKeySelectionExpression": "$request.header.x-api-key",
            "CreatedDate": state.now(),
            "DisableExecuteApiEndpoint": False,
            "Name": name,
            "ProtocolType": protocol,
            "RouteSelectionExpression": selection,
            "Tags": {},
            **sent_members(
                request, "ApiKeySelectionExpression", "Description", "DisableExecuteApiEndpoint", "Tags", "Version"
            ),
        }
    )
    return state.apis[api_id].description


def get_api(state: V2State, request: Json) -> Json:
    """Return one API."""
    return state.api(request).description


def get_apis(state: V2State, request: Json) -> Json:
    """Return a page of APIs, of both protocols."""
    return shapes.page(request, [api.description for api in state.apis.values()], "ApiId")


def delete_api(state: V2State, request: Json) -> Json:
    """Delete an API with everything in it."""
    state.api(request)
    del state.apis[request["ApiId"]]
    return {}


OPERATIONS: Final[Mapping[str, Any]] = {
    "CreateApi": create_api,
    "GetApi": get_api,
    "GetApis": get_apis,
    "DeleteApi": delete_api,
}
