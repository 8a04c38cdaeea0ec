"""List the methods, routes and integrations of a document, with their positions.

Entries come in the order in which they are written, from the body or from an overlay. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import assert_never

from reconciler.manifest.schema.documents import Listed, Manifest, Response, Responses
from reconciler.manifest.schema.parts import AbsentWord, TemplateFile
from reconciler.manifest.schema.response_set import ResponseSet
from reconciler.manifest.schema.rest import Resources, RestApiManifest
from reconciler.manifest.schema.websocket import Integrations, Routes, WebSocketApiManifest
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.yamlio.nodes import Path

_BODY: Path = ("spec",)


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One method, route or integration, with its path in the document."""

    scope: Scope
    at: Path
    listed: Listed


def body(manifest: Manifest) -> Iterator[ListedEntry]:
    """Yield the entries that apply in every environment."""
    match manifest:
        case RestApiManifest():
            return _methods(manifest.spec.resources, _BODY)
        case WebSocketApiManifest():
            return _integrations(manifest.spec.routes, manifest.spec.integrations, _BODY)
        case _:
            assert_never(manifest)


def overlay(manifest: Manifest, environment: str | None) -> Iterator[ListedEntry]:
    """Yield the entries of an environment's overlay; none without an overlay."""
    if environment is None or environment not in manifest.spec.overlays:
        return iter(())
    at = (*_BODY, "overlays", environment)
    match manifest:
        case RestApiManifest():
            return _methods(manifest.spec.overlays[environment].resources, at)
        case WebSocketApiManifest():
            overlay_ = manifest.spec.overlays[environment]
            return _integrations(overlay_.routes, overlay_.integrations, at)
        case _:
            assert_never(manifest)


def _methods(resources: Resources, around: Path) -> Iterator[ListedEntry]:
    for path, verbs in resources.items():
        for verb, method in verbs.items():
            yield ListedEntry(MethodKey(path, verb), (*around, "resources", path, verb), method)


def _integrations(routes: Routes, integrations: Integrations, around: Path) -> Iterator[ListedEntry]:
    for key, route in routes.items():
        yield ListedEntry(IntegrationKey(route=key), (*around, "routes", key), route)
    for index, integration in enumerate(integrations):
        yield ListedEntry(IntegrationKey(id=integration.id), (*around, "integrations", index), integration)


def template_files(manifest: Manifest | ResponseSet) -> Iterator[tuple[Path, str]]:
    """Yield every `{file: ...}` of a document: the path of the file name, and the name."""
    for at, responses in _responses(manifest):
        for key, response in responses.items():
            for entry, template in _templates(response).items():
                if isinstance(template, TemplateFile):
                    yield (*at, key, "responseTemplates", entry, "file"), template.file


def _responses(manifest: Manifest | ResponseSet) -> Iterator[tuple[Path, Responses]]:
    if isinstance(manifest, ResponseSet):
        yield (*_BODY, "responses"), manifest.spec.responses
        return
    overlays = chain.from_iterable(overlay(manifest, environment) for environment in manifest.spec.overlays)
    for entry in chain(body(manifest), overlays):
        yield (*entry.at, "responses"), entry.listed.responses


def _templates(response: Response | AbsentWord) -> Mapping[str, str | TemplateFile]:
    if isinstance(response, str) or isinstance(response.response_templates, str):
        return {}
    return response.response_templates
