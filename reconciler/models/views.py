"""The REST half and the WebSocket half of what may be either, with the types to say so.

A kind is chosen once per API; what has to know the kind asks here, what does not works on `Desired` and `LiveApi`.
"""

from collections.abc import Iterator

from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod
from reconciler.models.responses import RestResponse, WebSocketResponse


def rest_responses(desired: Desired) -> Iterator[tuple[ResponseKey, RestResponse]]:
    """The REST responses that are wanted, without those declared absent."""
    return ((key, wanted) for key, wanted in desired.responses.items() if isinstance(wanted, RestResponse))


def websocket_responses(desired: Desired) -> Iterator[tuple[ResponseKey, WebSocketResponse]]:
    """The WebSocket responses that are wanted, without those declared absent."""
    return ((key, wanted) for key, wanted in desired.responses.items() if isinstance(wanted, WebSocketResponse))


def listed_methods(desired: Desired) -> tuple[MethodKey, ...]:
    """The REST methods that are listed."""
    return tuple(scope for scope in desired.owns if isinstance(scope, MethodKey))


def listed_integrations(desired: Desired) -> tuple[IntegrationKey, ...]:
    """The WebSocket integrations that are listed."""
    return tuple(scope for scope in desired.owns if isinstance(scope, IntegrationKey))


def live_methods(live: LiveApi) -> dict[MethodKey, LiveMethod]:
    """The methods of a REST API."""
    return {
        scope: method
        for scope, method in live.methods.items()
        if isinstance(scope, MethodKey) and isinstance(method, LiveMethod)
    }


def live_integrations(live: LiveApi) -> dict[IntegrationKey, LiveIntegration]:
    """The integrations of a WebSocket API."""
    return {
        scope: integration
        for scope, integration in live.methods.items()
        if isinstance(scope, IntegrationKey) and isinstance(integration, LiveIntegration)
    }


def is_default(key: ResponseKey, response: RestResponse | WebSocketResponse) -> bool:
    """Whether it is what answers when no other response is selected."""
    match response:
        case RestResponse():
            return not response.selection_pattern
        case WebSocketResponse():
            return key.code == "$default"
