"""Find what else uses a template file or a response set that is about to change.

All manifests of the configurations that a run touches are searched, in all of their environments, including those that
the run itself leaves out. Without a configuration, the manifests in and below the folders of the run's files are
searched. AWS is not called.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TypeAlias

from reconciler.diagnostics import Location
from reconciler.engine.load.load import LoadResult, load_manifests
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.manifest.schema.parts import TemplateFile
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.ports import Files
from reconciler.resolve.layers import Layer
from reconciler.resolve.origins import layers_of
from reconciler.yamlio.nodes import Path

TemplateUse: TypeAlias = tuple[str, int, Path]
"""A place that names a template: the real name of the document's file, where the document starts, the path in it."""

ScopeName: TypeAlias = str | MethodKey
"""The name of a method or integration in a manifest."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A response of a manifest in an environment of a configuration."""

    config: str
    environment: str | None
    manifest: str
    scope: ScopeName
    code: str


def reference(project: ResolvedProject, desired: Desired, scope: Scope, code: str) -> Reference:
    """Return a response of a project's manifests under the names that it has there."""
    name = (scope.route or scope.id) if isinstance(scope, IntegrationKey) else scope
    return Reference(project.file, project.name, desired.owns[scope].manifest, name, code)


@dataclass(frozen=True, slots=True)
class References:
    """The projects that share files. `template_uses`: template file (real name) -> every place that names it."""

    projects: tuple[ResolvedProject, ...]
    template_uses: Mapping[str, frozenset[TemplateUse]]

    def users(self, code: str, field: str, at: Location) -> frozenset[Reference]:
        """Return every response that gets a field from this place in a set."""
        return frozenset(
            reference(project, desired, key.scope, code)
            for project in self.projects
            for desired in project.manifests
            for key in desired.responses
            if key.code == code and (origin := desired.origins.get((key, field))) and origin.location == at
        )


def find_references(loaded: LoadResult, request: Request, files: Files) -> References:
    """Find what the manifests of a run share with each other and with manifests outside the run."""
    projects = tuple(_all_projects(loaded, request, files)) or loaded.projects
    uses: dict[str, set[TemplateUse]] = {}
    for layer in _layers((*projects, *loaded.projects)):
        for path, name in _template_files(layer):
            template = files.real(str(PurePath(layer.places.file).parent / name))
            uses.setdefault(template, set()).add((files.real(layer.places.file), layer.places.start, path))
    return References(projects, {file: frozenset(places) for file, places in uses.items()})


def _all_projects(loaded: LoadResult, request: Request, files: Files) -> Iterator[ResolvedProject]:
    unselective = replace(request, environments=(), selectors=(), only=(), touched=None)
    for config in dict.fromkeys(project.file for project in loaded.projects):
        if config:
            yield from load_manifests(replace(unselective, paths=(), config=config), files).projects
        else:
            folders = {str(PurePath(layer.places.file).parent) for layer in _layers(loaded.projects)}
            projects = load_manifests(replace(unselective, paths=sorted(folders)), files).projects if folders else ()
            yield from (project for project in projects if not project.file)


def _layers(projects: Iterable[ResolvedProject]) -> Iterator[Layer]:
    for project in projects:
        for desired in project.manifests:
            for scope in desired.owns:
                yield from layers_of(desired.origins, scope)


def _template_files(layer: Layer) -> Iterator[tuple[Path, str]]:
    """Return every `{file: ...}` of a layer: the path of the template, and the name of the file."""
    for code, response in layer.responses.items():
        if isinstance(response, str) or isinstance(response.response_templates, str):
            continue
        for entry, template in response.response_templates.items():
            if isinstance(template, TemplateFile):
                yield (*layer.at, code, "responseTemplates", entry), template.file
