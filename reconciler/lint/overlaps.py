"""Which patterns of one method match the same status.

Of n patterns n * n / 2 pairs can overlap. A REST method has 500 statuses, and so at most 500 patterns; an integration
of a WebSocket API has no such limit, so each pattern is held against the first `MOST_COMPARED` only. Of the patterns
that one overlaps with, the first `MOST_NAMED` are named and the others counted.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Final

MOST_COMPARED: Final = 500
"""Patterns that each pattern is held against."""

MOST_NAMED: Final = 20
"""Patterns that one pattern is said to overlap with."""

MOST_EVALUATED: Final = 20_000
"""Patterns of one API that are held against all statuses: each takes as long as 500 matches."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two patterns, by their places in the list, and the lowest status that both match.

    `others`: with how many more patterns the second one overlaps that are not named.
    """

    first: int
    second: int
    status: str
    others: int = 0


def overlaps(patterns: Sequence[tuple[str, AbstractSet[str]]]) -> Iterator[Overlap]:
    """Every pattern, given with the statuses that it matches, beside those before it; equal patterns do not overlap."""
    before: list[tuple[str, int]] = []
    for second, (text, statuses) in enumerate(patterns):
        mask = _mask(frozenset(statuses))
        found = [(first, mask & other) for first, (known, other) in enumerate(before) if mask & other and known != text]
        for first, common in found[:MOST_NAMED]:
            others = len(found) - MOST_NAMED if first == found[:MOST_NAMED][-1][0] else 0
            yield Overlap(first, second, _lowest(common), max(0, others))
        if len(before) < MOST_COMPARED:
            before.append((text, mask))


@cache
def _mask(statuses: frozenset[str]) -> int:
    """A bit for each status, so that two patterns are compared in one step."""
    return sum(1 << int(status) for status in statuses)


def _lowest(mask: int) -> str:
    return str((mask & -mask).bit_length() - 1)


def counted_others(overlap: Overlap) -> str:
    """What a message adds where not every overlap is named."""
    return f"; it overlaps with {overlap.others:,} more" if overlap.others else ""


def too_many(patterns: int) -> str:
    """What is said at the first of the patterns that are not held against statuses."""
    return f"{patterns:,} patterns from here on are not checked: of one API, {MOST_EVALUATED:,} are"
