"""The lines of a plan, grouped by API and method, in the order in which the actions run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

from reconciler.deployments import StagePlan
from reconciler.diff import FieldChange, field_changes
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import Response, RestResponse, WebSocketResponse
from reconciler.models.targets import Kind
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import (
    Action,
    Step,
    declared_parameters,
    response_after,
    response_before,
    response_changes,
)
from reconciler.plan.causes import Cause
from reconciler.render.sections import ReportEntry, Section, grouped, section_lines
from reconciler.render.style import Style, Tone, file_line, plural, printable
from reconciler.render.values import field_lines, value_text, whole_lines
from reconciler.views.deploy import SIGNS, stage_sections
from reconciler.views.targets import target_line

_PATTERN: Final = "selectionPattern"


def plan_lines(plan: Plan, style: Style, stages: Sequence[StagePlan] = ()) -> Iterator[str]:
    """Yield every action in the order in which it runs, then what would be deployed."""
    for section in (*plan_sections(plan, style), *stage_sections(plan, stages, style)):
        yield from section_lines(section)
        yield ""


def plan_sections(plan: Plan, style: Style) -> Iterator[Section]:
    """Yield the actions API by API; what does not change is left out."""
    for target in plan.targets:
        yield from _by_cause(target, style)
        if target.deferred:
            yield deferred_section(target, style)


def _by_cause(target: TargetPlan, style: Style) -> Iterator[Section]:
    """An API's actions, with those that revert changes made in AWS in a section of their own."""
    for reverting, intro in ((False, ""), (True, "Reverts changes made directly in AWS:")):
        actions = [action for action in target.actions if target.reverts_live(action) is reverting]
        if actions:
            heading = style.paint(intro, "warning") if intro else ""
            yield action_section(target, actions, style, heading, _notes(target))


_Note: TypeAlias = Callable[[Action], str]


def _notes(target: TargetPlan) -> _Note:
    """Return what to add to an action's reason: that it has two causes, and its position among the writes.

    The writes of one method run in a fixed order. The position is shown where the sections do not follow that order.
    """
    by_method: dict[Scope, list[Action]] = {}
    for action in target.actions:
        by_method.setdefault(action.key.scope, []).append(action)

    def note(action: Action) -> str:
        writes = by_method[action.key.scope]
        as_shown = sorted(writes, key=target.reverts_live)
        position = next(number for number, write in enumerate(writes, start=1) if write is action)
        is_moved = any(shown is not write for shown, write in zip(as_shown, writes, strict=True))
        parts = (
            "this branch changes it too" if target.cause(action) is Cause.BOTH else "",
            f"write {position} of {len(writes)}" if is_moved else "",
        )
        return "; ".join(filter(None, parts))

    return note


def action_section(
    target: TargetPlan, actions: Iterable[Action], style: Style, intro: str = "", note: _Note = lambda _: ""
) -> Section:
    """Return these actions of an API by method; `note` gives what to add to an action's reason."""
    groups = grouped(
        actions,
        lambda action: str(action.key.scope),
        lambda action: action_entry(target.desired, action, style, note(action), target.reason(action)),
        style,
    )
    return Section(target_line(target.target, target.desired.manifests, style), groups, intro)


def deferred_section(target: TargetPlan, style: Style) -> Section:
    """Return the responses that wait until their method exists."""
    groups = grouped(
        target.deferred,
        lambda deferred: str(deferred.key.scope),
        lambda deferred: _deferred_entry(target.desired, deferred, style),
        style,
    )
    what = "integration" if target.target.kind is Kind.WEBSOCKET_API else "method"
    intro = style.paint(f"Deferred until the {what} exists:", "step")
    return Section(target_line(target.target, target.desired.manifests, style), groups, intro)


def _deferred_entry(desired: Desired, deferred: Deferred, style: Style) -> ReportEntry:
    """With its values: this is the only place where they are reviewed."""
    source = deferred.source and (_source(desired, deferred.key, "") or file_line(deferred.source))
    suffix = style.paint(f"  {source}", "faint") if source else ""
    line = f"{style.paint(f'+ {printable(deferred.key.code)}', 'create')}  {printable(deferred.reason)}{suffix}"
    changes = _with_default(deferred.after, field_changes(None, deferred.after), FieldChange(_PATTERN, None, ""))
    return ReportEntry(line, tuple(_all_traced(desired, deferred.key, changes, style, whole_lines)), "deferred")


def action_entry(desired: Desired, action: Action, style: Style, note: str = "", reason: str = "") -> ReportEntry:
    """Return what an action does, why (`reason`, else the action's own), and its values."""
    sign, tone = _sign(action)
    source = style.paint(f"  {_source(desired, action.key, '')}", "faint") if action.source else ""
    why = f"{printable(reason or action.reason)}{f' ({note})' if note else ''}"
    line = f"{style.paint(f'{sign} {printable(action.key.code)}', tone)}  {why}{source}"
    counted_as = "in extra steps" if action.step else f"to {action.op}"
    return ReportEntry(line, tuple(_details(desired, action, style)), counted_as)


def _details(desired: Desired, action: Action, style: Style) -> Iterable[str]:
    if action.step:
        return _step_details(action, style)
    before, after, changes = response_before(action), response_after(action), response_changes(action)
    if after is None:
        return _deleted(before, changes, style) if before else ()
    if before is None:
        whole = _with_default(after, changes, FieldChange(_PATTERN, None, ""))
        return _all_traced(desired, action.key, whole, style, whole_lines)
    return _all_traced(desired, action.key, changes, style, field_lines)


def _step_details(action: Action, style: Style) -> Iterable[str]:
    match action.step, response_after(action):
        case "park", RestResponse(selection_pattern=pattern):
            return [f"stored for now under the pattern {printable(pattern)}, which never matches"]
        case _:
            return [f"{style.paint('+', 'create')} {printable(name)}" for name in declared_parameters(action)]


def _deleted(before: Response, changes: Sequence[FieldChange], style: Style) -> Iterable[str]:
    if not style.full:
        return [_was(before)]
    whole = _with_default(before, changes, FieldChange(_PATTERN, "", None))
    return chain.from_iterable(whole_lines(change, style) for change in whole)


_Lines: TypeAlias = Callable[[FieldChange, Style], Iterator[str]]


def _all_traced(
    desired: Desired, key: ResponseKey, changes: Iterable[FieldChange], style: Style, lines: _Lines
) -> Iterator[str]:
    return chain.from_iterable(_traced(desired, key, change, style, lines) for change in changes)


def _traced(desired: Desired, key: ResponseKey, change: FieldChange, style: Style, lines: _Lines) -> Iterator[str]:
    """A value's lines; the first names the set that the value came from, and in full style where it is written."""
    is_shown = change.after is not None and (style.full or desired.set_of(key, change.path))
    source = _source(desired, key, change.path) if is_shown else ""
    if source == _source(desired, key, ""):
        source = ""  # the response's own line shows it
    tail = style.paint(f"  ({source})", "faint") if source else ""
    first, *rest = lines(change, style)
    yield first + tail
    yield from rest


def _source(desired: Desired, key: ResponseKey, path: str) -> str:
    """The place where a value is written, and in which set."""
    location, from_set = desired.origin(key, path), desired.set_of(key, path)
    return f"{f'set {printable(from_set)}, ' if from_set else ''}{file_line(location) if location else ''}"


def _with_default(response: Response, changes: Sequence[FieldChange], unset: FieldChange) -> Sequence[FieldChange]:
    """The fields of a whole response; the default response of a REST method starts with a line that says so."""
    is_default = isinstance(response, RestResponse) and not response.selection_pattern
    return (unset, *changes) if is_default else changes


def _was(before: Response) -> str:
    """What a deletion removes, on one line."""
    counts = ((len(before.response_parameters), "header"), (len(before.response_templates), "template"))
    parts = [_selected(before), *(plural(number, word) for number, word in counts if number)]
    return f"was {', '.join(part for part in parts if part) or 'empty'}"


def _selected(before: Response) -> str:
    match before:
        case RestResponse(selection_pattern=pattern):
            return f"selectionPattern {value_text('selectionPattern', pattern)}" if pattern else "the default response"
        case WebSocketResponse(template_selection_expression=expression):
            path = "templateSelectionExpression"
            return f"{path} {value_text(path, expression)}" if expression else ""


_STEPS: Final[Mapping[Step, str]] = {
    "park": "> park",
    "replace": "> delete",
    "methodResponse": "> declare",
    "routeResponse": "> two-way",
}


def _sign(action: Action) -> tuple[str, Tone]:
    return (_STEPS[action.step], "step") if action.step else SIGNS[action.op]
