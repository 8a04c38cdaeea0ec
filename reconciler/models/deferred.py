"""Responses that are wanted where nothing can be written yet."""

from dataclasses import dataclass

from reconciler.diagnostics import Location
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import Response


@dataclass(frozen=True, slots=True)
class Deferred:
    """A response that is wanted where nothing can be written yet, and why not. `manifest` lists its method.

    `site`: where its API is, if that has to be said: the same may wait in several environments.
    """

    key: ResponseKey
    manifest: str
    after: Response
    reason: str
    source: Location | None = None
    site: str = ""

    @property
    def name(self) -> str:
        """What tells it from everything else that waits."""
        return f"{self.address} in {self.site}" if self.site else self.address

    @property
    def address(self) -> str:
        """As `Desired.address`."""
        return f"{self.manifest}: {self.key}"
