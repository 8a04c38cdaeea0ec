"""A plan, grouped by API and method, in the order in which it would run."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import assert_never

from reconciler.diagnostics import Diagnostic, any_error
from reconciler.guard import Verdict
from reconciler.models.desired import Desired
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Target
from reconciler.plan import Plan, Summary, TargetPlan
from reconciler.plan.actions import (
    Action,
    CreateMethodResponse,
    CreateResponse,
    DeleteResponse,
    ExtendMethodResponse,
    ParkResponse,
    UpdateResponse,
)
from reconciler.render.problems import diagnostic_lines, refusal_lines
from reconciler.render.style import Style, Tone, counted, place, printable
from reconciler.render.values import field_lines, shown, whole_lines


def plan_report(
    plan: Plan,
    diagnostics: Sequence[Diagnostic],
    verdict: Verdict,
    style: Style,
) -> str:
    """The whole text of a plan: the actions, what stands against them, the summary."""
    lines = [] if style.quiet else list(plan_lines(plan, style))
    problems = [one for one in diagnostics if one.is_error or not style.quiet]
    lines.extend(diagnostic_lines(problems, style))
    lines.extend(refusal_lines(verdict.refusals, verdict.waivers, style))
    if style.quiet and plan.is_empty and not lines:
        return ""
    if lines and lines[-1]:
        lines.append("")
    return "\n".join([*lines, _last_line(plan, style, errors=any_error(diagnostics), refused=bool(verdict.refusals))])


def _last_line(plan: Plan, style: Style, *, errors: bool, refused: bool) -> str:
    if plan.is_empty and errors:
        return style.paint("No plan: mend the errors first.", "error")
    if plan.is_empty and refused:
        return style.paint("Plan refused.", "error")
    lead = "Plan"
    if errors:
        lead = style.paint("Plan with errors, not to be applied", "error")
    elif refused:
        lead = style.paint("Plan refused", "error")
    return plan_summary(plan.summary, style, lead=lead)


def plan_lines(plan: Plan, style: Style) -> Iterator[str]:
    """Every action, in the order in which it would run."""
    for one in plan.targets:
        if one.actions:
            yield target_line(one.target, one.desired, style)
            yield from _method_groups(one, style)
            yield ""


def target_line(target: Target, desired: Desired, style: Style) -> str:
    """An API: by which manifests, where."""
    names = ", ".join(one.name for one in desired.manifests)
    known = f" {target.api_name!r}" if target.api_name else ""
    environment = f"environment {target.environment}, " if target.environment else ""
    where = f"{target.kind} {target.api_id}{known}, {environment}account {target.account_id}, {target.region}"
    return f"{style.paint(printable(names), 'strong')}  ({printable(where)})"


def _method_groups(one: TargetPlan, style: Style) -> Iterator[str]:
    for scope, actions in groupby(one.actions, key=lambda action: action.key.scope):
        yield ""
        yield f"  {style.paint(printable(str(scope)), 'strong')}"
        for action in actions:
            yield from _action_lines(action, style)


def _action_lines(action: Action, style: Style) -> Iterator[str]:
    sign, tone = _sign(action)
    where = style.paint(f"  {place(action.source)}", "faint") if action.source else ""
    yield f"    {style.paint(f'{sign} {action.key.code}', tone)}  {printable(action.reason)}{where}"
    match action:
        case CreateResponse():
            yield from _indented(whole_lines(change, style) for change in action.changes)
        case UpdateResponse():
            yield from _indented(field_lines(change, style) for change in action.changes)
        case DeleteResponse() if style.full:
            yield from _indented(whole_lines(change, style) for change in action.changes)
        case DeleteResponse():
            yield f"        {_was(action.before)}"
        case ParkResponse():
            pattern = printable(action.after.selection_pattern)
            yield f"        put for now under the pattern {pattern}, which never matches"
        case CreateMethodResponse() | ExtendMethodResponse():
            for name in action.parameters:
                yield f"        {style.paint('+', 'create')} {printable(name)}"
        case _:
            assert_never(action)


def _was(before: RestResponse) -> str:
    """What a deletion takes away, in a line."""
    counts = ((len(before.response_parameters), "header"), (len(before.response_templates), "template"))
    held = [counted(number, word) for number, word in counts if number]
    return f"was {', '.join([shown('selectionPattern', before.selection_pattern or None), *held])}"


def _sign(action: Action) -> tuple[str, Tone]:
    match action:
        case CreateResponse():
            return "+", "create"
        case UpdateResponse():
            return "~", "update"
        case DeleteResponse():
            return "-", "delete"
        case ParkResponse():
            return "> park", "step"
        case CreateMethodResponse() | ExtendMethodResponse():
            return "> declare", "step"
        case _:
            assert_never(action)


def _indented(blocks: Iterable[Iterable[str]]) -> Iterator[str]:
    return (f"        {line}" for block in blocks for line in block)


def plan_summary(summary: Summary, style: Style, *, lead: str = "Plan") -> str:
    """The last line of a plan."""
    rest = _left_alone(summary)
    if not summary.changes and not summary.steps:
        return f"{style.paint('No changes.', 'good')} {rest}"
    parts = [
        style.paint(f"{summary.create:,} to create", "create" if summary.create else "faint"),
        style.paint(f"{summary.update:,} to update", "update" if summary.update else "faint"),
        style.paint(f"{summary.delete:,} to delete", "delete" if summary.delete else "faint"),
    ]
    steps = f" ({counted(summary.steps, 'extra step')})" if summary.steps else ""
    return f"{lead}: {', '.join(parts)}{steps}. {rest}"


def _left_alone(summary: Summary) -> str:
    text = f"{summary.unchanged:,} unchanged"
    if summary.unmanaged:
        text += f", {summary.unmanaged:,} unmanaged"
    if summary.unmanaged_methods:
        text += f" ({counted(summary.unmanaged_methods, 'method')} that no manifest lists)"
    return f"{text}."
