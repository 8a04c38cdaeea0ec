"""Put the entries of maps in the order of their keys, with the comments above them. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from reconciler.yamlio.spans import List, Map, Node

_COMMENT_LINE: Final = re.compile(r"(?P<indent> *)#[^\n]*(?:\n|\Z)")
_BLANK_LINES: Final = re.compile(r"(?:[ \t]*\n)*")


class KeyOrder(Protocol):
    """The order of the keys of a map, and of the maps below it."""

    @property
    def ranks(self) -> dict[str, int]:
        """Known key -> its place; unknown keys come last, as they are; {} leaves all keys as they are."""

    def below(self, step: str | int) -> "KeyOrder":
        """Return the order at a key or index."""


class _NoOrder:
    ranks: Final[dict[str, int]] = {}

    def below(self, _: str | int) -> KeyOrder:
        return self


NO_ORDER: Final[KeyOrder] = _NoOrder()
"""Keys stay where they are, at any depth."""


def in_order(keys: Iterable[str], order: KeyOrder) -> list[str]:
    """Return the keys in their order."""
    ranks = order.ranks
    return sorted(keys, key=lambda key: ranks.get(key, len(ranks))) if ranks else list(keys)


def reordered(text: str, roots: Sequence[Node], orders: Sequence[KeyOrder]) -> str:
    """Return a text whose lines are in place, with the entries of its block maps in order.

    What is above the first entry of a document stays there. In any other map, comments move with the entry below them.
    """
    pieces: list[str] = []
    at = 0
    for root, order in zip(roots, orders, strict=True):
        end = _after(text, root.end, 0) if isinstance(root, Map) else root.end
        pieces += [text[at : root.start], _Region(text, root, order).rendered(root.start, end)]
        at = end
    return "".join([*pieces, text[at:]])


@dataclass(frozen=True, slots=True)
class _Region:
    """A node in a text."""

    text: str
    node: Node
    order: KeyOrder

    def rendered(self, start: int, end: int) -> str:
        """Return this part of the text, which contains the node."""
        if self.order is NO_ORDER:
            return self.text[start:end]
        match self.node:
            case Map(opened=None) as node:
                return self._map(node, start, end)
            case List(opened=None) as node:
                return self._list(node, start, end)
            case _:
                return self.text[start:end]

    def _list(self, node: List, start: int, end: int) -> str:
        pieces: list[str] = []
        at = start
        for number, item in enumerate(node.items):
            is_block = isinstance(item, Map | List) and item.opened is None
            item_end = _after(self.text, item.end, _column(self.text, item)) if is_block else item.end
            order = self.order.below(number)
            item_start = _start(self.text, item.start, at) if is_block else item.start
            pieces += [self.text[at:item_start], _Region(self.text, item, order).rendered(item_start, item_end)]
            at = item_end
        return "".join([*pieces, self.text[at:end]])

    def _map(self, node: Map, start: int, end: int) -> str:
        column = _column(self.text, node)
        edges = list(self._edges(node, column, start))
        texts = {
            key: _Region(self.text, entry.value, self.order.below(key)).rendered(*edge)
            for (key, entry), edge in zip(node.entries.items(), edges, strict=True)
        }
        keys, entries = in_order(texts, self.order), list(texts.values())
        if keys != list(texts):
            first = edges[0][0]
            on_dash = first != _line_start(self.text, first)
            entries = _in_new_places(texts, keys, column, on_dash=on_dash)
        return "".join([self.text[start : edges[0][0]], *entries, self.text[edges[-1][1] : end]])

    def _edges(self, node: Map, column: int, start: int) -> Iterator[tuple[int, int]]:
        """Yield where each entry begins and ends, with the comments above it and those indented below it."""
        at: int | None = None
        for entry in node.entries.values():
            at = _start(self.text, entry.start, start) if at is None else at
            end = _after(self.text, entry.end, column)
            yield at, end
            at = end


def is_ordered(node: Node, order: KeyOrder) -> bool:
    """Whether all keys of the block maps in a node are in order."""
    if order is NO_ORDER:
        return True
    match node:
        case Map(opened=None):
            is_own = not order.ranks or list(node.entries) == in_order(node.entries, order)
            return is_own and all(is_ordered(entry.value, order.below(key)) for key, entry in node.entries.items())
        case List(opened=None):
            return all(is_ordered(item, order.below(number)) for number, item in enumerate(node.items))
        case _:
            return True


def _in_new_places(texts: dict[str, str], keys: Sequence[str], column: int, *, on_dash: bool) -> list[str]:
    """Return the texts of entries in another order; `on_dash`: the first one is on the line of a list's dash."""
    entries = [texts[key] for key in keys]
    if on_dash:
        indent = " " * column
        if not entries[0].startswith(indent) or entries[0][column] in " #\n":
            return list(texts.values())  # a comment or blank line would come between the dash and the first entry
        former = keys.index(next(iter(texts)))
        entries[former] = indent + entries[former]
        entries[0] = entries[0].removeprefix(indent)
    return [_BLANK_LINES.sub("", entries[0], count=1), *entries[1:]]


def _column(text: str, node: Node) -> int:
    return node.start - _line_start(text, node.start)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _start(text: str, index: int, top: int) -> int:
    """Return where an entry that begins here has its start: with the comments above it, but none above `top`."""
    line = _line_start(text, index)
    if text[line:index].strip():  # on the line of a list's dash
        return index
    while line > top and _is_passive(text[_line_start(text, line - 1) : line]):
        line = _line_start(text, line - 1)
    return line


def _is_passive(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _after(text: str, end: int, column: int) -> int:
    """Return the start of the line after an entry, and after comments that are indented as part of it."""
    at = text.find("\n", end) + 1 or len(text)
    while True:
        blanks = _BLANK_LINES.match(text, at)
        comment = _COMMENT_LINE.match(text, blanks.end() if blanks else at)
        if not comment or len(comment["indent"]) <= column:
            return at
        at = comment.end()
