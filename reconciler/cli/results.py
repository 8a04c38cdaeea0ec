"""Workflow results in the formats that commands offer."""

from reconciler.documents import PlanDocument, apply_document, drift_document, dumped, plan_document
from reconciler.render.apply import Aftermath, apply_report, stale_lines, waiting_lines
from reconciler.render.drift import drift_report
from reconciler.render.plan import plan_report
from reconciler.render.style import Style
from reconciler.workflows.apply import Applied
from reconciler.workflows.drift import Drift
from reconciler.workflows.plan import Planned


def plan_text(planned: Planned, style: Style) -> str:
    """The plan for a reviewer."""
    return plan_report(planned.plan, planned.diagnostics, planned.verdict, style)


def plan_json(planned: Planned) -> str:
    """The plan for programs."""
    return dumped(_plan_document(planned))


def _plan_document(planned: Planned) -> PlanDocument:
    verdict = planned.verdict
    return plan_document(planned.plan, planned.created_at, verdict.refusals, verdict.waivers, planned.diagnostics)


def apply_text(applied: Applied, style: Style) -> str:
    """What became of it; the plan itself was shown before."""
    if applied.stale:
        return "\n".join([*stale_lines(applied.reasons, style), "", plan_text(applied.stale, style)])
    if applied.declined:
        return "Not approved; nothing was written."
    if not applied.outcomes:
        refused = not applied.planned.may_run
        nothing = "Nothing was written." if refused else "" if style.quiet else "Nothing to do."
        return "\n".join(filter(None, (*waiting_lines(applied.waiting, style), nothing)))
    return apply_report(applied.outcomes, aftermath(applied), style)


def aftermath(applied: Applied) -> Aftermath:
    """What was found once everything was written."""
    stages = [stage for read in applied.planned.reads for ref in read.desired.manifests for stage in ref.stages]
    unverified = [f"{one.diagnostic.message}; {one.diagnostic.remedy}".removesuffix("; ") for one in applied.unverified]
    return Aftermath(applied.leftovers, unverified, applied.waiting, stages)


def apply_json(applied: Applied) -> str:
    """The apply for programs; refused because AWS changed meanwhile, it carries the plan as it would be now."""
    planned = applied.stale or applied.planned
    return dumped(
        apply_document(_plan_document(planned), applied.outcomes, planned.created_at, verified=applied.verified)
    )


def drift_text(drift: Drift, style: Style) -> str:
    """The drift for people."""
    problems = (*drift.diagnostics, *(one.diagnostic for one in drift.unread))
    return drift_report(drift.targets, problems, drift.summary, style)


def drift_json(drift: Drift) -> str:
    """The drift for programs."""
    unread = [(name, str(one.failure), one.location) for one in drift.unread for name in one.manifests]
    unread += [(one.location.file if one.location else one.rule, one.message, one.location) for one in drift.problems]
    return dumped(drift_document(drift.targets, unread, drift.created_at, drift.diagnostics))
