"""How many findings each run of a history had."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The counts of one run, as in the summary of its document. `at` is ISO 8601 in UTC."""

    at: str
    changed: int = 0
    missing: int = 0
    unexpected: int = 0
    errors: int = 0

    @property
    def total(self) -> int:
        """Everything that was found, errors included."""
        return self.changed + self.missing + self.unexpected + self.errors
