"""Which of the targets that manifests resolve to a run reads."""

from typing import Protocol

from reconciler.models.targets import Target


class TargetChoice(Protocol):
    """Decides about each target of a run once it is known, and about those that could not be found.

    Of two runs whose choices share nothing and cover everything, each failure is reported by exactly one.
    """

    def covers(self, target: Target) -> bool:
        """Whether to read this API."""

    def covers_unread(self, environment: str | None, region: str, manifest: str) -> bool:
        """Whether to report that the API of this manifest was not found or not reached."""
