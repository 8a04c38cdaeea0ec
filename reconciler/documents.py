"""Plans, applies, drift reports and validations as JSON documents.

Promise: the models here *are* the documents' schemas (`schemas/*.schema.json` are printed from them). They are written
for programs: names and meanings that stand keep standing, `formatVersion` says when they grow. Key order is stable, and
so is everything else but `createdAt`. Human text is made elsewhere (`render`).
"""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from reconciler import __version__, findings
from reconciler.apply import Outcome
from reconciler.diagnostics import Diagnostic, Location, Severity
from reconciler.diff import FieldChange
from reconciler.findings import Finding, TargetDrift
from reconciler.guard import Refusal
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.responses import Response
from reconciler.models.targets import Target
from reconciler.plan import Plan, Summary, TargetPlan
from reconciler.plan.actions import (
    Action,
    CreateMethodResponse,
    CreateReplacement,
    CreateResponse,
    CreateWebSocketResponse,
    DeleteResponse,
    DeleteToReplace,
    DeleteWebSocketResponse,
    ExtendMethodResponse,
    Operation,
    ParkResponse,
    UpdateResponse,
    UpdateWebSocketResponse,
    parent_id,
)

FORMAT_VERSION = "1.0"

FormatVersion: TypeAlias = Annotated[
    str, Field(pattern=r"^1\.\d+$", description="Grows its second number when the document gains something.")
]
State: TypeAlias = dict[str, str | dict[str, str]]


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class SourceDocument(_Document):
    """A place in a manifest."""

    file: str
    line: int = Field(description="Counts from 1; 0 for the file as a whole.")


class ChangeDocument(_Document):
    """One value: `before` is live, `after` is what the manifest wants; null means not set."""

    path: str = Field(description="As in `responseTemplates.application/json`.")
    before: str | None
    after: str | None


class TargetDocument(_Document):
    """The API that manifests resolve to, and digests of what was compared."""

    manifests: list[str]
    kind: str
    environment: str | None
    account_id: str
    region: str
    api_id: str
    api_name: str | None = Field(description="Null when the manifest names the API by its id.")
    live_digest: str = Field(description="Of the listed methods, as read.")
    desired_digest: str = Field(description="Of what the manifests resolve to.")


class ResponseTarget(_Document):
    """What names one response of a REST API."""

    manifest: str
    kind: str
    api_id: str
    resource_id: str | None = Field(description="Null when the path is gone from the API.")
    path: str
    method: str
    status_code: str


class WebSocketResponseTarget(_Document):
    """What names one response of a WebSocket API."""

    manifest: str
    kind: str
    api_id: str
    route_key: str | None = Field(description="Null when the manifest names the integration by its id.")
    integration_id: str | None = Field(description="Null when the route is gone from the API.")
    integration_response_key: str


TargetOfResponse: TypeAlias = ResponseTarget | WebSocketResponseTarget


class ActionDocument(_Document):
    """One write."""

    id: str
    address: str
    op: Literal["create", "update", "delete"]
    step: Literal["methodResponse", "park", "replace"] | None = Field(
        description="An extra write that a response needs; it counts as no change of its own."
    )
    operation: Operation
    reason: str
    target: TargetOfResponse
    before: State | None
    after: State | None
    changes: list[ChangeDocument]
    source: SourceDocument | None


class SummaryDocument(_Document):
    """Counts of responses, not of steps."""

    create: int
    update: int
    delete: int
    unchanged: int
    unmanaged: int = Field(description="Live responses that no manifest lists.")
    unmanaged_methods: int = Field(description="Methods with responses that no manifest lists.")


class RefusalDocument(_Document):
    """A guard rule that stands against the plan, or that `--force` waived."""

    rule: str
    target: str
    message: str


class DiagnosticDocument(_Document):
    """A problem, with its place."""

    severity: Literal["error", "warning"]
    rule: str
    message: str
    remedy: str
    file: str | None
    line: int | None
    column: int | None
    address: str | None


class PlanDocument(_Document):
    """What `plan --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Plan"]
    tool_version: str
    created_at: str = Field(description="UTC, ISO 8601.")
    summary: SummaryDocument
    targets: list[TargetDocument]
    actions: list[ActionDocument]
    waivers: list[RefusalDocument]
    refusals: list[RefusalDocument]
    diagnostics: list[DiagnosticDocument]
    texts: dict[str, str] = Field(description="Long texts by digest, where a saved plan refers to them.")


class OutcomeDocument(_Document):
    """What became of an action of the plan."""

    id: str
    address: str
    outcome: Literal["applied", "skipped", "failed", "unknown", "not-run"]
    detail: str


class ApplySummary(_Document):
    """Counts of actions, steps included."""

    applied: int
    skipped: int
    failed: int
    unknown: int
    not_run: int


class ApplyDocument(_Document):
    """What `apply --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Apply"]
    tool_version: str
    created_at: str
    summary: ApplySummary
    plan: PlanDocument
    outcomes: list[OutcomeDocument]
    verified: bool | None = Field(description="Whether re-reading found nothing left to do; null: nothing was written.")
    deployed: bool = Field(description="Whether what was written was deployed to a stage.")


class FindingDocument(_Document):
    """One difference between manifest and AWS."""

    type: Literal["changed", "missing", "unexpected", "error"]
    subject: Literal["response", "methodResponse", "target"]
    address: str
    target: TargetOfResponse | None = Field(description="Null for a target that could not be read.")
    message: str
    changes: list[ChangeDocument]
    source: SourceDocument | None


class DriftSummaryDocument(_Document):
    """Counts of responses."""

    in_sync: int
    changed: int
    missing: int
    unexpected: int
    unmanaged: int
    errors: int


class DriftDocument(_Document):
    """What `drift --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Drift"]
    tool_version: str
    created_at: str
    summary: DriftSummaryDocument
    targets: list[TargetDocument]
    findings: list[FindingDocument]
    diagnostics: list[DiagnosticDocument]


class ValidationSummary(_Document):
    """Counts."""

    manifests: int
    responses: int
    errors: int
    warnings: int


class ValidationDocument(_Document):
    """What `validate --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Validation"]
    tool_version: str
    summary: ValidationSummary
    diagnostics: list[DiagnosticDocument]


def plan_document(
    plan: Plan,
    created_at: str,
    refusals: Iterable[Refusal] = (),
    waivers: Iterable[Refusal] = (),
    diagnostics: Iterable[Diagnostic] = (),
) -> PlanDocument:
    """A plan with what stands against it."""
    return PlanDocument(
        format_version=FORMAT_VERSION,
        kind="Plan",
        tool_version=__version__,
        created_at=created_at,
        summary=_summary(plan.summary),
        targets=[_planned_target(one) for one in plan.targets],
        actions=[_action(action_id, one, action) for action_id, one, action in plan.numbered()],
        waivers=[_refusal(one) for one in waivers],
        refusals=[_refusal(one) for one in refusals],
        diagnostics=[diagnostic_document(one) for one in diagnostics],
        texts={},
    )


def apply_document(
    plan: PlanDocument, outcomes: Iterable[Outcome], created_at: str, *, verified: bool | None
) -> ApplyDocument:
    """An apply: its plan and what became of every action."""
    became = [
        OutcomeDocument(id=one.action_id, address=one.action.address, outcome=one.result.value, detail=one.detail)
        for one in outcomes
    ]
    counts = {
        name: sum(1 for one in became if one.outcome == name) for name in ("applied", "skipped", "failed", "unknown")
    }
    return ApplyDocument(
        format_version=FORMAT_VERSION,
        kind="Apply",
        tool_version=__version__,
        created_at=created_at,
        summary=ApplySummary(**counts, not_run=sum(1 for one in became if one.outcome == "not-run")),
        plan=plan,
        outcomes=became,
        verified=verified,
        deployed=False,
    )


def drift_document(
    targets: Iterable[TargetDrift],
    unread: Iterable[tuple[str, str, Location | None]],
    created_at: str,
    diagnostics: Iterable[Diagnostic] = (),
) -> DriftDocument:
    """A drift report; `unread` are the manifests that could not be compared: name, why, where."""
    read = tuple(targets)
    errors = [_unread(*one) for one in unread]
    summary = findings.summarise_drift(read, len(errors))
    return DriftDocument(
        format_version=FORMAT_VERSION,
        kind="Drift",
        tool_version=__version__,
        created_at=created_at,
        summary=DriftSummaryDocument(
            in_sync=summary.in_sync,
            changed=summary.changed,
            missing=summary.missing,
            unexpected=summary.unexpected,
            unmanaged=summary.unmanaged,
            errors=summary.errors,
        ),
        targets=[_target(one.target, one.desired, one.live_digest, one.desired_digest) for one in read],
        findings=[_finding(one, finding) for one in read for finding in one.findings] + errors,
        diagnostics=[diagnostic_document(one) for one in diagnostics],
    )


def validation_document(diagnostics: Iterable[Diagnostic], *, manifests: int, responses: int) -> ValidationDocument:
    """What is wrong with the manifests."""
    found = tuple(diagnostics)
    errors = sum(1 for one in found if one.severity is Severity.ERROR)
    return ValidationDocument(
        format_version=FORMAT_VERSION,
        kind="Validation",
        tool_version=__version__,
        summary=ValidationSummary(
            manifests=manifests, responses=responses, errors=errors, warnings=len(found) - errors
        ),
        diagnostics=[diagnostic_document(one) for one in found],
    )


def diagnostic_document(one: Diagnostic) -> DiagnosticDocument:
    """A diagnostic; `file` and the rest are null when it has no place."""
    place = one.location
    return DiagnosticDocument(
        severity=one.severity.value,
        rule=one.rule,
        message=one.message,
        remedy=one.remedy,
        file=place.file if place else None,
        line=place.line if place else None,
        column=place.column if place else None,
        address=one.address or None,
    )


def _summary(summary: Summary) -> SummaryDocument:
    return SummaryDocument(
        create=summary.create,
        update=summary.update,
        delete=summary.delete,
        unchanged=summary.unchanged,
        unmanaged=summary.unmanaged,
        unmanaged_methods=summary.unmanaged_methods,
    )


def _planned_target(one: TargetPlan) -> TargetDocument:
    return _target(one.target, one.desired, one.live_digest, one.desired_digest)


def _target(target: Target, desired: Desired, live_digest: str, desired_digest: str) -> TargetDocument:
    return TargetDocument(
        manifests=[manifest.name for manifest in desired.manifests],
        kind=target.kind.value,
        environment=target.environment,
        account_id=target.account_id,
        region=target.region,
        api_id=target.api_id,
        api_name=target.api_name,
        live_digest=live_digest,
        desired_digest=desired_digest,
    )


def _action(action_id: str, one: TargetPlan, action: Action) -> ActionDocument:
    before, after, changes = _states(action)
    return ActionDocument(
        id=action_id,
        address=action.address,
        op=action.op,
        step=action.step,
        operation=action.operation,
        reason=action.reason,
        target=_response_target(one.target, one.desired, action.key, parent_id(action)),
        before=before,
        after=after,
        changes=changes,
        source=_source(action.source),
    )


def _states(action: Action) -> tuple[State | None, State | None, list[ChangeDocument]]:
    match action:
        case CreateResponse() | CreateWebSocketResponse():
            return None, _state(action.after), _changes(action.changes)
        case UpdateResponse() | ParkResponse() | UpdateWebSocketResponse() | CreateReplacement():
            return _state(action.before), _state(action.after), _changes(action.changes)
        case DeleteResponse() | DeleteWebSocketResponse():
            return _state(action.before), None, _changes(action.changes)
        case DeleteToReplace():
            return _state(action.before), None, []
        case CreateMethodResponse() | ExtendMethodResponse():
            declared = dict.fromkeys(action.parameters, "false")
            changes = [
                ChangeDocument(path=f"responseParameters.{name}", before=None, after="false") for name in declared
            ]
            return None, {"responseParameters": declared}, changes
        case _:
            assert_never(action)


def _state(response: Response) -> State:
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in response.document().items()
        if value is not None
    }


def _changes(changes: Iterable[FieldChange]) -> list[ChangeDocument]:
    return [ChangeDocument(path=one.path, before=one.before, after=one.after) for one in changes]


def _response_target(target: Target, desired: Desired, key: ResponseKey, parent_id: str | None) -> TargetOfResponse:
    manifest = desired.owns[key.scope].manifest
    match key.scope:
        case MethodKey(path, method):
            return ResponseTarget(
                manifest=manifest,
                kind=target.kind.value,
                api_id=target.api_id,
                resource_id=parent_id,
                path=path,
                method=method,
                status_code=key.code,
            )
        case IntegrationKey(route, _):
            return WebSocketResponseTarget(
                manifest=manifest,
                kind=target.kind.value,
                api_id=target.api_id,
                route_key=route or None,
                integration_id=parent_id,
                integration_response_key=key.code,
            )


def _finding(one: TargetDrift, finding: Finding) -> FindingDocument:
    return FindingDocument(
        type=finding.type.value,
        subject=finding.subject,
        address=finding.address,
        target=_response_target(one.target, one.desired, finding.key, finding.resource_id),
        message=finding.note,
        changes=_changes(finding.changes),
        source=_source(finding.source),
    )


def _unread(manifest: str, why: str, where: Location | None) -> FindingDocument:
    return FindingDocument(
        type="error", subject="target", address=manifest, target=None, message=why, changes=[], source=_source(where)
    )


def _source(place: Location | None) -> SourceDocument | None:
    return SourceDocument(file=place.file, line=place.line) if place else None


def _refusal(refusal: Refusal) -> RefusalDocument:
    return RefusalDocument(rule=refusal.rule.value, target=refusal.target, message=refusal.message)


def dumped(document: _Document) -> str:
    """As JSON, ASCII only, so that no text in it can reach a terminal as a control sequence."""
    return json.dumps(document.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=True)
