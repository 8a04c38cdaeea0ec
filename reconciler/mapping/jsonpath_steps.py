"""Follow the steps of a JSONPath from node to node, in Jayway's order and with its oddities (its source)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.mapping.java.budget import Budget, width
from reconciler.mapping.java.values import JavaList, JavaMap, JsonArray, Value
from reconciler.mapping.jsonpath_functions import FUNCTIONS
from reconciler.mapping.jsonpath_syntax import (
    Filter,
    Function,
    Indexes,
    Names,
    PathNotFollowed,
    Scan,
    Slice,
    Step,
)

_CHILDREN_OF_STEP: Final = 8


@dataclass(frozen=True, slots=True)
class Nodes:
    """The document that `$` stands for, and what it may cost to look into it."""

    root: Value
    budget: Budget


Finder: TypeAlias = Callable[[Value, Nodes], Iterable[Value]]
Condition: TypeAlias = Callable[[Value, Nodes], bool]


def make_finders(steps: tuple[Step, ...]) -> Iterator[Finder]:
    """Return a function for each step, one for `..` and the step behind it. Raises InvalidPath or PathNotFollowed."""
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
            return lambda node, nodes: (_called(name, node, nodes.budget),)
        case _:
            return _children


def _called(function: str, node: Value, budget: Budget) -> Value:
    """Call a function after its steps and the size of what it builds are counted. Raises FunctionFailure."""
    if isinstance(node, JavaMap | JavaList) and function not in {"length", "size"}:
        budget.spend(len(node))
        if function == "keys":
            budget.reserve_items(len(node) // 8)
        elif function == "concat":
            texts = [item for item in node if isinstance(item, str)]
            budget.reserve(sum(map(len, texts)), max(map(width, texts), default=1))
    return FUNCTIONS[function](node)


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
            if isinstance(node, JavaMap | JavaList):
                nodes.budget.spend(len(node) // _CHILDREN_OF_STEP)
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
