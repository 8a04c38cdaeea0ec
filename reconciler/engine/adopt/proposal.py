"""The values of an adopt: findings, the reasons against adopting them, and the proposed files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reconciler.atomic_write import FileReplacement
from reconciler.diagnostics import Location
from reconciler.engine.load.load import LoadResult
from reconciler.engine.load.request import Request
from reconciler.engine.read.read import TargetState
from reconciler.findings import Finding
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import Response


@dataclass(frozen=True, slots=True)
class AdoptOptions:
    """What may be adopted, and into what.

    `into_set`: a change that all users of a response set share is written into the set.
    """

    accept_missing: bool = False
    into_set: bool = False


@dataclass(frozen=True, slots=True)
class TargetFinding:
    """A finding with its API; `number` identifies it among all findings of the run.

    `left` are fields that will still differ, because they are kept or get another value than the live one.
    """

    number: int
    state: TargetState
    finding: Finding
    left: frozenset[str] = frozenset()

    @property
    def key(self) -> ResponseKey:
        """The response."""
        return self.finding.key

    def live(self) -> Response | None:
        """Return the live response."""
        method = self.state.live.methods.get(self.key.scope)
        return method.responses.get(self.key.code) if method else None


@dataclass(frozen=True, slots=True)
class EditedPlace:
    """Where an adopted value is written: in a manifest or a set, in the overlay of an environment, in a template file.

    "" stands for none.
    """

    location: Location
    set: str = ""
    overlay: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What adopting one finding would change, not yet checked; `blockers` are fields with the reasons against them.

    `is_blocked`: the finding cannot be adopted at all.
    """

    rewrites: tuple[FileReplacement, ...] = ()
    places: tuple[EditedPlace, ...] = ()
    blockers: tuple[tuple[str, str], ...] = ()
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class NotAdopted:
    """A finding that is not adopted, or one field of it, with the reason."""

    finding: TargetFinding
    reason: str
    field: str = ""
    by_choice: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed files. A finding that is adopted in part is both in `adopted` and in `not_adopted`."""

    rewrites: tuple[FileReplacement, ...] = ()
    adopted: tuple[TargetFinding, ...] = ()
    not_adopted: tuple[NotAdopted, ...] = ()

    def with_not_adopted(self, more: Iterable[NotAdopted]) -> "Proposal":
        """Return the proposal with more findings that are not adopted, all in the order of the findings."""
        every = sorted((*self.not_adopted, *more), key=lambda leftover: (leftover.finding.number, leftover.field))
        return replace(self, not_adopted=tuple(every))


@dataclass(frozen=True, slots=True)
class AdoptRun:
    """What the user asks for, what the manifests say and what AWS holds. `today` is a date in ISO 8601."""

    request: Request
    loaded: LoadResult
    states: Sequence[TargetState]
    today: str
