"""apply and deploy: what was written and deployed, what is left, and how to continue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from reconciler.documents import dumped
from reconciler.engine.apply import Applied
from reconciler.engine.result_documents import document_of_apply
from reconciler.engine.rollback.rollback import RolledBack
from reconciler.errors import ExitCode
from reconciler.findings import TargetDrift
from reconciler.invocation import Invocation
from reconciler.models.deferred import Deferred
from reconciler.render.junit import Case, Suite
from reconciler.render.remarks import Remark
from reconciler.render.sections import Report
from reconciler.render.style import Style, plural, printable
from reconciler.rules import ResultRule
from reconciler.views.deploy import published_remarks, published_suite
from reconciler.views.drift_lines import finding_remarks
from reconciler.views.outcomes import outcome_remarks, outcome_suites
from reconciler.views.plan import (
    deferred_case,
    deferred_remarks,
    plan_parts,
    plan_report,
    problem_remarks,
    problem_suites,
)
from reconciler.views.problems import diagnostic_remarks
from reconciler.views.rollback import rollback_after_failure, with_rollback
from reconciler.views.run_result import (
    CHANGED_SINCE,
    RunEnd,
    run_report,
    run_text,
    stale_text,
    unlogged_lines,
    unverified_messages,
    waiting_lines,
)
from reconciler.views.targets import suite_name
from reconciler.views.view import Renderings, ReportParts, renderings


@dataclass(frozen=True, slots=True)
class ApplyFollowUp:
    """What follows an apply: the command that undoes it, what --rollback-on-failure did, and the command line.

    `invocation` is the command line that the apply stands for: for a saved plan, the one that made the plan. `command`
    is what reports call it: `apply` or `deploy`.
    """

    undo: str = ""
    rollback: RolledBack | None = None
    invocation: Invocation = field(default_factory=Invocation)
    command: str = "apply"


def apply_view(applied: Applied, key: str, style: Style, follow_up: ApplyFollowUp) -> Renderings:
    """Offer an apply or a deploy in every format; `key` names the environments that were asked for."""
    return renderings(
        lambda: apply_text(applied, style, follow_up),
        lambda: apply_json(applied, follow_up),
        lambda: apply_parts(applied, key, follow_up),
    )


def apply_text(applied: Applied, style: Style, follow_up: ApplyFollowUp | None = None) -> str:
    """Return the result of an apply. The plan itself was shown before."""
    follow_up = follow_up or ApplyFollowUp()
    if applied.stale:
        return stale_text(applied.stale, applied.reasons, style)
    if applied.declined:
        return "Not approved; nothing was written."
    if not applied.outcomes and not applied.published:
        return "\n".join(filter(None, (*waiting_lines(applied.waiting, style), _nothing(applied, style))))
    text = run_text(applied.planned.plan, applied.outcomes, run_end(applied, follow_up, style), style)
    if follow_up.rollback is None:
        return text
    return "\n".join([text, "", *rollback_after_failure(applied.run, follow_up.rollback, follow_up.undo, style)])


def _nothing(applied: Applied, style: Style) -> str:
    if applied.waiting or not applied.planned.may_run:
        return "Nothing was written."
    return "" if style.quiet else "Nothing to do."


def run_end(applied: Applied, follow_up: ApplyFollowUp, style: Style) -> RunEnd:
    """Return what is known once all writes were tried."""
    stages = [*_declared_stages(applied)]
    name_needed = () if stages else ("--stage", "NAME")
    return RunEnd(
        applied.leftovers,
        unverified_messages(applied),
        applied.waiting,
        stages,
        _notes(applied, follow_up, style),
        deploys=bool(applied.planned.stages),
        published=applied.published,
        deploy_command=follow_up.invocation.command("deploy", *name_needed),
    )


def _declared_stages(applied: Applied) -> Iterator[str]:
    for read in applied.planned.reads:
        for manifest in read.desired.manifests:
            yield from manifest.stages


def _notes(applied: Applied, follow_up: ApplyFollowUp, style: Style) -> list[str]:
    """Which run it was, and how to continue or undo it."""
    notes = unlogged_lines(applied, style)
    is_ok = applied.exit_code is ExitCode.OK
    if not applied.run or follow_up.rollback or (is_ok and style.quiet):
        return notes
    resume = "" if is_ok else f" to continue: {printable(_resume(applied, follow_up))};"
    return [*notes, f"Run {applied.run};{resume} to undo it: {printable(follow_up.undo)}"]


def _resume(applied: Applied, follow_up: ApplyFollowUp) -> str:
    """The command that does the rest, with the stages of this run where the manifests declare others."""
    stages = dict.fromkeys(stage.name for stage in applied.planned.stages)
    is_declared = set(_declared_stages(applied)) == set(stages)
    named = [] if is_declared or not stages else [word for name in stages for word in ("--stage", name)]
    deploy = ["--deploy"] if stages and follow_up.command == "apply" else []
    return follow_up.invocation.command(follow_up.command, *deploy, *named)


def apply_json(applied: Applied, follow_up: ApplyFollowUp | None = None) -> str:
    """Return the apply for programs; where AWS changed meanwhile, with the plan as it is now."""
    return dumped(document_of_apply(applied, follow_up.rollback if follow_up else None))


def apply_parts(applied: Applied, key: str, follow_up: ApplyFollowUp | None = None) -> ReportParts:
    """Return what the formats for other tools are made of; where nothing was written, the plan is shown."""
    follow_up = follow_up or ApplyFollowUp()
    if not applied.outcomes and not applied.published:
        return _unwritten_parts(applied, key, follow_up.command)
    end = run_end(applied, follow_up, Style())
    return ReportParts(
        follow_up.command,
        key,
        lambda style: _report(applied, follow_up, style),
        lambda: list(_remarks(applied, end)),
        lambda: _suites(applied, end),
        is_complete=applied.exit_code == 0,
        created_at=applied.planned.created_at,
    )


def _report(applied: Applied, follow_up: ApplyFollowUp, style: Style) -> Report:
    run = run_report(applied.planned.plan, applied.outcomes, run_end(applied, follow_up, style), style)
    plan = plan_report(applied.planned, style)
    report = replace(
        run,
        problems=(*run.problems, *plan.problems),
        refusals=plan.refusals,
        warnings=plan.warnings,
    )
    return with_rollback(report, follow_up.rollback, follow_up.undo, style) if follow_up.rollback else report


def _remarks(applied: Applied, end: RunEnd) -> Iterator[Remark]:
    yield from problem_remarks(applied.planned)
    yield from outcome_remarks(applied.outcomes)
    yield from published_remarks(applied.published, applied.planned.plan)
    for remark in finding_remarks(end.drift):
        # More severe than drift: it was to be gone
        yield replace(remark, level="error", message=f"after the apply {remark.message}")
    yield from deferred_remarks(applied.waiting, "error")
    yield from diagnostic_remarks(unread.diagnostic for unread in applied.unverified)


def _suites(applied: Applied, end: RunEnd) -> list[Suite]:
    return [
        *problem_suites(applied.planned),
        *outcome_suites(applied.planned.plan, applied.outcomes),
        published_suite(applied.published),
        verification_suite(end.drift, end.unverified, end.waiting),
    ]


def verification_suite(
    leftovers: Iterable[TargetDrift], unverified: Iterable[str], waiting: Iterable[Deferred] = ()
) -> Suite:
    """Return what reading again found after the writes; `waiting` should have been written as well."""
    differing = [
        Case(
            suite_name(target.target, target.manifests),
            "failed",
            "AWS still differs",
            ResultRule.APPLY_VERIFIED,
            [f"{finding.address}: {finding.type}" for finding in target.findings],
        )
        for target in leftovers
    ]
    deferred = [deferred_case(response, "failed") for response in waiting]
    unread = [Case(message, "error", message, ResultRule.APPLY_VERIFIED) for message in unverified]
    return Suite("verification", [*differing, *deferred, *unread])


def _unwritten_parts(applied: Applied, key: str, command: str) -> ReportParts:
    """The parts of an apply that wrote nothing: those of its plan, and why."""
    plan = plan_parts(applied.stale or applied.planned, key)
    verdict, why = _why_nothing(applied)

    def report(style: Style) -> Report:
        base = plan.report(style)
        return replace(base, verdict=verdict, summary=f"{style.paint(why, 'strong')} {base.summary}")

    return replace(
        plan,
        command=command,
        report=report,
        remarks=lambda: [*_unwritten_remarks(applied, plan, why)],
        suites=lambda: _unwritten_suites(applied, plan),
        is_complete=applied.exit_code == 0,
    )


def _unwritten_remarks(applied: Applied, plan: ReportParts, why: str) -> Iterator[Remark]:
    if applied.stale:
        yield Remark("error", ResultRule.APPLY_REFUSED, why.removesuffix("."), "review the new plan", None, why)
    # What the apply could not write is an error; the plan would remark on it as a note
    yield from deferred_remarks(applied.waiting, "error")
    yield from (
        remark for remark in plan.remarks() if not (applied.waiting and remark.rule is ResultRule.PLAN_DEFERRED)
    )


def _unwritten_suites(applied: Applied, plan: ReportParts) -> list[Suite]:
    if applied.stale:
        reasons = [*applied.reasons] or [CHANGED_SINCE]
        refused = Case("the plan is the one that was approved", "failed", reasons[0], ResultRule.APPLY_REFUSED, reasons)
        return [Suite("approval", [refused]), *plan.suites()]
    if applied.waiting:
        return [*problem_suites(applied.planned), verification_suite((), (), applied.waiting)]
    return [*plan.suites()]


def _why_nothing(applied: Applied) -> tuple[str, str]:
    if applied.stale:
        why = "; ".join(applied.reasons) or CHANGED_SINCE
        return "refused", f"Refused: {printable(why)}; nothing was written."
    if applied.waiting:
        return "still deferred", f"{plural(len(applied.waiting), 'response')} still deferred: nothing was written."
    if applied.declined:
        return "not approved", "Not approved; nothing was written."
    if not applied.planned.may_run:
        return "errors" if applied.planned.has_errors else "refused", "Nothing was written."
    return "nothing to do", "Nothing to do."
