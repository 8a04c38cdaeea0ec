"""The writes of a plan, each as what it does and where: what is equal in many places is shown once."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from reconciler.diff import FieldChange
from reconciler.models.keys import Scope
from reconciler.models.targets import Kind
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import Action, declared_parameters, response_changes
from reconciler.plan.causes import Cause
from reconciler.plan.units import Unit, dependent_writes
from reconciler.render.grouping import Repeated, repeated, shared
from reconciler.views.same import SamePlace


@dataclass(frozen=True, slots=True, eq=False)
class PlacedUnit:
    """Writes of a method that are shown together, in the order in which they run, and the API that they are for."""

    target: TargetPlan
    actions: Unit

    @property
    def is_mixed(self) -> bool:
        """Whether only some of the writes revert changes made in AWS, so that reports show them apart."""
        return len(self.actions) > 1 and len(set(map(self.target.reverts_live, self.actions))) > 1

    @property
    def reverts_live(self) -> bool:
        """Whether the first write reverts a change made in AWS."""
        return self.target.reverts_live(self.actions[0])

    @property
    def method(self) -> tuple[int, Scope]:
        """The method, as equal for no other one of the plan."""
        return id(self.target), self.actions[0].key.scope

    @property
    def place(self) -> SamePlace:
        """The response, or the method if several responses are written."""
        desired, target, scope = self.target.desired, self.target.target, self.actions[0].key.scope
        owner = desired.owns.get(scope)
        addresses = {action.address for action in self.actions}
        return SamePlace(
            owner.manifest if owner else desired.manifests[0].name,
            addresses.pop() if len(addresses) == 1 else desired.method_address(scope),
            target.environment or "",
            target.region,
        )

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
    result: Hashable


_Content: TypeAlias = tuple[Kind, tuple[_SameWrite, ...]]
SameChange: TypeAlias = Repeated[_Content, PlacedUnit]
ResultOf: TypeAlias = Callable[[Action], Hashable]


def same_changes(units: Iterable[PlacedUnit], result: ResultOf = lambda _: None) -> list[SameChange]:
    """Return what is the same in many places; different `result`s set writes apart.

    A unit whose writes are shown apart is never among it. What several changes have in common, when they are on exactly
    the same methods, is one of several writes, so that the methods are listed once.
    """
    groups = shared((_content(unit, result), unit) for unit in units if not unit.is_mixed)
    by_methods: dict[Hashable, list[SameChange]] = {}
    for group in groups:
        by_methods.setdefault(_methods(group), []).append(group)
    return [
        change
        for members in by_methods.values()
        for change in (members if len(members) == 1 else _joined(members, result))
    ]


def _content(unit: PlacedUnit, result: ResultOf) -> _Content:
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
            result(action),
        )
        for action in unit.actions
    )
    return unit.target.target.kind, tuple(writes)


def _methods(group: SameChange) -> Hashable:
    """The methods of a change; of one that has several statuses, something that no other change has."""
    methods = frozenset(unit.method for unit in group.places)
    is_of_one_status = len({unit.actions[0].key.code for unit in group.places}) == 1
    return (methods, group.places[0].reverts_live) if is_of_one_status else id(group)


def _joined(groups: Sequence[SameChange], result: ResultOf) -> list[SameChange]:
    """One change for all, if the order of the writes is the same on all methods."""
    by_method: dict[Hashable, list[PlacedUnit]] = {}
    for group in groups:
        for unit in group.places:
            by_method.setdefault(unit.method, []).append(unit)
    targets = {id(unit.target): unit.target for unit in groups[0].places}
    positions = {id(action): at for target in targets.values() for at, action in enumerate(target.actions)}
    units = (_in_order(of_method, positions) for of_method in by_method.values())
    joined = repeated((_content(unit, result), unit) for unit in units)
    return joined if len(joined) == 1 else [*groups]


def _in_order(units: Sequence[PlacedUnit], positions: Mapping[int, int]) -> PlacedUnit:
    actions = (action for unit in units for action in unit.actions)
    return PlacedUnit(units[0].target, tuple(sorted(actions, key=lambda action: positions[id(action)])))
