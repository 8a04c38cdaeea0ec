"""The turns of a `#foreach`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.mapping.java.access import iterate
from reconciler.mapping.java.budget import EvaluationFault
from reconciler.mapping.java.objects import MapView
from reconciler.mapping.java.values import JavaList, JavaMap, Value
from reconciler.mapping.velocity.evaluation import MOST_ITERATIONS, BreakLoop, Render, TemplateRun, Write
from reconciler.mapping.velocity.scopes import ForeachScope

_MANY_ITERATIONS: Final = (
    f"whether API Gateway stops a #foreach after {MOST_ITERATIONS:,} iterations or fails (it is stopped here)"
)

_Owner: TypeAlias = "JavaList | JavaMap | Sequence[Value]"


@dataclass(frozen=True, slots=True)
class LoopItems:
    """What a loop goes over; Java fails when the list or map that owns the items changes its size meanwhile."""

    values: Sequence[Value]
    owner: _Owner


def items_of(value: Value, run: TemplateRun) -> LoopItems | None:
    """Return what a loop over `value` goes over; None if there is nothing."""
    if isinstance(value, JavaList):
        return LoopItems(value, value) if value else None
    values = iterate(value, run.budget)
    if not values:
        return None
    source = value.source if isinstance(value, MapView) else value
    return LoopItems(values, source if isinstance(source, JavaMap) else values)


class ForeachLoop:
    """A loop that gives the items to the variable `name`, one after the other."""

    __slots__ = ("_body", "_name")

    def __init__(self, name: str, body: Render) -> None:
        self._name = name
        self._body = body

    def render(self, run: TemplateRun, write: Write, items: LoopItems) -> None:
        """Render the body for each item. What the loop's variables held before, they hold again behind it."""
        variables = run.variables
        names = (self._name, "velocityCount", "velocityHasNext")
        saved = [(name, variables.get(name)) for name in names]
        outer = variables.get("foreach")
        scope = variables["foreach"] = ForeachScope(outer)
        try:
            self._turns(run, write, items, scope)
        except BreakLoop as leaving:
            if leaving.scope is not None and leaving.scope is not scope:
                raise
        finally:
            if variables.get("foreach") is scope:
                saved.append(("foreach", outer))
            for name, value in saved:
                _restore(run, name, value)

    def _turns(self, run: TemplateRun, write: Write, items: LoopItems, scope: ForeachScope) -> None:
        variables = run.variables
        name = self._name
        body = self._body
        values = items.values
        owner = items.owner
        size = len(owner)
        index = 0
        while index != len(owner):
            if len(owner) != size:
                raise EvaluationFault("the list or map changes while #foreach runs over it")
            if index == MOST_ITERATIONS:
                run.budget.note_unknown(_MANY_ITERATIONS)
                return
            variables[name] = values[index]
            scope.index = index
            index += 1
            variables["velocityCount"] = index
            scope.has_next = variables["velocityHasNext"] = index != size
            body(run, write)


def _restore(run: TemplateRun, name: str, value: Value) -> None:
    if value is None:
        run.variables.pop(name, None)
    else:
        run.variables[name] = value
