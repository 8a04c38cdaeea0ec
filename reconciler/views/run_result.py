"""The result of an apply, a deploy or a rollback: outcomes, verification, deployments and next steps."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from reconciler.apply import ActionResult, Outcome, Published
from reconciler.engine.apply import Applied
from reconciler.engine.plan import Planned
from reconciler.findings import TargetDrift, find_drift
from reconciler.models.deferred import Deferred
from reconciler.models.keys import IntegrationKey
from reconciler.models.targets import Target
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import Action
from reconciler.render.sections import Report, ReportEntry, Section, Table, grouped
from reconciler.render.style import Style, plural, printable
from reconciler.views.deploy import published_lines, published_summary
from reconciler.views.drift_lines import drift_lines, drift_sections
from reconciler.views.outcomes import outcome_line, outcome_lines, outcome_summary, outcome_words
from reconciler.views.overview import ApiCounts, CountKind, overview_table
from reconciler.views.plan import plan_text
from reconciler.views.plan_entry import action_values
from reconciler.views.plan_groups import PlacedUnit, placed_units, same_changes
from reconciler.views.plan_same import WriteWords, same_section
from reconciler.views.result_styles import RESULT_TONES
from reconciler.views.targets import protected_environments, site_notes, target_line


@dataclass(frozen=True, slots=True)
class RunEnd:
    """What is known once all writes were tried.

    `leftovers`: APIs that still differ. `unverified`: why APIs could not be read again. `waiting`: responses that could
    not be written because their method does not exist. `stages`: the stages that serve the API. `notes`: lines to show
    before the summary. `deploys`: a deployment was asked for, and `published` holds the stages that were due.
    `deploy_command` deploys what was applied; "" where no command does.
    """

    leftovers: Sequence[TargetPlan] = ()
    unverified: Sequence[str] = ()
    waiting: Sequence[Deferred] = ()
    stages: Sequence[str] = ()
    notes: Sequence[str] = ()
    deploys: bool = False
    published: Sequence[Published] = ()
    deploy_command: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to do."""
        return not (self.leftovers or self.unverified or self.waiting)

    @property
    def drift(self) -> list[TargetDrift]:
        """The differences that are left, as findings."""
        return [find_drift(target.desired, target.live) for target in self.leftovers]


@dataclass(frozen=True, slots=True)
class RunWords:
    """What a kind of run is called, and how its verification is put."""

    name: str = "Apply"
    verified: str = "AWS matches the manifests"
    differs: str = "After the apply, AWS still differs from the manifests:"


APPLY: Final = RunWords()
ROLLBACK: Final = RunWords(
    "Rollback",
    "AWS is as it was before the run",
    "After the rollback, AWS still differs from its state before the run:",
)


CHANGED_SINCE: Final = "AWS has changed since the plan was shown"


def stale_text(planned: Planned, reasons: Sequence[str], style: Style) -> str:
    """Return why the approved plan was not carried out (`reasons` for a saved plan), and the new plan."""
    refused = style.paint("refused:", "error")
    lines = [f"{refused} {printable(reason)}" for reason in reasons]
    lines += ["Nothing was written. The plan is now:"] if reasons else []
    lines = lines or [f"{refused} {CHANGED_SINCE}; nothing was written. The plan is now:"]
    # Quiet, a plan without changes has no lines; here it is the answer
    plan = plan_text(planned, style) or plan_text(planned, replace(style, quiet=False))
    return "\n".join([*lines, "", plan])


def unverified_messages(applied: Applied) -> list[str]:
    """Return why targets could not be read again, each with its remedy."""
    diagnostics = (unread.diagnostic for unread in applied.unverified)
    return ["; ".join(filter(None, (diagnostic.message, diagnostic.remedy))) for diagnostic in diagnostics]


def unlogged_lines(applied: Applied, style: Style) -> list[str]:
    """Return a line where the journal lacks the end of the run."""
    return [f"{style.paint('not journaled:', 'error')} {printable(applied.unlogged)}"] if applied.unlogged else []


def run_text(plan: Plan, outcomes: Sequence[Outcome], end: RunEnd, style: Style, words: RunWords = APPLY) -> str:
    """Return the outcomes, the result of verification, what waits, the deployments, and the summary.

    When quiet: what went wrong, the notes of `end`, and the summary.
    """
    lines = list(outcome_lines(plan, outcomes, style))
    if end.leftovers and not style.quiet:
        lines.append(style.paint(words.differs, "error"))
        lines.extend(drift_lines(end.drift, style))
    lines.extend(_problems(end, style))
    lines.extend(_published(plan, end, style))
    lines.extend(_notes(outcomes, end, style))
    return "\n".join([*lines, _summary(outcomes, end, style, words)])


def run_report(plan: Plan, outcomes: Sequence[Outcome], end: RunEnd, style: Style, words: RunWords = APPLY) -> Report:
    """Return the same as a report, with the values of every action."""
    is_complete = _is_complete(outcomes, end)
    return Report(
        verdict=("applied" if outcomes else "deployed") if is_complete else "not all applied",
        summary=_summary(outcomes, end, style, words),
        sections=(
            *_outcome_sections(plan, outcomes, style),
            *drift_sections(end.drift, style, words.differs),
        ),
        problems=tuple(_problems(end, style)),
        notes=(*_published(plan, end, style), *_notes(outcomes, end, style)),
        overview=_overview(plan, outcomes),
        protected=protected_environments(_targets(plan, end)),
    )


_KINDS: Final = tuple(
    CountKind(result.value, sign, RESULT_TONES[result], meaning)
    for result, sign, meaning in (
        (ActionResult.APPLIED, "\N{CHECK MARK}", "applied"),
        (ActionResult.SKIPPED, "=", "skipped"),
        (ActionResult.FAILED, "!", "failed"),
        (ActionResult.UNKNOWN, "?", "unknown"),
        (ActionResult.NOT_RUN, "-", "not run"),
    )
)


def _overview(plan: Plan, outcomes: Iterable[Outcome]) -> Table | None:
    by_id = {outcome.action_id: outcome.result.value for outcome in outcomes}
    results: dict[int, Counter[str]] = {id(target): Counter() for target in plan.targets}
    for number, target, _ in plan.numbered():
        if number in by_id:
            results[id(target)][by_id[number]] += 1
    return overview_table(
        _KINDS, (ApiCounts.of(each.target, each.desired.manifests, results[id(each)]) for each in plan.targets)
    )


def _targets(plan: Plan, end: RunEnd) -> list[Target]:
    return [*(target.target for target in plan.targets), *(stage.stage.target for stage in end.published)]


def _is_complete(outcomes: Sequence[Outcome], end: RunEnd) -> bool:
    is_done = all(outcome.is_done for outcome in outcomes) and all(stage.is_done for stage in end.published)
    return is_done and end.is_clean


def _published(plan: Plan, end: RunEnd, style: Style) -> Iterator[str]:
    shown = [stage for stage in end.published if not (style.quiet and stage.is_done and not stage.unlogged)]
    return published_lines(shown, style, site_notes(_targets(plan, end)))


def _problems(end: RunEnd, style: Style) -> Iterator[str]:
    yield from (f"{style.paint('not verified:', 'error')} {printable(message)}" for message in end.unverified)
    yield from waiting_lines(end.waiting, style)


def waiting_lines(waiting: Iterable[Deferred], style: Style) -> Iterator[str]:
    """Yield what could not be written because its method still does not exist."""
    for deferred in waiting:
        yield f"{style.paint('still deferred:', 'error')} {printable(deferred.name)}: {printable(deferred.reason)}"


def _notes(outcomes: Sequence[Outcome], end: RunEnd, style: Style) -> Iterator[str]:
    if any(outcome.is_done for outcome in outcomes) and not end.deploys and not style.quiet:
        has_websocket = any(isinstance(outcome.action.key.scope, IntegrationKey) for outcome in outcomes)
        how = f" To deploy: {printable(end.deploy_command)}" if end.deploy_command else ""
        yield _not_deployed(sorted(set(end.stages)), style, may_deploy_itself=has_websocket) + how
    yield from end.notes


def _not_deployed(stages: Sequence[str], style: Style, *, may_deploy_itself: bool) -> str:
    names = f" ({', '.join(map(printable, stages))})" if stages else ""
    draft = style.paint("Applied to the draft.", "warning")
    unless = ", unless it has autoDeploy" if may_deploy_itself else ""
    return f"{draft} No stage{names} serves these changes yet{unless}."


def _summary(outcomes: Sequence[Outcome], end: RunEnd, style: Style, words: RunWords) -> str:
    """The last line: `Apply complete: 3 applied; deployed to prod. Verified: AWS matches the manifests.`."""
    name = words.name if outcomes or words is not APPLY else "Deploy"
    state = "complete" if _is_complete(outcomes, end) else "incomplete"
    counts = (outcome_summary(outcomes, style), *_remainders(end, style), published_summary(end.published, style))
    is_verified = outcomes and end.is_clean and all(outcome.is_done for outcome in outcomes)
    verified = f" Verified: {words.verified}." if is_verified else ""
    return f"{name} {state}: {'; '.join(filter(None, counts))}.{verified}"


def _remainders(end: RunEnd, style: Style) -> Iterator[str]:
    """What verification found."""
    parts = (
        (end.leftovers, plural(len(end.leftovers), "API still differs", "APIs still differ")),
        (end.unverified, f"{plural(len(end.unverified), 'API')} could not be read again"),
        (end.waiting, f"{plural(len(end.waiting), 'response')} still deferred"),
    )
    return (style.paint(text, "error") for items, text in parts if items)


def _outcome_sections(plan: Plan, outcomes: Iterable[Outcome], style: Style) -> Iterator[Section]:
    """What is the same in many places once, with the same result, then the rest API by API."""
    by_id = {outcome.action_id: outcome for outcome in outcomes}
    outcome_of = {id(action): by_id[number] for number, _, action in plan.numbered() if number in by_id}
    tried = (unit for unit in placed_units(plan) if all(id(action) in outcome_of for action in unit.actions))
    same = same_changes(tried, lambda action: _result(outcome_of[id(action)]))
    words = _words(outcome_of, style)
    yield from (same_section(change, words, style) for change in same)
    in_same = {id(action) for change in same for unit in change.places for action in unit.actions}
    for target in plan.targets:
        rest = [action for action in target.actions if id(action) in outcome_of and id(action) not in in_same]
        if rest:
            groups = grouped(
                rest,
                lambda action: str(action.key.scope),
                partial(_outcome_entry, target, outcome_of, style),
                style,
            )
            yield Section(target_line(target.target, target.desired.manifests, style), groups)


def _result(outcome: Outcome) -> tuple[str, str]:
    return outcome.result, outcome.full_detail


def _words(outcome_of: Mapping[int, Outcome], style: Style) -> WriteWords:
    """How an apply puts its writes."""

    def line(_unit: PlacedUnit, action: Action, codes: str, _source: str) -> str:
        return outcome_words(outcome_of[id(action)], codes, style)

    return WriteWords(line, lambda action: outcome_of[id(action)].result.value)


def _outcome_entry(target: TargetPlan, outcome_of: Mapping[int, Outcome], style: Style, action: Action) -> ReportEntry:
    outcome = outcome_of[id(action)]
    details = tuple(action_values(target.desired, action, style))
    return ReportEntry(outcome_line(outcome, style).strip(), details, outcome.result.value)
