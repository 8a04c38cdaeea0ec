"""The IAM policy that runs need, and nothing beyond it.

Promise: pure, and read off `operations`: what cannot be granted cannot be called either. One statement for each purpose
and kind of API, no resource twice, everything sorted: the same needs give the same text. `*` spans slashes in IAM, so
it stands only below the id of one API, and for ids that AWS makes up.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, assert_never

from reconciler.aws.operations import OPERATIONS, Operation, PermissionGroup
from reconciler.models.targets import Kind

_VERSION: Final = "2012-10-17"


class Mode(enum.StrEnum):
    """How much is to be allowed; each allows what those before it allow."""

    DRIFT = "drift"
    """drift, plan without --deploy, adopt: reading only."""

    PLAN = "plan"
    """Also status and plan --deploy: reading only."""

    APPLY = "apply"
    """Writes to the draft: apply, rollback."""

    DEPLOY = "deploy"
    """What makes stages serve it, or something earlier again."""

    @property
    def writes(self) -> bool:
        """Whether anything but reading is allowed."""
        return self not in {Mode.DRIFT, Mode.PLAN}


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """One API, and what runs have to do with it.

    `by_name` and `by_id`: how manifests address it. `stages`: those that runs look at and deploy to. `ensures`: method
    responses are made as well.
    """

    partition: str
    region: str
    kind: Kind
    api_id: str
    by_name: bool = False
    by_id: bool = True
    stages: tuple[str, ...] = ()
    ensures: bool = False

    def has(self, purpose: PermissionGroup, mode: Mode) -> bool:
        """Whether runs in this mode make calls for this purpose."""
        match purpose:
            case PermissionGroup.LIST:
                so = self.by_name
            case PermissionGroup.IDENTIFY:
                so = self.by_id
            case PermissionGroup.READ:
                so = True
            case PermissionGroup.READ_STAGES:
                so = bool(self.stages)
            case PermissionGroup.READ_DEFINITIONS:
                so = bool(self.stages) and mode is not Mode.DRIFT
            case PermissionGroup.WRITE | PermissionGroup.CREATE:
                so = mode.writes
            case PermissionGroup.ENSURE:
                so = self.ensures and mode.writes
            case PermissionGroup.DEPLOY | PermissionGroup.POINT:
                so = bool(self.stages) and mode is Mode.DEPLOY
            case _:
                assert_never(purpose)
        return so

    def resources(self, operation: Operation) -> Iterator[str]:
        """What of it an operation is called on."""
        # /restapis/ID/resources/*/methods/*/responses/* (method responses) matches .../methods/GET/integration/
        # responses/200 as well, because `*` spans slashes: with `ensure`, PATCH on integration responses, which is
        # never sent, is allowed too. It can do nothing that their PUT cannot, so a policy without a list of verbs, that
        # each new method would outdate, is worth more.
        for stage in self.stages if "{stage}" in operation.path else ("",):
            yield operation.resources(self.partition, self.region, {"api": self.api_id, "stage": stage})


@dataclass(frozen=True, slots=True)
class Statement:
    """All of these actions on all of these resources."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]


_SIDS: Final[Mapping[tuple[PermissionGroup, Kind], str]] = {
    (PermissionGroup.LIST, Kind.REST_API): "ListRestApis",
    (PermissionGroup.LIST, Kind.WEBSOCKET_API): "ListWebSocketApis",
    (PermissionGroup.IDENTIFY, Kind.WEBSOCKET_API): "IdentifyWebSocketApis",
    (PermissionGroup.READ, Kind.REST_API): "ReadRestApis",
    (PermissionGroup.READ, Kind.WEBSOCKET_API): "ReadWebSocketApis",
    (PermissionGroup.READ_STAGES, Kind.REST_API): "ReadRestStages",
    (PermissionGroup.READ_STAGES, Kind.WEBSOCKET_API): "ReadWebSocketStages",
    (PermissionGroup.READ_DEFINITIONS, Kind.REST_API): "ReadRestDefinitions",
    (PermissionGroup.WRITE, Kind.REST_API): "WriteRestResponses",
    (PermissionGroup.WRITE, Kind.WEBSOCKET_API): "WriteWebSocketResponses",
    (PermissionGroup.CREATE, Kind.WEBSOCKET_API): "CreateWebSocketResponses",
    (PermissionGroup.ENSURE, Kind.REST_API): "EnsureRestMethodResponses",
    (PermissionGroup.DEPLOY, Kind.REST_API): "DeployRestApis",
    (PermissionGroup.DEPLOY, Kind.WEBSOCKET_API): "DeployWebSocketApis",
    (PermissionGroup.POINT, Kind.REST_API): "PointRestStages",
    (PermissionGroup.POINT, Kind.WEBSOCKET_API): "PointWebSocketStages",
}


def statements(needs: Iterable[ApiAccess], mode: Mode) -> tuple[Statement, ...]:
    """The statements, by Sid."""
    each = tuple(needs)
    purposes = dict.fromkeys((operation.purpose, operation.kind) for operation in OPERATIONS)
    made = (_statement(purpose, kind, each, mode) for purpose, kind in purposes)
    return tuple(sorted((one for one in made if one.resources), key=lambda one: one.sid))


def _statement(purpose: PermissionGroup, kind: Kind, needs: Iterable[ApiAccess], mode: Mode) -> Statement:
    """Every action on every resource: the operations of one purpose and kind are all called on the same things."""
    operations = [operation for operation in OPERATIONS if (operation.purpose, operation.kind) == (purpose, kind)]
    ours = [one for one in needs if one.kind is kind and one.has(purpose, mode)]
    resources = {resource for need in ours for operation in operations for resource in need.resources(operation)}
    actions = {operation.action for operation in operations}
    return Statement(_SIDS[purpose, kind], tuple(sorted(actions)), tuple(sorted(resources)))


def policy(needs: Iterable[ApiAccess], mode: Mode) -> dict[str, Any]:
    """The policy document, as IAM takes it."""
    return {
        "Version": _VERSION,
        "Statement": [
            {
                "Sid": statement.sid,
                "Effect": "Allow",
                "Action": list(statement.actions),
                "Resource": list(statement.resources),
            }
            for statement in statements(needs, mode)
        ],
    }
