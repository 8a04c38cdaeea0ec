"""What deployments would publish, and what became of them.

Promise: what lies outside of the plan is shown with its values, because nobody has seen it yet. What the plan itself
writes is only named beside it, because it stands above, and where that is all, one sentence says so.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from reconciler.apply import Published, Result
from reconciler.deployments import Item, StagePlan
from reconciler.models.keys import ResponseKey
from reconciler.models.targets import Target
from reconciler.plan import Plan
from reconciler.render.sections import ReportEntry, Section, api_line, grouped
from reconciler.render.style import Style, Tone, counted, printable
from reconciler.render.values import field_lines, whole_lines
from reconciler.views.tones import RESULT_TONES

SIGNS: Final[dict[str, tuple[str, Tone]]] = {
    "create": ("+", "create"),
    "update": ("~", "update"),
    "delete": ("-", "delete"),
}
_API: Final = "API"


def stage_sections(plan: Plan, stages: Iterable[StagePlan], style: Style) -> Iterator[Section]:
    """What a deployment to each stage would publish, where that is more than what the plan writes."""
    written = {action.key for target in plan.targets for action in target.actions}
    for stage in stages:
        if stage.items and (style.full or not all(_is_planned(item, written) for item in stage.items)):
            groups = grouped(stage.items, _scope, lambda item: _entry(item, written, style), style)
            yield Section(api_line(stage.manifests, stage.target, style), groups, _lead(stage, style))


def _scope(item: Item) -> str:
    return str(item.scope) if item.scope else _API


def _is_planned(item: Item, written: Collection[ResponseKey]) -> bool:
    return not item.outside and item.scope is not None and ResponseKey(item.scope, item.code) in written


def _lead(one: StagePlan, style: Style) -> str:
    now = f"deployment {one.serves}" if one.serves else "nothing"
    return style.paint(
        f"A deployment to stage {printable(one.name)}, which serves {printable(now)}, publishes:", "step"
    )


def _entry(item: Item, written: Collection[ResponseKey], style: Style) -> ReportEntry:
    sign, tone = SIGNS[item.op]
    is_planned = _is_planned(item, written)
    if item.outside:
        told = f"{style.paint('outside the plan:', 'warning')} {printable(item.outside)}"
    elif item.is_awaited:
        told = "the plan waited for this method"
    else:
        told = "as planned" if is_planned else "in the draft already, and as the manifest wants it"
    line = f"{style.paint(f'{sign} {printable(_name(item))}', tone)}  {told}"
    details = () if is_planned and not style.full else tuple(_values(item, style))
    return ReportEntry(line, details, "outside the plan" if item.outside else "to publish")


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


def published_lines(
    published: Iterable[Published], style: Style, where: Callable[[Target], str] = lambda _: ""
) -> Iterator[str]:
    """What became of every stage that was due; `where` is what is said of an API beside the names of its manifests."""
    every = tuple(published)
    for one in every:
        tone: Tone = RESULT_TONES[one.result] if one.is_verified else "error"
        names = ", ".join(one.stage.manifests) + where(one.stage.target)
        what = f"stage {one.stage.name} of {names} back" if one.stage.back_to else f"deploy {names} to {one.stage.name}"
        detail = "; ".join(filter(None, (one.detail or f"deployment {one.after}", one.unlogged)))
        yield f"  {style.paint(f'{one.result:<8}', tone)} {printable(f'{what}: {detail}')}"
    if any(one.result in {Result.FAILED, Result.UNKNOWN} and not one.stage.back_to for one in every):
        yield "The draft is complete, and the next run with --deploy deploys it."
    yield from _not_made_up(every)


def _not_made_up(published: Iterable[Published]) -> Iterator[str]:
    """What the next run cannot know of."""
    unseen = dict.fromkeys(
        item.address for one in published if not one.is_done for item in one.stage.items if item.is_unseen
    )
    if unseen:
        what = ", ".join(map(printable, unseen))
        yield f"No export shows what changes at {what}, so the next run may not deploy it. Roll back, then apply again."


def published_summary(published: Sequence[Published], style: Style) -> str:
    """`deployed to prod`; of a stage of which only some APIs are, how many are not, and of how many nobody knows."""
    of_stage: dict[str, list[Published]] = {}
    for one in published:
        of_stage.setdefault(one.stage.name, []).append(one)
    whole = [name for name, found in of_stage.items() if all(one.is_done for one in found)]
    none = [name for name, found in of_stage.items() if not any(one.is_done or one.is_open for one in found)]
    unseen = [name for name, found in of_stage.items() if all(one.is_open for one in found)]
    is_back = any(one.stage.back_to for one in published)
    did = "taken back:" if is_back else "deployed to"
    parts = [f"{did} {', '.join(map(printable, whole))}"] if whole else []
    parts += [
        _partly(name, found, style, is_back=is_back)
        for name, found in of_stage.items()
        if name not in {*whole, *none, *unseen}
    ]
    what = "return of stage" if is_back else "deployment to"
    parts += [style.paint(f"{what} {', '.join(map(printable, unseen))} not verified", "error")] if unseen else []
    parts += [style.paint(f"not {did} {', '.join(map(printable, none))}", "error")] if none else []
    return "; ".join(parts)


def _partly(name: str, published: Sequence[Published], style: Style, *, is_back: bool) -> str:
    """`1 of 4 APIs deployed to live; 3 not deployed`."""
    done = sum(one.is_done for one in published)
    unseen = sum(one.is_open for one in published)
    did, where = ("taken back", "at") if is_back else ("deployed", "to")
    counts = ((len(published) - done - unseen, f"not {did}"), (unseen, "not verified"))
    rest = "".join(f"; {style.paint(f'{count:,} {what}', 'error')}" for count, what in counts if count)
    return f"{done:,} of {counted(len(published), 'API')} {did} {where} {printable(name)}{rest}"


def _going_back(one: StagePlan, where: Callable[[Target], str]) -> str:
    return f"{one.name} of {', '.join(one.manifests)}{where(one.target)} from {one.serves or 'none'} to {one.back_to}"


def due_summary(
    plan: Plan, stages: Iterable[StagePlan], style: Style, where: Callable[[Target], str] = lambda _: ""
) -> str:
    """What would be deployed, in a sentence; "" where deploying was not asked for."""
    every = tuple(stages)
    due = [one for one in every if one.is_due]
    back = [printable(_going_back(one, where)) for one in due if one.back_to]
    if back:
        return f" Stages that go back: {style.paint(', '.join(back), 'step')}."
    if not due:
        return " Nothing to deploy." if every and all(one.can_deploy or one.deploys_itself for one in every) else ""
    names = ", ".join(dict.fromkeys(printable(one.name) for one in due))
    return f" Deploying to {style.paint(names, 'step')} {_extent(plan, due)}."


def _extent(plan: Plan, due: Sequence[StagePlan]) -> str:
    """How much these deployments publish, compared with the plan."""
    items = [item for one in due for item in one.items]
    if any(item.outside for item in items):
        return "also publishes changes outside the plan"
    if any(one.untold or not one.is_known for one in due):
        return "may publish more than is shown"
    written = {action.key for target in plan.targets for action in target.actions}
    is_all = all(_is_planned(item, written) for item in items)
    return "publishes only this plan" if is_all else "publishes only what the manifests want"
