"""Drift: the differences between manifests and AWS, as findings.

Pure; the same comparison that a plan is made of. `missing` is in the manifest and not in AWS, `unexpected` in AWS and
not in the manifest, `changed` differs. The responses of a path or method that is gone from AWS are `missing`; a method
response that a live response needs is a finding as well, because clients get a 500 without it. A method that no
manifest lists is `unexpected`, but only in a strict comparison.
"""

import enum
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, TypeAlias

from reconciler.diagnostics import Location
from reconciler.diff import FieldChange, ResponseChange, compare
from reconciler.models.desired import ABSENT, Desired, ManifestRef
from reconciler.models.digest import desired_digest, live_digest
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod
from reconciler.models.needs import MethodResponseNeed, missing_method_responses, missing_route_responses
from reconciler.models.targets import Target
from reconciler.ports import Usage

DECLARED_ABSENT = "unexpected: in AWS, declared absent"


class Type(enum.StrEnum):
    """The kind of a difference."""

    CHANGED = "changed"
    MISSING = "missing"
    UNEXPECTED = "unexpected"
    ERROR = "error"


Subject: TypeAlias = Literal["response", "methodResponse", "routeResponse", "method"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference. `note` says what the field changes do not show, such as a path that is gone.

    `routeResponse`: a route that `routeResponses: ensure` keeps two-way, and that is one-way.

    `manifest` is the name of the manifest that manages the method. The code of a method's key is "".
    """

    type: Type
    address: str
    key: ResponseKey
    changes: tuple[FieldChange, ...]
    manifest: str
    subject: Subject = "response"
    note: str = ""
    source: Location | None = None
    resource_id: str | None = None

    @property
    def name(self) -> str:
        """The response or method in its API: `GET /pets 404`, `GET /pets`."""
        return str(self.key.scope) if self.subject == "method" else str(self.key)


class InSync(NamedTuple):
    """A response that is as its manifest wants it, and where that is written."""

    key: ResponseKey
    source: Location | None = None


@dataclass(frozen=True, slots=True)
class TargetDrift:
    """The findings of one API: of what was read, it keeps nothing but the differences.

    `in_sync` has the responses that are as desired, unless they are only known by number: then `counted` has that.

    `unmanaged`, `ignored` and `unselected` count responses as `diff.Comparison` does, but for those of methods that are
    findings themselves; `unmanaged_methods` counts methods. `stages` are what its stages serve. `seconds` and `usage`
    are what reading and comparing it took.
    """

    target: Target
    manifests: tuple[ManifestRef, ...]
    findings: tuple[Finding, ...] = ()
    in_sync: tuple[InSync, ...] = ()
    counted: int = 0
    unmanaged: int = 0
    unmanaged_methods: int = 0
    ignored: int = 0
    unselected: int = 0
    desired_digest: str = ""
    live_digest: str = ""
    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class DriftSummary:
    """Counts of responses; `changed` and `missing` count method responses too, `unexpected` unlisted methods.

    All counts are of drafts, except `stages`, the number of compared stages, and `deployed`, their differences.
    """

    in_sync: int = 0
    changed: int = 0
    missing: int = 0
    unexpected: int = 0
    unmanaged: int = 0
    ignored: int = 0
    unselected: int = 0
    errors: int = 0
    stages: int = 0
    deployed: int = 0

    @property
    def findings(self) -> int:
        """The number of differences, those of stages included."""
        return self.changed + self.missing + self.unexpected + self.deployed

    @property
    def counts(self) -> dict[str, int]:
        """The main counts under their names in documents, for logs."""
        drafts = {"inSync": self.in_sync, "changed": self.changed, "missing": self.missing}
        return {**drafts, "unexpected": self.unexpected, "deployed": self.deployed, "errors": self.errors}


def find_drift(desired: Desired, live: LiveApi, is_ignored: Callable[[ResponseKey], bool] | None = None) -> TargetDrift:
    """Compare, and return the findings in the order of paths, verbs and statuses.

    With `is_ignored` the comparison is strict: methods that no manifest lists are findings too, unless all of their
    responses are ignored.
    """
    comparison = compare(desired, live)
    findings = [_of_change(desired, live, change) for change in comparison.changes]
    findings.extend(_of_needs(desired, live))
    findings.extend(_of_routes(desired, live))
    unlisted = list(_of_unlisted(desired, live, is_ignored)) if is_ignored else []
    findings.extend(unlisted)
    reported = {finding.key.scope for finding in unlisted}
    return TargetDrift(
        target=live.target,
        manifests=desired.manifests,
        findings=tuple(sorted(findings, key=lambda finding: (finding.key, finding.subject))),
        in_sync=tuple(InSync(key, desired.origin(key)) for key in comparison.unchanged),
        unmanaged=sum(key.scope not in reported for key in comparison.unmanaged),
        unmanaged_methods=comparison.unmanaged_methods,
        ignored=len(comparison.ignored),
        unselected=len(comparison.unselected),
        desired_digest=desired_digest(desired),
        live_digest=live_digest(live, desired.owns),
    )


@dataclass(frozen=True, slots=True)
class StageDrift:
    """How a stage differs from the manifests, regardless of the draft.

    `lag` reports a difference that AWS does not show in detail (WebSocket), "" if there is none.
    """

    name: str
    drift: TargetDrift
    lag: str = ""

    @property
    def differences(self) -> int:
        """The number of differences."""
        return len(self.drift.findings) + bool(self.lag)

    def beyond(self, drafts: Iterable[TargetDrift]) -> tuple[Finding, ...]:
        """Return the findings that differ from those of the draft."""
        known = {
            essence(finding) for draft in drafts if draft.target == self.drift.target for finding in draft.findings
        }
        return tuple(finding for finding in self.drift.findings if essence(finding) not in known)


def by_target(drafts: Iterable[TargetDrift]) -> Mapping[Target, Sequence[TargetDrift]]:
    """Return the drift of each API; () for those that have none."""
    index: defaultdict[Target, list[TargetDrift]] = defaultdict(list)
    for draft in drafts:
        index[draft.target].append(draft)
    return index


def essence(finding: Finding) -> Hashable:
    """Return what two findings of an API have in common that are the same difference, on a stage and in the draft."""
    return finding.key, finding.subject, finding.type, finding.changes


@dataclass(frozen=True, slots=True)
class UncomparedStage:
    """A stage of one manifest that could not be compared, and why."""

    name: str
    manifest: str
    why: str
    location: Location | None = None
    environment: str | None = None
    region: str = ""
    account_id: str = ""
    rule: str | None = None
    remedy: str = ""


def summarise_drift(targets: tuple[TargetDrift, ...], errors: int, stages: tuple[StageDrift, ...] = ()) -> DriftSummary:
    """Count over all targets; `errors` is the number of manifests and stages that could not be compared."""
    counts = Counter(finding.type for target in targets for finding in target.findings)
    return DriftSummary(
        in_sync=sum(len(target.in_sync) + target.counted for target in targets),
        changed=counts[Type.CHANGED],
        missing=counts[Type.MISSING],
        unexpected=counts[Type.UNEXPECTED],
        unmanaged=sum(target.unmanaged for target in targets),
        ignored=sum(target.ignored for target in targets),
        unselected=sum(target.unselected for target in targets),
        errors=errors,
        stages=len(stages),
        deployed=sum(stage.differences for stage in stages),
    )


def _of_change(desired: Desired, live: LiveApi, change: ResponseChange) -> Finding:
    kind = Type.MISSING if change.before is None else Type.UNEXPECTED if change.after is None else Type.CHANGED
    return Finding(
        type=kind,
        address=desired.address(change.key),
        key=change.key,
        changes=change.fields,
        manifest=desired.owns[change.key.scope].manifest,
        note=_gone(live, change.key.scope) if change.before is None else _undesired(desired, change),
        source=desired.origin(change.key),
        resource_id=_resource_id(live, change.key.scope),
    )


def _undesired(desired: Desired, change: ResponseChange) -> str:
    return DECLARED_ABSENT if desired.responses.get(change.key) is ABSENT else ""


def _gone(live: LiveApi, scope: Scope) -> str:
    match scope:
        case MethodKey():
            return _gone_method(live, scope)
        case IntegrationKey():
            return _gone_integration(live, scope)


def _gone_integration(live: LiveApi, scope: IntegrationKey) -> str:
    method = live.methods.get(scope)
    if method is None:
        return f"the API has no route {scope} with an integration" if scope.route else f"the API has no {scope}"
    return f"{scope} is a proxy integration, which has no integration responses" if method.is_proxy else ""


def _gone_method(live: LiveApi, scope: MethodKey) -> str:
    if scope.path not in live.paths:
        return f"the API has no path {scope.path}"
    method = live.methods.get(scope)
    if method is None:
        return f"{scope.path} has no method {scope.method}"
    return "" if method.integration_type else f"{scope} has no integration"


def _of_needs(desired: Desired, live: LiveApi) -> Iterator[Finding]:
    """Check live responses only: a missing response needs nothing yet, and is a finding itself."""
    for need in missing_method_responses(desired, live):
        held = live.methods[need.scope].responses.get(need.code)
        if held is None:
            continue
        lacking = tuple(name for name in need.parameters if name in held.response_parameters)
        if lacking or not need.exists:
            yield _of_need(desired, live, replace(need, parameters=lacking))


def _of_routes(desired: Desired, live: LiveApi) -> Iterator[Finding]:
    for need in missing_route_responses(desired, live):
        owner = desired.owns[need.scope]
        yield Finding(
            type=Type.MISSING,
            address=f"{owner.manifest}: {need.route} {need.key.code}",
            key=need.key,
            changes=tuple(FieldChange(f"routeResponse.{need.route}.{part}", None, "declared") for part in need.lacks),
            manifest=owner.manifest,
            subject="routeResponse",
            note=f"route {need.route} is one-way: clients get no response",
            source=owner.location,
            resource_id=_resource_id(live, need.scope),
        )


def _of_unlisted(desired: Desired, live: LiveApi, is_ignored: Callable[[ResponseKey], bool]) -> Iterator[Finding]:
    """Yield the methods with responses that no manifest lists; a proxy passes its responses through."""
    for scope, method in live.methods.items():
        if scope in desired.owns or method.is_proxy:
            continue
        keys = [ResponseKey(scope, code) for code in method.responses]
        if keys and not all(map(is_ignored, keys)):
            yield Finding(
                type=Type.UNEXPECTED,
                address=desired.method_address(scope),
                key=ResponseKey(scope, ""),
                changes=(),
                manifest=desired.manifests[0].name,
                subject="method",
                note=f"no manifest lists this {_noun(scope)}",
                resource_id=_resource_id(live, scope),
            )


def _noun(scope: Scope) -> str:
    return "method" if isinstance(scope, MethodKey) else "integration"


def _resource_id(live: LiveApi, scope: Scope) -> str | None:
    match live.methods.get(scope):
        case LiveMethod(resource_id=identifier) | LiveIntegration(integration_id=identifier):
            return identifier or None  # a stage shows no ids
        case None:
            return None


def _of_need(desired: Desired, live: LiveApi, need: MethodResponseNeed) -> Finding:
    lacks = "does not declare all mapped headers" if need.exists else "is missing: clients get a 500"
    return Finding(
        type=Type.CHANGED if need.exists else Type.MISSING,
        address=desired.address(need.key),
        key=need.key,
        changes=tuple(FieldChange(f"methodResponse.{name}", None, "declared") for name in need.parameters),
        manifest=desired.owns[need.key.scope].manifest,
        subject="methodResponse",
        note=f"method response {need.code} {lacks}",
        source=desired.origin(need.key),
        resource_id=_resource_id(live, need.key.scope),
    )
