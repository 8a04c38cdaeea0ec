"""The IAM policy that runs need, and nothing beyond it.

Pure, and derived from `operations`, so that everything that can be called can be granted. One statement for each group
of operations and kind of API, no resource twice, everything sorted: the same accesses give the same text. `*` spans
slashes in IAM, so it is used only below the id of one API, and for ids that AWS assigns.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, assert_never

from reconciler.aws.operations import ANY, OPERATIONS, Operation, PermissionGroup
from reconciler.models.targets import Kind

_VERSION: Final = "2012-10-17"


class Mode(enum.StrEnum):
    """How much the policy allows; each mode includes those before it."""

    DRIFT = "drift"
    """drift, plan without --deploy, adopt: read only."""

    PLAN = "plan"
    """Also status and plan --deploy: read only."""

    APPLY = "apply"
    """Writes to the draft: apply, rollback."""

    DEPLOY = "deploy"
    """Deployments to stages, and pointing a stage back at an earlier one."""

    @property
    def writes(self) -> bool:
        """Whether the mode allows writes."""
        return self not in {Mode.DRIFT, Mode.PLAN}


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """One API, and what runs do with it.

    `by_name` and `by_id`: how manifests address it. `stages`: the stages that runs read and deploy to. `ensures`:
    whether method responses, or route responses, are created as well.
    `invokes`: whether methods are called for `test --live`.
    """

    partition: str
    region: str
    kind: Kind
    api_id: str
    by_name: bool = False
    by_id: bool = True
    stages: tuple[str, ...] = ()
    ensures: bool = False
    invokes: bool = False

    def needs(self, group: PermissionGroup, mode: Mode) -> bool:
        """Whether runs in this mode call operations of this group."""
        match group:
            case PermissionGroup.LIST:
                needed = self.by_name
            case PermissionGroup.IDENTIFY:
                needed = self.by_id
            case PermissionGroup.READ:
                needed = True
            case PermissionGroup.READ_STAGES | PermissionGroup.LIST_STAGES | PermissionGroup.READ_DEFINITIONS:
                needed = self._looks_at_stages(group, mode)
            case PermissionGroup.WRITE | PermissionGroup.CREATE:
                needed = mode.writes
            case PermissionGroup.ENSURE | PermissionGroup.ENSURE_ROUTES | PermissionGroup.ENSURE_ROUTE_RESPONSES:
                needed = self.ensures and mode.writes
            case PermissionGroup.READ_ROUTES:
                needed = self.ensures
            case PermissionGroup.INVOKE:
                needed = self.invokes
            case PermissionGroup.DEPLOY | PermissionGroup.REPOINT:
                needed = bool(self.stages) and mode is Mode.DEPLOY
            case _:
                assert_never(group)
        return needed

    def _looks_at_stages(self, group: PermissionGroup, mode: Mode) -> bool:
        """Whether runs read this of stages: `drift` those that are declared, `status` all of them."""
        if group is PermissionGroup.READ_STAGES:
            return bool(self.stages) or mode is not Mode.DRIFT
        return mode is not Mode.DRIFT and (group is PermissionGroup.LIST_STAGES or bool(self.stages))

    def resources(self, operation: Operation) -> Iterator[str]:
        """Yield the resources of this API that an operation is called on."""
        # /restapis/ID/resources/*/methods/*/responses/* (method responses) also matches .../methods/GET/integration/
        # responses/200, because `*` spans slashes: `ensure` therefore also allows PATCH on integration responses, which
        # is never sent. It can do no more than their PUT, and the alternative is a list of verbs that every new method
        # would outdate.
        for stage in self._stages(operation):
            yield operation.resources(self.partition, self.region, {"api": self.api_id, "stage": stage})

    def _stages(self, operation: Operation) -> Iterable[str]:
        """Return the stages that an operation is called for; "" for one that is not about stages."""
        if operation.group is PermissionGroup.READ_STAGES and not self.stages:
            # `status` shows the responses of every stage, which takes one operation
            return (ANY,) if (operation.kind, operation.name) in _SHOWS_RESPONSES else ()
        return self.stages if "{stage}" in operation.path else ("",)


_SHOWS_RESPONSES: Final = frozenset(((Kind.REST_API, "GetExport"), (Kind.WEBSOCKET_API, "GetDeployment")))


@dataclass(frozen=True, slots=True)
class ListedRegion:
    """A region whose APIs of every kind are listed, whatever manifests address."""

    partition: str
    region: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that allows all of these actions on all of these resources."""

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
    (PermissionGroup.LIST_STAGES, Kind.REST_API): "ListRestStages",
    (PermissionGroup.LIST_STAGES, Kind.WEBSOCKET_API): "ListWebSocketStages",
    (PermissionGroup.READ_DEFINITIONS, Kind.REST_API): "ReadRestDefinitions",
    (PermissionGroup.WRITE, Kind.REST_API): "WriteRestResponses",
    (PermissionGroup.WRITE, Kind.WEBSOCKET_API): "WriteWebSocketResponses",
    (PermissionGroup.CREATE, Kind.WEBSOCKET_API): "CreateWebSocketResponses",
    (PermissionGroup.ENSURE, Kind.REST_API): "EnsureRestMethodResponses",
    (PermissionGroup.READ_ROUTES, Kind.WEBSOCKET_API): "ReadWebSocketRouteResponses",
    (PermissionGroup.ENSURE_ROUTES, Kind.WEBSOCKET_API): "EnsureWebSocketTwoWayRoutes",
    (PermissionGroup.ENSURE_ROUTE_RESPONSES, Kind.WEBSOCKET_API): "EnsureWebSocketRouteResponses",
    (PermissionGroup.INVOKE, Kind.REST_API): "TestRestMethods",
    (PermissionGroup.DEPLOY, Kind.REST_API): "DeployRestApis",
    (PermissionGroup.DEPLOY, Kind.WEBSOCKET_API): "DeployWebSocketApis",
    (PermissionGroup.REPOINT, Kind.REST_API): "PointRestStages",
    (PermissionGroup.REPOINT, Kind.WEBSOCKET_API): "PointWebSocketStages",
}


_LOOK_UP_EVENTS: Final = Statement("LookUpEvents", ("cloudtrail:LookupEvents",), (ANY,))
"""IAM knows no resources for it (Service Authorization Reference, CloudTrail)."""


def statements(
    accesses: Iterable[ApiAccess],
    mode: Mode,
    listed: Iterable[ListedRegion] = (),
    *,
    blame: bool = False,
    more: Iterable[Statement] = (),
) -> tuple[Statement, ...]:
    """Return the statements that have resources, sorted by Sid; `blame`: also for `drift --blame`.

    `more` are statements about other services.
    """
    apis, regions = tuple(accesses), tuple(listed)
    groups = dict.fromkeys((operation.group, operation.kind) for operation in OPERATIONS)
    candidates = [_statement(group, kind, apis, mode, regions) for group, kind in groups]
    candidates += [*([_LOOK_UP_EVENTS] if blame else []), *more]
    return tuple(sorted((statement for statement in candidates if statement.resources), key=lambda kept: kept.sid))


def _statement(
    group: PermissionGroup, kind: Kind, apis: Iterable[ApiAccess], mode: Mode, listed: Iterable[ListedRegion]
) -> Statement:
    """Allow every action on every resource: all operations of one group and kind are called on the same resources."""
    operations = [operation for operation in OPERATIONS if (operation.group, operation.kind) == (group, kind)]
    affected = [api for api in apis if api.kind is kind and api.needs(group, mode)]
    resources = {resource for api in affected for operation in operations for resource in api.resources(operation)}
    if group is PermissionGroup.LIST:
        resources |= {each.resource(at.partition, at.region, {}) for at in listed for each in operations}
    actions = {operation.action for operation in operations}
    return Statement(_SIDS[group, kind], tuple(sorted(actions)), tuple(sorted(resources)))


def history_statements(partition: str, bucket: str, prefix: str) -> tuple[Statement, ...]:
    """Allow what `drift --history s3://BUCKET/PREFIX` does; the prefix is "" or ends with a slash."""
    objects = f"{prefix.replace('*', '${*}')}*"  # IAM's way of writing a `*` that is none
    return (
        Statement(
            "KeepHistory",
            ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            (f"arn:{partition}:s3:::{bucket}/{objects}",),
        ),
        Statement("ListHistory", ("s3:ListBucket",), (f"arn:{partition}:s3:::{bucket}",)),
    )


def notification_statement(topics: Iterable[str]) -> Statement:
    """Allow what `drift --notify sns:NAME` does with these topics, if there are any."""
    return Statement("PublishNotifications", ("sns:Publish",), tuple(sorted(set(topics))))


def policy(
    accesses: Iterable[ApiAccess],
    mode: Mode,
    listed: Iterable[ListedRegion] = (),
    *,
    blame: bool = False,
    more: Iterable[Statement] = (),
) -> dict[str, Any]:
    """Return the policy document in IAM's JSON format; `listed` are regions of which every API is listed."""
    return {
        "Version": _VERSION,
        "Statement": [
            {
                "Sid": statement.sid,
                "Effect": "Allow",
                "Action": list(statement.actions),
                "Resource": list(statement.resources),
            }
            for statement in statements(accesses, mode, listed, blame=blame, more=more)
        ],
    }
