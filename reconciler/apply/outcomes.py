"""What may become of an action."""

import enum
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.plan.actions import Action


class Result(enum.StrEnum):
    """What became of an action."""

    APPLIED = "applied"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_RUN = "not-run"


Became: TypeAlias = tuple[Result, str]
"""A result, and why where it is not simply applied."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An action's result; `detail` says why where it is not simply applied.

    `unlogged`: why the run log does not have it, though it was carried out; after that nothing more of its API is.
    """

    action_id: str
    action: Action
    result: Result
    detail: str = ""
    unlogged: str = ""

    @property
    def full_detail(self) -> str:
        """Both texts."""
        return "; ".join(filter(None, (self.detail, self.unlogged)))

    @property
    def is_done(self) -> bool:
        """Whether AWS now holds what the action was for."""
        return self.result in {Result.APPLIED, Result.SKIPPED}
