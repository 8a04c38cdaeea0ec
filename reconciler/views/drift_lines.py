"""Findings: the differences between manifests and AWS, as lines, remarks and test cases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from reconciler.diff import FieldChange
from reconciler.findings import DECLARED_ABSENT, Finding, StageDrift, TargetDrift, Type, by_target
from reconciler.fleet.ages import Age
from reconciler.fleet.blame import Blame
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import fingerprint, lag_fingerprint
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.models.targets import Target
from reconciler.render.junit import Case, Suite
from reconciler.render.remarks import Baseline, Level, Remark
from reconciler.render.sections import Group, ReportEntry, Section, grouped, section_lines
from reconciler.render.style import Style, Tone, file_line, plural, printable, strip_marks
from reconciler.render.values import brief_change, field_lines, whole_lines
from reconciler.rules import ResultRule
from reconciler.views.drift_facts import blame_lines, ignored_text, written
from reconciler.views.finding_ages import age_of, age_words
from reconciler.views.remediation import RESTORED, is_restored
from reconciler.views.targets import suite_name, target_line, with_environment

_MARKED: Final = Style(marked=True)
_MOST_FIELDS: Final = 5
_NO_FACTS: Final = FleetFacts()

SIGNS: Final[Mapping[Type, tuple[str, Tone]]] = {
    Type.CHANGED: ("~", "update"),
    Type.MISSING: ("-", "delete"),
    Type.UNEXPECTED: ("+", "create"),
    Type.ERROR: ("!", "error"),
}
DIRECTION: Final = "- manifest, + live"
"""What the signs of line diffs mean."""

_DIRECTION_ON_STAGE: Final = "- manifest, + deployed"
NAMED_SUBJECTS: Final[Mapping[str, str]] = {"methodResponse": "method response", "routeResponse": "route response"}
"""What findings are about that are not about an integration response, in words."""

IN_AWS: Final[Mapping[Type, str]] = {
    Type.CHANGED: "changed in AWS (manifest -> live)",
    Type.MISSING: "missing in AWS",
    Type.UNEXPECTED: "unexpected: in AWS, not in the manifest",
    Type.ERROR: "could not be compared",
}
ON_STAGE: Final[Mapping[Type, str]] = {
    Type.CHANGED: "differs on the stage (manifest -> deployed)",
    Type.MISSING: "not deployed",
    Type.UNEXPECTED: "still served, not in the manifest",
    Type.ERROR: "could not be compared",
}


def drift_lines(targets: Iterable[TargetDrift], style: Style, facts: FleetFacts = _NO_FACTS) -> Iterator[str]:
    """Yield every finding; APIs in sync are left out."""
    for section in drift_sections(targets, style, facts=facts):
        yield from section_lines(section)
        yield ""


def drift_sections(
    targets: Iterable[TargetDrift], style: Style, intro: str = "", facts: FleetFacts = _NO_FACTS
) -> Iterator[Section]:
    """Yield the findings API by API."""
    for target in targets:
        if target.findings:
            known = _KnownFindings(target.target, style, facts)
            groups = grouped(target.findings, _method, partial(known.entry, IN_AWS), style)
            yield Section(target_line(target.target, target.manifests, style), groups, intro)


@dataclass(frozen=True, slots=True)
class _KnownFindings:
    """What is known of the findings of an API besides what differs; `stage` is "" for the draft."""

    target: Target
    style: Style
    facts: FleetFacts
    stage: str = ""

    def entry(self, words: Mapping[Type, str], finding: Finding) -> ReportEntry:
        """Return the finding with its age, and the writes that may have caused it."""
        name = fingerprint(self.target, finding, self.stage)
        entry = finding_entry(finding, self.style, words, age_words(age_of(self.facts, name)))
        return replace(entry, details=(*entry.details, *self.blame(name)))

    def blame(self, name: str) -> Iterator[str]:
        """Yield the lines about who may have caused the finding of this fingerprint."""
        return blame_lines(_blame_of(self.facts, name), self.target, self.style)


def _blame_of(facts: FleetFacts, name: str) -> Blame | None:
    return facts.blames.get(name) if facts.blames else None


def _method(finding: Finding) -> str:
    return str(finding.key.scope)


def stage_sections(
    targets: Sequence[TargetDrift], stages: Iterable[StageDrift], style: Style, facts: FleetFacts = _NO_FACTS
) -> Iterator[Section]:
    """Yield the differences between stages and manifests that the draft does not have as well."""
    drafts = by_target(targets)
    for stage in stages:
        target = stage.drift.target
        known = _KnownFindings(target, style, facts, stage.name)
        groups = list(grouped(stage.beyond(drafts[target]), _method, partial(known.entry, ON_STAGE), style))
        if stage.lag:
            name = lag_fingerprint(target, stage.name)
            age = _after_comma(age_words(age_of(facts, name)))
            line = f"{style.paint('~ listed responses', 'update')}  {printable(stage.lag)}{age}"
            entry = ReportEntry(line, tuple(known.blame(name)), Type.CHANGED.value)
            groups.append(Group(style.paint("API", "strong"), (entry,)))
        if groups:
            title = target_line(target, stage.drift.manifests, style)
            intro = style.paint(f"Differences on stage {printable(stage.name)} ({_DIRECTION_ON_STAGE}):", "step")
            yield Section(title, tuple(groups), intro)


def repeated_lines(targets: Sequence[TargetDrift], stages: Iterable[StageDrift]) -> Iterator[str]:
    """Yield a line for each stage that has differences of the draft as well."""
    drafts = by_target(targets)
    for stage in stages:
        count = len(stage.drift.findings) - len(stage.beyond(drafts[stage.drift.target]))
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


def finding_entry(finding: Finding, style: Style, words: Mapping[Type, str] = IN_AWS, age: str = "") -> ReportEntry:
    """Return one finding with its values; values that are in the manifest anyway need the full style."""
    sign, tone = SIGNS[finding.type]
    source = style.paint(f"  {file_line(finding.source)}", "faint") if finding.source else ""
    parts = [finding.note] if finding.note else []
    if finding.subject == "response" and finding.note != DECLARED_ABSENT:
        parts.insert(0, words[finding.type])
    name = printable(finding.key.code) or "method"
    line = f"{style.paint(f'{sign} {name}', tone)}  {printable(': '.join(parts))}{_after_comma(age)}{source}"
    return ReportEntry(line, tuple(_details(finding, style)), finding.type.value)


def _after_comma(words: str) -> str:
    return f", {words}" if words else ""


def _details(finding: Finding, style: Style) -> Iterator[str]:
    if finding.type is Type.MISSING and not style.full:
        return  # the manifest has it
    lines = field_lines if finding.type is Type.CHANGED else whole_lines
    for change in finding.changes:
        # Seen from the manifest: "-" is the manifest's value, "+" the value in AWS
        yield from lines(FieldChange(change.path, change.after, change.before), style)


def finding_remarks(targets: Iterable[TargetDrift], facts: FleetFacts = _NO_FACTS, stage: str = "") -> Iterator[Remark]:
    """Yield a remark for each finding: where it is written in the manifest, else at the manifest."""
    for target in targets:
        for finding in target.findings:
            location = finding.source or target.manifests[0].location
            name = fingerprint(target.target, finding, stage)
            age = age_of(facts, name)
            message = f"{with_environment(finding.address, target.target)} {_difference(finding, stage)}"
            message += _after_comma(age_words(age)) + _latest_write(_blame_of(facts, name), target.target)
            site = f"{target.target.environment or ''} {target.target.region}"
            identity = f"{finding.address} {finding.subject} {site}"
            rule = ResultRule.of(f"drift/{finding.type}")
            level: Level = "warning"
            if not stage and is_restored(finding, target.target, facts):
                level, message = "note", f"{message}; {RESTORED}"
            yield Remark(level, rule, message, "", location, identity, _baseline(age))


def _baseline(age: Age | None) -> Baseline | None:
    return None if age is None else "new" if age.state == "new" else "unchanged"


def _latest_write(blame: Blame | None, target: Target) -> str:
    return f"; last write {written(blame.changes[0], target.account_id)}" if blame and blame.changes else ""


def stage_remarks(
    stages: Iterable[StageDrift], targets: Sequence[TargetDrift], facts: FleetFacts = _NO_FACTS
) -> Iterator[Remark]:
    """Yield a remark for each difference of a stage that the draft does not have as well."""
    drafts = by_target(targets)
    for stage in stages:
        prefix = f"stage {stage.name}: "
        only_there = replace(stage.drift, findings=stage.beyond(drafts[stage.drift.target]))
        for remark in finding_remarks([only_there], facts, stage.name):
            yield replace(remark, message=prefix + remark.message, identity=prefix + remark.identity)
        if stage.lag:
            manifest, target = stage.drift.manifests[0], stage.drift.target
            identity = f"{with_environment(manifest.name, target)}: {prefix}{stage.lag}"
            name = lag_fingerprint(target, stage.name)
            age = age_of(facts, name)
            message = identity + _after_comma(age_words(age)) + _latest_write(_blame_of(facts, name), target)
            rule = ResultRule.DRIFT_CHANGED
            yield Remark("warning", rule, message, "", manifest.location, identity, _baseline(age))


def ignored_remarks(ignored: Iterable[IgnoredResponses]) -> Iterator[Remark]:
    """Yield a note for each ignore rule that leaves differences out, where the rule is written."""
    for rule in ignored:
        identity = f"{rule.match} {rule.environment or ''} {rule.region}"
        yield Remark("note", ResultRule.DRIFT_IGNORED, ignored_text(rule), "", rule.location, identity)


def _difference(finding: Finding, stage: str = "") -> str:
    direction = f" (manifest -> {'deployed' if stage else 'live'})" if finding.type is Type.CHANGED else ""
    parts = ["" if finding.subject in NAMED_SUBJECTS else f"is {finding.type} in AWS{direction}"]
    parts += [finding.note] if finding.note else []
    # From the manifest to AWS, as in the other formats
    changes = [brief_change(FieldChange(change.path, change.after, change.before)) for change in finding.changes]
    more = f" and {plural(len(changes) - _MOST_FIELDS, 'more field')}" if len(changes) > _MOST_FIELDS else ""
    parts += ["; ".join(changes[:_MOST_FIELDS]) + more] if changes and finding.type == "changed" else []
    return ": ".join(filter(None, parts))


def drift_suites(targets: Iterable[TargetDrift], facts: FleetFacts = _NO_FACTS) -> Iterator[Suite]:
    """Yield a suite for each API: every response that was compared, and each finding a failure."""
    for target in targets:
        known = _KnownFindings(target.target, _MARKED, facts)
        cases = [_finding_case(finding, known) for finding in target.findings]
        yield Suite(suite_name(target.target, target.manifests), [*cases, *_in_sync_cases(target)])


def stage_suites(stages: Iterable[StageDrift], facts: FleetFacts = _NO_FACTS) -> Iterator[Suite]:
    """Yield a suite for each stage: every response that was compared with what it serves."""
    for stage in stages:
        known = _KnownFindings(stage.drift.target, _MARKED, facts, stage.name)
        cases = [_finding_case(finding, known) for finding in stage.drift.findings]
        lag = [Case("listed responses", "failed", stage.lag, ResultRule.DRIFT_CHANGED)] if stage.lag else []
        # A lag does not show which responses it is in
        in_sync = [] if stage.lag else _in_sync_cases(stage.drift)
        name = f"{suite_name(stage.drift.target, stage.drift.manifests)}, stage {stage.name}"
        yield Suite(name, [*cases, *lag, *in_sync])


def _in_sync_cases(target: TargetDrift) -> Iterator[Case]:
    """Yield a passed case for each response that is as desired."""
    return (Case(str(response.key), location=response.source) for response in target.in_sync)


def ignored_suite(ignored: Iterable[IgnoredResponses]) -> Suite:
    """Return a skipped case for each response whose difference an ignore rule leaves out."""
    cases = [
        Case(
            f"{address} ({', '.join(filter(None, (rule.environment, rule.region)))})",
            "skipped",
            ignored_text(rule),
            ResultRule.DRIFT_IGNORED,
            location=rule.location,
        )
        for rule in ignored
        for address in rule.addresses
    ]
    return Suite("ignored", cases)


def _finding_case(finding: Finding, known: _KnownFindings) -> Case:
    subject = f" ({NAMED_SUBJECTS[finding.subject]})" if finding.subject in NAMED_SUBJECTS else ""
    message = finding.note or f"{finding.type} in AWS"
    entry = known.entry(ON_STAGE if known.stage else IN_AWS, finding)
    direction = (_DIRECTION_ON_STAGE if known.stage else DIRECTION,) if finding.changes else ()
    lines = tuple(map(strip_marks, (*direction, entry.line, *entry.details)))
    rule = ResultRule.of(f"drift/{finding.type}")
    if not known.stage and is_restored(finding, known.target, known.facts):
        return Case(f"{finding.name}{subject}", details=(RESTORED, *lines), location=finding.source)
    return Case(f"{finding.name}{subject}", "failed", message, rule, lines, finding.source)
