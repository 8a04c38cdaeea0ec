"""The outcomes of writes: their lines, counts, remarks and test cases."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reconciler.apply import ActionResult, Outcome
from reconciler.plan import Plan, TargetPlan
from reconciler.render.junit import Case, Suite
from reconciler.render.remarks import Remark
from reconciler.render.style import Style, printable
from reconciler.rules import ResultRule
from reconciler.views.plan import action_details, action_name
from reconciler.views.result_styles import RESULT_LEVELS, RESULT_STATUSES, RESULT_TONES
from reconciler.views.targets import site_notes, suite_name

_WRONG: Final = frozenset((ActionResult.FAILED, ActionResult.UNKNOWN))


def outcome_line(outcome: Outcome, style: Style, site: str = "") -> str:
    """Return one action with its outcome; `site` follows its address."""
    return f"  {outcome_words(outcome, outcome.action.address + site, style)}"


def outcome_words(outcome: Outcome, subject: str, style: Style) -> str:
    """Return what became of an action on a subject, which is an address or the codes of several responses."""
    detail = f": {outcome.full_detail}" if outcome.full_detail else ""
    step = f" ({outcome.action.step})" if outcome.action.step else ""
    verb = f"{outcome.action.op}{step}"
    result = style.paint(f"{outcome.result:<8}", RESULT_TONES[outcome.result])
    return f"{result} {verb} {printable(subject + detail)}"


def outcome_lines(plan: Plan, outcomes: Sequence[Outcome], style: Style) -> Iterator[str]:
    """Yield the outcome of every action; of a run in which all went well, only with the full style."""
    if all(outcome.result is ActionResult.APPLIED and not outcome.unlogged for outcome in outcomes) and not style.full:
        return
    note = site_notes(target.target for target in plan.targets)
    sites = {number: note(target.target) for number, target, _ in plan.numbered()}
    for outcome in outcomes:
        if not style.quiet or outcome.result in _WRONG or outcome.unlogged:
            yield outcome_line(outcome, style, sites.get(outcome.action_id, ""))


def outcome_summary(outcomes: Sequence[Outcome], style: Style) -> str:
    """Count the outcomes, the good ones first: `3 applied, 1 failed`."""
    counts = {result: sum(1 for outcome in outcomes if outcome.result is result) for result in ActionResult}
    parts = [style.paint(f"{count:,} {result}", RESULT_TONES[result]) for result, count in counts.items() if count]
    return ", ".join(parts)


def outcome_remarks(outcomes: Iterable[Outcome]) -> Iterator[Remark]:
    """Yield a remark for each action; what did not succeed is a remark even without a place in a manifest."""
    for outcome in outcomes:
        step = f" ({outcome.action.step})" if outcome.action.step else ""
        message = f"{outcome.result}: {outcome.action.op}{step} {outcome.action.address}"
        detail = f": {outcome.detail}" if outcome.detail else ""
        level = RESULT_LEVELS.get(outcome.result, "note")
        if level != "note" or outcome.action.source:
            identity = f"{outcome.action.address}{step}"
            rule = ResultRule.of(f"apply/{outcome.result}")
            yield Remark(level, rule, message + detail, "", outcome.action.source, identity)


def outcome_suites(plan: Plan, outcomes: Iterable[Outcome]) -> Iterator[Suite]:
    """Yield a suite for each API, with a case for each action that was to run."""
    by_id = {outcome.action_id: outcome for outcome in outcomes}
    cases: dict[int, tuple[TargetPlan, list[Case]]] = {}
    for number, target, _ in plan.numbered():
        if number in by_id:
            cases.setdefault(id(target), (target, []))[1].append(_case(target, by_id[number]))
    return (Suite(suite_name(target.target, target.desired.manifests), members) for target, members in cases.values())


def _case(target: TargetPlan, outcome: Outcome) -> Case:
    action = outcome.action
    return Case(
        action_name(action),
        RESULT_STATUSES[outcome.result],
        outcome.detail or str(outcome.result),
        ResultRule.of(f"apply/{outcome.result}"),
        (*filter(None, (outcome.detail,)), *action_details(target, action)),
        action.source,
    )
