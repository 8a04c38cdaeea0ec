"""Findings: the differences between manifests and AWS, as lines, remarks and test cases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from reconciler.diff import FieldChange
from reconciler.findings import DECLARED_ABSENT, Finding, StageDrift, TargetDrift, Type
from reconciler.render.junit import Case, Suite
from reconciler.render.remarks import Remark
from reconciler.render.sections import Group, ReportEntry, Section, grouped, section_lines
from reconciler.render.style import Style, Tone, file_line, plural, printable, strip_marks
from reconciler.render.values import field_lines, field_title, whole_lines
from reconciler.rules import ResultRule
from reconciler.views.targets import suite_name, target_line, with_environment

_MARKED: Final = Style(marked=True)
_MOST_FIELDS: Final = 5

_SIGNS: Final[Mapping[Type, tuple[str, Tone]]] = {
    Type.CHANGED: ("~", "update"),
    Type.MISSING: ("-", "delete"),
    Type.UNEXPECTED: ("+", "create"),
    Type.ERROR: ("!", "error"),
}
_IN_AWS: Final[Mapping[Type, str]] = {
    Type.CHANGED: "changed in AWS (manifest -> live)",
    Type.MISSING: "missing in AWS",
    Type.UNEXPECTED: "unexpected: in AWS, not in the manifest",
    Type.ERROR: "could not be compared",
}
_ON_STAGE: Final[Mapping[Type, str]] = {
    Type.CHANGED: "differs on the stage (manifest -> deployed)",
    Type.MISSING: "not deployed",
    Type.UNEXPECTED: "still served, not in the manifest",
    Type.ERROR: "could not be compared",
}


def drift_lines(targets: Iterable[TargetDrift], style: Style) -> Iterator[str]:
    """Yield every finding; APIs in sync are left out."""
    for section in drift_sections(targets, style):
        yield from section_lines(section)
        yield ""


def drift_sections(targets: Iterable[TargetDrift], style: Style, intro: str = "") -> Iterator[Section]:
    """Yield the findings API by API."""
    for target in targets:
        if target.findings:
            groups = grouped(target.findings, _method, lambda finding: finding_entry(finding, style), style)
            yield Section(target_line(target.target, target.manifests, style), groups, intro)


def _method(finding: Finding) -> str:
    return str(finding.key.scope)


def stage_sections(targets: Sequence[TargetDrift], stages: Iterable[StageDrift], style: Style) -> Iterator[Section]:
    """Yield the differences between stages and manifests that the draft does not have as well."""
    for stage in stages:
        only_there = stage.beyond(targets)
        groups = list(grouped(only_there, _method, lambda finding: finding_entry(finding, style, _ON_STAGE), style))
        if stage.lag:
            line = f"{style.paint('~ listed responses', 'update')}  {printable(stage.lag)}"
            groups.append(Group(style.paint("API", "strong"), (ReportEntry(line, (), Type.CHANGED.value),)))
        if groups:
            title = target_line(stage.drift.target, stage.drift.manifests, style)
            intro = style.paint(f"Differences on stage {printable(stage.name)}:", "step")
            yield Section(title, tuple(groups), intro)


def repeated_lines(targets: Sequence[TargetDrift], stages: Iterable[StageDrift]) -> Iterator[str]:
    """Yield a line for each stage that has differences of the draft as well."""
    for stage in stages:
        count = len(stage.drift.findings) - len(stage.beyond(targets))
        if count:
            names = ", ".join(manifest.name for manifest in stage.drift.manifests)
            subject = with_environment(names, stage.drift.target)
            same = f"the same {plural(count, 'difference')} as the draft"
            yield f"{printable(subject)}: stage {printable(stage.name)} has {same}"


def finding_lines(finding: Finding, style: Style) -> Iterator[str]:
    """Yield one finding as text."""
    entry = finding_entry(finding, style)
    yield f"    {entry.line}"
    yield from (f"        {line}".rstrip() for line in entry.details)


def finding_entry(finding: Finding, style: Style, words: Mapping[Type, str] = _IN_AWS) -> ReportEntry:
    """Return one finding with its values; values that are in the manifest anyway need the full style."""
    sign, tone = _SIGNS[finding.type]
    source = style.paint(f"  {file_line(finding.source)}", "faint") if finding.source else ""
    parts = [finding.note] if finding.note else []
    if finding.subject == "response" and finding.note != DECLARED_ABSENT:
        parts.insert(0, words[finding.type])
    line = f"{style.paint(f'{sign} {printable(finding.key.code)}', tone)}  {printable(': '.join(parts))}{source}"
    return ReportEntry(line, tuple(_details(finding, style)), finding.type.value)


def _details(finding: Finding, style: Style) -> Iterator[str]:
    if finding.type is Type.MISSING and not style.full:
        return  # the manifest has it
    lines = field_lines if finding.type is Type.CHANGED else whole_lines
    for change in finding.changes:
        # Seen from the manifest: "-" is the manifest's value, "+" the value in AWS
        yield from lines(FieldChange(change.path, change.after, change.before), style)


def finding_remarks(targets: Iterable[TargetDrift]) -> Iterator[Remark]:
    """Yield a remark for each finding: where it is written in the manifest, else at the manifest."""
    for target in targets:
        for finding in target.findings:
            location = finding.source or target.manifests[0].location
            message = f"{with_environment(finding.address, target.target)} {_difference(finding)}"
            site = f"{target.target.environment or ''} {target.target.region}"
            identity = f"{finding.address} {finding.subject} {site}"
            yield Remark("warning", ResultRule.of(f"drift/{finding.type}"), message, "", location, identity)


def stage_remarks(stages: Iterable[StageDrift], targets: Sequence[TargetDrift]) -> Iterator[Remark]:
    """Yield a remark for each difference of a stage that the draft does not have as well."""
    for stage in stages:
        prefix = f"stage {stage.name}: "
        for remark in finding_remarks([replace(stage.drift, findings=stage.beyond(targets))]):
            yield replace(remark, message=prefix + remark.message, identity=prefix + remark.identity)
        if stage.lag:
            manifest = stage.drift.manifests[0]
            message = f"{with_environment(manifest.name, stage.drift.target)}: {prefix}{stage.lag}"
            yield Remark("warning", ResultRule.DRIFT_CHANGED, message, "", manifest.location, message)


def _difference(finding: Finding) -> str:
    parts = [f"is {finding.type} in AWS" if finding.subject == "response" else ""]
    parts += [finding.note] if finding.note else []
    names = [field_title(change.path) for change in finding.changes]
    more = f" and {plural(len(names) - _MOST_FIELDS, 'more field')}" if len(names) > _MOST_FIELDS else ""
    parts += [", ".join(names[:_MOST_FIELDS]) + more] if names and finding.type == "changed" else []
    return ": ".join(filter(None, parts))


def drift_suites(targets: Iterable[TargetDrift]) -> Iterator[Suite]:
    """Yield a suite for each API: every response that was compared, and each finding a failure."""
    for target in targets:
        cases = [finding_case(finding) for finding in target.findings]
        yield Suite(suite_name(target.target, target.manifests), [*cases, *_in_sync_cases(target)])


def stage_suites(stages: Iterable[StageDrift]) -> Iterator[Suite]:
    """Yield a suite for each stage: every response that was compared with what it serves."""
    for stage in stages:
        cases = [finding_case(finding) for finding in stage.drift.findings]
        lag = [Case("listed responses", "failed", stage.lag, ResultRule.DRIFT_CHANGED)] if stage.lag else []
        # A lag does not show which responses it is in
        known = [] if stage.lag else _in_sync_cases(stage.drift)
        name = f"{suite_name(stage.drift.target, stage.drift.manifests)}, stage {stage.name}"
        yield Suite(name, [*cases, *lag, *known])


def _in_sync_cases(target: TargetDrift) -> Iterator[Case]:
    """Yield a passed case for each response that is as desired."""
    return (Case(str(response.key), location=response.source) for response in target.in_sync)


def finding_case(finding: Finding) -> Case:
    """Return the failed test case of a finding."""
    subject = " (method response)" if finding.subject == "methodResponse" else ""
    message = finding.note or f"{finding.type} in AWS"
    entry = finding_entry(finding, _MARKED)
    lines = tuple(map(strip_marks, (entry.line, *entry.details)))
    rule = ResultRule.of(f"drift/{finding.type}")
    return Case(f"{finding.key}{subject}", "failed", message, rule, lines, finding.source)
