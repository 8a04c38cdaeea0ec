"""The same change in many places of a plan, as one section, so that a reviewer sees it once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from reconciler.diff import FieldChange
from reconciler.models.targets import Kind
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import Action, declared_parameters, response_changes
from reconciler.plan.causes import Cause
from reconciler.plan.units import Unit, dependent_writes
from reconciler.render.grouping import Repeated, shared
from reconciler.render.sections import Group, ReportEntry, Section
from reconciler.render.style import Style
from reconciler.views.plan_entry import action_line, action_values, counted_as, provenance, why
from reconciler.views.same import SamePlace, place_entries, same_title, some, value_entries


@dataclass(frozen=True, slots=True, eq=False)
class PlacedUnit:
    """Writes of a method that depend on each other, and the API that they are for."""

    target: TargetPlan
    actions: Unit

    @property
    def is_mixed(self) -> bool:
        """Whether only some of the writes revert changes made in AWS, so that reports show them apart."""
        return len(set(map(self.target.reverts_live, self.actions))) > 1

    @property
    def reverts_live(self) -> bool:
        """Whether the first write reverts a change made in AWS."""
        return self.target.reverts_live(self.actions[0])

    @property
    def place(self) -> SamePlace:
        """The response, or the method if several responses are written, without where it is written."""
        desired, target, key = self.target.desired, self.target.target, self.actions[0].key
        owner = desired.owns.get(key.scope)
        manifest = owner.manifest if owner else desired.manifests[0].name
        addresses = {action.address for action in self.actions}
        address = addresses.pop() if len(addresses) == 1 else desired.method_address(key.scope)
        return SamePlace(manifest, address, target.environment or "", target.region)

    def note(self, action: Action) -> str:
        """Return what to add to an action's reason: that it has two causes, and its position in a unit shown apart."""
        position = next(number for number, write in enumerate(self.actions, start=1) if write is action)
        parts = (
            "this branch changes it too" if self.target.cause(action) is Cause.BOTH else "",
            f"write {position} of {len(self.actions)}" if self.is_mixed else "",
        )
        return "; ".join(filter(None, parts))


def placed_units(plan: Plan) -> Iterator[PlacedUnit]:
    """Yield the units of every API in the order in which they begin; each action is in exactly one."""
    for target in plan.targets:
        for _, actions in groupby(target.actions, key=lambda action: action.key.scope):
            yield from (PlacedUnit(target, unit) for unit in dependent_writes(actions))


@dataclass(frozen=True, slots=True)
class _SameWrite:
    """What a write does, regardless of where. `code` is "" for a lone write: other codes may get the same."""

    op: str
    step: str | None
    code: str
    reason: str
    cause: Cause | None
    changes: tuple[FieldChange, ...]
    parameters: tuple[str, ...]


_Content: TypeAlias = tuple[Kind, tuple[_SameWrite, ...]]
SameChange: TypeAlias = Repeated[_Content, PlacedUnit]


def same_changes(units: Iterable[PlacedUnit]) -> list[SameChange]:
    """Return what is the same in many places. A unit whose writes are shown apart is never among it."""
    return shared((_content(unit), unit) for unit in units if not unit.is_mixed)


def _content(unit: PlacedUnit) -> _Content:
    is_lone = len(unit.actions) == 1
    writes = (
        _SameWrite(
            action.op,
            action.step,
            "" if is_lone else action.key.code,
            unit.target.reason(action),
            unit.target.cause(action),
            response_changes(action),
            declared_parameters(action),
        )
        for action in unit.actions
    )
    return unit.target.target.kind, tuple(writes)


def same_section(change: SameChange, style: Style, intro: str = "") -> Section:
    """Return the section of a change: what happens once, then the responses."""
    units = change.places
    actions = units[0].actions
    is_of_one_status = len({unit.actions[0].key.code for unit in units}) == 1
    noun = _noun(units[0].target.target.kind) if is_of_one_status else "response"
    what = "change" if len(actions) == 1 else f"{len(actions)} writes"
    sources = [tuple(provenance(unit.target.desired, action) for action in unit.actions) for unit in units]
    shown, places = _sourced([unit.place for unit in units], sources)
    title = same_title(what, noun, places, style)
    group = (_lone if len(actions) == 1 else _ordered)(units, places, shown or [""] * len(actions), style)
    return Section(title, (group,), intro)


def _noun(kind: Kind) -> str:
    return "integration" if kind is Kind.WEBSOCKET_API else "method"


def _sourced(
    places: Sequence[SamePlace], sources: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], Sequence[SamePlace]]:
    """Return the source of what all places share; where they differ, () and the places with a note of their own."""
    if len(set(sources)) == 1:
        return sources[0], places
    notes = ("; ".join(dict.fromkeys(filter(None, source))) for source in sources)
    return (), [replace(place, note=note) for place, note in zip(places, notes, strict=True)]


def _lone(units: Sequence[PlacedUnit], places: Sequence[SamePlace], sources: Sequence[str], style: Style) -> Group:
    """One write, which heads its values; the places count."""
    unit, action = units[0], units[0].actions[0]
    codes = some(sorted({each.actions[0].key.code for each in units}))
    line = action_line(action, codes, why(unit.target, action, unit.note(action)), sources[0], style)
    values = value_entries(action_values(unit.target.desired, action, style), counted_as(action))
    return Group(line, (*values, *place_entries(places, counted_as(action), style)))


def _ordered(units: Sequence[PlacedUnit], places: Sequence[SamePlace], sources: Sequence[str], style: Style) -> Group:
    """Several writes in their order, each of which counts for every place."""
    unit = units[0]
    writes = [
        ReportEntry(
            action_line(action, action.key.code, why(unit.target, action, unit.note(action)), source, style),
            tuple(action_values(unit.target.desired, action, style)),
            counted_as(action),
            len(units),
        )
        for action, source in zip(unit.actions, sources, strict=True)
    ]
    title = style.paint("on each, in this order", "strong")
    return Group(title, (*writes, *place_entries(places, writes[0].counts_as, style, is_counted=False)))
