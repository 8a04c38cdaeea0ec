"""What deployments would publish, and the results of deployments.

Items outside the plan are shown with their values, because nobody has reviewed them yet. Items that the plan itself
writes are only named, because the plan above shows them; where there is nothing else, one sentence says so.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

from reconciler.apply import ActionResult, Published
from reconciler.deployments import Item, StagePlan
from reconciler.models.keys import ResponseKey
from reconciler.models.targets import Kind, Target
from reconciler.plan import Plan
from reconciler.plan.actions import Op
from reconciler.render.grouping import shared
from reconciler.render.junit import Case, Suite
from reconciler.render.remarks import Remark
from reconciler.render.sections import Group, ReportEntry, Section, api_line, grouped
from reconciler.render.style import Style, Tone, plural, printable
from reconciler.render.values import field_lines, whole_lines
from reconciler.rules import ResultRule
from reconciler.views.result_styles import RESULT_LEVELS, RESULT_STATUSES, RESULT_TONES
from reconciler.views.same import SamePlace, place_entries, same_title, value_entries

SIGNS: Final[Mapping[Op, tuple[str, Tone]]] = {
    "create": ("+", "create"),
    "update": ("~", "update"),
    "delete": ("-", "delete"),
}
"""The sign of what is created, updated and deleted, and its tone."""

_API: Final = "API"
_ACCEPTED: Final = frozenset((ActionResult.APPLIED, ActionResult.SKIPPED))
"""The results of a deployment that AWS accepted."""


def stage_sections(plan: Plan, stages: Iterable[StagePlan], style: Style) -> Iterator[Section]:
    """Yield what a deployment to each stage would publish, where that is more than what the plan writes.

    What is the same on many methods, and for stages of the same name, is shown once; in a full text, stage by stage.
    """
    written = {action.key for target in plan.targets for action in target.actions}
    shown = [
        stage
        for stage in stages
        if stage.items and (style.full or not all(_is_planned(item, written) for item in stage.items))
    ]
    entries = {id(item): _entry(item, written, style) for stage in shown for item in stage.items}
    placed = ((stage, item) for stage in shown for item in stage.items if item.scope)
    is_each = style.full and not style.marked
    same = [] if is_each else shared((_content(*place, entries[id(place[1])].line), place) for place in placed)
    yield from (_same_section(group.places, entries[id(group.places[0][1])], style) for group in same)
    in_same = {(id(stage), id(item)) for group in same for stage, item in group.places}
    for stage in shown:
        rest = [item for item in stage.items if (id(stage), id(item)) not in in_same]
        if rest:
            groups = grouped(rest, _scope, lambda item: entries[id(item)], style)
            yield Section(api_line(stage.manifests, stage.target, style), groups, _intro(stage, style))


_StageItem: TypeAlias = tuple[StagePlan, Item]


def _content(stage: StagePlan, item: Item, line: str) -> Hashable:
    """What is published, regardless of where; a line says all but the values."""
    return stage.name, stage.target.kind, line, item.changes


def _same_section(placed: Sequence[_StageItem], entry: ReportEntry, style: Style) -> Section:
    stage = placed[0][0]
    places = [
        SamePlace(item.address.partition(": ")[0], item.address, site.target.environment or "", site.target.region)
        for site, item in placed
    ]
    noun = "integration" if stage.target.kind is Kind.WEBSOCKET_API else "method"
    values = value_entries(entry.details, entry.counts_as)
    group = Group(entry.line, (*values, *place_entries(places, entry.counts_as, style)))
    intro = style.paint(f"Deployments to stage {printable(stage.name)} publish:", "step")
    return Section(same_title("change", noun, places, style), (group,), intro)


def _scope(item: Item) -> str:
    return str(item.scope) if item.scope else _API


def _is_planned(item: Item, written: Collection[ResponseKey]) -> bool:
    return not item.outside and item.scope is not None and ResponseKey(item.scope, item.code) in written


def _intro(stage: StagePlan, style: Style) -> str:
    served = f"now serves deployment {stage.serves}" if stage.serves else "serves nothing yet"
    return style.paint(f"A deployment to stage {printable(stage.name)}, which {printable(served)}, publishes:", "step")


def _entry(item: Item, written: Collection[ResponseKey], style: Style) -> ReportEntry:
    sign, tone = SIGNS[item.op]
    is_planned = _is_planned(item, written)
    line = f"{style.paint(f'{sign} {printable(_name(item))}', tone)}  {_origin(item, style, is_planned=is_planned)}"
    details = () if is_planned and not style.full else tuple(_values(item, style))
    return ReportEntry(line, details, "outside the plan" if item.outside else "to publish")


def _origin(item: Item, style: Style, *, is_planned: bool) -> str:
    """Why the item is among what is published."""
    if item.outside:
        return f"{style.paint('outside the plan:', 'warning')} {printable(item.outside)}"
    if item.is_awaited:
        return "the plan was waiting for this method"
    return "as planned" if is_planned else "already in the draft, as in the manifest"


def _name(item: Item) -> str:
    match item.subject:
        case "response":
            return item.code
        case "methodResponse":
            return f"{item.code} (method response)"
        case "method" | "integration" | "access":
            return item.subject
        case "responses" | "api" | "model" | "requestValidator" | "gatewayResponse":
            return item.address.partition(": ")[2]


def _values(item: Item, style: Style) -> Iterator[str]:
    lines = field_lines if item.op == "update" else whole_lines
    return chain.from_iterable(lines(change, style) for change in item.changes)


def due_summary(plan: Plan, stages: Iterable[StagePlan], style: Style, note: Callable[[Target], str]) -> str:
    """Say in a sentence what would be deployed; "" where a deployment was not asked for.

    `note` tells an API from those of the same name in other environments and regions.
    """
    every = tuple(stages)
    due = [stage for stage in every if stage.is_due]
    back = [printable(_rollback(stage, note)) for stage in due if stage.back_to]
    if back:
        return f" Stages to roll back: {style.paint(', '.join(back), 'step')}."
    if not due:
        can_all_deploy = all(stage.can_deploy or stage.deploys_itself for stage in every)
        return " Nothing to deploy." if every and can_all_deploy else ""
    names = ", ".join(dict.fromkeys(printable(stage.name) for stage in due))
    return f" Deploying to {style.paint(names, 'step')} {_extent(plan, due)}."


def _rollback(stage: StagePlan, note: Callable[[Target], str]) -> str:
    names = ", ".join(stage.manifests) + note(stage.target)
    return f"{stage.name} of {names} from {stage.serves or 'none'} to {stage.back_to}"


def _extent(plan: Plan, due: Sequence[StagePlan]) -> str:
    """How much these deployments publish, compared with the plan."""
    items = [item for stage in due for item in stage.items]
    if any(item.outside for item in items):
        return "also publishes changes outside the plan"
    if any(stage.not_compared or not stage.is_known for stage in due):
        return "may publish more than is shown"
    written = {action.key for target in plan.targets for action in target.actions}
    is_all = all(_is_planned(item, written) for item in items)
    return "publishes only this plan" if is_all else "publishes only what is in the manifests"


def published_lines(
    published: Sequence[Published], style: Style, note: Callable[[Target], str] = lambda _: ""
) -> Iterator[str]:
    """Yield the result of every stage that was due, and what the next run does about those that failed."""
    for deployment in published:
        yield _published_line(deployment, style, note)
    if any(deployment.result in _UNDONE and not deployment.stage.back_to for deployment in published):
        yield "The draft is complete. The next run with --deploy deploys it."
    yield from _not_exported_lines(published)


_UNDONE: Final = frozenset((ActionResult.FAILED, ActionResult.UNKNOWN))


def _published_line(deployment: Published, style: Style, note: Callable[[Target], str]) -> str:
    stage = deployment.stage
    tone: Tone = RESULT_TONES[deployment.result] if deployment.is_verified else "error"
    names = ", ".join(stage.manifests) + note(stage.target)
    what = f"roll back stage {stage.name} of {names}" if stage.back_to else f"deploy {names} to {stage.name}"
    detail = "; ".join(filter(None, (deployment.detail or f"deployment {deployment.after}", deployment.unlogged)))
    return f"  {style.paint(f'{deployment.result:<8}', tone)} {printable(f'{what}: {detail}')}"


def _not_exported_lines(published: Iterable[Published]) -> Iterator[str]:
    """What the next run cannot detect."""
    not_exported = dict.fromkeys(
        item.address
        for deployment in published
        if not deployment.is_done
        for item in deployment.stage.items
        if item.is_not_exported
    )
    if not_exported:
        what = ", ".join(map(printable, not_exported))
        unknown = f"AWS does not export what changes at {what}, so the next run may not deploy it."
        yield f"{unknown} Roll back, then apply again."


def published_summary(published: Sequence[Published], style: Style) -> str:
    """Summarise by stage: `deployed to prod`, and for a stage that only some APIs reached, how many did not."""
    by_stage: dict[str, list[Published]] = {}
    for deployment in published:
        by_stage.setdefault(deployment.stage.name, []).append(deployment)
    whole = [name for name, members in by_stage.items() if all(member.is_done for member in members)]
    none = [
        name
        for name, members in by_stage.items()
        if not any(deployment.is_done or deployment.is_open for deployment in members)
    ]
    unverified = [name for name, members in by_stage.items() if all(member.is_open for member in members)]
    is_back = any(deployment.stage.back_to for deployment in published)
    verb = "rolled back" if is_back else "deployed to"
    parts = [f"{verb} {_names(whole)}"] if whole else []
    parts += [
        _partly(name, members, style, is_back=is_back)
        for name, members in by_stage.items()
        if name not in {*whole, *none, *unverified}
    ]
    what = "rollback of" if is_back else "deployment to"
    parts += [style.paint(f"{what} {_names(unverified)} not verified", "error")] if unverified else []
    parts += [style.paint(f"not {verb} {_names(none)}", "error")] if none else []
    return "; ".join(parts)


def _names(stages: Iterable[str]) -> str:
    return ", ".join(map(printable, stages))


def _partly(name: str, published: Sequence[Published], style: Style, *, is_back: bool) -> str:
    """`1 of 4 APIs deployed to live; 3 not deployed`."""
    done = sum(deployment.is_done for deployment in published)
    unverified = sum(deployment.is_open for deployment in published)
    verb, preposition = ("rolled back", "on") if is_back else ("deployed", "to")
    counts = ((len(published) - done - unverified, f"not {verb}"), (unverified, "not verified"))
    rest = "".join(f"; {style.paint(f'{count:,} {what}', 'error')}" for count, what in counts if count)
    return f"{done:,} of {plural(len(published), 'API')} {verb} {preposition} {printable(name)}{rest}"


def published_remarks(published: Iterable[Published], plan: Plan) -> Iterator[Remark]:
    """Yield a remark for each stage that does not serve what it should, at the manifest of its API."""
    for deployment in published:
        if not deployment.is_done:
            names, stage = ", ".join(deployment.stage.manifests), deployment.stage.name
            targets = (target for target in plan.targets if target.target == deployment.stage.target)
            location = next((target.desired.manifests[0].location for target in targets), None)
            result = "unverified" if deployment.result in _ACCEPTED else deployment.result.value
            detail = f": {deployment.detail}" if deployment.detail else ""
            message = f"{result}: deploy {names} to {stage}{detail}"
            level = RESULT_LEVELS.get(deployment.result, "error")
            yield Remark(level, ResultRule.of(f"deploy/{result}"), message, "", location, f"{names} {stage}")


def published_suite(published: Iterable[Published]) -> Suite:
    """Return a case for each stage that was due."""
    return Suite("deployment", [_published_case(deployment) for deployment in published])


def _published_case(deployment: Published) -> Case:
    name = f"{', '.join(deployment.stage.manifests)} to {deployment.stage.name}"
    details = tuple(filter(None, (deployment.detail,)))
    if deployment.is_done:
        return Case(name, details=details)
    message = deployment.detail or str(deployment.result)
    if deployment.result in _ACCEPTED:
        return Case(name, "error", message, ResultRule.DEPLOY_UNVERIFIED, details)
    rule = ResultRule.of(f"deploy/{deployment.result}")
    return Case(name, RESULT_STATUSES[deployment.result], message, rule, details)
