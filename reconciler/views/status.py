"""status: manifest, draft and stages side by side."""

from collections.abc import Iterator, Sequence

from reconciler.deployments.sync_status import ApiStatus, StageStatus
from reconciler.diagnostics import any_error
from reconciler.documents import dumped
from reconciler.documents.status import status_document
from reconciler.engine.status import Status
from reconciler.invocation import Invocation
from reconciler.render.style import Style, plural, printable
from reconciler.views.deploy import SIGNS
from reconciler.views.problems import diagnostic_lines, explain_lines
from reconciler.views.status_table import TableRow, legend, status_table, table_rows
from reconciler.views.targets import target_line, with_environment
from reconciler.views.view import Renderings, ReportParts, renderings


def status_view(status: Status, key: str, style: Style, invocation: Invocation) -> Renderings:
    """Offer a status in every format; `key` names the environments that were asked for.

    `invocation` is the command line, for the commands that are suggested.
    """
    return renderings(
        lambda: status_text(status, style, invocation),
        lambda: status_json(status),
        lambda: _parts(status, key, invocation),
    )


def _parts(status: Status, key: str, invocation: Invocation) -> ReportParts:
    from reconciler.views.status_report import status_parts  # noqa: PLC0415 - only the other formats need it

    return status_parts(status, key, invocation)


def status_text(status: Status, style: Style, invocation: Invocation | None = None) -> str:
    """Return every API with its stages and the responses that differ (with the full style: all), and the counts.

    When quiet: errors and the counts, and "" when all is in sync.
    """
    problems = [diagnostic for diagnostic in status.all_diagnostics if diagnostic.is_error or not style.quiet]
    if style.quiet and not problems and all(row.is_in_sync for row in status.rows):
        return ""
    lines = [] if style.quiet else list(_api_lines(status.apis, style, invocation or Invocation()))
    lines.extend(diagnostic_lines(problems, style))
    lines.extend(explain_lines(problems, style))
    if lines and lines[-1]:
        lines.append("")
    return "\n".join([*lines, status_summary(status, style)])


def status_json(status: Status) -> str:
    """Return the status for programs."""
    return dumped(status_document(status.apis, status.all_diagnostics, status.created_at))


def _api_lines(apis: Sequence[ApiStatus], style: Style, invocation: Invocation) -> Iterator[str]:
    """Yield the APIs with a difference as tables, then a line for each of the others."""
    tables = {id(api): shown_rows(api, style) for api in apis}
    if rows := [row for shown in tables.values() for row in shown]:
        yield from (legend(rows, style), "")
    plain = [api for api in apis if not tables[id(api)] and is_plain(api)]
    for api in apis:
        if api not in plain:
            yield from _table_lines(api, tables[id(api)], style, invocation)
            yield ""
    yield from (in_sync_line(api, style) for api in plain)


def shown_rows(api: ApiStatus, style: Style) -> list[TableRow]:
    """Return the responses that are not known to be the same everywhere; with the full style, all of them."""
    return [row for row in table_rows(api, full=style.full) if style.full or not row.is_in_sync]


def is_plain(api: ApiStatus) -> bool:
    """Whether a line says all of an API: nothing differs or is unknown or pending on any stage."""
    return all(
        stage.served
        and not (stage.differing or stage.served.lag or stage.others)
        and not (stage.stage.has_canary or stage.stage.message)
        for stage in api.stages
    )


def in_sync_line(api: ApiStatus, style: Style) -> str:
    """Return the line of an API of which nothing differs."""
    names = ", ".join(printable(stage.stage.name) for stage in api.stages)
    stages = f"{'stage' if len(api.stages) == 1 else 'stages'} {names}" if api.stages else ""
    where = f"draft and {stages} in sync" if stages else "draft in sync; no stages"
    return f"{style.paint('=', 'good')} {api_name(api)}: {where}"


def api_name(api: ApiStatus) -> str:
    """Return an API in a sentence: `orders (prod, eu-west-1)`."""
    return printable(with_environment(", ".join(api.manifests), api.drift.target))


def _table_lines(api: ApiStatus, rows: Sequence[TableRow], style: Style, invocation: Invocation) -> Iterator[str]:
    yield target_line(api.drift.target, api.drift.manifests, style)
    yield from (f"  {stage_line(stage, style)}" for stage in api.stages)
    if rows:
        yield ""
        yield from (f"    {line}" for line in status_table(api, rows, style))
    for stage in api.stages:
        if stage.others:
            yield from ("", *(f"  {line}" for line in other_lines(stage, style, invocation)))


def stage_line(status: StageStatus, style: Style) -> str:
    """Return how what a stage serves compares; in full, its deployment too."""
    name = style.paint(f"stage {printable(status.stage.name)}", "strong")
    origin = [] if status.counts else ["not in the manifest"]
    states = list(_states(status, style))
    if style.full or not status.stage.deployment_id:
        states.append(_served(status))
    return f"{name}: {'; '.join((*origin, *states))}"


def _served(status: StageStatus) -> str:
    stage = status.stage
    return f"serves deployment {printable(stage.deployment_id)}" if stage.deployment_id else "serves nothing"


def _states(status: StageStatus, style: Style) -> Iterator[str]:
    stage = status.stage
    if status.problem:
        yield style.paint(f"not compared: {printable(status.problem)}", "warning")
    elif not status.served:
        yield style.paint("unknown whether it serves the draft", "warning")
    elif status.served.lag:
        yield style.paint(printable(status.served.lag), "update")
    elif status.differing:
        yield style.paint(f"differs in {plural(status.differing, 'response')}", "update")
    else:
        yield style.paint("in sync", "good")
    if stage.has_canary:
        yield "has an active canary, which is not compared"
    if stage.auto_deploys:
        message = f" (AWS reports of the last deployment: {printable(stage.message)})" if stage.message else ""
        yield f"deploys every change automatically{message}"


def other_lines(status: StageStatus, style: Style, invocation: Invocation) -> Iterator[str]:
    """Yield what else a deployment would publish, and the command that shows the values."""
    environment, name = status.drift.target.environment, status.stage.name
    plan = invocation.of(environment).command("plan", "--deploy", "--stage", name)
    yield f"A deployment to {printable(name)} would also publish {plural(len(status.others), 'other change')}:"
    for item in status.others:
        sign, tone = SIGNS[item.op]
        yield f"  {style.paint(f'{sign} {printable(item.title)}', tone)}"
    yield f"To see the values: {printable(plan)}"


def status_summary(status: Status, style: Style) -> str:
    """Return the last line."""
    rows = status.rows
    alike, differing = sum(row.is_in_sync for row in rows), sum(row.differs for row in rows)
    unknown = len(rows) - alike - differing
    counts = f"{plural(alike, 'response')} in sync" + (f", {unknown:,} unknown" if unknown else "")
    scope = _scope(status.apis)
    if differing:
        places = _scope(status.apis, differing_only=True)
        text = f"{style.paint('Differs', 'update')}: {plural(differing, 'response')} {places}; {counts}"
    elif any_error(status.all_diagnostics):
        text = f"{style.paint('No difference in what could be compared', 'warning')}: {counts} {scope}"
    elif unknown:
        text = f"{style.paint('No known difference', 'good')}: {counts} {scope}"
    else:
        text = f"{style.paint('In sync', 'good')}: {plural(alike, 'response')} {scope}"
    return f"{text}{_pending(status.stages)}{_information(status.stages)}."


def _scope(apis: Sequence[ApiStatus], *, differing_only: bool = False) -> str:
    """Return the places that count: `on 2 stages and in 1 draft`, or those that differ: `on 1 of 2 stages`."""
    stages = [any(row.differs for row in stage.rows) for api in apis for stage in api.counted_stages]
    drafts = [any(row.differs for row in api.rows) for api in apis if not api.counted_stages]
    parts = [
        _places(word, among, differing_only=differing_only) for word, among in (("stage", stages), ("draft", drafts))
    ]
    named = [
        f"{'on' if word == 'stage' else 'in'} {part}"
        for word, part in zip(("stage", "draft"), parts, strict=True)
        if part
    ]
    return " and ".join(named) or "in 0 drafts"


def _places(word: str, differing: Sequence[bool], *, differing_only: bool) -> str:
    """Return a number of places, "" for none: `2 stages`, `1 of 2 stages`."""
    number = sum(differing) if differing_only else len(differing)
    if not number:
        return ""
    return plural(number, word) if number == len(differing) else f"{number:,} of {plural(len(differing), word)}"


def _pending(stages: Sequence[StageStatus]) -> str:
    """How many changes to anything but listed responses a deployment would publish, "" for none."""
    pending = sum(len(stage.others) for stage in stages)
    number = sum(bool(stage.others) for stage in stages)
    return f"; {plural(pending, 'other change')} pending on {plural(number, 'stage')}" if pending else ""


def _information(stages: Sequence[StageStatus]) -> str:
    """How many stages differ that do not count, "" for none."""
    number = sum(bool(stage.differing) for stage in stages if not stage.counts)
    return f"; {plural(number, 'stage')} not in a manifest {'differs' if number == 1 else 'differ'}" if number else ""
