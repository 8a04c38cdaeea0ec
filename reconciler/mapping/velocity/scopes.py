"""The objects that directives put into variables: `$foreach`, and the blocks of `#define`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from reconciler.mapping.java.budget import Budget, LimitExceeded
from reconciler.mapping.java.values import HostObject, Value
from reconciler.mapping.velocity.evaluation import DEEPEST_DEFINITIONS, BreakLoop, Render, TemplateRun, Write

_MOST_RECURSION = 2
"""How often the block of a `#define` is rendered within itself (Velocity's define directive)."""


def _parent(scope: "ForeachScope") -> Value:
    return scope.outer if isinstance(scope.outer, ForeachScope) else None


def _topmost(scope: "ForeachScope") -> Value:
    while isinstance(scope.outer, ForeachScope):
        scope = scope.outer
    return scope


_READS: Final[Mapping[str, Callable[["ForeachScope"], Value]]] = {
    "index": lambda scope: scope.index,
    "count": lambda scope: scope.index + 1,
    "hasNext": lambda scope: scope.has_next,
    "first": lambda scope: scope.index < 1,
    "last": lambda scope: not scope.has_next,
    "parent": _parent,
    "topmost": _topmost,
}
_METHODS: Final[Mapping[str, Callable[["ForeachScope"], Value]]] = {
    **{f"get{name[0].upper()}{name[1:]}": _READS[name] for name in ("index", "count", "hasNext", "parent", "topmost")},
    **{f"is{name[0].upper()}{name[1:]}": _READS[name] for name in ("first", "last")},
    "hasNext": _READS["hasNext"],
    "size": lambda _scope: 0,
    "isEmpty": lambda _scope: True,
}


class ForeachScope(HostObject):
    """`$foreach`: where the loop is, and the loop around it."""

    __slots__ = ("has_next", "index", "outer")

    index: int
    has_next: bool

    def __init__(self, outer: Value) -> None:
        self.outer = outer
        self.index = -1
        self.has_next = False

    def printed(self, budget: Budget) -> str:  # noqa: ARG002
        """Return what `$foreach` prints: a map without items."""
        return "{}"

    properties: ClassVar[Mapping[str, Callable[..., Value]]] = MappingProxyType(
        {name: lambda scope, _budget, read=read: read(scope) for name, read in _READS.items()}
    )
    methods: ClassVar[Mapping[str, Callable[..., Value]]] = MappingProxyType(
        {name: lambda scope, _arguments, _budget, read=read: read(scope) for name, read in _METHODS.items()}
    )


class DefinedBlock(HostObject):
    """The block of a `#define`, which is rendered anew wherever it is printed."""

    __slots__ = ("_depth", "_levels", "_render", "_run")

    def __init__(self, run: TemplateRun, render: Render, levels: int) -> None:
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


def collected(run: TemplateRun, render: Callable[[TemplateRun, Write], object]) -> str:
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
