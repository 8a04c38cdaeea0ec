"""Results of the engine as JSON documents."""

from reconciler.documents import (
    ApplyDocument,
    DriftDocument,
    PlanDocument,
    Rollback,
    RollbackDocument,
    apply_document,
    drift_document,
    plan_document,
    rollback_document,
)
from reconciler.documents.drift import UncomparedManifest
from reconciler.engine.apply import Applied
from reconciler.engine.drift.result import Drift
from reconciler.engine.plan import Planned
from reconciler.engine.rollback.rollback import RolledBack
from reconciler.findings import StageDrift, UncomparedStage


def document_of_plan(planned: Planned) -> PlanDocument:
    """Return the plan without the request that it was made for (`saved_plan.saved` adds it)."""
    return plan_document(
        planned.plan, planned.created_at, planned.verdict, planned.diagnostics, planned.stages, effects=planned.effects
    )


def document_of_apply(applied: Applied, rollback: RolledBack | None = None) -> ApplyDocument:
    """Return the apply; refused because AWS changed meanwhile, it carries the plan as it would be now."""
    planned = applied.stale or applied.planned
    return apply_document(
        document_of_plan(planned),
        applied.outcomes,
        planned.created_at,
        applied.published,
        verified=applied.verified,
        run=applied.run or None,
        rollback=document_of_rollback(rollback, planned.created_at) if rollback else None,
        reasons=applied.reasons,
    )


def document_of_rollback(rolled: RolledBack, created_at: str = "") -> RollbackDocument:
    """Return the rollback; `created_at` is for one that failed before it had a plan."""
    applied = rolled.applied
    rollback = Rollback(
        rolled.run,
        (applied.run if applied else "") or None,
        rolled.kept,
        rolled.kept_routes,
        str(rolled.failure) if rolled.failure else None,
    )
    if applied is None:
        return rollback_document(rollback, None, (), created_at, verified=None)
    planned = applied.stale or applied.planned
    return rollback_document(
        rollback,
        document_of_plan(planned),
        applied.outcomes,
        planned.created_at,
        applied.published,
        verified=applied.verified,
    )


def document_of_drift(drift: Drift) -> DriftDocument:
    """Return the drift, with what could not be compared among its findings."""
    unread = [
        UncomparedManifest(
            name,
            unread.failure.message,
            unread.location,
            unread.environment,
            unread.region,
            unread.account_id,
            unread.failure.rule.id,
            unread.failure.remedy,
        )
        for unread in drift.unread
        for name in unread.manifests
    ]
    unread += [
        UncomparedManifest(
            problem.location.file if problem.location else problem.rule.id,
            problem.message,
            problem.location,
            rule=problem.rule.id,
            remedy=problem.remedy,
        )
        for problem in drift.problems
    ]
    lost = [
        UncomparedStage(
            lost.stage,
            name,
            lost.unread.failure.message,
            lost.unread.location,
            lost.unread.environment,
            lost.unread.region,
            lost.unread.account_id,
            lost.unread.failure.rule.id,
            lost.unread.failure.remedy,
        )
        for lost, name in drift.lost_manifests
    ]
    stages: list[StageDrift | UncomparedStage] = [*drift.stages, *lost]
    return drift_document(drift.targets, unread, drift.created_at, drift.diagnostics, stages, drift.facts)
