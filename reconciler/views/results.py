"""Workflow results in the formats that commands offer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reconciler.documents import dumped
from reconciler.documents.status import status_document
from reconciler.engine.apply import Applied
from reconciler.engine.drift import Drift
from reconciler.engine.plan import Planned
from reconciler.engine.result_documents import (
    document_of_apply,
    document_of_drift,
    document_of_plan,
    document_of_rollback,
)
from reconciler.engine.rollback.rollback import RolledBack
from reconciler.engine.status import Status
from reconciler.errors import ExitCode
from reconciler.invocation import Invocation
from reconciler.line_diff import limited_line_diffs
from reconciler.render.style import Style, printable
from reconciler.views.apply import ROLLBACK, Aftermath, apply_report, rollback_notes, stale_lines, waiting_lines
from reconciler.views.drift import drift_report
from reconciler.views.plan import plan_report
from reconciler.views.status import status_report


def plan_text(planned: Planned, style: Style) -> str:
    """The plan for a reviewer."""
    with limited_line_diffs():
        return plan_report(planned.plan, planned.diagnostics, planned.verdict, style, planned.stages)


def plan_json(planned: Planned) -> str:
    """The plan for programs."""
    return dumped(document_of_plan(planned))


@dataclass(frozen=True, slots=True)
class ApplyFollowUp:
    """What follows an apply: what to type to undo it, what --rollback-on-failure did, and the command line.

    `asked` is the command line that the apply stands for: of a saved plan, the one that it was made by. `command` is
    what reports call it.
    """

    undo: str = ""
    rollback: RolledBack | None = None
    asked: Invocation = field(default_factory=Invocation)
    command: str = "apply"


def apply_text(applied: Applied, style: Style, sequel: ApplyFollowUp | None = None) -> str:
    """What became of it; the plan itself was shown before."""
    sequel = sequel or ApplyFollowUp()
    if applied.stale:
        # Quiet, a plan of nothing is no line; here it is the answer
        now = plan_text(applied.stale, style) or plan_text(applied.stale, replace(style, quiet=False))
        return "\n".join([*stale_lines(applied.reasons, style), "", now])
    if applied.declined:
        return "Not approved; nothing was written."
    if not applied.outcomes and not applied.published:
        was_to_be = bool(applied.waiting) or not applied.planned.may_run
        nothing = "Nothing was written." if was_to_be else "" if style.quiet else "Nothing to do."
        return "\n".join(filter(None, (*waiting_lines(applied.waiting, style), nothing)))
    report = apply_report(applied.planned.plan, applied.outcomes, aftermath(applied, sequel, style), style)
    if sequel.rollback is None:
        return report
    return "\n".join([report, "", *_rollback_at_once(applied, sequel.rollback, sequel.undo, style)])


def aftermath(applied: Applied, sequel: ApplyFollowUp, style: Style) -> Aftermath:
    """What was found once everything was written."""
    stages = [stage for read in applied.planned.reads for ref in read.desired.manifests for stage in ref.stages]
    return Aftermath(
        applied.leftovers,
        _unverified(applied),
        applied.waiting,
        stages,
        _notes(applied, sequel, style),
        deploys=bool(applied.planned.stages),
        published=applied.published,
        deploy=sequel.asked.command("deploy", *(() if stages else ("--stage", "NAME"))),
    )


def _unverified(applied: Applied) -> list[str]:
    return [f"{one.diagnostic.message}; {one.diagnostic.remedy}".removesuffix("; ") for one in applied.unverified]


def _notes(applied: Applied, sequel: ApplyFollowUp, style: Style) -> list[str]:
    """Where it is written down, and how to go on from here."""
    notes = _unlogged(applied, style)
    is_well = applied.exit_code is ExitCode.OK
    if not applied.run or sequel.rollback or (is_well and style.quiet):
        return notes
    go_on = "" if is_well else f" to go on: {printable(_going_on(applied, sequel))};"
    return [*notes, f"Run {applied.run};{go_on} to undo it: {printable(sequel.undo)}"]


def _going_on(applied: Applied, sequel: ApplyFollowUp) -> str:
    """The command that does what is left, with the stages of this run where the manifests name others."""
    declared = {name for read in applied.planned.reads for ref in read.desired.manifests for name in ref.stages}
    stages = dict.fromkeys(stage.name for stage in applied.planned.stages)
    named = [word for name in stages for word in ("--stage", name)] if declared != set(stages) else []
    deploy = ["--deploy"] if stages and sequel.command == "apply" else []
    return sequel.asked.command(sequel.command, *deploy, *(named if stages else ()))


def _unlogged(applied: Applied, style: Style) -> list[str]:
    return [f"{style.paint('not journaled:', 'error')} {printable(applied.unlogged)}"] if applied.unlogged else []


def _rollback_at_once(applied: Applied, rolled: RolledBack, undo: str, style: Style) -> Iterator[str]:
    """Its plan as well: nobody was asked."""
    yield f"Rolling back run {applied.run}:"
    if rolled.applied:
        yield from ("", plan_text(rolled.applied.planned, style))
    if rolled.exit_code is not ExitCode.OK:
        why = f" {printable(str(rolled.failure))};" if rolled.failure else ""
        yield f"{style.paint('The rollback failed too:', 'error')}{why} to go on with it: {printable(undo)}"
    if rolled.applied:
        yield rollback_text(rolled, style, NextSteps(back=undo))


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What to type after a rollback; "" where others say it.

    `undo` undoes it, `again` goes on with one that was stopped, `back` takes the stages of the run back, `adopt` takes
    over into the manifests what is live now.
    """

    undo: str = ""
    again: str = ""
    back: str = ""
    adopt: str = ""


def rollback_text(rolled: RolledBack, style: Style, onward: NextSteps | None = None) -> str:
    """What became of it; the plan itself was shown before."""
    onward = onward or NextSteps()
    applied = rolled.applied
    if applied is None or applied.stale or applied.declined:
        return apply_text(applied, style) if applied else str(rolled.failure)
    notes = [
        *_unlogged(applied, style),
        *_rollback_run(applied, style, onward),
        *_left(rolled, style, onward),
    ]
    if not applied.outcomes and not applied.published:
        if not applied.planned.may_run:
            return "Nothing was written."
        nothing = f"Nothing to do: what run {rolled.run} touched is as it was before."
        return "" if style.quiet else "\n".join([*notes, nothing])
    return apply_report(applied.planned.plan, applied.outcomes, rollback_aftermath(applied, notes), style, ROLLBACK)


def _left(rolled: RolledBack, style: Style, onward: NextSteps) -> Iterator[str]:
    if not style.quiet:
        adopt = onward.adopt if rolled.contradicts_manifests else ""
        yield from rollback_notes(rolled.kept, rolled.stages, onward.back, adopt)


def rollback_aftermath(applied: Applied, notes: Sequence[str]) -> Aftermath:
    """What was found once everything was restored."""
    return Aftermath(
        applied.leftovers,
        _unverified(applied),
        notes=notes,
        deploys=bool(applied.planned.stages),
        published=applied.published,
    )


def _rollback_run(applied: Applied, style: Style, onward: NextSteps) -> Iterator[str]:
    """What it is called, and how to go on from here."""
    is_well = applied.exit_code is ExitCode.OK
    if onward.undo and not (is_well and style.quiet):
        go_on = "" if is_well else f" to go on: {printable(onward.again)};"
        yield f"Run {applied.run};{go_on} to undo it: {printable(onward.undo)}"


def rollback_json(rolled: RolledBack) -> str:
    """The rollback for programs."""
    return dumped(document_of_rollback(rolled))


def apply_json(applied: Applied, sequel: ApplyFollowUp | None = None) -> str:
    """The apply for programs; refused because AWS changed meanwhile, it carries the plan as it would be now."""
    return dumped(document_of_apply(applied, sequel.rollback if sequel else None))


def drift_text(drift: Drift, style: Style) -> str:
    """The drift for people."""
    return drift_report(drift.targets, drift.told, drift.summary, style, drift.stages)


def drift_json(drift: Drift) -> str:
    """The drift for programs."""
    return dumped(document_of_drift(drift))


def status_text(found: Status, style: Style, asked: Invocation) -> str:
    """The status for people; `asked` is the command line."""
    return status_report(found.stages, found.told, style, asked)


def status_json(found: Status) -> str:
    """The status for programs."""
    return dumped(status_document(found.stages, found.told, found.created_at))
