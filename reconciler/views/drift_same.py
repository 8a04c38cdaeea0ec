"""The same difference in many places, as one section of text and Markdown, so that a reader sees it once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from reconciler.diff import FieldChange
from reconciler.engine.drift.result import Drift
from reconciler.findings import StageDrift, TargetDrift, Type, by_target
from reconciler.render.grouping import repeated
from reconciler.render.sections import Group, ReportEntry, Section
from reconciler.render.style import Style, plural, printable
from reconciler.render.values import field_lines, whole_lines
from reconciler.views.drift_ages import age_note
from reconciler.views.drift_facts import write_line
from reconciler.views.drift_groups import DriftContent, DriftGroup, DriftPlace, Placed, content_of, drift_groups, writes
from reconciler.views.drift_lines import NAMED_SUBJECTS, SIGNS

FEWEST: Final = 3
"""As many places make a section of their own."""

_MOST_PLACES: Final = 5
_MOST_WRITES: Final = 3
_MOST_NAMED: Final = 4


@dataclass(frozen=True, slots=True)
class SameDifferences:
    """The groups of at least `FEWEST` findings, and the findings that are in none of them."""

    groups: tuple[DriftGroup, ...]
    targets: tuple[TargetDrift, ...]
    stages: tuple[StageDrift, ...]


def same_differences(drift: Drift, placed: Iterable[Placed]) -> SameDifferences:
    """Take the differences that are in many places out of the findings. Errors and lags of stages stay."""
    groups = [group for group in drift_groups(placed) if len(group.places) >= FEWEST and _is_difference(group.content)]
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
        entries = (*_what(group, style), *_where(group.content, group.places, style))
        yield Section(_heading(group, style), (Group(_kind(group, style, now), entries),))


def _heading(group: DriftGroup, style: Style) -> str:
    """The APIs and environments of all the lines below it."""
    subject, places = group.content.subject, group.places
    noun = NAMED_SUBJECTS.get(subject, subject)
    apis = _named((place.manifest for place in places), ", ")
    sites = _named((str(place.site) for place in places if place.site.environment), "; ")
    title = f"The same difference on {plural(len(places), noun)} of {apis}"
    return style.paint(printable(f"{title} ({sites})" if sites else title), "strong")


def _kind(group: DriftGroup, style: Style, now: str) -> str:
    sign, tone = SIGNS[group.content.type]
    note = age_note((place.age for place in group.places if place.age), len(group.places), now)
    kind = style.paint(f"{sign} {printable(group.content.title)}", tone)
    return f"{kind}  {printable(note)}" if note else kind


def _what(group: DriftGroup, style: Style) -> Iterator[ReportEntry]:
    """The values, and who may have written them: entries that stand for none of the places."""
    kind = group.content.type.value
    for first, *rest in _values(group.content, style):
        yield ReportEntry(first, tuple(line.removeprefix("    ") for line in rest), kind, 0)
    yield from (ReportEntry(line, (), kind, 0) for line in _blame(group.places, style))


def _blame(places: Iterable[DriftPlace], style: Style) -> Iterator[str]:
    latest = writes(places)
    yield from (write_line(change, site.account_id, style) for change, site in latest[:_MOST_WRITES])
    more = len(latest) - _MOST_WRITES
    yield from (style.paint(f"... and {plural(more, 'earlier write')}", "faint"),) if more > 0 else ()


def _values(content: DriftContent, style: Style) -> Iterator[list[str]]:
    """The lines of each field."""
    if content.type is Type.MISSING and not style.full:
        return  # the manifest has it
    lines = field_lines if content.type is Type.CHANGED else whole_lines
    for change in content.changes:
        # Seen from the manifest, as everywhere
        yield list(lines(FieldChange(change.path, change.after, change.before), style))


def _where(content: DriftContent, places: Iterable[DriftPlace], style: Style) -> Iterator[ReportEntry]:
    """Every response with its environments; only the first ones unless the style is full."""
    kind = content.type.value
    having = repeated((place.address, _where_it_is(place)) for place in places)
    most = len(having) if style.full or len(having) <= _MOST_PLACES + 1 else _MOST_PLACES
    for response in having[:most]:
        sites = _named(response.places, "; ")
        line = f"{response.content} ({sites})" if sites else response.content
        yield ReportEntry(printable(line), (), kind, len(response.places))
    if most < len(having):
        rest = sum(len(response.places) for response in having[most:])
        hint = "" if style.marked else " (-v shows each)"
        yield ReportEntry(style.paint(f"... and {rest:,} more{hint}", "faint"), (), kind, rest)


def _where_it_is(place: DriftPlace) -> str:
    site = str(place.site) if place.site.environment else ""
    return ", ".join(filter(None, (site, f"stage {place.stage}" if place.stage else "")))


def _named(names: Iterable[str], separator: str) -> str:
    every = list(dict.fromkeys(filter(None, names)))
    more = f" and {len(every) - _MOST_NAMED:,} more" if len(every) > _MOST_NAMED else ""
    return separator.join(every[:_MOST_NAMED]) + more
