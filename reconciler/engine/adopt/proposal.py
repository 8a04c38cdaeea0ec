"""What adopt works with: findings, what is left of them, files as they would be.

Promise: values only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reconciler.atomic_write import FileReplacement
from reconciler.engine.load.load import Declared
from reconciler.engine.load.request import Request
from reconciler.engine.read.read import TargetState
from reconciler.findings import Finding
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import Response


@dataclass(frozen=True, slots=True)
class AdoptOptions:
    """What may be adopted, and where to. `into_set`: into response sets, where all users drifted alike."""

    accept_missing: bool = False
    into_set: bool = False


@dataclass(frozen=True, slots=True)
class TargetFinding:
    """A finding and the API that it is of; `number` tells it from all others of the run."""

    number: int
    read: TargetState
    finding: Finding

    @property
    def key(self) -> ResponseKey:
        """The response."""
        return self.finding.key

    def live(self) -> Response | None:
        """The response as it is in AWS."""
        method = self.read.live.methods.get(self.key.scope)
        return method.responses.get(self.key.code) if method else None


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that is not adopted, or the one field of it that is not, and why."""

    found: TargetFinding
    reason: str
    field: str = ""
    by_choice: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Files as they would be. A finding of which only some fields are left is among `adopted` and in `left`."""

    rewrites: tuple[FileReplacement, ...] = ()
    adopted: tuple[TargetFinding, ...] = ()
    left: tuple[Left, ...] = ()

    def with_left(self, left: Iterable[Left]) -> "Proposal":
        """With more findings that are left, all in the order in which they were found."""
        every = sorted((*self.left, *left), key=lambda one: (one.found.number, one.field))
        return replace(self, left=tuple(every))


@dataclass(frozen=True, slots=True)
class AdoptRun:
    """What was asked for, what the manifests say, and what AWS holds. `today` is a date in ISO 8601."""

    request: Request
    declared: Declared
    reads: Sequence[TargetState]
    today: str
