"""From plans, outcomes, findings and diagnostics to documents."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler import __version__
from reconciler.apply import Outcome, Published
from reconciler.deployments import Item, StagePlan
from reconciler.diagnostics import Diagnostic, Location
from reconciler.diff import FieldChange
from reconciler.documents.models import (
    FORMAT_VERSION,
    ActionDocument,
    ApplyDocument,
    ApplySummary,
    ChangeDocument,
    DeferredDocument,
    DiagnosticDocument,
    JsonDocument,
    OutcomeDocument,
    PendingDocument,
    PlanDocument,
    PublishedDocument,
    RefusalDocument,
    ResponseTarget,
    RollbackDocument,
    SourceDocument,
    StageDocument,
    StageTarget,
    State,
    SummaryDocument,
    TargetDocument,
    TargetOfResponse,
    ValidationDocument,
    ValidationSummary,
    WebSocketResponseTarget,
)
from reconciler.guard import Refusal, Verdict
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.responses import Response
from reconciler.models.targets import Target
from reconciler.plan import Plan, Summary, TargetPlan
from reconciler.plan.actions import (
    Action,
    declared_parameters,
    parent_id,
    response_after,
    response_before,
    response_changes,
)
from reconciler.rules import Severity


def plan_document(
    plan: Plan,
    created_at: str,
    verdict: Verdict | None = None,
    diagnostics: Iterable[Diagnostic] = (),
    stages: Iterable[StagePlan] = (),
) -> PlanDocument:
    """A plan with what stands against it, and what would be published once it is carried out."""
    verdict = verdict or Verdict()
    return PlanDocument(
        format_version=FORMAT_VERSION,
        kind="Plan",
        tool_version=__version__,
        created_at=created_at,
        summary=_summary(plan.summary),
        targets=[_planned_target(target) for target in plan.targets],
        actions=[_action(action_id, one, action) for action_id, one, action in plan.numbered()],
        deferred=[_deferred(target, found) for target in plan.targets for found in target.deferred],
        waivers=[_refusal(waiver) for waiver in verdict.waivers],
        refusals=[_refusal(refusal) for refusal in verdict.refusals],
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
        deployments=[_stage(stage) for stage in stages],
        texts={},
    )


def apply_document(  # noqa: PLR0913 - what a document says of a run
    plan: PlanDocument,
    outcomes: Iterable[Outcome],
    created_at: str,
    published: Sequence[Published] = (),
    *,
    verified: bool | None,
    run: str | None = None,
    rollback: RollbackDocument | None = None,
    reasons: Iterable[str] = (),
) -> ApplyDocument:
    """An apply: its plan and what became of every action and every stage."""
    became = _outcomes(outcomes)
    return ApplyDocument(
        format_version=FORMAT_VERSION,
        kind="Apply",
        tool_version=__version__,
        created_at=created_at,
        summary=outcome_counts(became),
        plan=plan,
        outcomes=became,
        verified=verified,
        deployed=bool(published) and all(one.is_done for one in published),
        deployments=published_documents(published),
        run=run,
        rollback=rollback,
        reasons=list(reasons),
    )


@dataclass(frozen=True, slots=True)
class Rollback:
    """What is said of a rollback: of which run, as which run, what stays, and why it could not be done at all."""

    rolls_back: str
    run: str | None = None
    kept: Sequence[str] = ()
    failure: str | None = None


def rollback_document(
    said: Rollback,
    plan: PlanDocument | None,
    outcomes: Iterable[Outcome],
    created_at: str,
    *,
    verified: bool | None,
) -> RollbackDocument:
    """A rollback: its plan and what became of every action."""
    became = _outcomes(outcomes)
    return RollbackDocument(
        format_version=FORMAT_VERSION,
        kind="Rollback",
        tool_version=__version__,
        created_at=created_at,
        run=said.run,
        rolls_back=said.rolls_back,
        summary=outcome_counts(became),
        plan=plan,
        outcomes=became,
        deployments=[],
        verified=verified,
        kept=list(said.kept),
        failure=said.failure,
    )


def _outcomes(outcomes: Iterable[Outcome]) -> list[OutcomeDocument]:
    return [
        OutcomeDocument(
            id=outcome.action_id,
            address=outcome.action.address,
            outcome=outcome.result.value,
            detail=outcome.full_detail,
        )
        for outcome in outcomes
    ]


def outcome_counts(became: Sequence[OutcomeDocument]) -> ApplySummary:
    """How many of each sort."""
    counts = Counter(one.outcome for one in became)
    return ApplySummary(
        applied=counts["applied"],
        skipped=counts["skipped"],
        failed=counts["failed"],
        unknown=counts["unknown"],
        not_run=counts["not-run"],
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
        rule=one.rule.id,
        message=one.message,
        remedy=one.remedy,
        file=place.file if place else None,
        line=place.line if place else None,
        column=place.column if place else None,
        address=one.address or None,
    )


def _stage(one: StagePlan) -> StageDocument:
    return StageDocument(
        target=stage_target(one.manifests, one.target),
        stage=one.name,
        serves=one.serves or None,
        back_to=one.back_to or None,
        due=one.is_due,
        known=one.is_known,
        pending=[pending_document(item) for item in one.items],
        not_compared=[str(said) for said in one.untold],
    )


def stage_target(manifests: Iterable[str], target: Target) -> StageTarget:
    """The API of a stage."""
    return StageTarget(
        manifests=list(manifests),
        kind=target.kind.value,
        environment=target.environment,
        account_id=target.account_id,
        region=target.region,
        api_id=target.api_id,
    )


def pending_document(item: Item) -> PendingDocument:
    """One thing that a deployment would publish."""
    return PendingDocument(
        subject=item.subject,
        op=item.op,
        address=item.address,
        outside=item.outside or None,
        changes=changes_of(item.changes),
    )


def published_documents(published: Iterable[Published]) -> list[PublishedDocument]:
    """What became of stages."""
    return [_published(one) for one in published]


def _published(one: Published) -> PublishedDocument:
    return PublishedDocument(
        target=stage_target(one.stage.manifests, one.stage.target),
        stage=one.stage.name,
        before=one.before or None,
        after=one.after or None,
        outcome=one.result.value,
        verified=one.is_verified,
        detail=one.detail,
    )


def _summary(summary: Summary) -> SummaryDocument:
    return SummaryDocument(
        create=summary.create,
        update=summary.update,
        delete=summary.delete,
        unchanged=summary.unchanged,
        unmanaged=summary.unmanaged,
        unmanaged_methods=summary.unmanaged_methods,
        not_selected=summary.unselected,
        ignored=summary.ignored,
    )


def _planned_target(one: TargetPlan) -> TargetDocument:
    return target_document(one.target, one.desired, one.live_digest, one.desired_digest)


def target_document(target: Target, desired: Desired, live_digest: str, desired_digest: str) -> TargetDocument:
    """An API, and what was compared of it."""
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
        reason=one.reason(action),
        target=response_target(one.target, one.desired.owns[action.key.scope].manifest, action.key, parent_id(action)),
        before=before,
        after=after,
        changes=changes,
        source=source_of(action.source),
        cause=cause.value if (cause := one.cause(action)) else None,
    )


def _states(action: Action) -> tuple[State | None, State | None, list[ChangeDocument]]:
    if action.step == "methodResponse":
        declared = dict.fromkeys(declared_parameters(action), "false")
        changes = [ChangeDocument(path=f"responseParameters.{name}", before=None, after="false") for name in declared]
        return None, {"responseParameters": declared}, changes
    before, after = response_before(action), response_after(action)
    return (
        state_of(before) if before else None,
        state_of(after) if after else None,
        changes_of(response_changes(action)),
    )


def state_of(response: Response) -> State:
    """The values that are set."""
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in response.document().items()
        if value is not None
    }


def changes_of(changes: Iterable[FieldChange]) -> list[ChangeDocument]:
    """Value by value."""
    return [ChangeDocument(path=change.path, before=change.before, after=change.after) for change in changes]


def _deferred(one: TargetPlan, found: Deferred) -> DeferredDocument:
    return DeferredDocument(
        address=found.address,
        target=response_target(one.target, found.manifest, found.key, _named_id(found.key.scope)),
        after=state_of(found.after),
        message=found.reason,
        source=source_of(found.source),
    )


def _named_id(scope: Scope) -> str | None:
    """The id by which a manifest names an integration."""
    return scope.id or None if isinstance(scope, IntegrationKey) else None


def response_target(target: Target, manifest: str, key: ResponseKey, parent_id: str | None) -> TargetOfResponse:
    """A response of an API; `parent_id`: of its resource or integration."""
    api: dict[str, Any] = {
        "manifest": manifest,
        "kind": target.kind.value,
        "environment": target.environment,
        "account_id": target.account_id,
        "region": target.region,
        "api_id": target.api_id,
    }
    match key.scope:
        case MethodKey(path, method):
            return ResponseTarget(**api, resource_id=parent_id, path=path, method=method, status_code=key.code)
        case IntegrationKey(route, _):
            return WebSocketResponseTarget(
                **api, route_key=route or None, integration_id=parent_id, integration_response_key=key.code
            )


def source_of(place: Location | None) -> SourceDocument | None:
    """A place, if there is one."""
    return SourceDocument(file=place.file, line=place.line) if place else None


def _refusal(refusal: Refusal) -> RefusalDocument:
    return RefusalDocument(rule=refusal.rule.value, target=refusal.target, message=refusal.message)


def dumped(document: JsonDocument) -> str:
    """As JSON, ASCII only, so that no text in it can reach a terminal as a control sequence."""
    return json.dumps(document.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=True)
