"""One response of a plan: its line, and the values below it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

from reconciler.diff import FieldChange, field_changes
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import Response, RestResponse, WebSocketResponse
from reconciler.plan import TargetPlan
from reconciler.plan.actions import (
    Action,
    Step,
    declared_parameters,
    response_after,
    response_before,
    response_changes,
)
from reconciler.render.sections import ReportEntry
from reconciler.render.style import Style, Tone, file_line, plural, printable
from reconciler.render.values import field_lines, value_text, whole_lines
from reconciler.views.deploy import SIGNS

_PATTERN: Final = "selectionPattern"
_MOST_SETS: Final = 2


def deferred_entry(desired: Desired, deferred: Deferred, style: Style) -> ReportEntry:
    """Return a response that waits, with its values: this is the only place where they are reviewed."""
    line = deferred_line(deferred, printable(deferred.reason), deferred_provenance(desired, deferred), style)
    return ReportEntry(line, tuple(deferred_values(desired, deferred, style)), "deferred")


def deferred_line(deferred: Deferred, reason: str, source: str, style: Style) -> str:
    """Return the line of a response that waits; `reason` and `source` are printable."""
    return _line(f"+ {deferred.key.code}", "create", reason, source, style)


def deferred_values(desired: Desired, deferred: Deferred, style: Style) -> Iterator[str]:
    """Yield the lines of all values of a response that waits."""
    changes = _with_default(deferred.after, field_changes(None, deferred.after), FieldChange(_PATTERN, None, ""))
    return _all_traced(desired, deferred.key, changes, style, whole_lines)


def deferred_provenance(desired: Desired, deferred: Deferred) -> str:
    """Return where a response that waits is written, and in which set; its method has no origins any more."""
    if not deferred.source:
        return ""
    return _source(desired, deferred.key, "") or file_line(deferred.source)


def action_entry(target: TargetPlan, action: Action, style: Style, note: str = "") -> ReportEntry:
    """Return what an action does, why, and its values; `note` is added to its reason."""
    line = action_line(
        action, action.key.code, why(target, action, note), "; ".join(provenance(target.desired, action)), style
    )
    return ReportEntry(line, tuple(action_values(target.desired, action, style)), counted_as(action))


def action_line(action: Action, codes: str, reason: str, source: str, style: Style) -> str:
    """Return the line of an action on the responses with these codes; `reason` and `source` are printable."""
    sign, tone = _sign(action)
    return _line(f"{sign} {codes}", tone, reason, source, style)


def counted_as(action: Action) -> str:
    """Return what an action counts as."""
    return "in extra steps" if action.step else f"to {action.op}"


def why(target: TargetPlan, action: Action, note: str = "") -> str:
    """Return the reason of an action, printable."""
    return f"{printable(target.reason(action))}{f' ({note})' if note else ''}"


def _line(subject: str, tone: Tone, reason: str, source: str, style: Style) -> str:
    tail = style.paint(f"  {source}", "faint") if source else ""
    return f"{style.paint(printable(subject), tone)}  {reason}{tail}"


def provenance(desired: Desired, action: Action) -> tuple[str, ...]:
    """Return where a response is written, and the other sets that its changed values come from, printable.

    As in `set errors, sets/errors.yaml:3`, and `catalog.yaml:12` with `set cors, sets/cors.yaml:5`.
    """
    if not action.source:
        return ()
    key, own = action.key, desired.set_of(action.key)
    paths = (change.path for change in response_changes(action) if change.after is not None)
    sets = {name: path for path in paths if (name := desired.set_of(key, path)) not in {"", own}}
    parts = (_source(desired, key, path) for path in ("", *[*sets.values()][:_MOST_SETS]))
    more = len(sets) - _MOST_SETS
    return (*parts, *([plural(more, "more set")] if more > 0 else ()))


def action_values(desired: Desired, action: Action, style: Style) -> Iterable[str]:
    """Return the lines below an action."""
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
    """A value's lines; on a terminal, the first one names in full style where the value is written."""
    is_shown = change.after is not None and style.full and not style.marked
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
