"""What is to become of a tree, step by step.

Promise: a change is told by keys and indexes; `settled` makes whole contents of what is added where nothing is yet.
Keys have an order in which a new one finds its place. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.yamlio.flow import Content
from reconciler.yamlio.spans import List, Map, Node


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a node is to be; None: it goes."""

    content: Content | None


Changes: TypeAlias = dict[str | int, "Changes | Replacement"]
"""By key or index, what becomes of the nodes of a map or list; what is not there is added."""


def settled(node: Node, changes: Changes) -> Changes | Replacement:
    """The changes with whole contents where there is nothing yet or nothing is left, without what changes nothing."""
    made: Changes = {}
    for step, change in changes.items():
        there = child(node, step)
        if there is None:
            content = whole(change)
            if content is not None:
                made[step] = Replacement(content)
        else:
            made[step] = change if isinstance(change, Replacement) else settled(there, change)
    size = len(steps_of(node))
    if size == sum(isinstance(one, Replacement) and one.content is None for one in made.values()) == len(made):
        return Replacement({} if isinstance(node, Map) else ()) if size else made
    if not size and isinstance(node, Map | List):
        return Replacement(whole(made))
    return made


def whole(change: Changes | Replacement) -> Content | None:
    """What a change makes of nothing."""
    if isinstance(change, Replacement):
        return change.content
    inner = {step: content for step, one in change.items() if (content := whole(one)) is not None}
    if inner and all(isinstance(step, int) for step in inner):
        return tuple(content for _, content in sorted(inner.items()) if isinstance(content, Mapping))
    return {str(step): inner[step] for step in sorted(inner, key=lambda step: rank(str(step)))} or None


def child(node: Node, step: str | int) -> Node | None:
    """What a node has by a key or index."""
    match node:
        case Map() if isinstance(step, str) and step in node.entries:
            return node.entries[step].value
        case List() if isinstance(step, int) and step < len(node.items):
            return node.items[step]
        case _:
            return None


def steps_of(node: Node) -> range | tuple[str, ...]:
    """The keys of a map, the indexes of a list; of anything else nothing."""
    match node:
        case Map():
            return tuple(node.entries)
        case List():
            return range(len(node.items))
        case _:
            return ()


_ORDER: Final = {
    name: number
    for number, name in enumerate(
        (
            "api",
            "prune",
            "id",
            "use",
            "selectionPattern",
            "templateSelectionExpression",
            "contentHandling",
            "contentHandlingStrategy",
            "responseParameters",
            "responseTemplates",
            "protect",
            "allow",
            "own",
            "responses",
            "resources",
            "routes",
            "integrations",
            "overlays",
        )
    )
}
"""How keys with a meaning follow each other; all others follow them, by name."""


def rank(key: str) -> tuple[int, str]:
    """What keys are sorted by."""
    return _ORDER.get(key, len(_ORDER)), key


def place_for(key: str, keys: list[str]) -> int:
    """How many of the keys come before a new one; all of them, where they are in no order that is known."""
    ranks = [rank(one) for one in keys]
    return sum(one < rank(key) for one in ranks) if ranks == sorted(ranks) else len(keys)
