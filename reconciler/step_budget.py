"""A limit on how many steps a computation may take.

Some of what this tool does for a reader (comparing texts line by line, looking for a similar name) can take time that
grows with the square of its input or faster, and the input may come from a stranger's pull request. Such code counts
its steps here, and does something cheaper when there are too many. Steps are counted, not seconds, so that every
machine gives the same answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class BudgetExceeded(Exception):  # noqa: N818 - the caller catches it and does something cheaper
    """The steps are used up."""


class StepBudget:
    """Counts steps up to a limit. What is spent `within` another one counts there as well."""

    def __init__(self, most: int, within: "StepBudget | None" = None) -> None:
        self.most = most
        self.steps = 0
        self._within = within

    def spend(self, steps: int = 1) -> None:
        """Count steps that are about to be taken. Raises TooMuchWork, and counts none, where a limit forbids them."""
        if self.steps + steps > self.most:
            raise BudgetExceeded
        if self._within:
            self._within.spend(steps)
        self.steps += steps


class SharedBudget:
    """A limit for everything that one part of a run spends together, however deep in it that happens."""

    def __init__(self, name: str) -> None:
        self._current: ContextVar[StepBudget | None] = ContextVar(name, default=None)

    @property
    def current(self) -> StepBudget | None:
        """What is left; None where nothing limits the whole."""
        return self._current.get()

    @contextmanager
    def limited(self, most: int) -> Iterator[StepBudget]:
        """All that is spent within, together."""
        work = StepBudget(most)
        token = self._current.set(work)
        try:
            yield work
        finally:
            self._current.reset(token)
