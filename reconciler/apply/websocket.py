"""The calls of WebSocket APIs.

A create is never sent if a response with its key is known to exist, so there are never two. A lost create is settled by
the integration's list, because the id was lost with the answer; a lost update or delete by the id, and a lost write to
a route by reading the route.
"""

from dataclasses import dataclass
from typing import assert_never

from reconciler.apply.calls import ObservedEffect
from reconciler.errors import NotFound
from reconciler.models.responses import WebSocketResponse
from reconciler.models.routes import RouteRef
from reconciler.models.targets import Target, WebSocketResponseRef
from reconciler.plan.actions import (
    CreateReplacement,
    CreateRouteResponse,
    CreateWebSocketResponse,
    DeleteToReplace,
    DeleteWebSocketResponse,
    SelectRouteResponse,
    UpdateWebSocketResponse,
    WebSocketAction,
)
from reconciler.ports import Reader, Writer


@dataclass(frozen=True, slots=True)
class WebSocketCall:
    """An `ActionCall`."""

    target: Target
    reader: Reader
    writer: Writer
    action: WebSocketAction

    @property
    def adds(self) -> bool:
        """True for creates: AWS documents that it refuses a key that exists (409)."""
        return isinstance(self.action, CreateWebSocketResponse | CreateReplacement | CreateRouteResponse)

    def send(self) -> bool:
        """Create, merge or delete."""
        match self.action:
            case CreateRouteResponse():
                self.writer.create_route_response(self._route_ref(self.action))
            case SelectRouteResponse():
                self.writer.select_route_response(self._route_ref(self.action))
            case CreateWebSocketResponse() | CreateReplacement():
                self.writer.create_websocket_response(self._ref, self.action.after)
            case UpdateWebSocketResponse():
                self.writer.update_websocket_response(self._ref, self.action.sent)
            case DeleteWebSocketResponse() | DeleteToReplace():
                return self.writer.delete_websocket_response(self._ref)
            case _:
                assert_never(self.action)
        return True

    def effect(self) -> ObservedEffect:
        """Read the response or route again."""
        match self.action:
            case CreateWebSocketResponse() | CreateReplacement():
                return self._created(self.action.after)
            case UpdateWebSocketResponse():
                response = self.reader.websocket_response(self._ref)
                return ObservedEffect.TAKEN if response == self.action.after else ObservedEffect.NONE
            case DeleteWebSocketResponse() | DeleteToReplace():
                return ObservedEffect.TAKEN if self._is_gone() else ObservedEffect.NONE
            case CreateRouteResponse() | SelectRouteResponse():
                return ObservedEffect.TAKEN if self._is_done(self.action) else ObservedEffect.NONE
            case _:
                assert_never(self.action)

    def _created(self, wanted: WebSocketResponse) -> ObservedEffect:
        listed = self.reader.websocket_responses(self.target.api_id, self.action.integration_id)
        response = listed.get(self.action.key.code)
        if response is None:
            return ObservedEffect.NONE
        return ObservedEffect.TAKEN if response[1] == wanted else ObservedEffect.ANOTHER

    def _is_gone(self) -> bool:
        try:
            return self.reader.websocket_response(self._ref) is None
        except NotFound:  # the integration was deleted too
            return True

    def _is_done(self, action: CreateRouteResponse | SelectRouteResponse) -> bool:
        route = self.reader.route(self._route_ref(action))
        if route is None:
            return False
        return route.responds if isinstance(action, CreateRouteResponse) else route.selects

    def _route_ref(self, action: CreateRouteResponse | SelectRouteResponse) -> RouteRef:
        return RouteRef(self.target.api_id, action.route_id, action.route)

    @property
    def _ref(self) -> WebSocketResponseRef:
        action = self.action
        if isinstance(action, CreateRouteResponse | SelectRouteResponse):
            raise TypeError(action)  # it is about a route
        return WebSocketResponseRef(self.target.api_id, action.integration_id, action.key.code, action.response_id)
