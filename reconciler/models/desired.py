"""The desired state, as manifests declare it."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from reconciler.diagnostics import Location
from reconciler.models.fields import fits
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import Response
from reconciler.models.targets import ApiRef, Kind


class Absence(enum.Enum):
    """The type of `ABSENT`."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT
"""Marks a response that must not exist, whatever `prune` says."""

Wanted: TypeAlias = Response | Literal[Absence.ABSENT]
MethodResponses: TypeAlias = Literal["check", "ensure"]
RouteResponses: TypeAlias = Literal["check", "ensure"]


@dataclass(frozen=True, slots=True)
class Ownership:
    """What a manifest manages of a listed method.

    `prune`: live responses that are not listed are deleted. `method_responses`: whether missing method responses are
    an error (`check`) or created first (`ensure`). `route_responses`: whether a one-way route is a warning (`check`) or
    made two-way (`ensure`). `own`: the patterns of the fields that are owned (`models.fields`),
    None for all; a method that is owned in part is never pruned.
    """

    manifest: str
    prune: bool = True
    method_responses: MethodResponses = "check"
    route_responses: RouteResponses = "check"
    own: tuple[str, ...] | None = None
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value is written, and the response set that contains it ("" for the manifest itself).

    `inside`, of a text, returns the place of a line and column of it, which may be in another file.
    """

    location: Location
    set: str = ""
    inside: Callable[[int, int], Location] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ManifestRef:
    """A manifest by name, with its API and the stages that the API is deployed to."""

    name: str
    api: ApiRef
    kind: Kind = Kind.REST_API
    stages: tuple[str, ...] = ()
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Desired:
    """The desired responses of one API, from one manifest or several.

    `owns` has every listed method, even without responses. `allowed` are the lint rules silenced per response.
    `origins` says where a value is written: the key is the response and the field (`""` for the response as a whole,
    `selectionPattern`, `responseTemplates.application/json` ...); it does not affect equality.

    `owned` has the patterns of the fields that are owned, of the responses that are not owned as a whole. `from_sets`
    are the responses that only sets have, which proxy integrations are spared. `ignored` are responses of listed
    methods whose differences are ignored: if live, they stay. `unselected` are those of them that would be
    compared if the run had not been narrowed to other responses.
    """

    manifests: tuple[ManifestRef, ...]
    owns: Mapping[Scope, Ownership]
    responses: Mapping[ResponseKey, Wanted]
    protected: frozenset[ResponseKey] = frozenset()
    allowed: Mapping[ResponseKey, frozenset[str]] = field(default_factory=dict, compare=False)
    origins: Mapping[tuple[ResponseKey, str], Origin] = field(default_factory=dict, compare=False)
    owned: Mapping[ResponseKey, tuple[str, ...]] = field(default_factory=dict)
    from_sets: frozenset[ResponseKey] = frozenset()
    ignored: frozenset[ResponseKey] = frozenset()
    unselected: frozenset[ResponseKey] = frozenset()

    def address(self, key: ResponseKey) -> str:
        """The name of a response in texts and documents: `petstore: GET /pets/{petId} 404`."""
        return f"{self.method_address(key.scope)} {key.code}"

    def method_address(self, scope: Scope) -> str:
        """The name of a method; an unlisted one has the first manifest's name."""
        owner = self.owns.get(scope)
        return f"{owner.manifest if owner else self.manifests[0].name}: {scope}"

    def origin(self, key: ResponseKey, path: str = "") -> Location | None:
        """Return where a field, else its map, else its response, else its method is written."""
        origin = self._origin(key, path)
        if origin:
            return origin.location
        owner = self.owns.get(key.scope)
        return owner.location if owner else None

    def place_inside(self, key: ResponseKey, path: str, line: int, column: int) -> Location | None:
        """Return where a line and column of a text is written, as far as that is known; else as `origin`."""
        origin = self._origin(key, path)
        return origin.inside(line, column) if origin and origin.inside else self.origin(key, path)

    def set_of(self, key: ResponseKey, path: str = "") -> str:
        """Return the response set that a field, else its map, else its response comes from; "" for none."""
        origin = self._origin(key, path)
        return origin.set if origin else ""

    def owns_field(self, key: ResponseKey, path: str) -> bool:
        """Whether a field of a desired response is owned; if not, its live value is kept."""
        patterns = self.owned.get(key)
        return patterns is None or fits(patterns, path)

    def _origin(self, key: ResponseKey, path: str) -> Origin | None:
        candidates = (path, path.partition(".")[0], "")
        return next((origin for candidate in candidates if (origin := self.origins.get((key, candidate)))), None)
