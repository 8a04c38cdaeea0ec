"""The JSON document of a plan: its shapes, and how it is built."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from reconciler import __version__
from reconciler.deployments import StagePlan
from reconciler.diagnostics import Diagnostic
from reconciler.documents.effects import EffectsDocument, effects_document
from reconciler.documents.parts import (
    FORMAT_VERSION,
    ChangeDocument,
    DiagnosticDocument,
    FormatVersion,
    JsonDocument,
    PendingDocument,
    SourceDocument,
    StageTarget,
    State,
    TargetDocument,
    TargetOfResponse,
    changes_of,
    diagnostic_document,
    pending_document,
    response_target,
    source_of,
    stage_target,
    state_of,
    target_document,
)
from reconciler.effects import ClientEffects
from reconciler.guard import Refusal, Verdict
from reconciler.models.deferred import Deferred
from reconciler.models.keys import IntegrationKey, Scope
from reconciler.plan import Plan, Summary, TargetPlan
from reconciler.plan.actions import (
    Action,
    Operation,
    Step,
    declared_parameters,
    parent_id,
    response_after,
    response_before,
    response_changes,
)
from reconciler.rules import GuardRule


class ActionDocument(JsonDocument):
    """One write."""

    id: str
    address: str
    op: Literal["create", "update", "delete"]
    step: Step | None = Field(description="An extra write that a response needs; it is not counted as a change.")
    operation: Operation
    reason: str
    target: TargetOfResponse
    before: State | None
    after: State | None
    changes: list[ChangeDocument]
    source: SourceDocument | None
    cause: Literal["manifest", "drift", "both"] | None = Field(
        description="What changed since the base: the manifests, AWS, or both. Null if unknown."
    )


class DeferredDocument(JsonDocument):
    """A response that is wanted on a method which does not exist yet."""

    address: str
    target: TargetOfResponse
    after: State
    message: str
    source: SourceDocument | None


class RequestDocument(JsonDocument):
    """What a saved plan was asked for: an apply of it takes these from here, not from its command line."""

    paths: list[str] = Field(description="Relative to the folder in which plan and apply run.")
    config: str | None
    environments: list[str]
    variables: dict[str, str]
    selectors: list[dict[str, str]]
    only: list[str]
    touched: list[str] | None = Field(description="The files that counted as changed; null for all.")
    force: list[GuardRule] = Field(description="The guard rules that were waived.")
    region: str | None
    profile: str | None
    allow_missing: bool
    deploy: bool
    stages: list[str] = Field(description="The stages to use instead of the declared ones; empty: the declared ones.")
    publish_all: bool = Field(description="Whether changes outside the plan may be published too.")
    writes: bool = Field(description="False if the drafts are only deployed, as they are.")


class SummaryDocument(JsonDocument):
    """Counts of responses, not of steps."""

    create: int
    update: int
    delete: int
    unchanged: int
    unmanaged: int = Field(description="Live responses that no manifest lists.")
    unmanaged_methods: int = Field(description="Methods with responses that no manifest lists.")
    not_selected: int = Field(0, description="Responses that are not compared because `--only` does not match them.")
    ignored: int = Field(0, description="Live responses that ignore rules exclude.")


class RefusalDocument(JsonDocument):
    """A guard rule that the plan violates, or that `--force` waived."""

    rule: str
    target: str
    message: str


class StageDocument(JsonDocument):
    """A stage that is to be deployed to, and everything that a deployment would publish there."""

    target: StageTarget
    stage: str
    serves: str | None = Field(description="The id of the deployment that it serves now.")
    back_to: str | None = Field(description="In rollbacks: the deployment to restore.")
    due: bool = Field(description="Whether the run deploys to it, or rolls it back.")
    known: bool = Field(description="Whether `pending` is complete; for WebSocket APIs this is not always known.")
    pending: list[PendingDocument]
    not_compared: list[str] = Field(
        default_factory=list, description="Parts of a REST API that cannot be compared: more may be published."
    )


class PlanDocument(JsonDocument):
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
    deferred: list[DeferredDocument] = Field(description="Run by an apply of the saved plan once their methods exist.")
    deployments: list[StageDocument] = Field(description="With --deploy: the stages, and what would be published.")
    effects: EffectsDocument | None = Field(
        default=None, description="What clients get, if that was asked for or breaking changes are refused."
    )
    request: RequestDocument | None = Field(default=None, description="In saved plans only.")
    checksum: str | None = Field(default=None, description="In saved plans: covers everything else in the file.")

    @property
    def protected_names(self) -> frozenset[str]:
        """The environments that were protected when the plan was made."""
        return frozenset(target.environment for target in self.targets if target.protected and target.environment)


def plan_document(  # noqa: PLR0913 - what a plan shows
    plan: Plan,
    created_at: str,
    verdict: Verdict | None = None,
    diagnostics: Iterable[Diagnostic] = (),
    stages: Iterable[StagePlan] = (),
    *,
    effects: ClientEffects | None = None,
) -> PlanDocument:
    """Return a plan with what prevents an apply, what would be published afterwards, and what clients get."""
    verdict = verdict or Verdict()
    return PlanDocument(
        format_version=FORMAT_VERSION,
        kind="Plan",
        tool_version=__version__,
        created_at=created_at,
        summary=_summary(plan.summary),
        targets=[_target(target) for target in plan.targets],
        actions=[_action(action_id, target, action) for action_id, target, action in plan.numbered()],
        deferred=[_deferred(target, deferred) for target in plan.targets for deferred in target.deferred],
        waivers=[_refusal(waiver) for waiver in verdict.waivers],
        refusals=[_refusal(refusal) for refusal in verdict.refusals],
        diagnostics=[diagnostic_document(diagnostic) for diagnostic in diagnostics],
        deployments=[_stage(stage) for stage in stages],
        texts={},
        effects=effects_document(effects),
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


def _target(target: TargetPlan) -> TargetDocument:
    return target_document(target.target, target.desired.manifests, target.live_digest, target.desired_digest)


def _action(action_id: str, target: TargetPlan, action: Action) -> ActionDocument:
    before, after, changes = _states(action)
    manifest = target.desired.owns[action.key.scope].manifest
    return ActionDocument(
        id=action_id,
        address=action.address,
        op=action.op,
        step=action.step,
        operation=action.operation,
        reason=target.reason(action),
        target=response_target(target.target, manifest, action.key, parent_id(action)),
        before=before,
        after=after,
        changes=changes,
        source=source_of(action.source),
        cause=cause.value if (cause := target.cause(action)) else None,
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


def _deferred(target: TargetPlan, deferred: Deferred) -> DeferredDocument:
    named_id = _named_id(deferred.key.scope)
    return DeferredDocument(
        address=deferred.address,
        target=response_target(target.target, deferred.manifest, deferred.key, named_id),
        after=state_of(deferred.after),
        message=deferred.reason,
        source=source_of(deferred.source),
    )


def _named_id(scope: Scope) -> str | None:
    """The id by which a manifest names an integration."""
    return scope.id or None if isinstance(scope, IntegrationKey) else None


def _refusal(refusal: Refusal) -> RefusalDocument:
    return RefusalDocument(rule=refusal.rule.value, target=refusal.target, message=refusal.message)


def _stage(stage: StagePlan) -> StageDocument:
    return StageDocument(
        target=stage_target(stage.manifests, stage.target),
        stage=stage.name,
        serves=stage.serves or None,
        back_to=stage.back_to or None,
        due=stage.is_due,
        known=stage.is_known,
        pending=[pending_document(item) for item in stage.items],
        not_compared=[str(part) for part in stage.not_compared],
    )
