"""Documents: what a file of manifests holds, sound, with all that belongs to it.

    parts               what they are made of
    rest_manifest       kind: RestApi
    websocket_manifest  kind: WebSocketApi
    response_set        kind: ResponseSet

Promise: a document knows where everything in it stands (`places`) and has the texts of the template files that it
names, by the name that it gives them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.resolve.nodes import Places
from reconciler.resolve.parts import AbsentWord
from reconciler.resolve.response_set import ResponseSet
from reconciler.resolve.rest_manifest import Method, RestApiManifest, RestResponse
from reconciler.resolve.websocket_manifest import Integration, Route, WebSocketApiManifest, WebSocketResponse

Manifest: TypeAlias = RestApiManifest | WebSocketApiManifest
Response: TypeAlias = RestResponse | WebSocketResponse
Responses: TypeAlias = Mapping[str, RestResponse | AbsentWord] | Mapping[str, WebSocketResponse | AbsentWord]
Listed: TypeAlias = Method | Route | Integration


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest."""

    manifest: Manifest
    places: Places
    templates: Mapping[str, str] = field(default_factory=dict)

    @property
    def environments(self) -> tuple[str, ...]:
        """The only ones that it is for; empty: all. They stand at `metadata.environments`."""
        return tuple(self.manifest.metadata.environments)

    @property
    def overlays(self) -> tuple[str, ...]:
        """The environments that it has an overlay for. They are the keys of `spec.overlays`."""
        return tuple(self.manifest.spec.overlays)


@dataclass(frozen=True, slots=True)
class SetDocument:
    """A response set."""

    manifest: ResponseSet
    places: Places
    templates: Mapping[str, str] = field(default_factory=dict)
