"""Find out where each line of a YAML text belongs, and what changes in it.

A walk over the spans of a document collects marks: the new column of each line that begins an entry or an item, the new
text of lines within scalars, the changes within other lines, and the levels that comments can belong to. Pure.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Final

from reconciler.yamlio.emit import STEP
from reconciler.yamlio.layout_order import KeyOrder
from reconciler.yamlio.layout_scalars import in_braces, is_simple, new_key, new_value, single_lines
from reconciler.yamlio.spans import Alias, List, Map, MapEntry, Node, Scalar
from reconciler.yamlio.splice import Splice

_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)*")
_PASSIVE: Final = re.compile(r"(?:[ \t\n]+|(?<![^ \t\n])#[^\n]*)*")
_EXPLICIT: Final = re.compile(r"(\?)[ \t]+(?:[&!]\S*[ \t]+)*$")
"""Matches the `?` of an explicit key up to the key."""
_COLON: Final = re.compile(r"[ \t]*:")
_HEADER: Final = re.compile(r"(?:[&!]\S*\s+)*[|>]([-+]?)([1-9]?)([-+]?)")
_BLOCKS: Final = ("|", ">")
_BLANKS: Final = " \t"


@dataclass(frozen=True, slots=True)
class Level:
    """A block map or list that ends on a line: its column before and after."""

    old: int
    new: int


@dataclass(slots=True)
class Marks:
    """What is known of the lines of a text, by number.

    `columns` has the new column of a line that begins an entry or item, and its old one. `whole` has the whole new text
    of lines within scalars, `shifted` how far a line within braces moves, `levels` what ends on a line, `ends` the end
    of the last key or value of a line.
    """

    columns: dict[int, Level] = field(default_factory=dict)
    whole: dict[int, str] = field(default_factory=dict)
    shifted: dict[int, int] = field(default_factory=dict)
    levels: dict[int, list[Level]] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    splices: dict[int, list[Splice]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _At:
    """Where a node belongs: the column of the key or dash that it follows, before and after."""

    old: int
    new: int


class Marker:
    """Collects the marks of the documents of a text."""

    def __init__(self, text: str, starts: list[int]) -> None:
        self.marks = Marks()
        self._text = text
        self._starts = starts

    def document(self, root: Node, tree: Any, order: KeyOrder) -> None:  # noqa: ANN401 - a tree
        """Collect the marks of a document."""
        self._node(root, tree, _At(-STEP, -STEP), order)

    def _node(self, node: Node, tree: Any, at: _At, order: KeyOrder) -> None:  # noqa: ANN401 - a tree
        self._place(node.start, at.new + STEP)
        match node:
            case Map(opened=None):
                self._block_map(node, tree, at.new + STEP, order)
            case List(opened=None):
                self._block_list(node, tree, at.new + STEP, order)
            case Map() | List():
                self._flow(node, tree, order)
            case Scalar(style=style) if style in _BLOCKS:
                self._block_scalar(node, at)
            case Scalar():
                self._scalar(node, tree, at)
            case Alias():
                self._note_end(node.end)

    # Block maps and lists

    def _block_map(self, node: Map, tree: Any, column: int, order: KeyOrder) -> None:  # noqa: ANN401 - a tree
        old = self._column(self._begin(next(iter(node.entries.values()))))
        for key, entry in node.entries.items():
            self._key(key, entry, column)
            self._node(entry.value, tree[key], _At(old, column), order.below(key))
        self.marks.levels.setdefault(self._line(node.end), []).append(Level(old, column))

    def _key(self, key: str, entry: MapEntry, column: int) -> None:
        begin = self._begin(entry)
        self._place(begin, column)
        written = self._text[entry.start : entry.key_end]
        if "\n" in written:
            self._continue(entry.start, entry.key_end, column + STEP)
        else:
            self._splice(entry.start, entry.key_end, new_key(written, key))
        self._note_end(entry.key_end)
        self._colon(entry, column, is_explicit=begin != entry.start)

    def _begin(self, entry: MapEntry) -> int:
        """Return where an entry begins: with the `?` of an explicit key."""
        line_start = self._starts[self._line(entry.start)]
        explicit = _EXPLICIT.search(self._text, line_start, entry.start)
        return explicit.start(1) if explicit else entry.start

    def _colon(self, entry: MapEntry, column: int, *, is_explicit: bool) -> None:
        start = self._next(entry.key_end) if is_explicit else entry.key_end
        colon = _COLON.match(self._text, start)
        if colon and colon.end() <= max(entry.value.start, entry.key_end + 1):
            self._place(start, column)
            gap = self._text[colon.end() : entry.value.start]
            has_value = entry.value.end > entry.value.start and not gap.strip(_BLANKS)
            end = entry.value.start if has_value else colon.end()
            self._splice(start, end, ": " if has_value else ":")

    def _block_list(self, node: List, tree: Any, column: int, order: KeyOrder) -> None:  # noqa: ANN401 - a tree
        properties = _PROPERTIES.match(self._text, node.start)
        dash = properties.end() if properties else node.start
        old = self._column(dash)
        for number, item in enumerate(node.items):
            self._place(dash, column)
            gap = self._text[dash + 1 : item.start]
            if item.end > item.start and not gap.strip(_BLANKS):
                self._splice(dash + 1, item.start, " ")
            self._node(item, tree[number], _At(old, column), order.below(number))
            self._note_end(max(item.end, dash + 1))
            dash = self._next(item.end)
        self.marks.levels.setdefault(self._line(node.end), []).append(Level(old, column))

    def _next(self, index: int) -> int:
        found = _PASSIVE.match(self._text, index)
        return found.end() if found else index

    # Values

    def _scalar(self, node: Scalar, tree: Any, at: _At) -> None:  # noqa: ANN401 - a tree
        written = self._text[node.start : node.end]
        if not written:
            return
        if is_simple(written):
            self._splice(node.start, node.end, new_value(written, tree))
        self._continue(node.start, node.end, at.new + STEP)
        self._note_end(node.end)

    def _continue(self, start: int, end: int, column: int) -> None:
        """Indent the lines of a scalar on several lines, but its first: the blanks there are not part of it."""
        for line in range(self._line(start) + 1, self._line(end) + 1):
            content = self._raw(line).lstrip(_BLANKS)
            self.marks.whole[line] = f"{' ' * column}{content}" if content else ""

    def _block_scalar(self, node: Scalar, at: _At) -> None:
        first, last = self._line(node.start), self._line(node.end)
        header = _HEADER.match(self._text, node.start)
        digit = header[2] if header else ""
        lines = [self._raw(line) for line in range(first + 1, last + 1)]
        full = next((line for line in lines if line.strip(" ")), "")
        old = at.old + int(digit) if digit else len(full) - len(full.lstrip(" "))
        for number, line in enumerate(lines, first + 1):
            is_blank = not line.strip(" ") and len(line) <= old
            self.marks.whole[number] = "" if is_blank else " " * (at.new + STEP) + line[old:]
        if header and digit:
            self._splice(header.start(2), header.end(2), str(STEP))
        if header and node.end == len(self._text) and not self._text.endswith("\n"):
            self._strip_end(header)
        self._note_end(header.end() if header else node.start)

    def _strip_end(self, header: re.Match[str]) -> None:
        """Keep a text without a final line end as it is: the file gets one, which must not be part of the text."""
        group = 1 if header[1] else 3
        self._splice(header.start(group), header.end(group), "-")

    def _flow(self, node: Map | List, tree: Any, order: KeyOrder) -> None:  # noqa: ANN401 - a tree
        first, last = self._line(node.start), self._line(node.end)
        if first == last:
            new = in_braces(self._text, node, tree, order)
            if new is not None:
                self._splice(node.start, node.end, new)
        else:
            for start, end, new in single_lines(self._text, node, tree):
                self._splice(start, end, new)
            place = self.marks.columns.get(first)
            for line in range(first + 1, last + 1):
                self.marks.shifted[line] = place.new - place.old if place else 0
        self._note_end(node.end)

    # Lines

    def _place(self, index: int, column: int) -> None:
        """Note the column of what begins here, if it is the first on its line."""
        line = self._line(index)
        start = self._starts[line]
        if not self._text[start:index].strip(_BLANKS):
            self.marks.columns[line] = Level(index - start, column)

    def _splice(self, start: int, end: int, new: str) -> None:
        if self._text[start:end] != new:
            self.marks.splices.setdefault(self._line(start), []).append(Splice(start, end, new))

    def _note_end(self, end: int) -> None:
        line = self._line(end)
        self.marks.ends[line] = max(end, self.marks.ends.get(line, 0))

    def _line(self, index: int) -> int:
        return bisect_right(self._starts, index) - 1

    def _column(self, index: int) -> int:
        return index - self._starts[self._line(index)]

    def _raw(self, line: int) -> str:
        end = self._starts[line + 1] - 1 if line + 1 < len(self._starts) else len(self._text)
        return self._text[self._starts[line] : end]
