"""Evaluate JSONPath as API Gateway does: with Jayway's habits.

A definite path that finds nothing gives null, an indefinite one an empty array. Plain paths such as `$.a.b[0]` are
followed directly; the conditions of filters are a matter of `jsonpath_filters`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.java.values import JavaList, JavaMap, JsonArray, Value
from reconciler.mapping.jsonpath_functions import AGGREGATES, FUNCTIONS, FunctionFailure
from reconciler.mapping.jsonpath_syntax import (
    Filter,
    Function,
    Indexes,
    InvalidPath,
    Names,
    PathNotFollowed,
    Scan,
    Slice,
    Step,
    read_path,
)

_CACHED: Final = 2_000


def evaluate_path(path: str, document: Value, budget: Budget) -> Value:
    """Return what `path` finds in `document`: null or an empty array if nothing.

    Raises EvaluationFault if Jayway refuses the path, LimitExceeded if it leads to too many nodes.
    """
    try:
        compiled = compile_path(path)
    except InvalidPath as refused:
        raise EvaluationFault(f"the JSONPath {_shown(path)} is not valid: {refused}") from None
    except PathNotFollowed as unknown:
        budget.note_unknown(f"the JSONPath {_shown(path)} is not evaluated here: {unknown}")
        return None
    if compiled.plain is not None:
        budget.spend(len(compiled.plain))
        return follow(compiled.plain, document)
    try:
        return compiled.evaluate(Nodes(document, budget), document)
    except FunctionFailure as failure:
        budget.note_unknown(f"the function of the JSONPath {_shown(path)} fails: {failure}")
        return None


def path_finds(path: str, document: Value, budget: Budget) -> bool:
    """Whether a path that was evaluated before finds anything, a null included."""
    try:
        return bool(compile_path(path).find(Nodes(document, budget), document))
    except PathNotFollowed:
        return False


def _shown(path: str, longest: int = 80) -> str:
    return path if len(path) <= longest else f"{path[:longest]}..."


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
class Nodes:
    """The document that `$` stands for, and what it may cost to look into it."""

    root: Value
    budget: Budget


Finder: TypeAlias = Callable[[Value, Nodes], Iterable[Value]]
Condition: TypeAlias = Callable[[Value, Nodes], bool]


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
    return CompiledPath(_plain_keys(steps), _is_definite(steps), tuple(_finders(steps)), function)


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


def _finders(steps: tuple[Step, ...]) -> Iterator[Finder]:
    if steps and isinstance(steps[-1], Scan):
        raise PathNotFollowed("a function directly behind ..")
    scans = False
    for number, step in enumerate(steps, 1):
        if isinstance(step, Scan):
            scans = True
            continue
        is_last = number == len(steps)
        finder = _finder(step, is_last=is_last)
        yield _scanner(step, finder, is_last=is_last) if scans else finder
        scans = False


def _finder(step: Step, *, is_last: bool) -> Finder:
    match step:
        case Names(names):
            return _members(names, merge=is_last and len(names) > 1)
        case Indexes(indexes):
            return _items(indexes)
        case Slice(start, stop):
            return _slice(start, stop)
        case Filter():
            return _filter(_condition(step))
        case Function(name):
            _check_function(name)
            return lambda node, _: (FUNCTIONS[name](node),)
        case _:
            return _children


def _check_function(name: str) -> None:
    if name not in FUNCTIONS:
        raise PathNotFollowed(f"the function {name}()")


def _condition(step: Filter) -> Condition:
    from reconciler.mapping.jsonpath_filters import compile_condition  # noqa: PLC0415 - imports the library

    condition: Condition = compile_condition(step.condition)
    return condition


def _members(names: tuple[str, ...], *, merge: bool) -> Finder:
    def find(node: Value, _: Nodes) -> Iterator[Value]:
        if isinstance(node, JavaMap):
            members = {name: node[name] for name in names if name in node}
            if merge:
                yield JavaMap(members)
            else:
                yield from members.values()

    return find


def _items(indexes: tuple[int, ...]) -> Finder:
    def find(node: Value, _: Nodes) -> Iterator[Value]:
        if isinstance(node, JavaList):
            for index in indexes:
                if -len(node) <= index < len(node):
                    yield node[index]

    return find


def _slice(start: int | None, stop: int | None) -> Finder:
    def find(node: Value, _: Nodes) -> Iterator[Value]:
        if isinstance(node, JavaList):
            for index in _slice_indexes(start, stop, len(node)):
                yield node[index]

    return find


def _slice_indexes(start: int | None, stop: int | None, size: int) -> range:
    """Return the indexes of a slice; with a stop, a negative start is no offset from the end but runs through 0."""
    if stop is None:
        return range(max(0, size + start if start and start < 0 else start or 0), size)
    if start is None:
        return range(min(size, size + stop if stop < 0 else stop))
    return range(max(start, -size), min(size, stop))


def _children(node: Value, _: Nodes) -> Iterable[Value]:
    if isinstance(node, JavaMap):
        return node.values()
    return node if isinstance(node, JavaList) else ()


def _filter(condition: Condition) -> Finder:
    def find(node: Value, nodes: Nodes) -> Iterator[Value]:
        if isinstance(node, JavaMap):
            node = JsonArray([node])  # a filter of an object keeps it or not
        if isinstance(node, JavaList):
            for item in node:
                nodes.budget.spend()
                if condition(item, nodes):
                    yield item

    return find


def _scanner(step: Step, finder: Finder, *, is_last: bool) -> Finder:
    """Apply a step to the node and everything below it, in document order.

    In an array that the step is made for, Jayway goes on from every item when further steps follow.
    """
    is_searched = _searched(step, is_last=is_last)

    def find(node: Value, nodes: Nodes) -> Iterator[Value]:
        waiting = [node]
        while waiting:
            node = waiting.pop()
            nodes.budget.spend()
            if is_searched(node, nodes):
                yield from node if isinstance(node, JavaList) and not is_last else finder(node, nodes)
            waiting += [child for child in _children(node, nodes) if isinstance(child, JavaMap | JavaList)][::-1]

    return find


def _searched(step: Step, *, is_last: bool) -> Condition:
    match step:
        case Names(names):
            needed = names if is_last else names[:1] if len(names) == 1 else ()
            return lambda node, _: isinstance(node, JavaMap) and all(name in node for name in needed)
        case Indexes() | Slice():
            return lambda node, _: isinstance(node, JavaList)
        case Filter():
            return _condition(step)
        case _:
            return lambda _node, _nodes: True


def _call_on_all(function: str, found: list[Value]) -> Value:
    if function in {"length", "size"}:
        return sum(len(node) for node in found if isinstance(node, JavaMap | JavaList))
    return FUNCTIONS[function](JavaList(found))
