"""What became of an apply."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reconciler.apply import Outcome, Published, Result
from reconciler.findings import find_drift
from reconciler.models.deferred import Deferred
from reconciler.models.keys import IntegrationKey
from reconciler.plan import Plan, TargetPlan
from reconciler.render.sections import Report, ReportEntry, Section, grouped
from reconciler.render.style import Style, counted, printable
from reconciler.views.deploy import published_lines, published_summary
from reconciler.views.drift import drift_lines, drift_sections
from reconciler.views.plan import action_entry, site_notes, target_line
from reconciler.views.tones import RESULT_TONES


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What was found once everything was written.

    `leftovers`: what still differs. `unverified`: what could not be read again, in words. `waiting`: what could not be
    written because its method is not there. `stages`: which serve the API. `notes`: what else is to be said, before the
    summary. `deploys`: deploying was asked for, and `published` is what became of the stages that were due. `deploy`:
    the command that deploys what was applied; "" where no command simply does.
    """

    leftovers: Sequence[TargetPlan] = ()
    unverified: Sequence[str] = ()
    waiting: Sequence[Deferred] = ()
    stages: Sequence[str] = ()
    notes: Sequence[str] = ()
    deploys: bool = False
    published: Sequence[Published] = ()
    deploy: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to do."""
        return not (self.leftovers or self.unverified or self.waiting)


@dataclass(frozen=True, slots=True)
class Words:
    """What a run that writes is called, and what it was to bring AWS to."""

    name: str = "Apply"
    met: str = "AWS matches the manifests"
    missed: str = "After the apply AWS still differs from the manifests:"


APPLY: Final = Words()
ROLLBACK: Final = Words(
    "Rollback",
    "AWS holds what it held before the run",
    "After the rollback AWS still differs from before the run:",
)


def apply_report(plan: Plan, outcomes: Sequence[Outcome], after: Aftermath, style: Style, words: Words = APPLY) -> str:
    """Outcomes, what verification found, what still waits, and that nothing is deployed; the summary last.

    When quiet, what went wrong, the notes that `after` has, and the summary.
    """
    lines = list(outcome_lines(plan, outcomes, style))
    if after.leftovers and not style.quiet:
        lines.append(style.paint(words.missed, "error"))
        lines.extend(drift_lines((find_drift(leftover.desired, leftover.live) for leftover in after.leftovers), style))
    lines.extend(_problems(after, style))
    lines.extend(_published(plan, after, style))
    lines.extend(_notes(outcomes, after, style))
    return "\n".join([*lines, _last_line(outcomes, after, style, words)])


def _published(plan: Plan, after: Aftermath, style: Style) -> Iterator[str]:
    shown = [one for one in after.published if not (style.quiet and one.is_done and not one.unlogged)]
    return published_lines(shown, style, site_notes(plan, (one.stage for one in after.published)))


def _problems(after: Aftermath, style: Style) -> Iterator[str]:
    yield from (f"{style.paint('not verified:', 'error')} {printable(one)}" for one in after.unverified)
    yield from waiting_lines(after.waiting, style)


def _notes(outcomes: Sequence[Outcome], after: Aftermath, style: Style) -> Iterator[str]:
    if any(outcome.is_done for outcome in outcomes) and not after.deploys and not style.quiet:
        may_deploy_itself = any(isinstance(outcome.action.key.scope, IntegrationKey) for outcome in outcomes)
        stages = sorted(set(after.stages))
        sentence = _not_deployed(stages, style, may_deploy_itself=may_deploy_itself)
        how = f" To deploy: {printable(after.deploy)}" if after.deploy else ""
        yield sentence + how
    yield from after.notes


def _last_line(outcomes: Sequence[Outcome], after: Aftermath, style: Style, words: Words) -> str:
    written = f"{outcome_summary(outcomes, style)}{_verified(outcomes, after, style, words)}" if outcomes else ""
    parts = "; ".join(filter(None, (written, published_summary(after.published, style))))
    name = words.name if outcomes or words is not APPLY else "Deploy"
    return f"{name}: {parts}."


def _verified(outcomes: Sequence[Outcome], after: Aftermath, style: Style, words: Words) -> str:
    """The end of the summary: what reading again has shown."""
    if after.is_clean:
        return f"; verified: {words.met}" if all(outcome.is_done for outcome in outcomes) else ""
    parts = (
        (after.leftovers, f"{counted(len(after.leftovers), 'API still differs', 'APIs still differ')}"),
        (after.unverified, f"{counted(len(after.unverified), 'API')} could not be read again"),
        (after.waiting, f"{counted(len(after.waiting), 'response')} still deferred"),
    )
    return "".join(style.paint(f"; {text}", "error") for found, text in parts if found)


def rollback_notes(kept: Iterable[str], stages: Iterable[str], back: str = "", adopt: str = "") -> Iterator[str]:
    """What a rollback leaves, and what it leaves to do.

    `back` is the command that takes the stages back as well; `adopt` the one that takes what is live over into the
    manifests, "" where they do not ask for what was undone.
    """
    for address in kept:
        yield f"The method response of {printable(address)} was made by the run, and stays."
    for stage in stages:
        how = f" To take it back: {printable(back)}" if back else ""
        yield f"The run deployed to stage {printable(stage)}, which stays as it is.{how}"
    if adopt:
        how = f"revert their commit, or take over what is live: {printable(adopt)}"
        yield f"The manifests still ask for what the run did: {how}"


def waiting_lines(waiting: Iterable[Deferred], style: Style) -> Iterator[str]:
    """What could not be written: its method is still not there."""
    for one in waiting:
        yield f"{style.paint('still deferred:', 'error')} {printable(one.name)}: {printable(one.reason)}"


def stale_lines(reasons: Sequence[str], style: Style) -> Iterator[str]:
    """Why what was approved is not what would be done now."""
    refused = style.paint("refused:", "error")
    if not reasons:
        yield f"{refused} AWS changed since the plan was shown; nothing was written. Now it is:"
        return
    yield from (f"{refused} {printable(reason)}" for reason in reasons)
    yield "Nothing was written. The plan as it would be now:"


def apply_parts(
    plan: Plan, outcomes: Sequence[Outcome], after: Aftermath, style: Style, words: Words = APPLY
) -> Report:
    """The same as a report for other formats than text, with what every action was to do."""
    left = drift_sections(
        (find_drift(leftover.desired, leftover.live) for leftover in after.leftovers), style, _STILL_DIFFERS
    )
    done = all(outcome.is_done for outcome in outcomes) and all(one.is_done for one in after.published)
    whole = done and after.is_clean
    return Report(
        verdict=("applied" if outcomes else "deployed") if whole else "not all applied",
        summary=_last_line(outcomes, after, style, words),
        sections=(*_outcome_sections(plan, outcomes, style), *left),
        problems=tuple(_problems(after, style)),
        notes=(*_published(plan, after, style), *_notes(outcomes, after, style)),
    )


_WRONG: Final = frozenset((Result.FAILED, Result.UNKNOWN))

_STILL_DIFFERS = "After the apply AWS still differs:"


def _outcome_sections(plan: Plan, outcomes: Iterable[Outcome], style: Style) -> Iterator[Section]:
    became = {outcome.action_id: outcome for outcome in outcomes}
    told = [(one, became[number]) for number, one, _ in plan.numbered() if number in became]
    for _, of_target in groupby(told, key=lambda pair: id(pair[0])):
        pairs = list(of_target)
        one = pairs[0][0]
        groups = grouped(pairs, _method, lambda pair: _outcome_entry(*pair, style), style)
        yield Section(target_line(one.target, one.desired, style), groups)


def _method(pair: tuple[TargetPlan, Outcome]) -> str:
    return str(pair[1].action.key.scope)


def _outcome_entry(one: TargetPlan, outcome: Outcome, style: Style) -> ReportEntry:
    details = action_entry(one.desired, outcome.action, style).details
    return ReportEntry(outcome_line(outcome, style).strip(), details, outcome.result.value)


def _not_deployed(stages: Sequence[str], style: Style, *, may_deploy_itself: bool) -> str:
    named = f" ({', '.join(map(printable, stages))})" if stages else ""
    loud = style.paint("Applied to the draft.", "warning")
    unless = ", unless it has autoDeploy" if may_deploy_itself else ""
    return f"{loud} No stage{named} serves these changes yet{unless}."


def outcome_line(outcome: Outcome, style: Style, where: str = "") -> str:
    """One action and what became of it; `where` is what is said beside its address."""
    detail = f": {outcome.full_detail}" if outcome.full_detail else ""
    step = f" ({outcome.action.step})" if outcome.action.step else ""
    verb = f"{outcome.action.op}{step}"
    result = style.paint(f"{outcome.result:<8}", RESULT_TONES[outcome.result])
    return f"  {result} {verb} {printable(outcome.action.address + where + detail)}"


def outcome_lines(plan: Plan, outcomes: Sequence[Outcome], style: Style) -> Iterator[str]:
    """Exactly what was and was not done; of a run in which all went well, only with the full style."""
    if all(outcome.result is Result.APPLIED and not outcome.unlogged for outcome in outcomes) and not style.full:
        return
    note = site_notes(plan)
    where = {number: note(one.target) for number, one, _ in plan.numbered()}
    shown = [outcome for outcome in outcomes if not style.quiet or outcome.result in _WRONG or outcome.unlogged]
    yield from (outcome_line(one, style, where.get(one.action_id, "")) for one in shown)


def outcome_summary(outcomes: Sequence[Outcome], style: Style) -> str:
    """Counts of outcomes, the good ones first."""
    counts = {result: sum(1 for outcome in outcomes if outcome.result is result) for result in Result}
    parts = [style.paint(f"{count:,} {result}", RESULT_TONES[result]) for result, count in counts.items() if count]
    return ", ".join(parts)
