"""The results of a review, as values.

An API in an environment is one `PlacedReview`; `alike` groups what environments share. Nothing here says how it is
shown.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.diagnostics import Location
from reconciler.diff import ResponseChange
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.targets import Kind

_SHORT_ID = 10


class ReviewEffect(enum.StrEnum):
    """The effect on a response. `RELEASE`: it stays as it is, and manifests no longer manage it."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RELEASE = "release"


class ListingChange(enum.StrEnum):
    """The effect on a method: whether manifests manage its responses."""

    LISTED = "listed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class ResponseReview:
    """One response whose desired state changes. `note` says what the field changes do not show.

    `source` and `set` say where it is written. `manifest` lists its method now, or did.
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
        """The key of the response."""
        return self.change.key


@dataclass(frozen=True, slots=True)
class MethodReview:
    """A method that is newly listed, or no longer. `prune`: unlisted live responses are deleted."""

    manifest: str
    scope: Scope
    listing: ListingChange
    prune: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A pattern that selects another response of a method than before; "" is the default.

    `before` and `after` are status codes; None: the pattern selects none.
    """

    manifest: str
    scope: Scope
    pattern: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that controls how responses are managed. `subject`: the method or response, "" for the whole API."""

    manifest: str
    subject: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ApiReview:
    """All changes to one API, sorted by path, verb and status.

    `manifests` are those of the API now, or before; `unchanged` the addresses of unchanged desired responses.
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
        """Whether there are any changes."""
        return bool(self.responses or self.methods or self.settings)


@dataclass(frozen=True, slots=True)
class State:
    """One of the two states that are compared: a commit, or with None the working tree.

    `is_fork`: the commit is the merge base with the revision, not the revision itself.
    """

    revision: str | None = None
    commit: str | None = None
    is_fork: bool = False

    def __str__(self) -> str:
        if self.revision is None:
            return "the working tree"
        lead = "the merge base with " if self.is_fork else ""
        return f"{lead}{self.revision} ({(self.commit or '')[:_SHORT_ID]})"


@dataclass(frozen=True, slots=True)
class ApiLocation:
    """Where an API is: the configuration's file ("" for none), the environment, and how the API is named there.

    `is_protected`: whether the environment is; it does not affect equality.
    """

    file: str
    environment: str | None
    kind: Kind
    api: str
    is_protected: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class PlacedReview:
    """The changes to one API in one environment.

    `is_new`, `is_gone`: no manifest was, or is, for it. `instead_of`: the API that a manifest of this name was for.
    """

    place: ApiLocation
    review: ApiReview
    is_new: bool = False
    is_gone: bool = False
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class ConfigurationChange:
    """A changed value of a configuration, for one environment or, with None, for all."""

    file: str
    environment: str | None
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of responses; the same effect in several environments counts once."""

    create: int = 0
    update: int = 0
    delete: int = 0
    release: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """All changes. `environments`: those of the run, in the order of the configurations."""

    base: State
    head: State
    environments: tuple[str, ...] = ()
    apis: tuple[PlacedReview, ...] = ()
    configuration: tuple[ConfigurationChange, ...] = ()

    @property
    def changed(self) -> tuple[PlacedReview, ...]:
        """The APIs that have changes."""
        return tuple(api for api in self.apis if api.review.is_changed)

    @property
    def is_empty(self) -> bool:
        """Whether there are no changes."""
        return not self.changed and not self.configuration

    @property
    def counts(self) -> Counts:
        """The counts of responses."""
        by_effect = {effect.value: len(_distinct(self.apis, effect)) for effect in ReviewEffect}
        changed = {(api.place.file, response.address) for api in self.apis for response in api.review.responses}
        same = {(api.place.file, address) for api in self.apis for address in api.review.unchanged}
        return Counts(**by_effect, unchanged=len(same - changed))


def _distinct(apis: Iterable[PlacedReview], effect: ReviewEffect) -> set[tuple[str, str]]:
    return {
        (api.place.file, response.address)
        for api in apis
        for response in api.review.responses
        if response.effect is effect
    }
