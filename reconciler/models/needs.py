"""Find the method responses and route responses that integration responses need.

At run time, API Gateway answers 500 for a mapped status that the method does not declare ("Output mapping refers to an
invalid method response"), and it refuses a Put that maps an undeclared header with 400 (recorded answers). A WebSocket
client gets a response only over a two-way route (Developer Guide). Checks, plans and drift reports use this.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.live import LiveApi, LiveMethod
from reconciler.models.routes import HANDSHAKE_ROUTES, ROUTE_RESPONSE_KEY, LiveRoute, RoutePart
from reconciler.models.views import listed_integrations, live_integrations, rest_responses, websocket_responses


@dataclass(frozen=True, slots=True)
class MethodResponseNeed:
    """A method response to create (`exists` False) or to extend by `parameters` (sorted `method.response.header.X`)."""

    scope: MethodKey
    code: str
    exists: bool
    parameters: tuple[str, ...]

    @property
    def key(self) -> ResponseKey:
        """The integration response that needs it."""
        return ResponseKey(self.scope, self.code)


def missing_method_responses(desired: Desired, live: LiveApi) -> Iterator[MethodResponseNeed]:
    """Yield what the desired responses of live methods need and lack, in the order of `desired`.

    Methods that are not live are skipped, and so are proxy integrations, whose integration responses AWS ignores.
    """
    for key, wanted in rest_responses(desired):
        method = live.methods.get(key.scope)
        if not isinstance(key.scope, MethodKey) or not isinstance(method, LiveMethod) or method.is_proxy:
            continue
        declared = method.method_responses.get(key.code)
        known = declared.parameters if declared else frozenset()
        lacking = tuple(sorted(name for name in wanted.response_parameters if name not in known))
        if declared is None or lacking:
            yield MethodResponseNeed(key.scope, key.code, exists=declared is not None, parameters=lacking)


@dataclass(frozen=True, slots=True)
class TwoWayNeed:
    """A route that has to become two-way. `lacks`: what it takes, in the order in which it is added."""

    scope: IntegrationKey
    route: str
    live: LiveRoute
    lacks: tuple[RoutePart, ...]

    @property
    def key(self) -> ResponseKey:
        """The key under which a plan names the route response; a route of the same integration shares it."""
        return ResponseKey(self.scope, ROUTE_RESPONSE_KEY)


def ensured_routes(desired: Desired) -> frozenset[str]:
    """Return the keys of the routes that a manifest with `routeResponses: ensure` lists."""
    routes = (scope.route for scope in listed_integrations(desired) if _is_ensured(desired, scope))
    return frozenset(route for route in routes if route and route not in HANDSHAKE_ROUTES)


def missing_route_responses(desired: Desired, live: LiveApi) -> Iterator[TwoWayNeed]:
    """Yield the routes that `routeResponses: ensure` has to make two-way, in the order of their integrations.

    Only those whose integration has a desired response: without one there is nothing for clients to get.
    """
    answering = {key.scope for key, _ in websocket_responses(desired)}
    for scope, integration in sorted(live_integrations(live).items(), key=lambda item: item[0]):
        if scope in answering and _is_ensured(desired, scope) and not integration.is_proxy:
            for route, state in integration.read_routes.items():
                if state.lacks:
                    yield TwoWayNeed(scope, route, state, state.lacks)


def _is_ensured(desired: Desired, scope: IntegrationKey) -> bool:
    return desired.owns[scope].route_responses == "ensure"
