"""Find patterns of one method that match the same status code.

Of n patterns n * n / 2 pairs can overlap. A REST method has 500 statuses, and so at most 500 patterns; an integration
of a WebSocket API has no such limit, so each pattern is compared with the first `MOST_COMPARED` only. Of the patterns
that a pattern overlaps with, the first `MOST_NAMED` are named and the others counted.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Final

MOST_COMPARED: Final = 500
"""How many patterns each pattern is compared with."""

MOST_NAMED: Final = 20
"""How many overlaps of one pattern are named."""

MOST_EVALUATED: Final = 20_000
"""How many patterns of one API are matched against all status codes: each takes 500 matches."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two patterns, by their index in the list, and the lowest status code that both match.

    `others` counts the overlaps of the second pattern that are not named.
    """

    first: int
    second: int
    status: str
    others: int = 0


def overlaps(patterns: Sequence[tuple[str, AbstractSet[str]]]) -> Iterator[Overlap]:
    """Compare each pattern, given with its status codes, with those before it; equal patterns do not overlap."""
    before: list[tuple[str, int]] = []
    for second, (text, statuses) in enumerate(patterns):
        mask = _mask(frozenset(statuses))
        conflicts = [
            (first, mask & other) for first, (known, other) in enumerate(before) if mask & other and known != text
        ]
        for first, common in conflicts[:MOST_NAMED]:
            others = len(conflicts) - MOST_NAMED if first == conflicts[:MOST_NAMED][-1][0] else 0
            yield Overlap(first, second, _lowest(common), max(0, others))
        if len(before) < MOST_COMPARED:
            before.append((text, mask))


@cache
def _mask(statuses: frozenset[str]) -> int:
    """Set a bit for each status code, so that comparing two patterns takes one step."""
    return sum(1 << int(status) for status in statuses)


def _lowest(mask: int) -> str:
    return str((mask & -mask).bit_length() - 1)


def counted_others(overlap: Overlap) -> str:
    """Return the end of a message that does not name every overlap."""
    return f"; it overlaps with {overlap.others:,} more" if overlap.others else ""


def too_many(patterns: int) -> str:
    """Return the message for the first of the patterns that are not matched against status codes."""
    return f"{patterns:,} patterns from here on are not checked: the limit is {MOST_EVALUATED:,} per API"
