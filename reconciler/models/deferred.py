"""Desired responses that cannot be written yet."""

from dataclasses import dataclass

from reconciler.diagnostics import Location
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import Response


@dataclass(frozen=True, slots=True)
class Deferred:
    """A desired response that cannot be written yet, and why not. `manifest` lists its method.

    `site`: where its API is, if the same response waits in several environments.
    """

    key: ResponseKey
    manifest: str
    after: Response
    reason: str
    source: Location | None = None
    site: str = ""

    @property
    def name(self) -> str:
        """The name that distinguishes it from other deferred responses."""
        return f"{self.address} in {self.site}" if self.site else self.address

    @property
    def address(self) -> str:
        """As `Desired.address`."""
        return f"{self.manifest}: {self.key}"
