"""The lines of a plan: what is the same in many places once, the rest by API and method, in the order of the writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.deployments import StagePlan
from reconciler.models.targets import Kind
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import Action
from reconciler.render.sections import Section, grouped, section_lines
from reconciler.render.style import Style
from reconciler.views.deploy import stage_sections
from reconciler.views.plan_entry import action_entry, deferred_entry
from reconciler.views.plan_same import PlacedUnit, placed_units, same_changes, same_section
from reconciler.views.targets import target_line


def plan_lines(plan: Plan, style: Style, stages: Sequence[StagePlan] = ()) -> Iterator[str]:
    """Yield every action in the order in which it runs, then what would be deployed."""
    for section in (*plan_sections(plan, style), *stage_sections(plan, stages, style)):
        yield from section_lines(section)
        yield ""


def plan_sections(plan: Plan, style: Style) -> Iterator[Section]:
    """Yield the actions, those that revert changes made in AWS after the others, then what is deferred."""
    yield from change_sections(plan, style)
    yield from revert_sections(plan, style)
    yield from deferred_sections(plan, style)


def change_sections(plan: Plan, style: Style) -> Iterator[Section]:
    """Yield the actions but for those that revert changes made in AWS."""
    return _sections(plan, style, reverting=False)


def revert_sections(plan: Plan, style: Style) -> Iterator[Section]:
    """Yield the actions that revert changes made in AWS."""
    return _sections(plan, style, reverting=True)


def deferred_sections(plan: Plan, style: Style) -> Iterator[Section]:
    """Yield the responses that wait until their method exists."""
    return (_deferred_section(target, style) for target in plan.targets if target.deferred)


def _sections(plan: Plan, style: Style, *, reverting: bool) -> Iterator[Section]:
    """What is the same in many places once, the rest API by API; in a full text, everything API by API."""
    intro = style.paint("Reverts changes made directly in AWS:", "warning") if reverting else ""
    units = list(placed_units(plan))
    same = [] if style.full and not style.marked else same_changes(units)
    yield from (same_section(change, style, intro) for change in same if change.places[0].reverts_live is reverting)
    in_same = {id(unit) for change in same for unit in change.places}
    unit_of = {id(action): unit for unit in units if id(unit) not in in_same for action in unit.actions}
    for target in plan.targets:
        actions = [
            action for action in target.actions if id(action) in unit_of and target.reverts_live(action) is reverting
        ]
        if actions:
            yield _action_section(target, actions, unit_of, style, intro)


def _action_section(
    target: TargetPlan, actions: Iterable[Action], unit_of: Mapping[int, PlacedUnit], style: Style, intro: str
) -> Section:
    """These actions of an API by method, in the order in which they run."""
    groups = grouped(
        actions,
        lambda action: str(action.key.scope),
        lambda action: action_entry(target, action, style, unit_of[id(action)].note(action)),
        style,
    )
    return Section(target_line(target.target, target.desired.manifests, style), groups, intro)


def _deferred_section(target: TargetPlan, style: Style) -> Section:
    """The responses of an API that wait until their method exists."""
    groups = grouped(
        target.deferred,
        lambda deferred: str(deferred.key.scope),
        lambda deferred: deferred_entry(target.desired, deferred, style),
        style,
    )
    what = "integration" if target.target.kind is Kind.WEBSOCKET_API else "method"
    intro = style.paint(f"Deferred until the {what} exists:", "step")
    return Section(target_line(target.target, target.desired.manifests, style), groups, intro)
