"""Responses that wait for their method."""

from dataclasses import dataclass

from reconciler.diagnostics import Location
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import Response


@dataclass(frozen=True, slots=True)
class Deferred:
    """A response that is wanted where nothing can be written yet, and why not. `manifest` lists its method.

    `site` is the environment and region of its API, "" without environments: the same response may wait in several.
    """

    key: ResponseKey
    manifest: str
    after: Response
    reason: str
    source: Location | None = None
    site: str = ""

    @property
    def name(self) -> str:
        """Return a name that no other waiting response has."""
        return f"{self.address} in {self.site}" if self.site else self.address

    @property
    def address(self) -> str:
        """Return the address, written as by `Desired.address`."""
        return f"{self.manifest}: {self.key}"
