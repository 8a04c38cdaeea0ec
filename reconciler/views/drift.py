"""A drift report."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.diff import FieldChange
from reconciler.findings import DECLARED_ABSENT, DriftSummary, Finding, StageDrift, TargetDrift, Type
from reconciler.render.sections import Group, Report, ReportEntry, Section, grouped, section_lines
from reconciler.render.style import Style, Tone, counted, place, printable
from reconciler.render.values import field_lines, whole_lines
from reconciler.views.plan import site_name, target_line
from reconciler.views.problems import diagnostic_lines


def drift_report(
    targets: Sequence[TargetDrift],
    diagnostics: Sequence[Diagnostic],
    summary: DriftSummary,
    style: Style,
    stages: Sequence[StageDrift] = (),
) -> str:
    """The whole text of a drift report; when quiet, errors and the summary, and nothing when all is in sync."""
    problems = [diagnostic for diagnostic in diagnostics if diagnostic.is_error or not style.quiet]
    if style.quiet and not problems and not summary.findings:
        return ""
    lines = [] if style.quiet else _found_lines(targets, stages, style)
    lines.extend(diagnostic_lines(problems, style))
    if lines and lines[-1]:
        lines.append("")
    lines.extend(environment_lines(targets, stages, style))
    return "\n".join([*lines, drift_summary(summary, style, whole=not any_error(diagnostics))])


def _found_lines(targets: Sequence[TargetDrift], stages: Sequence[StageDrift], style: Style) -> list[str]:
    lines = [*drift_lines(targets, style)]
    for section in stage_sections(targets, stages, style):
        lines.extend((*section_lines(section), ""))
    return [*lines, *repeated_lines(targets, stages)]


def drift_parts(
    targets: Sequence[TargetDrift],
    diagnostics: Sequence[Diagnostic],
    summary: DriftSummary,
    style: Style,
    stages: Sequence[StageDrift] = (),
) -> Report:
    """The same as a report for other formats than text."""
    whole = not any_error(diagnostics)
    found = "drift" if summary.findings else "in sync" if whole else "no drift in what could be compared"
    return Report(
        verdict=found if whole else f"{found}; errors",
        summary=drift_summary(summary, style, whole=whole),
        sections=(*drift_sections(targets, style), *stage_sections(targets, stages, style)),
        problems=tuple(diagnostic_lines(diagnostics, style)),
        notes=(*repeated_lines(targets, stages), *environment_lines(targets, stages, style)),
    )


_FINDING_SIGNS: dict[Type, tuple[str, Tone]] = {
    Type.CHANGED: ("~", "update"),
    Type.MISSING: ("-", "delete"),
    Type.UNEXPECTED: ("+", "create"),
    Type.ERROR: ("!", "error"),
}


def drift_lines(targets: Iterable[TargetDrift], style: Style) -> Iterator[str]:
    """Every finding; APIs that are in sync are not named."""
    for section in drift_sections(targets, style):
        yield from section_lines(section)
        yield ""


def drift_sections(targets: Iterable[TargetDrift], style: Style, lead: str = "") -> Iterator[Section]:
    """The same, API by API."""
    for target in targets:
        if target.findings:
            groups = grouped(target.findings, _method, lambda finding: finding_entry(finding, style), style)
            yield Section(target_line(target.target, target.desired, style), groups, lead)


def _method(finding: Finding) -> str:
    return str(finding.key.scope)


def stage_sections(targets: Sequence[TargetDrift], stages: Iterable[StageDrift], style: Style) -> Iterator[Section]:
    """How stages differ from the manifests, where the draft does not differ in the same way."""
    for stage in stages:
        beyond = stage.beyond(targets)
        groups = list(grouped(beyond, _method, lambda finding: finding_entry(finding, style, _AT_STAGE), style))
        if stage.lag:
            line = f"{style.paint('~ listed responses', 'update')}  {printable(stage.lag)}"
            groups.append(Group(style.paint("API", "strong"), (ReportEntry(line, (), Type.CHANGED.value),)))
        if groups:
            title = target_line(stage.drift.target, stage.drift.desired, style)
            yield Section(title, tuple(groups), style.paint(f"Differences at stage {printable(stage.name)}:", "step"))


def repeated_lines(targets: Sequence[TargetDrift], stages: Iterable[StageDrift]) -> Iterator[str]:
    """Which stages have differences that the draft has as well."""
    for stage in stages:
        count = len(stage.drift.findings) - len(stage.beyond(targets))
        if count:
            names = ", ".join(ref.name for ref in stage.drift.desired.manifests)
            where = f" ({site_name(stage.drift.target)})" if stage.drift.target.environment else ""
            same = f"the same {counted(count, 'difference')} as the draft"
            yield f"{printable(names + where)}: stage {printable(stage.name)} has {same}"


def finding_lines(finding: Finding, style: Style) -> Iterator[str]:
    """One finding as text."""
    entry = finding_entry(finding, style)
    yield f"    {entry.line}"
    yield from (f"        {line}".rstrip() for line in entry.details)


def finding_entry(finding: Finding, style: Style, told: Mapping[Type, str] | None = None) -> ReportEntry:
    """One finding, with its values; when not in full, without those that stand in the manifest anyway."""
    sign, tone = _FINDING_SIGNS[finding.type]
    where = style.paint(f"  {place(finding.source)}", "faint") if finding.source else ""
    words = [finding.note] if finding.note else []
    if finding.subject == "response" and finding.note != DECLARED_ABSENT:
        words.insert(0, (told or _FINDING_WORDS)[finding.type])
    line = f"{style.paint(f'{sign} {printable(finding.key.code)}', tone)}  {printable(': '.join(words))}{where}"
    return ReportEntry(line, tuple(_finding_details(finding, style)), finding.type.value)


def _finding_details(finding: Finding, style: Style) -> Iterator[str]:
    if finding.type is Type.MISSING and not style.full:
        return  # what is missing stands in the manifest
    lines = field_lines if finding.type is Type.CHANGED else whole_lines
    for change in finding.changes:
        # Seen from the manifest: "-" is what it says, "+" what somebody made of it.
        yield from lines(FieldChange(change.path, change.after, change.before), style)


_FINDING_WORDS: dict[Type, str] = {
    Type.CHANGED: "changed in AWS (manifest -> live)",
    Type.MISSING: "missing in AWS",
    Type.UNEXPECTED: "unexpected: in AWS, not in the manifest",
    Type.ERROR: "could not be compared",
}


_AT_STAGE: dict[Type, str] = {
    Type.CHANGED: "differs on the stage (manifest -> deployed)",
    Type.MISSING: "not deployed",
    Type.UNEXPECTED: "still served, not in the manifest",
    Type.ERROR: "could not be compared",
}


def environment_lines(targets: Sequence[TargetDrift], stages: Iterable[StageDrift], style: Style) -> Iterator[str]:
    """How many differences each environment and region has, where a report is on several; also one that is in sync."""
    drafts = Counter({site_name(target.target): 0 for target in targets})
    served: Counter[str] = Counter()
    for target in targets:
        drafts[site_name(target.target)] += len(target.findings)
    for stage in stages:
        served[site_name(stage.drift.target)] += stage.differences
    for name, count in drafts.items() if len(drafts) > 1 else ():
        parts = [counted(count, "finding")] if count else []
        parts += [f"{counted(served[name], 'difference')} at stages"] if served[name] else []
        yield f"  {printable(name)}: {', '.join(parts) or style.paint('in sync', 'good')}"


def drift_summary(summary: DriftSummary, style: Style, *, whole: bool) -> str:
    """The last line of a drift report. Only where the `whole` of it could be compared is anything called in sync."""
    tail = f"{counted(summary.in_sync, 'response')} in sync"
    tail += f", {summary.unselected:,} not selected" if summary.unselected else ""
    tail += f", {summary.ignored:,} ignored" if summary.ignored else ""
    tail += f", {summary.unmanaged:,} unmanaged"
    lost = f"; {counted(summary.errors, 'error')}, so not everything could be compared"
    errors = style.paint(lost, "error") if summary.errors else ""
    if summary.stages:
        differ = f", {counted(summary.deployed, 'difference')} there" if summary.deployed else ""
        tail += f", {counted(summary.stages, 'stage')} compared{differ}"
    if not summary.findings:
        lead = style.paint("In sync", "good") if whole else style.paint("No drift in what could be compared", "warning")
        return f"{lead}: {tail}{errors}."
    counts = f"{summary.changed:,} changed, {summary.missing:,} missing, {summary.unexpected:,} unexpected"
    return f"{style.paint('Drift', 'update')}: {counts}; {tail}{errors}."
