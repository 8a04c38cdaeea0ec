"""Evaluate JSONPath as API Gateway does: with Jayway's habits.

A definite path that finds nothing gives null, an indefinite one an empty array. Plain paths such as `$.a.b[0]` are
followed directly; the conditions of filters are a matter of `jsonpath_filters`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.values import JavaList, JavaMap, JsonArray, Value
from reconciler.mapping.jsonpath_functions import AGGREGATES, FUNCTIONS, FunctionFailure
from reconciler.mapping.jsonpath_steps import Finder, Nodes, make_finders
from reconciler.mapping.jsonpath_syntax import (
    Function,
    Indexes,
    InvalidPath,
    Names,
    PathNotFollowed,
    Scan,
    Step,
    read_path,
)
from reconciler.wording import shown

_CACHED: Final = 2_000


def evaluate_path(path: str, document: Value, budget: Budget) -> Value:
    """Return what `path` finds in `document`: null or an empty array if nothing.

    Raises EvaluationFault if Jayway refuses the path, LimitExceeded if it leads to too many nodes.
    """
    budget.compile(path)
    try:
        compiled = compile_path(path)
    except InvalidPath as refused:
        raise EvaluationFault(f"the JSONPath {shown(path)} is not valid: {refused}") from None
    except PathNotFollowed as unknown:
        budget.note_unknown(f"the JSONPath {shown(path)} is not evaluated here: {unknown}")
        return None
    if compiled.plain is not None:
        budget.spend(len(compiled.plain))
        return follow(compiled.plain, document)
    try:
        return compiled.evaluate(Nodes(document, budget), document)
    except FunctionFailure as failure:
        budget.note_unknown(f"the function of the JSONPath {shown(path)} fails: {failure}")
        return None


def path_finds(path: str, document: Value, budget: Budget) -> bool:
    """Whether a path that was evaluated before finds anything, a null included."""
    try:
        return bool(compile_path(path).find(Nodes(document, budget), document))
    except PathNotFollowed:
        return False


Keys: TypeAlias = tuple[str | int, ...]


def follow(keys: Keys, node: Value) -> Value:
    """Return the value at the end of names and indexes, null if there is none."""
    for key in keys:
        if isinstance(key, str):
            node = node.get(key) if isinstance(node, JavaMap) else None
        elif isinstance(node, JavaList) and -len(node) <= key < len(node):
            node = node[key]
        else:
            return None
    return node


@dataclass(frozen=True, slots=True)
class CompiledPath:
    """A path that can be evaluated; `plain` are its keys if it has names and indexes only.

    `function` is that of a path such as `$..price.sum()`, which Jayway calls once, with all that the path finds.
    """

    plain: Keys | None
    is_definite: bool
    finders: tuple[Finder, ...]
    function: str | None = None

    def find(self, nodes: Nodes, start: Value) -> list[Value]:
        """Return everything that the path finds from `start` on, in Jayway's order."""
        found = [start]
        for finder in self.finders:
            found = [child for node in found for child in _counted(finder(node, nodes), nodes.budget)]
        return found

    def evaluate(self, nodes: Nodes, start: Value) -> Value:
        """Return what the path gives from `start` on. Raises FunctionFailure."""
        found = self.find(nodes, start)
        if self.function is not None:
            return _call_on_all(self.function, found)
        if self.is_definite:
            return found[-1] if found else None
        return JsonArray(found)


def _counted(found: Iterable[Value], budget: Budget) -> Iterator[Value]:
    for node in found:
        budget.spend()
        budget.reserve_items(1)
        yield node


@lru_cache(_CACHED)
def compile_path(path: str) -> CompiledPath:
    """Compile a path, once. Raises InvalidPath or PathNotFollowed."""
    steps = read_path(path)
    function = None
    if steps and isinstance(steps[0], Scan) and isinstance(steps[-1], Function):
        function = steps[-1].name
        if function not in AGGREGATES:
            raise PathNotFollowed(f"the function {function}() behind ..")
        steps = steps[:-1]
    return CompiledPath(_plain_keys(steps), _is_definite(steps), tuple(make_finders(steps)), function)


def _plain_keys(steps: tuple[Step, ...]) -> Keys | None:
    keys: list[str | int] = []
    for step in steps:
        if isinstance(step, Names) and len(step.names) == 1:
            keys.append(step.names[0])
        elif isinstance(step, Indexes) and len(step.indexes) == 1:
            keys.append(step.indexes[0])
        else:
            return None
    return tuple(keys)


def _is_definite(steps: tuple[Step, ...]) -> bool:
    for step in steps:
        match step:
            case Names(names) if len(names) > 1 and step is not steps[-1]:
                return False
            case Names() | Function():
                pass
            case Indexes(indexes) if len(indexes) == 1:
                pass
            case _:
                return False
    return True


def _call_on_all(function: str, found: list[Value]) -> Value:
    if function in {"length", "size"}:
        return sum(len(node) for node in found if isinstance(node, JavaMap | JavaList))
    return FUNCTIONS[function](JavaList(found))
