"""What the journal says of the runs so far, for people."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeAlias

from reconciler.documents import DeploymentDocument, OneRunDocument, OutcomeDocument, RunDocument, RunsDocument
from reconciler.documents.models import ApplySummary, TargetDocument, TargetOfResponse
from reconciler.render.style import Style, Tone, counted, printable

_TONES: dict[str, Tone] = {
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
_Placed: TypeAlias = TargetDocument | TargetOfResponse | DeploymentDocument

_WORDS = {"running": "under way", "torn": "incomplete"}
_MEANING = {**_WORDS, "torn": "incomplete: the process died before the run finished"}


def runs_report(document: RunsDocument, style: Style) -> str:
    """A line or two a run, newest first; when quiet, how many there are, and nothing where there is none."""
    if not document.runs:
        return "" if style.quiet else f"No runs in {printable(document.folder)}."
    if style.quiet:
        states = Counter(_WORDS.get(run.state, run.state) for run in document.runs)
        return (
            f"{counted(len(document.runs), 'run')}: {', '.join(f'{many:,} {state}' for state, many in states.items())}."
        )
    return "\n".join(line for run in document.runs for line in _run_lines(run, style))


def _run_lines(run: RunDocument, style: Style) -> Iterator[str]:
    head = f"{style.paint(run.run, 'strong')}  {style.paint(_MEANING.get(run.state, run.state), _TONES[run.state])}"
    if run.problem is not None:
        yield f"{head}: {printable(run.problem)}"
        return
    verb = f"{run.command} of {run.rolls_back}" if run.rolls_back else run.command or ""
    became = "; ".join(filter(None, (_counts(run, style), _undone(run))))
    elsewhere = style.paint(f"not on AWS: {printable(run.endpoint_url)}", "warning") if run.endpoint_url else ""
    yield "  ".join(filter(None, (head, f"{printable(verb)}, {printable(run.started_at or '')}", elsewhere, became)))
    yield from (f"  {_target(target)}" for target in run.targets)


def _target(target: TargetDocument) -> str:
    names = ", ".join(target.manifests)
    environment = f"environment {target.environment}, " if target.environment else ""
    where = f"{target.kind} {target.api_id}, {environment}account {target.account_id}, {target.region}"
    return printable(f"{names} ({where})")


def _undone(run: RunDocument) -> str:
    return f"rolled back by {printable(run.rolled_back_by)}" if run.rolled_back_by else ""


def _counts(run: RunDocument, style: Style) -> str:
    written = [_outcome_counts(run.summary, style)] if run.summary else []
    return ", ".join(filter(None, (*written, f"{counted(run.deployed, 'stage')} deployed" if run.deployed else "")))


def _outcome_counts(summary: ApplySummary, style: Style) -> str:
    counts = {
        "applied": summary.applied,
        "skipped": summary.skipped,
        "failed": summary.failed,
        "unknown": summary.unknown,
        "not-run": summary.not_run,
    }
    return ", ".join(style.paint(f"{count:,} {name}", _TONES[name]) for name, count in counts.items() if count)


def one_run_report(document: OneRunDocument, style: Style, undo: str) -> str:
    """One run: what became of every action; `undo` is what to type to roll it back. When quiet, the counts alone."""
    lines = list(_run_lines(document.run, style))
    if style.quiet:
        return lines[0]
    operations = {action.id: action for action in document.plan.actions}
    where = _site_notes(document)
    for became in document.outcomes:
        action = operations[became.id]
        verb = f"{action.op}{f' ({action.step})' if action.step else ''}"
        lines.append(_outcome_line(became, verb, where(action.target), style))
    for deployment in document.deployments:
        stage = f"stage {deployment.stage} of {deployment.kind} {deployment.api_id}{where(deployment)}"
        detail = f": {deployment.detail}" if deployment.detail else ""
        lines.append(
            printable(f"  {stage}: deployment {deployment.before or 'none'} -> {deployment.after or 'none'}{detail}")
        )
    if document.run.is_cut_off:
        lines.append("The journal's last line is cut off: the run was stopped while it was written.")
    go_back = "" if document.run.rolled_back_by else f"; to undo it: {printable(undo)}"
    lines.append(f"{counted(len(document.outcomes), 'action')}{go_back}")
    return "\n".join(lines)


def _site_notes(document: OneRunDocument) -> Callable[[_Placed], str]:
    """Where something is, in a run that was in several places; they share addresses."""
    is_one = len({_site(target) for target in document.plan.targets}) <= 1
    return lambda one: "" if is_one else f" ({_site(one)})"


def _site(one: _Placed) -> str:
    return ", ".join(filter(None, (one.environment, one.region)))


def _outcome_line(became: OutcomeDocument, verb: str, where: str, style: Style) -> str:
    result = style.paint(f"{became.outcome:<8}", _TONES[became.outcome])
    detail = f": {became.detail}" if became.detail else ""
    return f"  {result} {verb} {printable(became.address + where + detail)}"
