"""How long a run took, what it sent, and whether it was stopped."""

from dataclasses import dataclass, field
from typing import Final

from reconciler.ports import Usage

INTERRUPTED: Final = "interrupted"
"""`RunFacts.stopped` of a run that the user or the system stopped."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """`seconds` from start to end. `stopped` says why the run ended before it had read everything, "" if it did not."""

    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)
    stopped: str = ""

    @property
    def is_interrupted(self) -> bool:
        """Whether the user or the system stopped it."""
        return self.stopped == INTERRUPTED
