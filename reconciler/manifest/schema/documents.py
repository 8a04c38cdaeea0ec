"""Documents: the valid manifests, response sets and response tests of a file.

    parts         what all kinds share
    rest          kind: RestApi
    websocket     kind: WebSocketApi
    response_set  kind: ResponseSet
    response_test kind: ResponseTest

A document knows the position of everything in it (`places`) and holds the texts of the template files it names, by the
names it gives them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.manifest.schema.parts import AbsentWord
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.response_test import ResponseTest
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
        """The environments the manifest is for (`metadata.environments`); empty: all."""
        return tuple(self.manifest.metadata.environments)

    @property
    def overlays(self) -> tuple[str, ...]:
        """The environments that have an overlay: the keys of `spec.overlays`."""
        return tuple(self.manifest.spec.overlays)


@dataclass(frozen=True, slots=True)
class SetDocument:
    """A response set."""

    manifest: ResponseSet
    places: SourceMap
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResponseTestDocument:
    """Response tests in one environment, without their files. `unsound` are the positions of tests with problems."""

    tests: ResponseTest
    places: SourceMap
    unsound: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """Its name."""
        return self.tests.metadata.name
