"""Typed views of the REST half and the WebSocket half of desired and live state.

An API has one kind; code that depends on it uses these views, other code works on `Desired` and `LiveApi`.
"""

from collections.abc import Iterator

from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod
from reconciler.models.responses import Response, RestResponse, WebSocketResponse


def rest_responses(desired: Desired) -> Iterator[tuple[ResponseKey, RestResponse]]:
    """Return the desired REST responses, without those declared absent."""
    return ((key, wanted) for key, wanted in desired.responses.items() if isinstance(wanted, RestResponse))


def websocket_responses(desired: Desired) -> Iterator[tuple[ResponseKey, WebSocketResponse]]:
    """Return the desired WebSocket responses, without those declared absent."""
    return ((key, wanted) for key, wanted in desired.responses.items() if isinstance(wanted, WebSocketResponse))


def listed_methods(desired: Desired) -> tuple[MethodKey, ...]:
    """Return the listed REST methods."""
    return tuple(scope for scope in desired.owns if isinstance(scope, MethodKey))


def listed_integrations(desired: Desired) -> tuple[IntegrationKey, ...]:
    """Return the listed WebSocket integrations."""
    return tuple(scope for scope in desired.owns if isinstance(scope, IntegrationKey))


def live_methods(live: LiveApi) -> dict[MethodKey, LiveMethod]:
    """Return the methods of a REST API."""
    return {
        scope: method
        for scope, method in live.methods.items()
        if isinstance(scope, MethodKey) and isinstance(method, LiveMethod)
    }


def live_integrations(live: LiveApi) -> dict[IntegrationKey, LiveIntegration]:
    """Return the integrations of a WebSocket API."""
    return {
        scope: integration
        for scope, integration in live.methods.items()
        if isinstance(scope, IntegrationKey) and isinstance(integration, LiveIntegration)
    }


def is_default(key: ResponseKey, response: RestResponse | WebSocketResponse) -> bool:
    """Whether the response is the default, used when no other is selected."""
    match response:
        case RestResponse():
            return not response.selection_pattern
        case WebSocketResponse():
            return key.code == "$default"


def responses_by_scope(desired: Desired) -> dict[Scope, dict[str, Response]]:
    """Return the desired responses of every listed method, by status code or key."""
    methods: dict[Scope, dict[str, Response]] = {scope: {} for scope in desired.owns}
    for key, wanted in desired.responses.items():
        if wanted is not ABSENT:
            methods[key.scope][key.code] = wanted
    return methods
