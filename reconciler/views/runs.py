"""runs: the journal of earlier runs, and one run in detail."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from reconciler.documents import DeploymentDocument, OneRunDocument, OutcomeDocument, RunDocument, RunsDocument, dumped
from reconciler.documents.apply import ApplySummary
from reconciler.documents.parts import TargetDocument, TargetOfResponse
from reconciler.render.style import Style, Tone, plural, printable
from reconciler.views.view import Renderings

_TONES: Final[Mapping[str, Tone]] = {
    "running": "step",
    "ok": "good",
    "failed": "error",
    "interrupted": "warning",
    "torn": "warning",
    "damaged": "error",
    "applied": "good",
    "skipped": "faint",
    "unknown": "error",
    "not-run": "warning",
}
_Located: TypeAlias = TargetDocument | TargetOfResponse | DeploymentDocument

_STATES: Final[Mapping[str, str]] = {"torn": "incomplete"}
_MEANINGS: Final[Mapping[str, str]] = {"torn": "incomplete: the process died before the run finished"}


def runs_view(document: RunsDocument, style: Style) -> Renderings:
    """Offer the list of runs as text and JSON."""
    return {"text": lambda: runs_text(document, style), "json": lambda: dumped(document)}


def one_run_view(document: OneRunDocument, style: Style, undo: str) -> Renderings:
    """Offer one run as text and JSON; `undo` is the command that rolls it back."""
    return {"text": lambda: one_run_text(document, style, undo), "json": lambda: dumped(document)}


def runs_text(document: RunsDocument, style: Style) -> str:
    """Return a few lines for each run, newest first; when quiet, only the counts, and "" where there is no run."""
    if not document.runs:
        return "" if style.quiet else f"No runs in {printable(document.folder)}."
    if style.quiet:
        states = Counter(_STATES.get(run.state, run.state) for run in document.runs)
        counts = ", ".join(f"{number:,} {state}" for state, number in states.items())
        return f"{plural(len(document.runs), 'run')}: {counts}."
    return "\n".join(line for run in document.runs for line in _run_lines(run, style))


def _run_lines(run: RunDocument, style: Style) -> Iterator[str]:
    state = style.paint(_MEANINGS.get(run.state, run.state), _TONES[run.state])
    head = f"{style.paint(run.run, 'strong')}  {state}"
    if run.problem is not None:
        yield f"{head}: {printable(run.problem)}"
        return
    verb = f"{run.command} of {run.rolls_back}" if run.rolls_back else run.command or ""
    result = "; ".join(filter(None, (_counts(run, style), _undone(run))))
    elsewhere = style.paint(f"not on AWS: {printable(run.endpoint_url)}", "warning") if run.endpoint_url else ""
    yield "  ".join(filter(None, (head, f"{printable(verb)}, {printable(run.started_at or '')}", elsewhere, result)))
    yield from (f"  {_target(target)}" for target in run.targets)


def _target(target: TargetDocument) -> str:
    names = ", ".join(target.manifests)
    environment = f"environment {target.environment}, " if target.environment else ""
    line = f"{target.kind} {target.api_id}, {environment}account {target.account_id}, {target.region}"
    return printable(f"{names} ({line})")


def _undone(run: RunDocument) -> str:
    return f"rolled back by {printable(run.rolled_back_by)}" if run.rolled_back_by else ""


def _counts(run: RunDocument, style: Style) -> str:
    written = _outcome_counts(run.summary, style) if run.summary else ""
    deployed = f"{plural(run.deployed, 'stage')} deployed" if run.deployed else ""
    return ", ".join(filter(None, (written, deployed)))


def _outcome_counts(summary: ApplySummary, style: Style) -> str:
    counts = {
        "applied": summary.applied,
        "skipped": summary.skipped,
        "failed": summary.failed,
        "unknown": summary.unknown,
        "not-run": summary.not_run,
    }
    return ", ".join(style.paint(f"{count:,} {name}", _TONES[name]) for name, count in counts.items() if count)


def one_run_text(document: OneRunDocument, style: Style, undo: str) -> str:
    """Return the outcome of every action of a run, and how to roll it back; when quiet, the counts alone."""
    lines = list(_run_lines(document.run, style))
    if style.quiet:
        return lines[0]
    lines += _action_lines(document, style)
    lines += _deployment_lines(document)
    if document.run.is_cut_off:
        lines.append("The last line of the journal is incomplete: the process died while it was writing.")
    rollback = "" if document.run.rolled_back_by else f"; to undo it: {printable(undo)}"
    lines.append(f"{plural(len(document.outcomes), 'action')}{rollback}")
    return "\n".join(lines)


def _action_lines(document: OneRunDocument, style: Style) -> Iterator[str]:
    actions = {action.id: action for action in document.plan.actions}
    note = _site_notes(document)
    for outcome in document.outcomes:
        action = actions[outcome.id]
        verb = f"{action.op}{f' ({action.step})' if action.step else ''}"
        yield _outcome_line(outcome, verb, note(action.target), style)


def _deployment_lines(document: OneRunDocument) -> Iterator[str]:
    note = _site_notes(document)
    for deployment in document.deployments:
        stage = f"stage {deployment.stage} of {deployment.kind} {deployment.api_id}{note(deployment)}"
        change = f"deployment {deployment.before or 'none'} -> {deployment.after or 'none'}"
        detail = f": {deployment.detail}" if deployment.detail else ""
        yield printable(f"  {stage}: {change}{detail}")


def _site_notes(document: OneRunDocument) -> Callable[[_Located], str]:
    """Return the note that tells an address from the same address elsewhere, in a run in several places."""
    is_one = len({_site(target) for target in document.plan.targets}) <= 1
    return lambda target: "" if is_one else f" ({_site(target)})"


def _site(target: _Located) -> str:
    return ", ".join(filter(None, (target.environment, target.region)))


def _outcome_line(outcome: OutcomeDocument, verb: str, note: str, style: Style) -> str:
    result = style.paint(f"{outcome.outcome:<8}", _TONES[outcome.outcome])
    detail = f": {outcome.detail}" if outcome.detail else ""
    return f"  {result} {verb} {printable(outcome.address + note + detail)}"
