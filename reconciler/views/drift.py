"""drift: where AWS differs from the manifests, in drafts and on stages."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from reconciler.diagnostics import any_error
from reconciler.documents import dumped
from reconciler.engine.drift.result import Drift
from reconciler.engine.result_documents import document_of_drift
from reconciler.errors import ExitCode
from reconciler.findings import DriftSummary
from reconciler.fleet.run_facts import RunFacts
from reconciler.invocation import command_line
from reconciler.render.sections import Report, Section, section_lines
from reconciler.render.style import Style, plural, printable
from reconciler.views.coverage_tally import coverage_line
from reconciler.views.drift_facts import ignored_lines, unknown_blame_lines
from reconciler.views.drift_groups import placed_findings
from reconciler.views.drift_lines import (
    DIRECTION,
    drift_sections,
    drift_suites,
    finding_remarks,
    ignored_remarks,
    ignored_suite,
    repeated_lines,
    stage_remarks,
    stage_sections,
    stage_suites,
)
from reconciler.views.drift_metrics import drift_metrics
from reconciler.views.drift_same import same_differences, same_sections
from reconciler.views.drift_summary_table import summary_table
from reconciler.views.drift_table import drift_table
from reconciler.views.finding_ages import age_counts, resolved_lines
from reconciler.views.problems import (
    diagnostic_lines,
    diagnostic_remarks,
    error_lines,
    explain_lines,
    manifest_suite,
    warning_groups,
)
from reconciler.views.remediation import remediation_lines, remediation_remarks, remediation_suite
from reconciler.views.run_metrics import EarlierMetrics
from reconciler.views.targets import protected_environments, site_name
from reconciler.views.view import Renderings, ReportParts, renderings

if TYPE_CHECKING:
    from reconciler.render.footer import Footer

_MARKED: Final = Style(marked=True)


def drift_view(
    drift: Drift, key: str, style: Style, earlier: Callable[[], EarlierMetrics] = EarlierMetrics
) -> Renderings:
    """Offer a drift report in every format; `key` names the environments that were asked for.

    `earlier` returns the metrics of the file that the run replaces.
    """
    formats = renderings(lambda: drift_text(drift, style), lambda: drift_json(drift), lambda: drift_parts(drift, key))
    return formats.adding(prometheus=lambda: drift_metrics(drift, key, earlier()))


def drift_text(drift: Drift, style: Style) -> str:
    """Return the findings, the problems and the summary.

    When quiet: errors, the counts of each environment and the summary, and "" when all is in sync.
    """
    problems = [diagnostic for diagnostic in drift.all_diagnostics if diagnostic.is_error or not style.quiet]
    if style.quiet and not problems and not drift.summary.findings:
        return ""
    lines = [] if style.quiet else [*_finding_lines(drift, style), *_fact_lines(drift, style)]
    lines.extend(diagnostic_lines(problems, style))
    lines.extend(explain_lines(problems, style))
    if lines and lines[-1]:
        lines.append("")
    summary = drift_summary(drift, style)
    done = remediation_lines(drift.facts.remediation, style)
    return "\n".join([*lines, *_coverage_lines(drift), *_environment_lines(drift, style), *done, summary])


def _finding_lines(drift: Drift, style: Style) -> list[str]:
    direction = list(_direction(drift, style))
    lines = [*direction, *([""] if direction else [])]
    for section in _sections(drift, style):
        lines.extend((*section_lines(section), ""))
    return [*lines, *repeated_lines(drift.targets, drift.stages)]


def _sections(drift: Drift, style: Style) -> Iterator[Section]:
    """What is the same in many places once, the rest API by API; in a full text, everything API by API."""
    facts = drift.facts
    if style.full and not style.marked:
        yield from drift_sections(drift.targets, style, facts=facts)
        yield from stage_sections(drift.targets, drift.stages, style, facts)
        return
    same = same_differences(drift, placed_findings(drift))
    yield from same_sections(same.groups, style, drift.created_at)
    yield from drift_sections(same.targets, style, facts=facts)
    yield from stage_sections(same.targets, same.stages, style, facts)


def _direction(drift: Drift, style: Style) -> Iterator[str]:
    """Yield what the signs mean, if the draft differs."""
    if any(target.findings for target in drift.targets):
        yield style.paint(DIRECTION, "faint")


def _fact_lines(drift: Drift, style: Style) -> Iterator[str]:
    """Yield what is resolved, why blame is unknown, and what ignore rules leave out."""
    yield from resolved_lines(drift.facts.ages, style)
    yield from unknown_blame_lines(drift.facts.blames)
    yield from ignored_lines(drift.facts.ignored, style)


def drift_json(drift: Drift) -> str:
    """Return the drift report for programs."""
    return dumped(document_of_drift(drift))


def drift_report(drift: Drift, style: Style) -> Report:
    """Return the drift report as a report for other formats."""
    table = summary_table(drift_table(drift, placed_findings(drift)), has_ages=drift.facts.ages is not None)
    return Report(
        verdict=_verdict(drift),
        summary=drift_summary(drift, style),
        sections=tuple(_sections(drift, style)),
        problems=error_lines(drift.all_diagnostics, style),
        warnings=warning_groups(drift.all_diagnostics, style),
        notes=(
            *_direction(drift, style),
            *repeated_lines(drift.targets, drift.stages),
            *(() if table else _environment_lines(drift, style)),
            *_coverage_lines(drift),
            *_fact_lines(drift, style),
            *remediation_lines(drift.facts.remediation, style),
        ),
        overview=table,
        protected=protected_environments(target.target for target in drift.targets if target.findings),
    )


def _verdict(drift: Drift) -> str:
    if drift.facts.skipped:
        return "skipped"
    is_complete = not any_error(drift.all_diagnostics)
    no_drift = "in sync" if is_complete else "no drift in what could be compared"
    verdict = "drift" if drift.summary.findings else no_drift
    return verdict if is_complete else f"{verdict}; errors"


def drift_parts(drift: Drift, key: str) -> ReportParts:
    """Return what the formats for other tools are made of."""
    return ReportParts(
        "drift",
        key,
        lambda style: drift_report(drift, style),
        lambda: [
            *diagnostic_remarks(drift.all_diagnostics),
            *finding_remarks(drift.targets, drift.facts),
            *stage_remarks(drift.stages, drift.targets, drift.facts),
            *ignored_remarks(drift.facts.ignored),
            *remediation_remarks(drift.facts.remediation),
        ],
        lambda: [
            manifest_suite(drift.all_diagnostics),
            *drift_suites(drift.targets, drift.facts),
            *stage_suites(drift.stages, drift.facts),
            ignored_suite(drift.facts.ignored),
            remediation_suite(drift.facts.remediation),
        ],
        is_complete=not any_error(drift.all_diagnostics),
        created_at=drift.created_at,
        page=lambda footer: _page(drift, key, footer),
    )


def _page(drift: Drift, key: str, footer: "Footer") -> str:
    from reconciler.views.drift_html import drift_page  # noqa: PLC0415 - only HTML needs it

    summary = drift_summary(drift, _MARKED)
    notes = list(repeated_lines(drift.targets, drift.stages))
    return drift_page(drift, key, _verdict(drift), summary, notes, footer=footer)


def _environment_lines(drift: Drift, style: Style) -> Iterator[str]:
    """The shard, and the counts of each environment and region where a report covers several; also of those in sync."""
    if drift.facts.shard:
        merge = command_line("report", "merge")
        apis = plural(len(drift.targets), "API")
        yield f"  shard {drift.facts.shard}: {apis} compared; to merge the reports of all shards: {merge} FILE..."
    drafts = Counter({site_name(target.target): 0 for target in drift.targets})
    served: Counter[str] = Counter()
    for target in drift.targets:
        drafts[site_name(target.target)] += len(target.findings)
    for stage in drift.stages:
        served[site_name(stage.drift.target)] += stage.differences
    for name, count in drafts.items() if len(drafts) > 1 else ():
        parts = [plural(count, "finding")] if count else []
        parts += [f"{plural(served[name], 'difference')} on stages"] if served[name] else []
        yield f"  {printable(name)}: {', '.join(parts) or style.paint('in sync', 'good')}"


def _coverage_lines(drift: Drift) -> Iterator[str]:
    """The line on coverage, where it is known."""
    if drift.facts.coverage:
        yield coverage_line(drift.facts.coverage)


def drift_summary(drift: Drift, style: Style) -> str:
    """Return the last line. "In sync" is claimed only when everything could be compared."""
    if drift.facts.skipped:
        return f"Nothing was compared: {printable(drift.facts.skipped)}."
    summary, is_complete = drift.summary, not any_error(drift.all_diagnostics)
    errors = f"; {plural(summary.errors, 'error')}, so not everything could be compared" if summary.errors else ""
    ages = drift.facts.ages
    since = f"; {age_counts(ages)}" if ages and (ages.by_fingerprint or ages.resolved) else ""
    says_in_sync = is_complete and not summary.findings
    tail = (
        _counts(summary, says_in_sync=says_in_sync)
        + since
        + (style.paint(errors, "error") if errors else "")
        + _spent(drift.facts.run)
    )
    if summary.findings:
        counts = f"{summary.changed:,} changed, {summary.missing:,} missing, {summary.unexpected:,} unexpected"
        counts += ", all remediated" if drift.exit_code is ExitCode.OK else ""
        return f"{style.paint('Drift', 'update')}: {counts}; {tail}."
    if is_complete:
        return f"{style.paint('In sync', 'good')}: {tail}."
    if not drift.targets:
        return f"{style.paint('Nothing could be compared', 'error')}: {plural(summary.errors, 'error')}."
    return f"{style.paint('No drift in what could be compared', 'warning')}: {tail}."


def _spent(run: RunFacts) -> str:
    """Return what the run took; "" where it is unknown."""
    if not run.seconds:
        return ""
    throttles = f", {run.usage.throttles:,} throttled" if run.usage.throttles else ""
    stopped = f"; {printable(run.stopped)}" if run.stopped else ""
    return f"; in {run.seconds:,.1f} s, {plural(run.usage.calls, 'call')}{throttles}{stopped}"


def _counts(summary: DriftSummary, *, says_in_sync: bool) -> str:
    text = plural(summary.in_sync, "response") + ("" if says_in_sync else " in sync")
    text += f", {summary.unselected:,} not selected" if summary.unselected else ""
    text += f", {summary.ignored:,} ignored" if summary.ignored else ""
    text += f", {summary.unmanaged:,} in no manifest" if summary.unmanaged else ""
    if summary.stages:
        differences = f" with {plural(summary.deployed, 'difference')}" if summary.deployed else ""
        text += f", {plural(summary.stages, 'stage')} compared{differences}"
    return text
