"""Describe changes of a tree by keys and indexes.

`normalize` turns changes into whole contents where nodes are missing or become empty. Manifest keys have a fixed order,
by which a new key finds its place. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.yamlio.flow import Content
from reconciler.yamlio.spans import List, Map, Node


@dataclass(frozen=True, slots=True)
class Replacement:
    """The new content of a node, None to remove it."""

    content: Content | None


Changes: TypeAlias = dict[str | int, "Changes | Replacement"]
"""By key or index, the changes to the nodes of a map or list; missing nodes are added."""


def normalize(node: Node, changes: Changes) -> Changes | Replacement:
    """Return the changes with whole contents for missing and emptied nodes, without those that change nothing."""
    normalized: Changes = {}
    for step, change in changes.items():
        existing = child(node, step)
        if existing is None:
            content = whole_content(change)
            if content is not None:
                normalized[step] = Replacement(content)
        else:
            normalized[step] = change if isinstance(change, Replacement) else normalize(existing, change)
    size = len(steps_of(node))
    if (
        size
        == sum(isinstance(change, Replacement) and change.content is None for change in normalized.values())
        == len(normalized)
    ):
        return Replacement({} if isinstance(node, Map) else ()) if size else normalized
    if not size and isinstance(node, Map | List):
        return Replacement(whole_content(normalized))
    return normalized


def whole_content(change: Changes | Replacement) -> Content | None:
    """Return the content that a change creates where there is no node."""
    if isinstance(change, Replacement):
        return change.content
    inner = {
        step: content for step, inner_change in change.items() if (content := whole_content(inner_change)) is not None
    }
    if inner and all(isinstance(step, int) for step in inner):
        return tuple(content for _, content in sorted(inner.items()) if isinstance(content, Mapping))
    return {str(step): inner[step] for step in sorted(inner, key=lambda step: key_order(str(step)))} or None


def child(node: Node, step: str | int) -> Node | None:
    """Return the child at a key or index, None if there is none."""
    match node:
        case Map() if isinstance(step, str) and step in node.entries:
            return node.entries[step].value
        case List() if isinstance(step, int) and step < len(node.items):
            return node.items[step]
        case _:
            return None


def steps_of(node: Node) -> range | tuple[str, ...]:
    """Return the keys of a map, the indexes of a list, nothing for anything else."""
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
            "statusCode",
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
"""The order of known keys, those of an OpenAPI document included; all others follow, by name."""


def key_order(key: str) -> tuple[int, str]:
    """Return the sort key of a manifest key."""
    return _ORDER.get(key, len(_ORDER)), key


def insertion_index(key: str, keys: list[str]) -> int:
    """Return how many of the keys come before a new one; all of them if they are not in the usual order."""
    orders = [key_order(existing) for existing in keys]
    return sum(order < key_order(key) for order in orders) if orders == sorted(orders) else len(keys)
