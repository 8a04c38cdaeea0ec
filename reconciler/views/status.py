"""Manifest, live and deployed, in three columns."""

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.deployments.sync_status import ResponseStatus, StageStatus, SyncStatus
from reconciler.diagnostics import Diagnostic, any_error
from reconciler.invocation import Invocation
from reconciler.render.style import Style, Tone, counted, printable
from reconciler.views.deploy import SIGNS
from reconciler.views.plan import target_line
from reconciler.views.problems import diagnostic_lines

_TONES: Final[dict[SyncStatus, Tone]] = {
    SyncStatus.ALIKE: "good",
    SyncStatus.CHANGED: "update",
    SyncStatus.MISSING: "delete",
    SyncStatus.UNEXPECTED: "create",
    SyncStatus.AS_LIVE: "update",
    SyncStatus.LAGS: "update",
    SyncStatus.UNKNOWN: "warning",
}
_WIDTH: Final = max(map(len, SyncStatus))


def status_report(
    stages: Sequence[StageStatus], diagnostics: Sequence[Diagnostic], style: Style, asked: Invocation | None = None
) -> str:
    """Rows that are not alike (in full: all) and the counts; when quiet, errors and the counts, or nothing at all.

    `asked` is the command line, for the commands that are suggested.
    """
    problems = [diagnostic for diagnostic in diagnostics if diagnostic.is_error or not style.quiet]
    if style.quiet and not problems and all(row.is_alike for stage in stages for row in stage.rows):
        return ""
    lines: list[str] = []
    for one in stages if not style.quiet else ():
        shown = [row for row in one.rows if style.full or not row.is_alike]
        if shown or one.others:
            lines.extend(_table(one, shown, style, asked or Invocation()))
    lines.extend(diagnostic_lines(problems, style))
    if lines and lines[-1]:
        lines.append("")
    return "\n".join([*lines, status_summary(stages, diagnostics, style)])


def _table(one: StageStatus, rows: Sequence[ResponseStatus], style: Style, asked: Invocation) -> Iterator[str]:
    yield target_line(one.drift.target, one.drift.desired, style)
    yield f"  {style.paint(f'stage {printable(one.stage.name)}', 'strong')}: {_about(one)}"
    if rows:
        names = [printable(str(row.key)) for row in rows]
        width = max(len(name) for name in (*names, "response"))
        head = f"    {'response':<{width}}  {'manifest':<{_WIDTH}}  {'live':<{_WIDTH}}  deployed"
        yield from ("", style.paint(head, "faint"))
        yield from (_row(name, width, row, style) for name, row in zip(names, rows, strict=True))
    if one.others:
        plan = asked.of(one.drift.target.environment).command("plan", "--deploy", "--stage", one.stage.name)
        yield f"    {counted(len(one.others), 'other change')} would be published by a deployment:"
        for item in one.others:
            sign, tone = SIGNS[item.op]
            yield f"      {style.paint(f'{sign} {printable(item.title)}', tone)}"
        yield f"    To see the values: {printable(plan)}"
    yield ""


def _about(one: StageStatus) -> str:
    stage = one.stage
    parts = [f"serves deployment {printable(stage.deployment_id)}" if stage.deployment_id else "serves nothing"]
    if stage.has_canary:
        parts.append("has an active canary, which is not looked at")
    if stage.auto_deploys:
        said = f" (AWS says of the last time: {printable(stage.message)})" if stage.message else ""
        parts.append(f"deploys every change by itself{said}")
    return "; ".join(parts)


def _row(name: str, width: int, row: ResponseStatus, style: Style) -> str:
    wanted = "wanted" if row.is_wanted else "not wanted"
    live = style.paint(f"{row.live:<{_WIDTH}}", _TONES[row.live])
    return f"    {name:<{width}}  {wanted:<{_WIDTH}}  {live}  {style.paint(row.deployed, _TONES[row.deployed])}"


def status_summary(stages: Sequence[StageStatus], diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """The last line."""
    rows = [row for stage in stages for row in stage.rows]
    alike, differ = sum(row.is_alike for row in rows), sum(row.differs for row in rows)
    unknown = len(rows) - alike - differ
    tail = f"{counted(alike, 'response')} alike" + (f", {unknown:,} unknown" if unknown else "")
    at = f"at {counted(len(stages), 'stage')}"
    if differ:
        where = sum(any(row.differs for row in stage.rows) for stage in stages)
        among = at if where == len(stages) else f"at {where:,} of {counted(len(stages), 'stage')}"
        lead = f"{style.paint('Differs', 'update')}: {counted(differ, 'response')} {among}; {tail}"
    elif any_error(diagnostics):
        lead = f"{style.paint('No difference in what could be compared', 'warning')}: {tail} {at}"
    else:
        lead = f"{style.paint('No known difference' if unknown else 'In sync', 'good')}: {tail} {at}"
    return f"{lead}{_pending(stages)}."


def _pending(stages: Sequence[StageStatus]) -> str:
    """How many changes of anything but listed responses wait for a deployment, "" for none."""
    pending = sum(len(stage.others) for stage in stages)
    where = sum(bool(stage.others) for stage in stages)
    return f"; {counted(pending, 'other change')} pending at {counted(where, 'stage')}" if pending else ""
