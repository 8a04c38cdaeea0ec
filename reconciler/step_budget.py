"""A limit on how many steps a computation may take.

Some computations (comparing texts line by line, looking for a similar name) take time that grows with the square of
their input or faster, and the input may come from a stranger's pull request. Such code counts its steps here, and does
something cheaper when there are too many. It counts steps, not seconds, so that every machine gives the same result.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class BudgetExceeded(Exception):  # noqa: N818 - the caller catches it and does something cheaper
    """The steps are used up."""


class StepBudget:
    """Counts steps up to a limit. Steps of a budget `within` another one count there as well."""

    def __init__(self, most: int, within: "StepBudget | None" = None) -> None:
        self.most = most
        self.steps = 0
        self._within = within

    def spend(self, steps: int = 1) -> None:
        """Count steps before they are taken. Raises BudgetExceeded, and counts none, if they exceed a limit."""
        if self.steps + steps > self.most:
            raise BudgetExceeded
        if self._within:
            self._within.spend(steps)
        self.steps += steps


class SharedBudget:
    """A limit that all code in a context shares, however deeply nested."""

    def __init__(self, name: str) -> None:
        self._current: ContextVar[StepBudget | None] = ContextVar(name, default=None)

    @property
    def current(self) -> StepBudget | None:
        """The budget of this context; None if there is no limit."""
        return self._current.get()

    @contextmanager
    def limited(self, most: int) -> Iterator[StepBudget]:
        """Limit all steps in this context together."""
        work = StepBudget(most)
        token = self._current.set(work)
        try:
            yield work
        finally:
            self._current.reset(token)
