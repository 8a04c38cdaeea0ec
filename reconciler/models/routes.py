"""Routes of WebSocket APIs, and what makes them two-way.

A client gets a response only if its route is two-way: it has a route response and selects it. Both have the fixed key
`$default` (Developer Guide, "Set up a route for a WebSocket API"; service model).
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

ROUTE_RESPONSE_KEY: Final = "$default"
"""The only key of a route response, and the only expression that selects one."""

HANDSHAKE_ROUTES: Final = frozenset({"$connect", "$disconnect"})
"""Routes that are never made two-way: there is no message to answer."""

RoutePart: TypeAlias = Literal["response", "selection"]
"""What a two-way route has: its `$default` route response, and the expression that selects it."""


@dataclass(frozen=True, slots=True)
class LiveRoute:
    """A route. `selects`: its RouteResponseSelectionExpression is `$default`. `responds`: it has a route response."""

    id: str
    selects: bool
    responds: bool

    @property
    def lacks(self) -> tuple[RoutePart, ...]:
        """What it takes to make the route two-way, in the order in which it is added."""
        parts: tuple[tuple[RoutePart, bool], ...] = (("response", self.responds), ("selection", self.selects))
        return tuple(part for part, is_there in parts if not is_there)


@dataclass(frozen=True, slots=True)
class RouteRef:
    """The address of a route in a call; `key` names it in messages."""

    api_id: str
    id: str
    key: str
