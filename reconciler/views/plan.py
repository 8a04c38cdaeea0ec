"""A plan, grouped by API and method, in the order in which it would run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

from reconciler.deployments import StagePlan
from reconciler.diagnostics import Diagnostic, any_error
from reconciler.diff import FieldChange, field_changes
from reconciler.guard import Verdict
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import Response, RestResponse, WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.plan import Plan, Summary, TargetPlan, summarise
from reconciler.plan.actions import (
    Action,
    Op,
    Step,
    declared_parameters,
    response_after,
    response_before,
    response_changes,
)
from reconciler.plan.causes import Cause
from reconciler.render.sections import Report, ReportEntry, Section, api_line, grouped, section_lines
from reconciler.render.style import Style, Tone, counted, place, printable
from reconciler.render.values import field_lines, shown, whole_lines
from reconciler.views.deploy import due_summary, stage_sections
from reconciler.views.problems import diagnostic_lines, refusal_lines


def plan_report(
    plan: Plan,
    diagnostics: Sequence[Diagnostic],
    verdict: Verdict,
    style: Style,
    stages: Sequence[StagePlan] = (),
) -> str:
    """The whole text of a plan: the actions, what would be deployed, what stands against them, the summary."""
    lines = [] if style.quiet else list(plan_lines(plan, style, stages))
    problems = [diagnostic for diagnostic in diagnostics if diagnostic.is_error or not style.quiet]
    lines.extend(diagnostic_lines(problems, style))
    lines.extend(refusal_lines(verdict.refusals, verdict.waivers, style))
    is_empty = plan.is_empty and not any(stage.is_due for stage in stages)
    if style.quiet and is_empty and not plan.deferred and not lines:
        return ""
    if lines and lines[-1]:
        lines.append("")
    lines.extend(environment_lines(plan, style))
    last = _last_line(plan, style, is_empty=is_empty, errors=any_error(diagnostics), refused=bool(verdict.refusals))
    return "\n".join([*lines, last + due_summary(plan, stages, style, site_notes(plan, stages))])


def plan_parts(
    plan: Plan, diagnostics: Sequence[Diagnostic], verdict: Verdict, style: Style, stages: Sequence[StagePlan] = ()
) -> Report:
    """The same as a report for other formats than text."""
    errors, refused = any_error(diagnostics), bool(verdict.refusals)
    is_empty = plan.is_empty and not any(stage.is_due for stage in stages)
    last = _last_line(plan, style, is_empty=is_empty, errors=errors, refused=refused)
    return Report(
        verdict="errors" if errors else "refused" if refused else _news(plan, is_empty=is_empty),
        summary=last + due_summary(plan, stages, style, site_notes(plan, stages)),
        sections=(*plan_sections(plan, style), *stage_sections(plan, stages, style)),
        problems=(*diagnostic_lines(diagnostics, style), *refusal_lines(verdict.refusals, verdict.waivers, style)),
        notes=tuple(environment_lines(plan, style)),
    )


def _news(plan: Plan, *, is_empty: bool) -> str:
    return "changes" if not is_empty else "deferred" if plan.deferred else "no changes"


def _last_line(plan: Plan, style: Style, *, is_empty: bool, errors: bool, refused: bool) -> str:
    if is_empty and errors:
        return style.paint("No plan was made. Fix the errors above.", "error")
    if is_empty and refused:
        return style.paint("Plan refused.", "error")
    why_not = "Plan with errors, not to be applied" if errors else "Plan refused" if refused else ""
    lead = style.paint(why_not, "error") if why_not else "Plan"
    return plan_summary(plan.summary, style, lead=lead, may_run=not why_not)


def plan_lines(plan: Plan, style: Style, stages: Sequence[StagePlan] = ()) -> Iterator[str]:
    """Every action, in the order in which it would run, and what would be deployed afterwards."""
    for section in (*plan_sections(plan, style), *stage_sections(plan, stages, style)):
        yield from section_lines(section)
        yield ""


def plan_sections(plan: Plan, style: Style) -> Iterator[Section]:
    """The same, API by API; what would not change is not named."""
    for target in plan.targets:
        yield from _by_cause(target, style)
        if target.deferred:
            yield deferred_section(target, style)


def _by_cause(one: TargetPlan, style: Style) -> Iterator[Section]:
    """The actions of an API, and apart from them those that undo what was changed in AWS."""
    for reverting, lead in ((False, ""), (True, "Reverts changes made directly in AWS:")):
        actions = [action for action in one.actions if one.reverts_live(action) is reverting]
        if actions:
            yield action_section(one, actions, style, style.paint(lead, "warning") if lead else "", _notes(one))


_Note: TypeAlias = Callable[[Action], str]


def _notes(one: TargetPlan) -> _Note:
    """What is to be said of an action beside its reason: that it has two causes, and when its turn is.

    Writes of one method run in their order; where they do not stand in it, they have to say so.
    """
    of_method: dict[Scope, list[Action]] = {}
    for action in one.actions:
        of_method.setdefault(action.key.scope, []).append(action)

    def note(action: Action) -> str:
        writes = of_method[action.key.scope]
        as_shown = sorted(writes, key=one.reverts_live)
        turn = next(number for number, write in enumerate(writes, start=1) if write is action)
        is_moved = any(shown is not write for shown, write in zip(as_shown, writes, strict=True))
        parts = (
            "this branch changes it too" if one.cause(action) is Cause.BOTH else "",
            f"write {turn} of {len(writes)}" if is_moved else "",
        )
        return "; ".join(filter(None, parts))

    return note


def action_section(
    one: TargetPlan, actions: Iterable[Action], style: Style, lead: str = "", note: _Note = lambda _: ""
) -> Section:
    """These actions of an API, by method; `note` is what is said of each beside its reason."""
    groups = grouped(
        actions,
        lambda action: str(action.key.scope),
        lambda action: action_entry(one.desired, action, style, note(action), one.reason(action)),
        style,
    )
    return Section(target_line(one.target, one.desired, style), groups, lead)


def deferred_section(one: TargetPlan, style: Style) -> Section:
    """What waits until its method exists."""
    groups = grouped(
        one.deferred,
        lambda deferred: str(deferred.key.scope),
        lambda deferred: _deferred_entry(one.desired, deferred, style),
        style,
    )
    what = "integration" if one.target.kind is Kind.WEBSOCKET_API else "method"
    lead = style.paint(f"Deferred until the {what} exists:", "step")
    return Section(target_line(one.target, one.desired, style), groups, lead)


def _deferred_entry(desired: Desired, found: Deferred, style: Style) -> ReportEntry:
    """With its values: they are reviewed here or nowhere."""
    where = style.paint(f"  {_written(desired, found.key, '') or place(found.source)}", "faint") if found.source else ""
    line = f"{style.paint(f'+ {printable(found.key.code)}', 'create')}  {printable(found.reason)}{where}"
    changes = _with_pattern(found.after, field_changes(None, found.after), FieldChange("selectionPattern", None, ""))
    return ReportEntry(line, tuple(_all_traced(desired, found.key, changes, style, whole_lines)), "deferred")


def target_line(target: Target, desired: Desired, style: Style) -> str:
    """An API: by which manifests, where."""
    return api_line([manifest.name for manifest in desired.manifests], target, style)


def action_entry(desired: Desired, action: Action, style: Style, note: str = "", reason: str = "") -> ReportEntry:
    """What an action does, why (`reason`, else its own), and to which values."""
    sign, tone = _sign(action)
    where = style.paint(f"  {_written(desired, action.key, '')}", "faint") if action.source else ""
    why = f"{printable(reason or action.reason)}{f' ({note})' if note else ''}"
    line = f"{style.paint(f'{sign} {printable(action.key.code)}', tone)}  {why}{where}"
    word = "in extra steps" if action.step else f"to {action.op}"
    return ReportEntry(line, tuple(_details(desired, action, style)), word)


def _details(desired: Desired, action: Action, style: Style) -> Iterable[str]:
    if action.step:
        return _step_details(action, style)
    before, after, changes = response_before(action), response_after(action), response_changes(action)
    if after is None:
        return _deleted(before, changes, style) if before else ()
    if before is None:
        whole = _with_pattern(after, changes, FieldChange("selectionPattern", None, ""))
        return _all_traced(desired, action.key, whole, style, whole_lines)
    return _all_traced(desired, action.key, changes, style, field_lines)


def _step_details(action: Action, style: Style) -> Iterable[str]:
    match action.step, response_after(action):
        case "park", RestResponse(selection_pattern=pattern):
            return [f"put for now under the pattern {printable(pattern)}, which never matches"]
        case _:
            return [f"{style.paint('+', 'create')} {printable(name)}" for name in declared_parameters(action)]


def _deleted(before: Response, changes: Sequence[FieldChange], style: Style) -> Iterable[str]:
    if not style.full:
        return [_was(before)]
    whole = _with_pattern(before, changes, FieldChange("selectionPattern", "", None))
    return chain.from_iterable(whole_lines(change, style) for change in whole)


_Lines: TypeAlias = Callable[[FieldChange, Style], Iterator[str]]


def _all_traced(
    desired: Desired, key: ResponseKey, changes: Iterable[FieldChange], style: Style, lines: _Lines
) -> Iterator[str]:
    return chain.from_iterable(_traced(desired, key, change, style, lines) for change in changes)


def _traced(desired: Desired, key: ResponseKey, change: FieldChange, style: Style, lines: _Lines) -> Iterator[str]:
    """A value's lines; where it came from a set its first line says which, and with the full style each says where."""
    traced = change.after is not None and (style.full or desired.set_of(key, change.path))
    written = _written(desired, key, change.path) if traced else ""
    if written == _written(desired, key, ""):
        written = ""  # said of the response
    tail = style.paint(f"  ({written})", "faint") if written else ""
    first, *rest = lines(change, style)
    yield first + tail
    yield from rest


def _written(desired: Desired, key: ResponseKey, path: str) -> str:
    """Where a value stands, and in which set."""
    location, from_set = desired.origin(key, path), desired.set_of(key, path)
    return f"{f'set {printable(from_set)}, ' if from_set else ''}{place(location) if location else ''}"


def _with_pattern(response: Response, changes: Sequence[FieldChange], unset: FieldChange) -> Sequence[FieldChange]:
    """The fields of a whole response: of a REST response, that it is the default one is said too."""
    is_default = isinstance(response, RestResponse) and not response.selection_pattern
    return (unset, *changes) if is_default else changes


def _was(before: Response) -> str:
    """What a deletion takes away, in a line."""
    counts = ((len(before.response_parameters), "header"), (len(before.response_templates), "template"))
    held = [_selected(before), *(counted(number, word) for number, word in counts if number)]
    return f"was {', '.join(one for one in held if one) or 'empty'}"


def _selected(before: Response) -> str:
    match before:
        case RestResponse(selection_pattern=pattern):
            return f"selectionPattern {shown('selectionPattern', pattern)}" if pattern else "the default response"
        case WebSocketResponse(template_selection_expression=expression):
            path = "templateSelectionExpression"
            return f"{path} {shown(path, expression)}" if expression else ""


_SIGNS: Final[Mapping[Op, tuple[str, Tone]]] = {
    "create": ("+", "create"),
    "update": ("~", "update"),
    "delete": ("-", "delete"),
}
_STEPS: Final[Mapping[Step, str]] = {"park": "> park", "replace": "> delete", "methodResponse": "> declare"}


def _sign(action: Action) -> tuple[str, Tone]:
    return (_STEPS[action.step], "step") if action.step else _SIGNS[action.op]


def plan_summary(summary: Summary, style: Style, *, lead: str = "Plan", may_run: bool = True) -> str:
    """The last line of a plan."""
    rest = _left_alone(summary) + (f" {summary.deferred:,} deferred." if summary.deferred else "")
    if not summary.changes and not summary.steps:
        if not may_run:
            return f"{lead}. {rest}"
        lead = style.paint("Nothing to write yet.", "step") if summary.deferred else style.paint("No changes.", "good")
        return f"{lead} {rest}"
    return f"{lead}: {_changes(summary, style)}. {rest}"


def _changes(summary: Summary, style: Style) -> str:
    parts = [
        style.paint(f"{summary.create:,} to create", "create" if summary.create else "faint"),
        style.paint(f"{summary.update:,} to update", "update" if summary.update else "faint"),
        style.paint(f"{summary.delete:,} to delete", "delete" if summary.delete else "faint"),
    ]
    steps = f" ({counted(summary.steps, 'extra step')})" if summary.steps else ""
    undone = f"{summary.reverts:,} undo changes" if summary.reverts != 1 else "1 undoes a change"
    reverts = f", of which {style.paint(f'{undone} made in AWS', 'warning')}" if summary.reverts else ""
    return f"{', '.join(parts)}{steps}{reverts}"


def environment_lines(plan: Plan, style: Style) -> Iterator[str]:
    """What is to be done in each environment and region, where a plan is for several; one without changes as well."""
    groups: dict[str, list[TargetPlan]] = {}
    for target in plan.targets:
        groups.setdefault(site_name(target.target), []).append(target)
    for name, targets in groups.items() if len(groups) > 1 else ():
        summary = summarise(targets)
        parts = [_changes(summary, style)] if summary.changes or summary.steps else []
        parts += [f"{summary.deferred:,} deferred"] if summary.deferred else []
        yield f"  {printable(name)}: {', '.join(parts) or style.paint('no changes', 'good')}"


def site_notes(plan: Plan, stages: Iterable[StagePlan] = ()) -> Callable[[Target], str]:
    """What is to be said of an API beside an address: where it is, if a run is about several places, which share it."""
    targets = [*(one.target for one in plan.targets), *(stage.target for stage in stages)]
    is_one = len(set(map(site_name, targets))) <= 1
    return lambda target: "" if is_one else f" ({site_name(target)})"


def site_name(target: Target) -> str:
    """Where an API is, as a person would call it: `prod, eu-west-1`."""
    return ", ".join(filter(None, (target.environment, target.region)))


def _left_alone(summary: Summary) -> str:
    text = f"{summary.unchanged:,} unchanged"
    if summary.unselected:
        text += f", {summary.unselected:,} not selected"
    if summary.ignored:
        text += f", {summary.ignored:,} ignored"
    if summary.unmanaged:
        text += f", {summary.unmanaged:,} unmanaged"
    if summary.unmanaged_methods:
        text += f" ({_unmanaged_methods(summary)})"
    return f"{text}."


def _unmanaged_methods(summary: Summary) -> str:
    integrations = summary.unmanaged_integrations
    methods = summary.unmanaged_methods - integrations
    parts = [counted(methods, "method")] if methods else []
    parts += [counted(integrations, "integration")] if integrations else []
    return f"{' and '.join(parts)} that no manifest lists"
