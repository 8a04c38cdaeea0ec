"""The writes that a plan is made of: a closed union of frozen dataclasses, each one call to AWS.

`op` and `step` are the words of the documents: `step` is None for a write that brings a response to its desired state,
and names the extra writes, which do not count as changes. Readers of a plan need no more than these two and the
functions at the end of this module; only what plans and what calls AWS (`plan.rest`, `apply.rest` and their WebSocket
halves) knows the members. They `match` on them, and end with `assert_never`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import FieldValue, Response, RestResponse, WebSocketResponse

Op: TypeAlias = Literal["create", "update", "delete"]
Operation: TypeAlias = Literal[
    "PutIntegrationResponse",
    "DeleteIntegrationResponse",
    "PutMethodResponse",
    "UpdateMethodResponse",
    "CreateIntegrationResponse",
    "UpdateIntegrationResponse",
    "CreateRouteResponse",
    "UpdateRoute",
]
Step: TypeAlias = Literal["methodResponse", "park", "replace", "routeResponse"]


@dataclass(frozen=True, slots=True)
class _ActionBase:
    """What every action has: the response, its readable address, AWS's id of the resource, and the reason."""

    key: ResponseKey
    address: str
    resource_id: str
    reason: str
    source: Location | None


@dataclass(frozen=True, slots=True)
class CreateResponse(_ActionBase):
    """Put a response that is not live."""

    op: ClassVar[Op] = "create"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "PutIntegrationResponse"

    after: RestResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class UpdateResponse(_ActionBase):
    """Put a response over a live one. `before` is what the plan saw live, even after a park."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "PutIntegrationResponse"

    before: RestResponse
    after: RestResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class DeleteResponse(_ActionBase):
    """Delete a live response."""

    op: ClassVar[Op] = "delete"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "DeleteIntegrationResponse"

    before: RestResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class ParkResponse(_ActionBase):
    """Put a response's desired content under a pattern that never matches, which frees its live pattern."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = "park"
    operation: ClassVar[Operation] = "PutIntegrationResponse"

    before: RestResponse
    after: RestResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class CreateMethodResponse(_ActionBase):
    """Declare a status on the method, with the headers mapped for it."""

    op: ClassVar[Op] = "create"
    step: ClassVar[Step | None] = "methodResponse"
    operation: ClassVar[Operation] = "PutMethodResponse"

    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtendMethodResponse(_ActionBase):
    """Declare more headers for a status that the method already declares."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = "methodResponse"
    operation: ClassVar[Operation] = "UpdateMethodResponse"

    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _WebSocketWrite:
    """`_ActionBase` for WebSocket APIs. `response_id` is AWS's id of the response, "" if it is not live."""

    key: ResponseKey
    address: str
    integration_id: str
    reason: str
    source: Location | None
    response_id: str


@dataclass(frozen=True, slots=True)
class CreateWebSocketResponse(_WebSocketWrite):
    """Create a response that is not live."""

    op: ClassVar[Op] = "create"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "CreateIntegrationResponse"

    after: WebSocketResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class UpdateWebSocketResponse(_WebSocketWrite):
    """Merge the fields that differ into a live response: `sent`, under AWS's names, a differing map whole."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "UpdateIntegrationResponse"

    before: WebSocketResponse
    after: WebSocketResponse
    changes: tuple[FieldChange, ...]
    sent: Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class DeleteWebSocketResponse(_WebSocketWrite):
    """Delete a live response."""

    op: ClassVar[Op] = "delete"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "DeleteIntegrationResponse"

    before: WebSocketResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class DeleteToReplace(_WebSocketWrite):
    """Delete a live response that the next action creates again, because an update cannot reach the desired state."""

    op: ClassVar[Op] = "delete"
    step: ClassVar[Step | None] = "replace"
    operation: ClassVar[Operation] = "DeleteIntegrationResponse"

    before: WebSocketResponse


@dataclass(frozen=True, slots=True)
class CreateReplacement(_WebSocketWrite):
    """Create the response that `DeleteToReplace` deleted: together they are an update. `response_id` is the old one."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "CreateIntegrationResponse"

    before: WebSocketResponse
    after: WebSocketResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class _RouteWrite:
    """A write to a route, which its responses need. `key` and `integration_id` are of its integration."""

    key: ResponseKey
    address: str
    integration_id: str
    reason: str
    source: Location | None
    route: str
    route_id: str


@dataclass(frozen=True, slots=True)
class CreateRouteResponse(_RouteWrite):
    """Give a route its `$default` route response."""

    op: ClassVar[Op] = "create"
    step: ClassVar[Step | None] = "routeResponse"
    operation: ClassVar[Operation] = "CreateRouteResponse"


@dataclass(frozen=True, slots=True)
class SelectRouteResponse(_RouteWrite):
    """Make a route select its route response."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = "routeResponse"
    operation: ClassVar[Operation] = "UpdateRoute"


RestAction: TypeAlias = (
    CreateResponse | UpdateResponse | DeleteResponse | ParkResponse | CreateMethodResponse | ExtendMethodResponse
)
WebSocketAction: TypeAlias = (
    CreateWebSocketResponse
    | UpdateWebSocketResponse
    | DeleteWebSocketResponse
    | DeleteToReplace
    | CreateReplacement
    | CreateRouteResponse
    | SelectRouteResponse
)
Action: TypeAlias = RestAction | WebSocketAction


def canonical_action(action: Action) -> Action:
    """Return the action without its reason and source: equal for equal work."""
    return replace(action, reason="", source=None)


def parent_id(action: Action) -> str:
    """Return AWS's id of the response's parent: the resource in a REST API, the integration in a WebSocket API."""
    return action.resource_id if isinstance(action, _ActionBase) else action.integration_id


def is_deletion(action: Action) -> bool:
    """Whether the response is gone after the plan; false for the deletion that a replacement begins with."""
    return action.op == "delete" and not action.step


def response_before(action: Action) -> Response | None:
    """Return the live response that the action replaces or deletes; None if it does neither."""
    match action:
        case CreateResponse() | CreateWebSocketResponse() | CreateMethodResponse() | ExtendMethodResponse():
            return None
        case CreateRouteResponse() | SelectRouteResponse():
            return None
        case _:
            return action.before


def response_after(action: Action) -> Response | None:
    """Return the response that the action writes; None if it writes none."""
    match action:
        case DeleteResponse() | DeleteWebSocketResponse() | DeleteToReplace():
            return None
        case CreateMethodResponse() | ExtendMethodResponse() | CreateRouteResponse() | SelectRouteResponse():
            return None
        case _:
            return action.after


def response_changes(action: Action) -> tuple[FieldChange, ...]:
    """Return the fields of the response that change; none for a declaration and a deletion that is only a step."""
    match action:
        case CreateMethodResponse() | ExtendMethodResponse() | CreateRouteResponse() | SelectRouteResponse():
            return ()
        case DeleteToReplace():
            return ()
        case _:
            return action.changes


def two_way_route(action: Action) -> str:
    """Return the key of the route that the action helps to make two-way; "" for every other action."""
    return action.route if isinstance(action, _RouteWrite) else ""


def declared_parameters(action: Action) -> tuple[str, ...]:
    """Return the parameters that the action declares on a method response; none for every other action."""
    match action:
        case CreateMethodResponse() | ExtendMethodResponse():
            return action.parameters
        case _:
            return ()
