"""runs RUN: the outcome of every action of one run, and how to roll it back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.documents import DeploymentDocument, OneRunDocument, OutcomeDocument, dumped
from reconciler.documents.canonical import TargetId, target_id
from reconciler.documents.parts import TargetDocument, TargetOfResponse
from reconciler.documents.plan import ActionDocument
from reconciler.render.sections import Report, ReportEntry, Section, grouped
from reconciler.render.style import Style, plural, printable
from reconciler.views.moments import Moments
from reconciler.views.run_words import (
    INCOMPLETE,
    OUTCOME_TONES,
    count_words,
    detail_lines,
    environment_words,
    state_tone,
    state_words,
    target_words,
    who,
)
from reconciler.views.runs import RunsDisplay
from reconciler.views.view import Renderings

_Located: TypeAlias = TargetDocument | TargetOfResponse | DeploymentDocument


def one_run_view(document: OneRunDocument, display: RunsDisplay, undo: str) -> Renderings:
    """Offer one run as text, JSON and Markdown; `undo` is the command that rolls it back."""
    return {
        "text": lambda: one_run_text(document, display, undo),
        "json": lambda: dumped(document),
        "markdown": lambda: _markdown(document, undo),
    }


def one_run_text(document: OneRunDocument, display: RunsDisplay, undo: str) -> str:
    """Return the outcome of every action of a run, and how to roll it back; when quiet, the counts alone."""
    style = display.style
    head = f"{style.paint(document.run.run, 'strong')}  {_result(document, style)}"
    if style.quiet:
        return head
    lines = [head, f"  {_description(document, display.moments)}"]
    lines += [f"  {line}" for line in detail_lines(document.run)]
    lines += [f"  {_outcome_line(outcome, action, note, style)}" for outcome, action, note in _outcomes(document)]
    lines += [f"  {line}" for line in _deployment_lines(document)]
    return "\n".join([*lines, *_notes(document), _last_line(document, undo)])


def _result(document: OneRunDocument, style: Style) -> str:
    counts = count_words(document.run)
    return style.paint(state_words(document.run), state_tone(document.run)) + (f": {counts}" if counts else "")


def _description(document: OneRunDocument, moments: Moments) -> str:
    """Return what the run was: `apply of prod by kim at 7b2f3ec, 2026-01-31 12:00:00 CET, 2 hours ago`."""
    run = document.run
    parts = (("of", environment_words(run)), ("by", who(run)), ("at", printable(run.commit or "")))
    described = " ".join(f"{word} {text}" for word, text in parts if text)
    when = moments.full(run.started_at or "")
    return f"{' '.join(filter(None, (printable(run.command or ''), described)))}, {when}"


def _notes(document: OneRunDocument) -> Iterator[str]:
    if document.run.state == "torn":
        yield INCOMPLETE
    if document.run.is_cut_off:
        yield "The last line of the journal is incomplete: the process died while it was writing."


def _last_line(document: OneRunDocument, undo: str) -> str:
    rollback = "" if document.run.rolled_back_by else f"; to undo it: {printable(undo)}"
    return f"{plural(len(document.outcomes), 'action')}{rollback}"


def _outcomes(document: OneRunDocument) -> Iterator[tuple[OutcomeDocument, ActionDocument, str]]:
    """Yield every outcome with its action, and the note that tells its address from the same one elsewhere."""
    actions = {action.id: action for action in document.plan.actions}
    note = _site_notes(document)
    for outcome in document.outcomes:
        action = actions[outcome.id]
        yield outcome, action, note(action.target)


def _outcome_line(outcome: OutcomeDocument, action: ActionDocument, note: str, style: Style) -> str:
    result = style.paint(f"{outcome.outcome:<8}", OUTCOME_TONES[outcome.outcome])
    detail = f": {outcome.detail}" if outcome.detail else ""
    return f"{result} {_verb(action)} {printable(outcome.address + note + detail)}"


def _verb(action: ActionDocument) -> str:
    return f"{action.op}{f' ({action.step})' if action.step else ''}"


def _deployment_lines(document: OneRunDocument) -> Iterator[str]:
    note = _site_notes(document)
    for deployment in document.deployments:
        stage = f"stage {deployment.stage} of {deployment.kind} {deployment.api_id}{note(deployment)}"
        change = f"deployment {deployment.before or 'none'} -> {deployment.after or 'none'}"
        detail = f": {deployment.detail}" if deployment.detail else ""
        yield printable(f"{stage}: {change}{detail}")


def _site_notes(document: OneRunDocument) -> Callable[[_Located], str]:
    """Return the note that tells an address from the same address elsewhere, in a run in several places."""
    is_one = len({_site(target) for target in document.plan.targets}) <= 1
    return lambda target: "" if is_one else f" ({_site(target)})"


def _site(target: _Located) -> str:
    return ", ".join(filter(None, (target.environment, target.region)))


@dataclass(frozen=True, slots=True)
class _JournaledAction:
    """An action with its outcome."""

    action: ActionDocument
    outcome: OutcomeDocument


def _markdown(document: OneRunDocument, undo: str) -> str:
    from reconciler.render.comment import comment  # noqa: PLC0415 - only this format needs it

    return comment("runs", document.run.run, lambda style: _report(document, undo, style))


def _report(document: OneRunDocument, undo: str, style: Style) -> Report:
    return Report(
        verdict=state_words(document.run),
        summary=f"{_description(document, Moments())}: {_result(document, style)}.",
        sections=tuple(_sections(document, style)),
        notes=(
            *detail_lines(document.run),
            *_deployment_lines(document),
            *_notes(document),
            _last_line(document, undo),
        ),
    )


def _sections(document: OneRunDocument, style: Style) -> Iterator[Section]:
    """Yield the outcomes API by API, and within it method by method."""
    results: dict[TargetId, list[_JournaledAction]] = {}
    for outcome, action, _ in _outcomes(document):
        results.setdefault(target_id(action.target), []).append(_JournaledAction(action, outcome))
    for target in document.plan.targets:
        if members := results.get(target_id(target)):
            yield Section(target_words(target), grouped(members, _method, lambda result: _entry(result, style), style))


def _method(result: _JournaledAction) -> str:
    return result.outcome.address.partition(": ")[2].rpartition(" ")[0]


def _entry(result: _JournaledAction, style: Style) -> ReportEntry:
    outcome, code = result.outcome, result.outcome.address.rpartition(" ")[2]
    line = style.paint(f"{_verb(result.action)} {printable(code)}: {outcome.outcome}", OUTCOME_TONES[outcome.outcome])
    return ReportEntry(line, (printable(outcome.detail),) if outcome.detail else (), outcome.outcome)
