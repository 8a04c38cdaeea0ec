"""rollback: what was restored, what stays, and how to continue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.documents import dumped
from reconciler.engine.apply import Applied
from reconciler.engine.result_documents import document_of_rollback
from reconciler.engine.rollback.rollback import RolledBack
from reconciler.errors import ExitCode
from reconciler.render.sections import Report
from reconciler.render.style import Style, printable
from reconciler.views.plan import plan_text
from reconciler.views.run_result import (
    ROLLBACK,
    RunEnd,
    run_report,
    run_text,
    stale_text,
    unlogged_lines,
    unverified_messages,
)
from reconciler.views.view import Renderings


@dataclass(frozen=True, slots=True)
class RollbackFollowUp:
    """The commands to suggest after a rollback; "" for none.

    `undo` undoes the rollback, `resume` continues one that was stopped, `deploy` rolls back the stages of the run as
    well, `adopt` writes the live state into the manifests.
    """

    undo: str = ""
    resume: str = ""
    deploy: str = ""
    adopt: str = ""


def rollback_view(rolled: RolledBack, style: Style, follow_up: RollbackFollowUp) -> Renderings:
    """Offer a rollback as text and JSON."""
    return {"text": lambda: rollback_text(rolled, style, follow_up), "json": lambda: rollback_json(rolled)}


def rollback_text(rolled: RolledBack, style: Style, follow_up: RollbackFollowUp | None = None) -> str:
    """Return the result of a rollback. The plan itself was shown before."""
    follow_up = follow_up or RollbackFollowUp()
    applied = rolled.applied
    if applied is None:
        return str(rolled.failure)
    if applied.stale:
        return stale_text(applied.stale, applied.reasons, style)
    if applied.declined:
        return "Not approved; nothing was written."
    notes = [*unlogged_lines(applied, style), *_run_note(applied, style, follow_up), *_notes(rolled, style, follow_up)]
    if applied.outcomes or applied.published:
        return run_text(applied.planned.plan, applied.outcomes, _run_end(applied, notes), style, ROLLBACK)
    if not applied.planned.may_run:
        return "Nothing was written."
    what = "every response" if rolled.kept or rolled.kept_routes else "everything"
    nothing = f"Nothing to do: {what} that run {rolled.run} changed is as it was before."
    return "" if style.quiet else "\n".join([*notes, nothing])


def _run_note(applied: Applied, style: Style, follow_up: RollbackFollowUp) -> Iterator[str]:
    """The rollback's own run, and how to continue or undo it."""
    is_ok = applied.exit_code is ExitCode.OK
    if follow_up.undo and not (is_ok and style.quiet):
        resume = "" if is_ok else f" to continue: {printable(follow_up.resume)};"
        yield f"Run {applied.run};{resume} to undo it: {printable(follow_up.undo)}"


def _notes(rolled: RolledBack, style: Style, follow_up: RollbackFollowUp) -> Iterator[str]:
    if not style.quiet:
        yield from rollback_notes(rolled, follow_up.deploy)
        if rolled.contradicts_manifests and follow_up.adopt:
            how = f"Revert that commit, or adopt the live state: {printable(follow_up.adopt)}"
            yield f"The manifests still contain what the run applied. {how}"


def rollback_notes(rolled: RolledBack, deploy: str = "") -> Iterator[str]:
    """Yield what a rollback keeps; `deploy` is the command that rolls back the stages as well."""
    for route in rolled.kept_routes:
        yield f"The run made the route {printable(route)} two-way, which is kept."
    for address in rolled.kept:
        yield f"The run created the method response of {printable(address)}, which is kept."
    for stage in rolled.stages:
        how = f" To roll it back too: {printable(deploy)}" if deploy else ""
        yield f"The run deployed to stage {printable(stage)}, which is not rolled back.{how}"


def _run_end(applied: Applied, notes: Sequence[str]) -> RunEnd:
    return RunEnd(
        applied.leftovers,
        unverified_messages(applied),
        notes=notes,
        deploys=bool(applied.planned.stages),
        published=applied.published,
    )


def rollback_json(rolled: RolledBack) -> str:
    """Return the rollback for programs."""
    return dumped(document_of_rollback(rolled))


def rollback_after_failure(run: str, rolled: RolledBack, undo: str, style: Style) -> Iterator[str]:
    """Yield what --rollback-on-failure did, with its plan, because nobody was asked."""
    yield f"Rolling back run {run}:"
    if rolled.applied:
        yield from ("", plan_text(rolled.applied.planned, style))
    if rolled.exit_code is not ExitCode.OK:
        why = f" {printable(str(rolled.failure))};" if rolled.failure else ""
        yield f"{style.paint('The rollback failed too:', 'error')}{why} to continue it: {printable(undo)}"
    if rolled.applied:
        yield rollback_text(rolled, style, RollbackFollowUp(deploy=undo))


def with_rollback(report: Report, rolled: RolledBack, undo: str, style: Style) -> Report:
    """Add what --rollback-on-failure did to the report of a failed apply."""
    applied = rolled.applied
    if applied is None:
        failed = f"{style.paint('The rollback failed too:', 'error')} {printable(str(rolled.failure))}"
        return replace(report, problems=(failed, *report.problems))
    end = _run_end(applied, tuple(rollback_notes(rolled, undo)))
    undone = run_report(applied.planned.plan, applied.outcomes, end, style, ROLLBACK)
    intro = style.paint("Rolled back:", "strong")
    return replace(
        report,
        verdict=f"{report.verdict}; {'rolled back' if applied.exit_code == 0 else 'not all rolled back'}",
        sections=(*report.sections, *(replace(section, intro=intro) for section in undone.sections)),
        problems=(*undone.problems, *report.problems),
        notes=(*report.notes, undone.summary, *undone.notes),
    )
