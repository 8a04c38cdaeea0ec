"""status: manifest, live and deployed side by side."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.deployments.sync_status import ResponseStatus, StageStatus, SyncStatus
from reconciler.diagnostics import any_error
from reconciler.documents import dumped
from reconciler.documents.status import status_document
from reconciler.engine.status import Status
from reconciler.invocation import Invocation
from reconciler.render.style import Style, Tone, plural, printable
from reconciler.views.deploy import SIGNS
from reconciler.views.problems import diagnostic_lines
from reconciler.views.targets import target_line
from reconciler.views.view import Renderings

_TONES: Final[Mapping[SyncStatus, Tone]] = {
    SyncStatus.IN_SYNC: "good",
    SyncStatus.CHANGED: "update",
    SyncStatus.MISSING: "delete",
    SyncStatus.UNEXPECTED: "create",
    SyncStatus.AS_LIVE: "update",
    SyncStatus.LAGS: "update",
    SyncStatus.UNKNOWN: "warning",
}
_WIDTH: Final = max(map(len, SyncStatus))


def status_view(status: Status, style: Style, invocation: Invocation) -> Renderings:
    """Offer a status as text and JSON; `invocation` is the command line, for the commands that are suggested."""
    return {"text": lambda: status_text(status, style, invocation), "json": lambda: status_json(status)}


def status_text(status: Status, style: Style, invocation: Invocation | None = None) -> str:
    """Return the rows that differ (with the full style: all rows), the problems and the counts.

    When quiet: errors and the counts, and "" when all is in sync.
    """
    problems = [diagnostic for diagnostic in status.all_diagnostics if diagnostic.is_error or not style.quiet]
    if style.quiet and not problems and all(row.is_in_sync for row in status.rows):
        return ""
    lines: list[str] = []
    for stage in status.stages if not style.quiet else ():
        shown = [row for row in stage.rows if style.full or not row.is_in_sync]
        if shown or stage.others:
            lines.extend(_stage_lines(stage, shown, style, invocation or Invocation()))
    lines.extend(diagnostic_lines(problems, style))
    if lines and lines[-1]:
        lines.append("")
    return "\n".join([*lines, status_summary(status, style)])


def status_json(status: Status) -> str:
    """Return the status for programs."""
    return dumped(status_document(status.stages, status.all_diagnostics, status.created_at))


def _stage_lines(
    status: StageStatus, rows: Sequence[ResponseStatus], style: Style, invocation: Invocation
) -> Iterator[str]:
    yield target_line(status.drift.target, status.drift.manifests, style)
    yield f"  {style.paint(f'stage {printable(status.stage.name)}', 'strong')}: {_stage_state(status)}"
    if rows:
        yield from _table(rows, style)
    if status.others:
        yield from _other_lines(status, style, invocation)
    yield ""


def _table(rows: Sequence[ResponseStatus], style: Style) -> Iterator[str]:
    names = [printable(str(row.key)) for row in rows]
    width = max(len(name) for name in (*names, "response"))
    head = f"    {'response':<{width}}  {'manifest':<{_WIDTH}}  {'live':<{_WIDTH}}  deployed"
    yield from ("", style.paint(head, "faint"))
    yield from (_row(name, width, row, style) for name, row in zip(names, rows, strict=True))


def _other_lines(status: StageStatus, style: Style, invocation: Invocation) -> Iterator[str]:
    """What else a deployment would publish, and the command that shows the values."""
    environment = status.drift.target.environment
    plan = invocation.of(environment).command("plan", "--deploy", "--stage", status.stage.name)
    yield f"    A deployment would also publish {plural(len(status.others), 'other change')}:"
    for item in status.others:
        sign, tone = SIGNS[item.op]
        yield f"      {style.paint(f'{sign} {printable(item.title)}', tone)}"
    yield f"    To see the values: {printable(plan)}"


def _stage_state(status: StageStatus) -> str:
    stage = status.stage
    parts = [f"serves deployment {printable(stage.deployment_id)}" if stage.deployment_id else "serves nothing"]
    if stage.has_canary:
        parts.append("has an active canary, which is not compared")
    if stage.auto_deploys:
        message = f" (AWS reports of the last deployment: {printable(stage.message)})" if stage.message else ""
        parts.append(f"deploys every change automatically{message}")
    return "; ".join(parts)


def _row(name: str, width: int, row: ResponseStatus, style: Style) -> str:
    wanted = "wanted" if row.is_wanted else "not wanted"
    live = style.paint(f"{row.live:<{_WIDTH}}", _TONES[row.live])
    return f"    {name:<{width}}  {wanted:<{_WIDTH}}  {live}  {style.paint(row.deployed, _TONES[row.deployed])}"


def status_summary(status: Status, style: Style) -> str:
    """Return the last line."""
    stages, rows = status.stages, status.rows
    alike, differing = sum(row.is_in_sync for row in rows), sum(row.differs for row in rows)
    unknown = len(rows) - alike - differing
    counts = f"{plural(alike, 'response')} in sync" + (f", {unknown:,} unknown" if unknown else "")
    scope = f"on {plural(len(stages), 'stage')}"
    if differing:
        number = sum(any(row.differs for row in stage.rows) for stage in stages)
        among = scope if number == len(stages) else f"on {number:,} of {plural(len(stages), 'stage')}"
        text = f"{style.paint('Differs', 'update')}: {plural(differing, 'response')} {among}; {counts}"
    elif any_error(status.all_diagnostics):
        text = f"{style.paint('No difference in what could be compared', 'warning')}: {counts} {scope}"
    else:
        text = f"{style.paint('No known difference' if unknown else 'In sync', 'good')}: {counts} {scope}"
    return f"{text}{_pending(stages)}."


def _pending(stages: Sequence[StageStatus]) -> str:
    """How many changes to anything but listed responses a deployment would publish, "" for none."""
    pending = sum(len(stage.others) for stage in stages)
    number = sum(bool(stage.others) for stage in stages)
    return f"; {plural(pending, 'other change')} pending on {plural(number, 'stage')}" if pending else ""
