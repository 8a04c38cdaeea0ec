"""A `ports.ReadProgress` for tests."""

from reconciler.models.targets import Target
from reconciler.ports import TargetReading


class Recorded:
    """`ports.ReadProgress` that remembers."""

    def __init__(self) -> None:
        self.events: list[object] = []

    def begin(self, total: int, what: str = "APIs") -> None:
        """Remember."""
        self.events.append(total if what == "APIs" else f"{total} {what}")

    def reading(self, target: Target) -> None:
        """Remember."""
        self.events.append(f"reading {target.api_name}")

    def done(self, reading: TargetReading) -> None:
        """Remember."""
        counts = {name: count for name, count in reading.counts.items() if count}
        self.events.append((reading.manifests, counts, reading.error))

    def end(self) -> None:
        """Remember."""
        self.events.append("end")
