"""The results of actions."""

import enum
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.plan.actions import Action


class ActionResult(enum.StrEnum):
    """The result of an action."""

    APPLIED = "applied"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_RUN = "not-run"


ResultDetail: TypeAlias = tuple[ActionResult, str]
"""A result, and the reason if it is not simply applied."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An action's result; `detail` gives the reason if it is not simply applied.

    `unlogged`: why a finished action could not be written to the run log; its API is stopped then.
    """

    action_id: str
    action: Action
    result: ActionResult
    detail: str = ""
    unlogged: str = ""

    @property
    def full_detail(self) -> str:
        """Detail and log failure as one text."""
        return "; ".join(filter(None, (self.detail, self.unlogged)))

    @property
    def is_done(self) -> bool:
        """Whether AWS now has the state that the action was for."""
        return self.result in {ActionResult.APPLIED, ActionResult.SKIPPED}
