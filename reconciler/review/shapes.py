"""What a review finds, as values.

Promise: an API in an environment is one `PlacedReview`; what environments have in common is worked out elsewhere
(`alike`). Nothing here says how it is shown.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.diagnostics import Location
from reconciler.diff import ResponseChange
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.targets import Kind

_SHORT_ID = 10


class ReviewEffect(enum.StrEnum):
    """What becomes of a response. `RELEASE`: it stays as it is, and nobody looks after it any more."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RELEASE = "release"


class ListingChange(enum.StrEnum):
    """What becomes of a method: whether its live responses are looked after."""

    LISTED = "listed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class ResponseReview:
    """One response that is wanted otherwise. `note` says what the field changes do not; `source` and `set` where from.

    `manifest` is the one that lists its method now, or did.
    """

    manifest: str
    address: str
    effect: ReviewEffect
    change: ResponseChange
    note: str = ""
    source: Location | None = None
    set: str = ""

    @property
    def key(self) -> ResponseKey:
        """Its key."""
        return self.change.key


@dataclass(frozen=True, slots=True)
class MethodReview:
    """A method that is listed from now on, or no more. `prune`: what is live and not listed is deleted."""

    manifest: str
    scope: Scope
    listing: ListingChange
    prune: bool


@dataclass(frozen=True, slots=True)
class Move:
    """What selects another response of a method than before: a pattern, "" for what no pattern matches.

    `before` and `after` are status codes; None: nothing is selected by it.
    """

    manifest: str
    scope: Scope
    pattern: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that says how responses are looked after. `subject`: the method or response, "" for the whole API."""

    manifest: str
    subject: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ApiReview:
    """All that is otherwise about one API, sorted by path, verb and status.

    `manifests` are those that make it now, or that made it; `unchanged` the addresses of what is wanted as it was.
    """

    kind: Kind
    manifests: tuple[str, ...]
    responses: tuple[ResponseReview, ...] = ()
    methods: tuple[MethodReview, ...] = ()
    moves: tuple[Move, ...] = ()
    settings: tuple[Setting, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether anything is."""
        return bool(self.responses or self.methods or self.settings)


@dataclass(frozen=True, slots=True)
class State:
    """One of the two states that are compared: a commit, or with None the working tree.

    `is_fork`: the commit is not the revision's own, but the one where a branch left it.
    """

    revision: str | None = None
    commit: str | None = None
    is_fork: bool = False

    def __str__(self) -> str:
        if self.revision is None:
            return "the working tree"
        lead = "where the branch left " if self.is_fork else ""
        return f"{lead}{self.revision} ({(self.commit or '')[:_SHORT_ID]})"


@dataclass(frozen=True, slots=True)
class ApiLocation:
    """Where an API is: the configuration's file ("" for none), the environment, and how the API is named there."""

    file: str
    environment: str | None
    kind: Kind
    api: str


@dataclass(frozen=True, slots=True)
class PlacedReview:
    """What is otherwise about one API in one environment.

    `is_new`, `is_gone`: no manifest was or is for it. `instead_of`: the API that a manifest of this name was for.
    """

    place: ApiLocation
    review: ApiReview
    is_new: bool = False
    is_gone: bool = False
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class ConfigurationChange:
    """A value of a configuration that is otherwise, for one environment or, with None, for all."""

    file: str
    environment: str | None
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many responses; one counts once, in however many environments the same becomes of it."""

    create: int = 0
    update: int = 0
    delete: int = 0
    release: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """All that is otherwise. `environments`: every one of the run, in the order of the configurations."""

    base: State
    head: State
    environments: tuple[str, ...] = ()
    apis: tuple[PlacedReview, ...] = ()
    configuration: tuple[ConfigurationChange, ...] = ()

    @property
    def changed(self) -> tuple[PlacedReview, ...]:
        """The APIs about which anything is."""
        return tuple(api for api in self.apis if api.review.is_changed)

    @property
    def is_empty(self) -> bool:
        """Whether the manifests want what they wanted."""
        return not self.changed and not self.configuration

    @property
    def counts(self) -> Counts:
        """The counts."""
        by_effect = {effect.value: len(_distinct(self.apis, effect)) for effect in ReviewEffect}
        changed = {(api.place.file, found.address) for api in self.apis for found in api.review.responses}
        same = {(api.place.file, address) for api in self.apis for address in api.review.unchanged}
        return Counts(**by_effect, unchanged=len(same - changed))


def _distinct(apis: Iterable[PlacedReview], effect: ReviewEffect) -> set[tuple[str, str]]:
    return {(api.place.file, found.address) for api in apis for found in api.review.responses if found.effect is effect}
