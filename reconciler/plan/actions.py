"""The writes that a plan is made of: a closed union of frozen dataclasses, each one call to AWS.

Dispatch on them with `match` and `assert_never`. `op` and `step` are the words of the documents: `step` is None for a
write that brings a response to what is desired, and names the extra writes, which count as no change of their own.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import RestResponse

Op: TypeAlias = Literal["create", "update", "delete"]
Operation: TypeAlias = Literal[
    "PutIntegrationResponse", "DeleteIntegrationResponse", "PutMethodResponse", "UpdateMethodResponse"
]
Step: TypeAlias = Literal["methodResponse", "park"]


@dataclass(frozen=True, slots=True)
class _Write:
    """What every action has: the response, its address in words, AWS's id of the resource, and why."""

    key: ResponseKey
    address: str
    resource_id: str
    reason: str
    source: Location | None


@dataclass(frozen=True, slots=True)
class CreateResponse(_Write):
    """Put a response that is not live."""

    op: ClassVar[Op] = "create"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "PutIntegrationResponse"

    after: RestResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class UpdateResponse(_Write):
    """Put a response over a live one. `before` is what the plan saw live, also when a park comes between."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "PutIntegrationResponse"

    before: RestResponse
    after: RestResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class DeleteResponse(_Write):
    """Delete a live response."""

    op: ClassVar[Op] = "delete"
    step: ClassVar[Step | None] = None
    operation: ClassVar[Operation] = "DeleteIntegrationResponse"

    before: RestResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class ParkResponse(_Write):
    """Put a response's desired content under a pattern that never matches, so that its own pattern becomes free."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = "park"
    operation: ClassVar[Operation] = "PutIntegrationResponse"

    before: RestResponse
    after: RestResponse
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class CreateMethodResponse(_Write):
    """Declare a status, and the headers that are mapped for it, on the method."""

    op: ClassVar[Op] = "create"
    step: ClassVar[Step | None] = "methodResponse"
    operation: ClassVar[Operation] = "PutMethodResponse"

    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtendMethodResponse(_Write):
    """Declare more headers for a status that the method declares already."""

    op: ClassVar[Op] = "update"
    step: ClassVar[Step | None] = "methodResponse"
    operation: ClassVar[Operation] = "UpdateMethodResponse"

    parameters: tuple[str, ...]


ResponseWrite: TypeAlias = CreateResponse | UpdateResponse | DeleteResponse
"""The actions that count: one for every response that changes."""

Action: TypeAlias = ResponseWrite | ParkResponse | CreateMethodResponse | ExtendMethodResponse
