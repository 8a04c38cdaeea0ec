"""Compare two texts line by line.

The lines are matched as in Python's difflib. That takes up to cubic time, so steps are counted. If there are too many,
all lines from the first to the last difference count as replaced, which takes linear time.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import Final, TypeAlias

from reconciler.step_budget import BudgetExceeded, SharedBudget, StepBudget

MOST_STEPS: Final = 1_000_000
"""Steps for two texts; a step is a look at a line, or at an equal line in the other text."""

MOST_STEPS_OF_REPORT: Final = 10_000_000
"""Steps for all texts of one report."""

_of_report: Final = SharedBudget("line diffs")

_Opcode: TypeAlias = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class LineDiff:
    """The lines of a diff without its file names, each with its sign (`@`, `-`, `+` or a blank).

    `is_matched` is False if the texts are too different to be matched line by line.
    """

    lines: tuple[str, ...]
    is_matched: bool = True


def limited_line_diffs(most: int = MOST_STEPS_OF_REPORT) -> AbstractContextManager[StepBudget]:
    """Limit the steps of all texts in this context together."""
    return _of_report.limited(most)


def line_diff(old: Sequence[str], new: Sequence[str], *, context: int = 3) -> LineDiff:
    """Return how one text becomes the other, with `context` lines around each difference."""
    matcher = _Matcher(old, new, StepBudget(MOST_STEPS, _of_report.current))
    is_matched = matcher.is_matched()
    groups = matcher.get_grouped_opcodes(context)
    return LineDiff(tuple(line for group in groups for line in _hunk(group, old, new)), is_matched)


class _Matcher(SequenceMatcher[str]):
    """difflib's matcher, which gives up when matching takes too many steps."""

    # difflib's own attributes, which its type stubs leave out
    a: Sequence[str]
    b: Sequence[str]
    b2j: dict[str, list[int]]

    def __init__(self, old: Sequence[str], new: Sequence[str], work: StepBudget) -> None:
        super().__init__(None, old, new)
        self._work = work
        # How many lines of the other text are compared with the first lines, up to each line
        self._places = [0, *accumulate(1 + len(self.b2j.get(line, ())) for line in old)]

    def find_longest_match(  # what difflib asks again for each part of the texts
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """As difflib's. Raises BudgetExceeded."""
        end = len(self.a) if ahi is None else ahi
        self._work.spend(1 + self._places[end] - self._places[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)

    def is_matched(self) -> bool:
        """Match the texts; return False if that takes too many steps, so that they count as replaced."""
        try:
            self.get_opcodes()
        except BudgetExceeded:
            self.opcodes: list[_Opcode] = list(_replaced(self.a, self.b))
            return False
        return True


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[_Opcode]:
    """Replace all lines between the common start and the common end of the texts."""
    least = min(len(old), len(new))
    start = next((at for at in range(least) if old[at] != new[at]), least)
    most_after = least - start
    after = next((at for at in range(most_after) if old[-1 - at] != new[-1 - at]), most_after)
    old_end, new_end = len(old) - after, len(new) - after
    if start:
        yield "equal", 0, start, 0, start
    if start < old_end or start < new_end:
        yield "replace", start, old_end, start, new_end
    if after:
        yield "equal", old_end, len(old), new_end, len(new)


def _hunk(group: Sequence[_Opcode], old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Write one group of differences as a hunk of a unified diff."""
    first, last = group[0], group[-1]
    yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
    for tag, old_start, old_end, new_start, new_end in group:
        if tag == "equal":
            yield from (f" {line}" for line in old[old_start:old_end])
            continue
        yield from (f"-{line}" for line in old[old_start:old_end])
        yield from (f"+{line}" for line in new[new_start:new_end])


def _range(start: int, end: int) -> str:
    """Write a range of lines as unified diffs do: from 1, and an empty range by the line before it."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"
