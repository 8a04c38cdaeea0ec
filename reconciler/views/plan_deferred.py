"""The responses of a plan that wait until their methods exist; what many methods get is shown once."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from reconciler.diff import FieldChange, field_changes
from reconciler.models.deferred import Deferred
from reconciler.models.targets import Kind
from reconciler.plan import Plan, TargetPlan
from reconciler.render.grouping import Repeated, shared
from reconciler.render.sections import Group, Section, grouped
from reconciler.render.style import Style, printable
from reconciler.views.plan_entry import deferred_entry, deferred_line, deferred_provenance, deferred_values
from reconciler.views.same import SamePlace, place_entries, same_title, value_entries
from reconciler.views.targets import target_line

_NOUNS: Mapping[Kind, str] = {Kind.REST_API: "method", Kind.WEBSOCKET_API: "integration"}

_Content: TypeAlias = tuple[Kind, str, tuple[FieldChange, ...], str]
_Place: TypeAlias = tuple[TargetPlan, Deferred]


def deferred_sections(plan: Plan, style: Style) -> Iterator[Section]:
    """Yield what is the same on many methods once, the rest API by API; in a full text, everything API by API."""
    placed = [(target, deferred) for target in plan.targets for deferred in target.deferred]
    same = [] if style.full and not style.marked else shared((_content(*place), place) for place in placed)
    yield from (_same_section(group, style) for group in same)
    in_same = {id(deferred) for group in same for _, deferred in group.places}
    for target in plan.targets:
        rest = [deferred for deferred in target.deferred if id(deferred) not in in_same]
        if rest:
            yield _section(target, rest, style)


def _content(target: TargetPlan, deferred: Deferred) -> _Content:
    """What is written and where it comes from; why it waits names the method."""
    values = field_changes(None, deferred.after)
    return target.target.kind, deferred.key.code, values, deferred_provenance(target.desired, deferred)


def _same_section(group: Repeated[_Content, _Place], style: Style) -> Section:
    (kind, _, _, source), (target, deferred) = group.content, group.places[0]
    places = [_place(*place) for place in group.places]
    values = value_entries(deferred_values(target.desired, deferred, style), "deferred")
    line = deferred_line(deferred, "not live yet", source, style)
    title = same_title("response", _NOUNS[kind], places, style)
    return Section(title, (Group(line, (*values, *place_entries(places, "deferred", style))),), _intro(kind, style))


def _place(target: TargetPlan, deferred: Deferred) -> SamePlace:
    site = target.target
    note = printable(deferred.reason)
    return SamePlace(deferred.manifest, deferred.address, site.environment or "", site.region, note=note)


def _section(target: TargetPlan, deferred: list[Deferred], style: Style) -> Section:
    groups = grouped(
        deferred,
        lambda each: str(each.key.scope),
        lambda each: deferred_entry(target.desired, each, style),
        style,
    )
    title = target_line(target.target, target.desired.manifests, style)
    return Section(title, groups, _intro(target.target.kind, style))


def _intro(kind: Kind, style: Style) -> str:
    return style.paint(f"Deferred until the {_NOUNS[kind]} exists:", "step")
