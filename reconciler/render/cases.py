"""What a command found, as cases that passed or did not: a suite for each API, one for the files, one for the guard."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from reconciler.apply import Outcome, Result
from reconciler.diagnostics import Diagnostic
from reconciler.findings import Finding, TargetDrift
from reconciler.guard import Refusal
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.targets import Target
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import Action
from reconciler.render.drift import finding_entry
from reconciler.render.junit import Became, Case, Suite
from reconciler.render.plan import action_entry, site_name
from reconciler.render.problems import diagnostic_lines
from reconciler.render.style import Style

_PLAIN: Final = Style()


def of_files(diagnostics: Sequence[Diagnostic], whole: str) -> Suite:
    """The files that something is to be said of, and what is said of no file; `whole` names the case of them all.

    It passes, so that a report without problems is not empty.
    """
    cases = [Case(whole)] if not any(one.is_error for one in diagnostics) else []
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
    """Every response of every API: that it is to change is no failure."""
    for one in plan.targets:
        cases = [_planned(one.desired, action) for action in one.actions]
        yield Suite(_api(one.target, one.desired), [*cases, *_unchanged(one.desired, one.comparison.unchanged)])


def _planned(desired: Desired, action: Action) -> Case:
    entry = action_entry(desired, action, _PLAIN)
    return Case(_named(action), details=(entry.line, *entry.details), location=action.source)


def _named(action: Action) -> str:
    return f"{action.key} ({action.step})" if action.step else str(action.key)


def _unchanged(desired: Desired, keys: Iterable[ResponseKey]) -> Iterator[Case]:
    return (Case(str(key), location=desired.origin(key)) for key in keys)


def _api(target: Target, desired: Desired) -> str:
    names = ", ".join(one.name for one in desired.manifests)
    return f"{names} ({site_name(target)})"


def of_guard(refusals: Iterable[Refusal], waivers: Iterable[Refusal]) -> Suite:
    """The rules that speak against a plan, or would."""
    refused = [
        Case(_rule(one), "failed", one.message, f"guard/{one.rule}", (one.message, one.remedy)) for one in refusals
    ]
    waived = [Case(_rule(one), details=(f"{one.message}, by --force",)) for one in waivers]
    return Suite("guard", [*refused, *waived])


def _rule(one: Refusal) -> str:
    return f"{one.rule}: {one.target}" if one.target else str(one.rule)


def of_drift(targets: Iterable[TargetDrift]) -> Iterator[Suite]:
    """Every response that was compared; each finding is a failure."""
    for one in targets:
        found = [_found(finding) for finding in one.findings]
        yield Suite(_api(one.target, one.desired), [*found, *_unchanged(one.desired, one.comparison.unchanged)])


def _found(finding: Finding) -> Case:
    entry = finding_entry(finding, _PLAIN)
    subject = " (method response)" if finding.subject == "methodResponse" else ""
    message = finding.note or f"{finding.type} in AWS"
    lines = (entry.line, *entry.details)
    return Case(f"{finding.key}{subject}", "failed", message, f"drift/{finding.type}", lines, finding.source)


_BECAME: Final[dict[Result, Became]] = {
    Result.APPLIED: "passed",
    Result.SKIPPED: "passed",
    Result.FAILED: "failed",
    Result.UNKNOWN: "error",
    Result.NOT_RUN: "skipped",
}


def of_outcomes(plan: Plan, outcomes: Iterable[Outcome]) -> Iterator[Suite]:
    """Every write."""
    became = {one.action_id: one for one in outcomes}
    cases: dict[int, tuple[TargetPlan, list[Case]]] = {}
    for number, one, action in plan.numbered():
        if number in became:
            cases.setdefault(id(one), (one, []))[1].append(_done(one.desired, action, became[number]))
    return (Suite(_api(one.target, one.desired), found) for one, found in cases.values())


def _done(desired: Desired, action: Action, outcome: Outcome) -> Case:
    entry = action_entry(desired, action, _PLAIN)
    lines = (*filter(None, (outcome.detail,)), entry.line, *entry.details)
    message = outcome.detail or str(outcome.result)
    rule = f"apply/{outcome.result}"
    return Case(_named(action), _BECAME[outcome.result], message, rule, lines, action.source)


def of_verification(leftovers: Iterable[TargetDrift], unverified: Iterable[str]) -> Suite:
    """What a second look found after the writes."""
    left = [
        Case(_api(one.target, one.desired), "failed", "AWS still differs", "apply/verified", _differences(one))
        for one in leftovers
    ]
    return Suite("verification", [*left, *(Case(one, "error", one, "apply/verified") for one in unverified)])


def _differences(one: TargetDrift) -> list[str]:
    return [f"{finding.address}: {finding.type}" for finding in one.findings]
