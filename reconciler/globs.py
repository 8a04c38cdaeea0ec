"""Globs over resource paths, route keys, addresses and field names.

A glob matches the whole text, case-sensitively. There are three kinds::

    path    `*` is any text without a slash; `**` as a part is any number of parts, none included (`/pets/**` matches
            `/pets` too); `**` elsewhere is any text
    route   `*` is any text
    text    as in a shell: `*` is any text, `?` any character, `[ab-d]` and `[!ab-d]` one of a set

Nothing here backtracks. A glob is split into blocks wherever any text may occur. Each block takes the first place where
it fits, from left to right, and the last one has to fit at the end: a block that ends further left never leaves less to
the blocks after it. So the number of steps is at most proportional to the length of the glob times that of the text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from typing import Final

from reconciler.step_budget import StepBudget

_PARTS: Final = re.compile(r"((?:/\*\*(?=/|\Z))+|\*\*|\*)")
_CHARACTERS_A_STEP: Final = 256
"""How many characters `str.find` looks at in the time of one step in Python."""


@dataclass(frozen=True, slots=True)
class _LiteralBlock:
    """Literal texts separated by any text without a slash.

    `overlaps`: its first character may be the last one of the block before: the slash before `**` and the one after.
    """

    literals: tuple[str, ...]
    overlaps: bool = False


@dataclass(frozen=True, slots=True)
class Glob:
    """A prepared path or route glob: it matches if all blocks of one of its `ways` are found in order."""

    ways: tuple[tuple[_LiteralBlock, ...], ...]

    def matches(self, text: str, work: StepBudget | None = None) -> bool:
        """Whether the whole text matches. Raises BudgetExceeded when the steps of `work` are used up."""
        return any(_Search(text, work).finds(blocks) for blocks in self.ways)


def path_fits(glob: str, path: str, work: StepBudget | None = None) -> bool:
    """Whether a resource path matches a path glob. Raises BudgetExceeded when the steps of `work` are used up."""
    return path_glob(glob).matches(path, work)


def route_fits(glob: str, route: str, work: StepBudget | None = None) -> bool:
    """Whether a route key matches a route glob. Raises BudgetExceeded when the steps of `work` are used up."""
    return route_glob(glob).matches(route, work)


def text_fits(glob: str, text: str) -> bool:
    """Whether a text matches a text glob."""
    return _text_pattern(glob)(text) is not None


@lru_cache(maxsize=1024)
def path_glob(glob: str) -> Glob:
    """Prepare a glob over resource paths."""
    blocks: list[_LiteralBlock] = []
    literals: list[str] = [""]
    overlaps = False
    for number, part in enumerate(_PARTS.split(glob)):
        if number % 2 == 0:
            literals[-1] += part
        elif part == "*":
            literals.append("")
        else:
            needs_slash = part != "**"
            literals[-1] += "/" if needs_slash else ""
            blocks.append(_LiteralBlock(tuple(literals), overlaps))
            literals, overlaps = [""], needs_slash
    blocks.append(_LiteralBlock(tuple(literals), overlaps))
    return Glob(tuple(_ways(blocks)))


def _ways(blocks: Sequence[_LiteralBlock]) -> Iterator[tuple[_LiteralBlock, ...]]:
    """Resolve `/**` at the end of a glob, which matches a slash with anything after it, or nothing."""
    *before, last = blocks
    if not (last.overlaps and last.literals == ("",)):
        yield tuple(blocks)
        return
    yield (*before, _LiteralBlock(("",)))
    *before, last = before
    *literals, tail = last.literals
    yield (*before, _LiteralBlock((*literals, tail[:-1]), last.overlaps))


@lru_cache(maxsize=1024)
def route_glob(glob: str) -> Glob:
    """Prepare a glob over route keys."""
    return Glob((tuple(_LiteralBlock((literal,)) for literal in glob.split("*")),))


PREPARING: Final = 50
"""The steps that preparing one text glob takes, for callers that count them."""


def text_steps(glob: str, text: str) -> int:
    """Return the steps that matching one text takes, for callers that count them."""
    return 1 + (glob.count("*") * len(text) >> 9)


@lru_cache(maxsize=65_536)  # a cache smaller than one list would prepare each glob again and again
def _text_pattern(glob: str) -> Callable[[str], re.Match[str] | None]:
    # Since Python 3.11 every `*` but the last becomes an atomic group, so it never backtracks
    return re.compile(translate(glob)).match


class _Search:
    """Searches one text from left to right. An offset of -1 stands for "nowhere"."""

    def __init__(self, text: str, work: StepBudget | None) -> None:
        self._text = text
        self._work = work

    def finds(self, blocks: Sequence[_LiteralBlock]) -> bool:
        """Whether all blocks occur in order, the first at the start and the last at the end."""
        first, *others = blocks
        if not others:
            return self._is_whole(first.literals)
        end = self._end_from(first.literals, 0)
        for block in others[:-1]:
            if end < 0:
                return False
            end = self._end_after(block.literals, end - block.overlaps)
        return end >= 0 and self._start_at_end(others[-1].literals) >= end - others[-1].overlaps

    def _find(self, literal: str, start: int, stop: int | None = None) -> int:
        """Return the first offset of a literal between `start` and `stop`."""
        self._count(start, len(self._text) if stop is None else stop)
        return self._text.find(literal, start, stop)

    def _count(self, start: int, stop: int) -> None:
        if self._work:
            self._work.spend(1 + max(0, stop - start) // _CHARACTERS_A_STEP)

    def _is_whole(self, literals: Sequence[str]) -> bool:
        """Whether one block matches the whole text."""
        if len(literals) == 1:
            return self._text == literals[0]
        end = self._end_from(literals[:-1], 0)
        start = len(self._text) - len(literals[-1])
        return 0 <= end <= start and self._text.endswith(literals[-1]) and self._has_no_slash(end, start)

    def _has_no_slash(self, start: int, stop: int) -> bool:
        return self._find("/", start, stop) < 0

    def _end_from(self, literals: Sequence[str], start: int) -> int:
        """Return the earliest end of a block that begins at `start`."""
        first, *others = literals
        if not self._text.startswith(first, start):
            return -1
        return self._end_of_rest(others, start + len(first))

    def _end_of_rest(self, literals: Sequence[str], end: int) -> int:
        """Return the earliest end of the literals that follow `end`."""
        for literal in literals:
            start = self._next(literal, end)
            if start < 0:
                return -1
            end = start + len(literal)
        return end

    def _next(self, literal: str, start: int) -> int:
        """Return the earliest start of a literal, with no slash between `start` and it."""
        slash = self._find("/", start)
        if "/" not in literal:
            return self._find(literal, start, len(self._text) if slash < 0 else slash)
        begin = slash - literal.index("/")
        return begin if begin >= start and self._text.startswith(literal, begin) else -1

    def _end_after(self, literals: Sequence[str], start: int) -> int:
        """Return the earliest end of a block that begins at `start` or later."""
        first, *others = literals
        while (begin := self._find(first, start)) >= 0:
            if (end := self._end_of_rest(others, begin + len(first))) >= 0:
                return end
            # A match further right before the same slash fits no better
            slash = self._find("/", begin + len(first))
            if slash < 0:
                return -1
            start = slash + 1 - len(first)
        return -1

    def _start_at_end(self, literals: Sequence[str]) -> int:
        """Return the latest start of a block that ends at the end of the text."""
        *others, last = literals
        start = len(self._text) - len(last) if self._text.endswith(last) else -1
        for literal in reversed(others):
            if start < 0:
                return -1
            start = self._last(literal, start)
        return start

    def _last(self, literal: str, stop: int) -> int:
        """Return the latest start of a literal that ends at or before `stop`, with no slash from there to `stop`."""
        self._count(0, stop)
        slash = self._text.rfind("/", 0, stop)
        if "/" not in literal:
            return self._text.rfind(literal, slash + 1, stop)
        begin = slash - literal.rindex("/")
        return begin if begin >= 0 and self._text.startswith(literal, begin) and begin + len(literal) <= stop else -1
