"""The objects that directives put into variables: `$foreach`, and the blocks of `#define`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar

from reconciler.mapping.java.budget import Budget, LimitExceeded
from reconciler.mapping.java.values import HostObject, Value
from reconciler.mapping.velocity.evaluation import DEEPEST_DEFINITIONS, BreakLoop, Render, Run, Write

_MOST_RECURSION = 2
"""How often the block of a `#define` is rendered within itself (Velocity's define directive)."""


class ForeachScope(HostObject):
    """`$foreach`: where the loop is, and the loop around it."""

    __slots__ = ("has_next", "index", "outer")

    def __init__(self, outer: Value) -> None:
        self.outer = outer
        self.index = -1
        self.has_next = False

    def printed(self, budget: Budget) -> str:  # noqa: ARG002
        """Return what `$foreach` prints: a map without items."""
        return "{}"

    def _parent(self, _budget: Budget) -> Value:
        return self.outer if isinstance(self.outer, ForeachScope) else None

    def _topmost(self, _budget: Budget) -> Value:
        scope = self
        while isinstance(scope.outer, ForeachScope):
            scope = scope.outer
        return scope

    properties: ClassVar[Mapping[str, Callable[..., Value]]] = MappingProxyType(
        {
            "index": lambda scope, _budget: scope.index,
            "count": lambda scope, _budget: scope.index + 1,
            "hasNext": lambda scope, _budget: scope.has_next,
            "first": lambda scope, _budget: scope.index < 1,
            "last": lambda scope, _budget: not scope.has_next,
            "parent": _parent,
            "topmost": _topmost,
        }
    )
    methods: ClassVar[Mapping[str, Callable[..., Value]]] = MappingProxyType(
        {
            "getIndex": lambda scope, _arguments, _budget: scope.index,
            "getCount": lambda scope, _arguments, _budget: scope.index + 1,
            "hasNext": lambda scope, _arguments, _budget: scope.has_next,
            "getHasNext": lambda scope, _arguments, _budget: scope.has_next,
            "isFirst": lambda scope, _arguments, _budget: scope.index < 1,
            "getFirst": lambda scope, _arguments, _budget: scope.index < 1,
            "isLast": lambda scope, _arguments, _budget: not scope.has_next,
            "getLast": lambda scope, _arguments, _budget: not scope.has_next,
            "getParent": lambda scope, _arguments, budget: scope._parent(budget),
            "getTopmost": lambda scope, _arguments, budget: scope._topmost(budget),
            "toString": lambda scope, _arguments, budget: scope.printed(budget),
        }
    )


class DefinedBlock(HostObject):
    """The block of a `#define`, which is rendered anew wherever it is printed."""

    __slots__ = ("_depth", "_levels", "_render", "_run")

    def __init__(self, run: Run, render: Render, levels: int) -> None:
        self._run = run
        self._render = render
        self._levels = levels
        self._depth = 0

    def render(self, write: Write) -> bool:
        """Render the block; False where it lies too deep within itself. A `#break` in it ends it."""
        if self._depth >= _MOST_RECURSION:
            return False
        run = self._run
        if run.depth + self._levels > DEEPEST_DEFINITIONS:
            raise LimitExceeded(f"blocks of #define nest deeper than {DEEPEST_DEFINITIONS} levels")
        self._depth += 1
        run.depth += self._levels
        try:
            self._render(run, write)
        except BreakLoop as leaving:
            if leaving.scope is not None:
                raise
        finally:
            self._depth -= 1
            run.depth -= self._levels
        return True

    def printed(self, budget: Budget) -> str:  # noqa: ARG002 - that of the rendering
        """Return what the block prints."""
        return collected(self._run, lambda _run, write: self.render(write))


def collected(run: Run, render: Callable[[Run, Write], object]) -> str:
    """Return what `render` prints as a text of its own."""
    parts: list[str] = []
    room = run.room
    try:
        render(run, parts.append)
    finally:
        size = room - run.room
        run.room = room
    run.budget.reserve(size)
    return "".join(parts)
