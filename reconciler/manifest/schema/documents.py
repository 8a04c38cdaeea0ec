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

from reconciler.manifest.schema.parts import AbsentWord
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.rest import MethodModel, RestApiManifest, RestResponseModel
from reconciler.manifest.schema.websocket import (
    IntegrationModel,
    RouteModel,
    WebSocketApiManifest,
    WebSocketResponseModel,
)
from reconciler.yamlio.nodes import SourceMap

Manifest: TypeAlias = RestApiManifest | WebSocketApiManifest
Response: TypeAlias = RestResponseModel | WebSocketResponseModel
Responses: TypeAlias = Mapping[str, RestResponseModel | AbsentWord] | Mapping[str, WebSocketResponseModel | AbsentWord]
Listed: TypeAlias = MethodModel | RouteModel | IntegrationModel


@dataclass(frozen=True, slots=True)
class ManifestDocument:
    """A manifest."""

    manifest: Manifest
    places: SourceMap
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
    places: SourceMap
    templates: Mapping[str, str] = field(default_factory=dict)
