"""What a command found, as cases that passed or did not: a suite for each API, one for the files, one for the guard."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from reconciler.apply import Outcome, Published, Result
from reconciler.diagnostics import Diagnostic
from reconciler.findings import Finding, StageDrift, TargetDrift
from reconciler.guard import Refusal
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.targets import Target
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import Action
from reconciler.render.junit import Became, Case, Suite
from reconciler.render.sections import ReportEntry
from reconciler.render.style import Style, unmarked
from reconciler.rules import ResultRule
from reconciler.views.drift import finding_entry
from reconciler.views.plan import action_entry, site_name
from reconciler.views.problems import diagnostic_lines

_PLAIN: Final = Style()
_MARKED: Final = Style(marked=True)


def _lines(entry: ReportEntry) -> tuple[str, ...]:
    """An entry without colours, and without hints that are for a terminal."""
    return tuple(map(unmarked, (entry.line, *entry.details)))


def of_files(diagnostics: Sequence[Diagnostic], whole: str) -> Suite:
    """The files that something is to be said of, and what is said of no file; `whole` names the case of them all.

    It passes, so that a report without problems is not empty.
    """
    cases = [Case(whole)] if not any(diagnostic.is_error for diagnostic in diagnostics) else []
    ordered = sorted(diagnostics, key=_of_file)
    cases += (_of_diagnostics(name, list(found)) for name, found in groupby(ordered, key=_of_file))
    return Suite("manifests", cases)


def _of_file(one: Diagnostic) -> str:
    return one.location.file if one.location else one.address or one.rule


def _of_diagnostics(name: str, found: Sequence[Diagnostic]) -> Case:
    lines = list(diagnostic_lines(found, _PLAIN))
    errors = [one for one in found if one.is_error]
    first = (errors or found)[0]
    return Case(
        name,
        "failed" if errors else "passed",
        first.message if len(errors) <= 1 else f"{first.message} (and {len(errors) - 1:,} more)",
        first.rule,
        lines,
        first.location,
    )


def of_plan(plan: Plan) -> Iterator[Suite]:
    """Every response of every API: that it is to change is no failure; what is deferred is not tried."""
    for target in plan.targets:
        cases = [_planned(target.desired, action) for action in target.actions]
        cases += (_deferred(found, "skipped") for found in target.deferred)
        yield Suite(
            _api(target.target, target.desired), [*cases, *_unchanged(target.desired, target.comparison.unchanged)]
        )


def _planned(desired: Desired, action: Action) -> Case:
    return Case(_named(action), details=_lines(action_entry(desired, action, _MARKED)), location=action.source)


def _deferred(found: Deferred, became: Became) -> Case:
    return Case(str(found.key), became, f"deferred: {found.reason}", ResultRule.PLAN_DEFERRED, (), found.source)


def _named(action: Action) -> str:
    return f"{action.key} ({action.step})" if action.step else str(action.key)


def _unchanged(desired: Desired, keys: Iterable[ResponseKey]) -> Iterator[Case]:
    return (Case(str(key), location=desired.origin(key)) for key in keys)


def _api(target: Target, desired: Desired) -> str:
    names = ", ".join(manifest.name for manifest in desired.manifests)
    return f"{names} ({site_name(target)})"


def of_guard(refusals: Iterable[Refusal], waivers: Iterable[Refusal]) -> Suite:
    """The rules that speak against a plan, or would."""
    refused = [
        Case(_rule(refusal), "failed", refusal.message, refusal.rule, (refusal.message, refusal.remedy))
        for refusal in refusals
    ]
    waived = [Case(_rule(waiver), details=(f"{waiver.message}, by --force",)) for waiver in waivers]
    return Suite("guard", [*refused, *waived])


def _rule(one: Refusal) -> str:
    return f"{one.rule}: {one.target}" if one.target else str(one.rule)


def of_drift(targets: Iterable[TargetDrift]) -> Iterator[Suite]:
    """Every response that was compared; each finding is a failure."""
    for target in targets:
        found = [_found(finding) for finding in target.findings]
        yield Suite(
            _api(target.target, target.desired), [*found, *_unchanged(target.desired, target.comparison.unchanged)]
        )


def of_stages(stages: Iterable[StageDrift]) -> Iterator[Suite]:
    """Every response that was compared with what a stage serves."""
    for stage in stages:
        found = [_found(finding) for finding in stage.drift.findings]
        lag = [Case("listed responses", "failed", stage.lag, ResultRule.DRIFT_CHANGED)] if stage.lag else []
        known = [] if stage.lag else _unchanged(stage.drift.desired, stage.drift.comparison.unchanged)
        yield Suite(f"{_api(stage.drift.target, stage.drift.desired)}, stage {stage.name}", [*found, *lag, *known])


def _found(finding: Finding) -> Case:
    subject = " (method response)" if finding.subject == "methodResponse" else ""
    message = finding.note or f"{finding.type} in AWS"
    lines = _lines(finding_entry(finding, _MARKED))
    return Case(
        f"{finding.key}{subject}", "failed", message, ResultRule.of(f"drift/{finding.type}"), lines, finding.source
    )


_BECAME: Final[dict[Result, Became]] = {
    Result.APPLIED: "passed",
    Result.SKIPPED: "passed",
    Result.FAILED: "failed",
    Result.UNKNOWN: "error",
    Result.NOT_RUN: "skipped",
}


def of_outcomes(plan: Plan, outcomes: Iterable[Outcome]) -> Iterator[Suite]:
    """Every write."""
    became = {outcome.action_id: outcome for outcome in outcomes}
    cases: dict[int, tuple[TargetPlan, list[Case]]] = {}
    for number, one, action in plan.numbered():
        if number in became:
            cases.setdefault(id(one), (one, []))[1].append(_done(one.desired, action, became[number]))
    return (Suite(_api(one.target, one.desired), found) for one, found in cases.values())


def _done(desired: Desired, action: Action, outcome: Outcome) -> Case:
    lines = (*filter(None, (outcome.detail,)), *_lines(action_entry(desired, action, _MARKED)))
    message = outcome.detail or str(outcome.result)
    rule = ResultRule.of(f"apply/{outcome.result}")
    return Case(_named(action), _BECAME[outcome.result], message, rule, lines, action.source)


def of_published(published: Iterable[Published]) -> Suite:
    """Every stage that was to be deployed to."""
    return Suite("deployment", [_deployed(one) for one in published])


def _deployed(one: Published) -> Case:
    name = f"{', '.join(one.stage.manifests)} to {one.stage.name}"
    details = tuple(filter(None, (one.detail,)))
    if one.is_done:
        return Case(name, "passed", details=details)
    if one.result in {Result.APPLIED, Result.SKIPPED}:
        return Case(name, "error", one.detail or str(one.result), ResultRule.DEPLOY_UNVERIFIED, details)
    rule = ResultRule.of(f"deploy/{one.result}")
    return Case(name, _BECAME[one.result], one.detail or str(one.result), rule, details)


def of_refusal(reasons: Sequence[str]) -> Suite:
    """Why what was approved is not carried out."""
    return Suite(
        "approval", [Case("it is what was approved", "failed", reasons[0], ResultRule.APPLY_REFUSED, tuple(reasons))]
    )


def of_verification(
    leftovers: Iterable[TargetDrift], unverified: Iterable[str], waiting: Iterable[Deferred] = ()
) -> Suite:
    """What a second look found after the writes; what is `waiting` for its method was to be written too."""
    left = [
        Case(
            _api(leftover.target, leftover.desired),
            "failed",
            "AWS still differs",
            ResultRule.APPLY_VERIFIED,
            _differences(leftover),
        )
        for leftover in leftovers
    ]
    late = [_deferred(found, "failed") for found in waiting]
    return Suite(
        "verification", [*left, *late, *(Case(one, "error", one, ResultRule.APPLY_VERIFIED) for one in unverified)]
    )


def _differences(one: TargetDrift) -> list[str]:
    return [f"{finding.address}: {finding.type}" for finding in one.findings]
