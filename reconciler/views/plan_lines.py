"""The lines of a plan: what is the same in many places once, the rest by API and method, in the order of the writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.deployments import StagePlan
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import Action
from reconciler.render.sections import Section, grouped, section_lines
from reconciler.render.style import Style
from reconciler.views.deploy import stage_sections
from reconciler.views.plan_deferred import deferred_sections
from reconciler.views.plan_entry import action_entry
from reconciler.views.plan_groups import PlacedUnit, placed_units, same_changes
from reconciler.views.plan_same import planned_words, same_section
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
    """Yield the actions that revert changes made in AWS; none where causes are unknown."""
    return _sections(plan, style, reverting=True) if any(target.causes for target in plan.targets) else iter(())


def _sections(plan: Plan, style: Style, *, reverting: bool) -> Iterator[Section]:
    """What is the same in many places once, the rest API by API; in a full text, everything API by API."""
    intro = style.paint("Reverts changes made directly in AWS:", "warning") if reverting else ""
    units = [unit for unit in placed_units(plan) if unit.is_mixed or unit.reverts_live is reverting]
    same = [] if style.full and not style.marked else same_changes(units)
    yield from (same_section(change, planned_words(style), style, intro) for change in same)
    in_same = {id(action) for change in same for unit in change.places for action in unit.actions}
    unit_of = {id(action): unit for unit in units for action in unit.actions if id(action) not in in_same}
    for target in plan.targets:
        own = (action for action in target.actions if id(action) in unit_of)
        actions = [action for action in own if target.reverts_live(action) is reverting]
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
