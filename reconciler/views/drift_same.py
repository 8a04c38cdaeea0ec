"""The same difference in many places, as one section of text and Markdown, so that a reader sees it once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from reconciler.diff import FieldChange
from reconciler.engine.drift.result import Drift
from reconciler.findings import StageDrift, TargetDrift, Type, by_target
from reconciler.render.grouping import shared
from reconciler.render.sections import Group, ReportEntry, Section
from reconciler.render.style import Style, plural, printable
from reconciler.render.values import field_lines, whole_lines
from reconciler.views.drift_ages import age_note
from reconciler.views.drift_facts import write_line
from reconciler.views.drift_groups import DriftContent, DriftGroup, DriftPlace, Placed, content_of, writes
from reconciler.views.drift_lines import NAMED_SUBJECTS, SIGNS
from reconciler.views.same import SamePlace, place_entries, same_title, value_entries

_MOST_WRITES: Final = 3


@dataclass(frozen=True, slots=True)
class SameDifferences:
    """The groups that are worth showing as one, and the findings that are in none of them."""

    groups: tuple[DriftGroup, ...]
    targets: tuple[TargetDrift, ...]
    stages: tuple[StageDrift, ...]


def same_differences(drift: Drift, placed: Iterable[Placed]) -> SameDifferences:
    """Take the differences that are in many places out of the findings. Errors and lags of stages stay."""
    groups = shared(pair for pair in placed if _is_difference(pair[0]))
    grouped = {group.content for group in groups}
    drafts = by_target(drift.targets)
    stages = (
        replace(stage, drift=replace(stage.drift, findings=stage.beyond(drafts[stage.drift.target])))
        for stage in drift.stages
    )
    return SameDifferences(
        tuple(groups),
        tuple(_without(target, grouped, is_served=False) for target in drift.targets),
        tuple(replace(stage, drift=_without(stage.drift, grouped, is_served=True)) for stage in stages),
    )


def _is_difference(content: DriftContent) -> bool:
    return content.type is not Type.ERROR and content.subject != "stage"


def _without(target: TargetDrift, grouped: set[DriftContent], *, is_served: bool) -> TargetDrift:
    rest = tuple(finding for finding in target.findings if content_of(finding, is_served=is_served) not in grouped)
    return target if len(rest) == len(target.findings) else replace(target, findings=rest)


def same_sections(groups: Iterable[DriftGroup], style: Style, now: str) -> Iterator[Section]:
    """Yield a section for each group; `now` is when the run was, in ISO 8601."""
    for group in groups:
        subject, places = group.content.subject, tuple(map(_place, group.places))
        noun = NAMED_SUBJECTS.get(subject, subject)
        entries = (*_what(group, style), *place_entries(places, group.content.type.value, style))
        yield Section(same_title("difference", noun, places, style), (Group(_kind(group, style, now), entries),))


def _place(place: DriftPlace) -> SamePlace:
    site = place.site
    return SamePlace(place.manifest, place.address, site.environment or "", site.region, place.stage)


def _kind(group: DriftGroup, style: Style, now: str) -> str:
    sign, tone = SIGNS[group.content.type]
    note = age_note((place.age for place in group.places if place.age), len(group.places), now)
    kind = style.paint(f"{sign} {printable(group.content.title)}", tone)
    return f"{kind}  {printable(note)}" if note else kind


def _what(group: DriftGroup, style: Style) -> Iterator[ReportEntry]:
    """The values, and who may have written them: entries that stand for none of the places."""
    kind = group.content.type.value
    yield from value_entries(_values(group.content, style), kind)
    yield from (ReportEntry(line, (), kind, 0) for line in _blame(group.places, style))


def _blame(places: Iterable[DriftPlace], style: Style) -> Iterator[str]:
    latest = writes(places)
    yield from (write_line(change, site.account_id, style) for change, site in latest[:_MOST_WRITES])
    more = len(latest) - _MOST_WRITES
    yield from (style.paint(f"... and {plural(more, 'earlier write')}", "faint"),) if more > 0 else ()


def _values(content: DriftContent, style: Style) -> Iterator[str]:
    if content.type is Type.MISSING and not style.full:
        return  # the manifest has it
    lines = field_lines if content.type is Type.CHANGED else whole_lines
    for change in content.changes:
        # Seen from the manifest, as everywhere
        yield from lines(FieldChange(change.path, change.after, change.before), style)
