"""The writes that a plan is made of: a closed union of frozen dataclasses, each one call to AWS.

Dispatch on them with `match` and `assert_never`. `op` and `step` are the words of the documents: `step` is None for a
write that brings a response to what is desired, and names the extra writes, which count as no change of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import FieldValue, RestResponse, WebSocketResponse

Op: TypeAlias = Literal["create", "update", "delete"]
Operation: TypeAlias = Literal[
    "PutIntegrationResponse",
    "DeleteIntegrationResponse",
    "PutMethodResponse",
    "UpdateMethodResponse",
    "CreateIntegrationResponse",
    "UpdateIntegrationResponse",
]
Step: TypeAlias = Literal["methodResponse", "park", "replace"]


@dataclass(frozen=True, slots=True)
class _ActionBase:
    """What every action has: the response, its address in words, AWS's id of the resource, and why."""

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
    """Put a response over a live one. `before` is what the plan saw live, also when a park comes between."""

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
    """Put a response's desired content under a pattern that never matches, so that its own pattern becomes free."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = "park"
    operation: ClassVar[Operation] = "PutIntegrationResponse"

    before: RestResponse
    after: RestResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class CreateMethodResponse(_ActionBase):
    """Declare a status, and the headers that are mapped for it, on the method."""

    op: ClassVar[Op] = "create"
    step: ClassVar[Step | None] = "methodResponse"
    operation: ClassVar[Operation] = "PutMethodResponse"

    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtendMethodResponse(_ActionBase):
    """Declare more headers for a status that the method declares already."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = "methodResponse"
    operation: ClassVar[Operation] = "UpdateMethodResponse"

    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _WebSocketWrite:
    """As `_ActionBase`, of a WebSocket API. `response_id` is AWS's id of the response, "" of one that is not live."""

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
    """Delete a live response that is created anew in the next action: an update cannot make it what it is to be."""

    op: ClassVar[Op] = "delete"
    step: ClassVar[Step | None] = "replace"
    operation: ClassVar[Operation] = "DeleteIntegrationResponse"

    before: WebSocketResponse


@dataclass(frozen=True, slots=True)
class CreateReplacement(_WebSocketWrite):
    """Create what `DeleteToReplace` made room for: together they are an update. `response_id` is the old one."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "CreateIntegrationResponse"

    before: WebSocketResponse
    after: WebSocketResponse
    changes: tuple[FieldChange, ...]


RestAction: TypeAlias = (
    CreateResponse | UpdateResponse | DeleteResponse | ParkResponse | CreateMethodResponse | ExtendMethodResponse
)
WebSocketAction: TypeAlias = (
    CreateWebSocketResponse | UpdateWebSocketResponse | DeleteWebSocketResponse | DeleteToReplace | CreateReplacement
)
Action: TypeAlias = RestAction | WebSocketAction


def canonical_action(action: Action) -> Action:
    """What an action does and to what, without what is said about it: equal for equal work."""
    return replace(action, reason="", source=None)


def parent_id(action: Action) -> str:
    """AWS's id of what the response belongs to: the resource of a REST API, the integration of a WebSocket API."""
    return action.resource_id if isinstance(action, _ActionBase) else action.integration_id
