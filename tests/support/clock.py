"""Time that passes only by sleeping."""

from dataclasses import dataclass, field


@dataclass
class FakeClock:
    """A `ports.Clock` that does not wait; `naps` are the waits that were asked for, in seconds."""

    time: float = 0.0
    naps: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """The time."""
        return self.time

    def now(self) -> str:
        """A fixed moment."""
        return "2026-01-31T12:00:00Z"

    def sleep(self, seconds: float) -> None:
        """Note it; return at once."""
        self.naps.append(seconds)
        self.time += seconds
