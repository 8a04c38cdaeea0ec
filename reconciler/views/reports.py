"""Workflow results as what they have to tell, in the terms of `reconciler.render`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.findings import find_drift
from reconciler.render import remarks
from reconciler.render.junit import Suite
from reconciler.render.remarks import Remark
from reconciler.render.sections import Report
from reconciler.render.style import Style, counted, printable
from reconciler.rules import ResultRule
from reconciler.views import suites
from reconciler.views.apply import ROLLBACK, apply_parts, rollback_notes
from reconciler.views.drift import drift_parts
from reconciler.views.formats import View
from reconciler.views.plan import plan_parts
from reconciler.views.results import ApplyFollowUp, aftermath, rollback_aftermath
from reconciler.views.review import review_parts
from reconciler.views.validate import validation_parts

if TYPE_CHECKING:
    from reconciler.engine.apply import Applied
    from reconciler.engine.drift import Drift
    from reconciler.engine.plan import Planned
    from reconciler.engine.review.review import ReviewResult
    from reconciler.engine.rollback.rollback import RolledBack
    from reconciler.engine.validate import Validation

_READ = "all manifests can be read"


def of_validation(result: "Validation", key: str) -> View:
    """A validation."""
    read = f"{counted(result.manifests, 'manifest')} can be read"

    def report(style: Style) -> Report:
        return validation_parts(result.diagnostics, manifests=result.manifests, responses=result.responses, style=style)

    return View(
        "validate",
        key,
        report,
        lambda: list(remarks.of_diagnostics(result.diagnostics)),
        lambda: [suites.of_files(result.diagnostics, read)],
        is_whole=True,
    )


def of_review(reviewed: "ReviewResult", key: str) -> View:
    """A review."""
    found = reviewed.diagnostics
    return View(
        "review",
        key,
        lambda style: review_parts(reviewed.review, found, style, is_told=reviewed.is_told),
        lambda: [*remarks.of_diagnostics(found), *remarks.of_review(reviewed.review)],
        lambda: [suites.of_files(found, _READ)],
        is_whole=reviewed.is_told,
    )


def of_plan(planned: "Planned", key: str) -> View:
    """A plan."""
    return View(
        "plan",
        key,
        lambda style: plan_parts(planned.plan, planned.diagnostics, planned.verdict, style, planned.stages),
        lambda: list(_plan_remarks(planned)),
        lambda: _plan_suites(planned),
        is_whole=not planned.has_errors,
        created_at=planned.created_at,
    )


def _plan_remarks(planned: "Planned") -> Iterator[Remark]:
    yield from _against(planned)
    yield from remarks.of_actions(planned.plan)
    yield from remarks.of_deferred(planned.plan.deferred)


def _against(planned: "Planned") -> Iterator[Remark]:
    yield from remarks.of_diagnostics(planned.diagnostics)
    yield from remarks.of_refusals(planned.verdict.refusals, planned.plan)


def _plan_suites(planned: "Planned") -> list[Suite]:
    return [*_about(planned), *suites.of_plan(planned.plan)]


def _about(planned: "Planned") -> list[Suite]:
    verdict = planned.verdict
    return [suites.of_files(planned.diagnostics, _READ), suites.of_guard(verdict.refusals, verdict.waivers)]


def of_drift(drift: "Drift", key: str) -> View:
    """A drift report."""
    problems: Sequence[Diagnostic] = drift.told
    return View(
        "drift",
        key,
        lambda style: drift_parts(drift.targets, problems, drift.summary, style, drift.stages),
        lambda: [
            *remarks.of_diagnostics(problems),
            *remarks.of_findings(drift.targets),
            *remarks.of_stages(drift.stages, drift.targets),
        ],
        lambda: [suites.of_files(problems, _READ), *suites.of_drift(drift.targets), *suites.of_stages(drift.stages)],
        is_whole=not any_error(problems),
        created_at=drift.created_at,
    )


def of_apply(applied: "Applied", key: str, sequel: ApplyFollowUp | None = None) -> View:
    """An apply; where nothing was written, the plan that it would have carried out."""
    sequel = sequel or ApplyFollowUp()
    if not applied.outcomes and not applied.published:
        return _of_nothing(applied, key, sequel.command)
    leftovers = [find_drift(leftover.desired, leftover.live) for leftover in applied.leftovers]
    after = aftermath(applied, sequel, Style())
    plan = applied.planned.plan

    def report(style: Style) -> Report:
        done = apply_parts(plan, applied.outcomes, aftermath(applied, sequel, style), style)
        about = plan_parts(applied.planned.plan, applied.planned.diagnostics, applied.planned.verdict, style)
        whole = replace(done, problems=(*done.problems, *about.problems))
        return _with_rollback(whole, sequel.rollback, sequel.undo, style) if sequel.rollback else whole

    return View(
        sequel.command,
        key,
        report,
        lambda: [
            *_against(applied.planned),
            *remarks.of_outcomes(applied.outcomes),
            *remarks.of_published(applied.published, plan),
            *remarks.of_leftovers(leftovers),
            *remarks.of_deferred(applied.waiting, "error"),
            *remarks.of_diagnostics(one.diagnostic for one in applied.unverified),
        ],
        lambda: [
            *_about(applied.planned),
            *suites.of_outcomes(plan, applied.outcomes),
            suites.of_published(applied.published),
            suites.of_verification(leftovers, after.unverified, applied.waiting),
        ],
        is_whole=applied.exit_code == 0,
        created_at=applied.planned.created_at,
    )


def _with_rollback(made: Report, rolled: "RolledBack", undo: str, style: Style) -> Report:
    """The report of an apply that failed and was undone at once."""
    if rolled.applied is None:
        failed = f"{style.paint('The rollback failed too:', 'error')} {printable(str(rolled.failure))}"
        return replace(made, problems=(failed, *made.problems))
    after = rollback_aftermath(rolled.applied, tuple(rollback_notes(rolled.kept, rolled.stages, undo)))
    undone = apply_parts(rolled.applied.planned.plan, rolled.applied.outcomes, after, style, ROLLBACK)
    lead = style.paint("Rolled back:", "strong")
    return replace(
        made,
        verdict=f"{made.verdict}; {'rolled back' if rolled.applied.exit_code == 0 else 'not all rolled back'}",
        sections=(*made.sections, *(replace(section, lead=lead) for section in undone.sections)),
        problems=(*undone.problems, *made.problems),
        notes=(*made.notes, undone.summary, *undone.notes),
    )


def _of_nothing(applied: "Applied", key: str, command: str) -> View:
    planned = applied.stale or applied.planned
    told = of_plan(planned, key)
    verdict, lead = _why_nothing(applied)

    def report(style: Style) -> Report:
        made = told.report(style)
        return replace(made, verdict=verdict, summary=f"{style.paint(lead, 'strong')} {made.summary}")

    reasons = [*applied.reasons] or [_OVERTAKEN]
    refused = lead.removesuffix(".")
    refusal = (
        [Remark("error", ResultRule.APPLY_REFUSED, refused, "look at the plan again", None, lead)]
        if applied.stale
        else []
    )

    def said() -> list[Remark]:
        # What waits is no news of an apply, but what it could not do
        late = list(remarks.of_deferred(applied.waiting, "error"))
        return [*refusal, *late, *(remark for remark in told.remarks() if not late or remark.rule != late[0].rule)]

    def tried() -> list[Suite]:
        if applied.stale:
            return [suites.of_refusal(reasons), *told.suites()]
        if applied.waiting:
            return [*_about(planned), suites.of_verification((), (), applied.waiting)]
        return [*told.suites()]

    return replace(told, command=command, report=report, remarks=said, suites=tried, is_whole=applied.exit_code == 0)


_OVERTAKEN: Final = "AWS changed since the plan was shown"


def _why_nothing(applied: "Applied") -> tuple[str, str]:
    if applied.stale:
        why = "; ".join(applied.reasons) or _OVERTAKEN
        return "refused", f"Refused: {printable(why)}; nothing was written."
    if applied.waiting:
        return "still deferred", f"{counted(len(applied.waiting), 'response')} still deferred: nothing was written."
    if applied.declined:
        return "not approved", "Not approved; nothing was written."
    if not applied.planned.may_run:
        return "errors" if applied.planned.has_errors else "refused", "Nothing was written."
    return "nothing to do", "Nothing to do."
