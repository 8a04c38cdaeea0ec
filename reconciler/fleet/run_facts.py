"""How long a run took, what it sent, and whether it was stopped."""

from dataclasses import dataclass, field

from reconciler.ports import Usage


@dataclass(frozen=True, slots=True)
class RunFacts:
    """`seconds` from start to end. `stopped` says why the run ended before it had read everything, "" if it did not."""

    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)
    stopped: str = ""
