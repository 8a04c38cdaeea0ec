"""Write each line of a YAML text in its place. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.yamlio.layout_marks import Level, Marker
from reconciler.yamlio.layout_order import KeyOrder
from reconciler.yamlio.spans import Node
from reconciler.yamlio.splice import apply_splices

_GAP: Final = re.compile(r":?([ \t]{3,})#")
_BLANKS: Final = " \t"
_TOP: Final = Level(-1, 0)


def arranged_lines(text: str, roots: Sequence[Node], trees: Sequence[object], orders: Sequence[KeyOrder]) -> str:
    """Return a text with all lines indented and written as they should be; it ends with one line end."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    marker = Marker(text, starts)
    for root, tree, order in zip(roots, trees, orders, strict=True):
        marker.document(root, tree, order)
    lines = list(_Lines(text, starts, marker).all())
    while lines and not lines[-1] and len(lines) - 1 not in marker.marks.whole:
        lines.pop()
    return "\n".join([*lines, ""])


class _Lines:
    """The lines of a text, and their marks."""

    def __init__(self, text: str, starts: Sequence[int], marker: Marker) -> None:
        self._text = text
        self._starts = starts
        self._marks = marker.marks

    def all(self) -> Iterator[str]:
        """Yield the lines; the indentation of a comment depends on what comes before and after it."""
        waiting: list[int] = []
        before: int | None = None
        for number in range(len(self._starts)):
            if self._is_passive(number):
                waiting.append(number)
                continue
            yield from self._passive(waiting, before, self._marks.columns.get(number, _TOP))
            waiting.clear()
            before = number
            yield self._active(number)
        yield from self._passive(waiting, before, _TOP)

    def _is_passive(self, number: int) -> bool:
        """Whether a line is blank or a comment, and not within a value."""
        if number in self._marks.whole or number in self._marks.shifted:
            return False
        content = self._raw(number).lstrip(_BLANKS)
        return not content or content.startswith("#")

    def _passive(self, numbers: Sequence[int], before: int | None, following: Level) -> Iterator[str]:
        levels = self._marks.levels.get(before, []) if before is not None else []
        for number in numbers:
            raw = self._raw(number)
            content = raw.strip(_BLANKS)
            column = len(raw) - len(raw.lstrip(_BLANKS))
            deeper = [level for level in levels if following.old < level.old <= column]
            place = max(deeper, key=lambda level: level.old, default=following)
            yield f"{' ' * place.new}{content}" if content else ""

    def _active(self, number: int) -> str:
        if number in self._marks.whole:
            return self._whole(number)
        start, end = self._starts[number], self._end(number)
        raw = self._text[start:end]
        indent = len(raw) - len(raw.lstrip(_BLANKS))
        line = self._changed(number, start + indent, end)
        if number in self._marks.shifted:
            return " " * max(0, indent + self._marks.shifted[number]) + line if line else ""
        place = self._marks.columns.get(number)
        return (" " * place.new if place else raw[:indent]) + self._stripped(line, number)

    def _stripped(self, line: str, number: int) -> str:
        """Return a line without blanks at its end, unless a value goes on in the next line."""
        following = number + 1
        is_open = following in self._marks.whole or following in self._marks.shifted
        return line if is_open else line.rstrip(_BLANKS)

    def _whole(self, number: int) -> str:
        """Return a line within a scalar, and what comes after the scalar on its last line."""
        return self._marks.whole[number]

    def _changed(self, number: int, start: int, end: int) -> str:
        """Return a line with its changes; a comment that is set apart stays in its column."""
        splices = self._marks.splices.get(number, [])
        if not splices:
            return self._text[start:end]
        growth = sum(len(splice.text) - (splice.end - splice.start) for splice in splices)
        gap = _GAP.match(self._text, self._marks.ends.get(number, end))
        if not gap or not growth:
            return apply_splices(self._text, splices, start, end)
        width = max(2, len(gap[1]) - growth)
        line = apply_splices(self._text, splices, start, gap.start(1))
        return f"{line}{' ' * width}{self._text[gap.end(1) : end]}"

    def _raw(self, number: int) -> str:
        return self._text[self._starts[number] : self._end(number)]

    def _end(self, number: int) -> int:
        return self._starts[number + 1] - 1 if number + 1 < len(self._starts) else len(self._text)
