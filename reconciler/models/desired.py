"""What the manifests say."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from reconciler.diagnostics import Location
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import Response
from reconciler.models.targets import ApiRef, Kind


class Absence(enum.Enum):
    """The type of `ABSENT`."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT
"""Said of a response that must not be there, whatever `prune` says."""

Wanted: TypeAlias = Response | Literal[Absence.ABSENT]
MethodResponses: TypeAlias = Literal["check", "ensure"]


@dataclass(frozen=True, slots=True)
class Ownership:
    """What a manifest claims of a listed method.

    `prune`: live responses that are not listed are deleted. `method_responses`: whether missing method responses are
    an error (`check`) or made first (`ensure`).
    """

    manifest: str
    prune: bool = True
    method_responses: MethodResponses = "check"
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ManifestRef:
    """A manifest by name, with the API it is for and the stages that its API is deployed to."""

    name: str
    api: ApiRef
    kind: Kind = Kind.REST_API
    stages: tuple[str, ...] = ()
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Desired:
    """The desired responses of one API, out of one manifest or several.

    `owns` has every listed method, also one without responses. `allowed` are the lint rules silenced per response.
    `origins` tells where a value came from: the key is the response and the field (`""` for the response as a whole,
    `selectionPattern`, `responseTemplates.application/json` ...); it has no part in equality.
    """

    manifests: tuple[ManifestRef, ...]
    owns: Mapping[Scope, Ownership]
    responses: Mapping[ResponseKey, Wanted]
    protected: frozenset[ResponseKey] = frozenset()
    allowed: Mapping[ResponseKey, frozenset[str]] = field(default_factory=dict, compare=False)
    origins: Mapping[tuple[ResponseKey, str], Location] = field(default_factory=dict, compare=False)

    def address(self, key: ResponseKey) -> str:
        """The name of a response in texts and documents: `petstore: GET /pets/{petId} 404`."""
        return f"{self.method_address(key.scope)} {key.code}"

    def method_address(self, scope: Scope) -> str:
        """The name of a method; one that no manifest lists goes under the first manifest's name."""
        owner = self.owns.get(scope)
        return f"{owner.manifest if owner else self.manifests[0].name}: {scope}"

    def origin(self, key: ResponseKey, path: str = "") -> Location | None:
        """Where a field, else its map, else its response, else its method is written down."""
        for candidate in (path, path.partition(".")[0], ""):
            found = self.origins.get((key, candidate))
            if found:
                return found
        owner = self.owns.get(key.scope)
        return owner.location if owner else None
