"""The report of a status for other formats than text and JSON: Markdown, HTML, annotations, SARIF and JUnit."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from reconciler.deployments.sync_status import ApiStatus, ResponseStatus, StageStatus, SyncStatus
from reconciler.diagnostics import any_error
from reconciler.engine.status import Status
from reconciler.findings import StageDrift
from reconciler.invocation import Invocation
from reconciler.render.junit import Case, Suite
from reconciler.render.remarks import Remark
from reconciler.render.sections import NOTHING, Cell, Report, ReportEntry, Section, Table, grouped
from reconciler.render.style import Style, Tone, printable
from reconciler.views.drift_lines import drift_suites, finding_remarks, stage_remarks, stage_suites
from reconciler.views.problems import diagnostic_lines, diagnostic_remarks, manifest_suite
from reconciler.views.status import (
    api_name,
    is_plain,
    other_lines,
    shown_rows,
    stage_line,
    status_summary,
)
from reconciler.views.status_table import DRAFT, SIGNS, WORDS, TableRow, shown_stages
from reconciler.views.targets import protected_environments, target_line
from reconciler.views.view import ReportParts

_HEAD: Final = ("API", "Compared", "In sync", "Differ", "Unknown", "Also pending")


def status_parts(status: Status, key: str, invocation: Invocation) -> ReportParts:
    """Return what the formats for other tools are made of."""
    return ReportParts(
        "status",
        key,
        lambda style: _report(status, style, invocation),
        lambda: [*diagnostic_remarks(status.all_diagnostics), *_remarks(status)],
        lambda: [manifest_suite(status.all_diagnostics), *_suites(status)],
        is_complete=not any_error(status.all_diagnostics),
        created_at=status.created_at,
    )


def _report(status: Status, style: Style, invocation: Invocation) -> Report:
    return Report(
        verdict=_verdict(status),
        summary=status_summary(status, style),
        sections=tuple(_sections(status, style)),
        problems=tuple(diagnostic_lines(status.all_diagnostics, style)),
        notes=tuple(_notes(status, style, invocation)),
        table=_table(status),
        protected=protected_environments(api.drift.target for api in status.apis),
    )


def _verdict(status: Status) -> str:
    is_complete = not any_error(status.all_diagnostics)
    same = "in sync" if is_complete else "no difference in what could be compared"
    verdict = "differs" if any(row.differs for row in status.rows) else same
    return verdict if is_complete else f"{verdict}; errors"


def _notes(status: Status, style: Style, invocation: Invocation) -> Iterator[str]:
    """Yield the stages of which the table does not say all, and what deployments would publish besides."""
    for api in status.apis:
        for stage in () if is_plain(api) else api.stages:
            yield f"{api_name(api)}: {stage_line(stage, style)}"
            if stage.others:
                first, *titles, command = other_lines(stage, style, invocation)
                yield f"{first} {'; '.join(title.strip() for title in titles)}. {command}"


def _table(status: Status) -> Table | None:
    rows = [tuple(row) for api in status.apis for row in _table_rows(api)]
    used = [column for column in range(len(_HEAD)) if any(row[column][0] != NOTHING for row in rows)]
    head = tuple(_HEAD[column] for column in used)
    return Table(head, tuple(tuple(row[column] for column in used) for row in rows), leads=True) if rows else None


def _table_rows(api: ApiStatus) -> Iterator[tuple[Cell, ...]]:
    drafts = [row.live for row in api.rows]
    yield (api_name(api), None), (DRAFT, None), *_counts(drafts), (NOTHING, None)
    for stage in api.stages:
        name = f"stage {printable(stage.stage.name)}"
        counts = _counts([_deployed(row) for row in stage.rows])
        yield (api_name(api), None), (name, None), *counts, _number(len(stage.others), "update")


def _deployed(row: ResponseStatus) -> SyncStatus:
    return row.deployed or SyncStatus.UNKNOWN


def _counts(statuses: list[SyncStatus]) -> Iterator[Cell]:
    in_sync, unknown = statuses.count(SyncStatus.IN_SYNC), statuses.count(SyncStatus.UNKNOWN)
    yield _number(in_sync, "good")
    yield _number(len(statuses) - in_sync - unknown, "update")
    yield _number(unknown, "warning")


def _number(count: int, tone: Tone) -> Cell:
    return (f"{count:,}", tone) if count else (NOTHING, None)


def _sections(status: Status, style: Style) -> Iterator[Section]:
    """Yield the responses that are not the same everywhere, API by API."""
    for api in status.apis:
        if rows := shown_rows(api, Style()):
            columns = (DRAFT, *(printable(stage.stage.name) for stage in shown_stages(api)))
            groups = grouped(rows, _method, partial(_entry, columns, style), style)
            yield Section(target_line(api.drift.target, api.drift.manifests, style), groups)


def _method(row: TableRow) -> str:
    return str(row.key.scope)


def _entry(columns: tuple[str, ...], style: Style, row: TableRow) -> ReportEntry:
    worst = next(status for status in row.statuses if status is not SyncStatus.IN_SYNC)
    sign, tone = SIGNS[worst]
    words = ", ".join(f"{name} {WORDS[status]}" for name, status in zip(columns, row.statuses, strict=True))
    counts_as = "unknown" if worst is SyncStatus.UNKNOWN else "different"
    return ReportEntry(f"{style.paint(f'{sign} {printable(row.key.code)}', tone)}  {words}", (), counts_as)


def _served(api: ApiStatus) -> Iterator[tuple[StageStatus, StageDrift]]:
    return ((stage, stage.served) for stage in api.stages if stage.served)


def _remarks(status: Status) -> Iterator[Remark]:
    """Yield a remark for each difference of a draft or stage; those of stages that do not count are notes."""
    for api in status.apis:
        yield from finding_remarks([api.drift])
        for stage, served in _served(api):
            for remark in stage_remarks([served], [api.drift]):
                yield remark if stage.counts else replace(remark, level="note")


def _suites(status: Status) -> Iterator[Suite]:
    """Yield a suite for each draft and stage; differences of stages that do not count are skipped cases."""
    for api in status.apis:
        yield from drift_suites([api.drift])
        for stage, served in _served(api):
            for suite in stage_suites([served]):
                yield suite if stage.counts else replace(suite, cases=[_skipped(case) for case in suite.cases])


def _skipped(case: Case) -> Case:
    return replace(case, status="skipped") if case.status == "failed" else case
