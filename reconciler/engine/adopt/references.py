"""Who else reads what is about to be changed: template files and response sets.

Promise: all manifests of the configurations that a run touches are looked at, in all of their environments, also those
that the run itself is not about. Without a configuration it is those in and below the folders of the run's files.
Nothing is asked of AWS.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TypeAlias

from reconciler.diagnostics import Location
from reconciler.engine.load.load import Declared, declare
from reconciler.engine.load.project import Assignment
from reconciler.engine.load.request import Request
from reconciler.manifest.schema.parts import TemplateFile
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.ports import Files
from reconciler.resolve.layers import Layer
from reconciler.resolve.origins import layers_of
from reconciler.yamlio.nodes import Path

Place: TypeAlias = tuple[str, int, Path]
"""Real name of a document's file, where the document starts, and the path in it."""

Name: TypeAlias = str | MethodKey
"""What a manifest calls a method or integration."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A response of a manifest in an environment of a configuration."""

    config: str
    environment: str | None
    manifest: str
    scope: Name
    code: str


def reference(assignment: Assignment, desired: Desired, scope: Scope, code: str) -> Reference:
    """A response of what a manifest declares, by the names that it has there."""
    name = (scope.route or scope.id) if isinstance(scope, IntegrationKey) else scope
    return Reference(assignment.file, assignment.name, desired.owns[scope].manifest, name, code)


@dataclass(frozen=True, slots=True)
class References:
    """`readers`: template file (real name) -> every place that names it."""

    assignments: tuple[Assignment, ...]
    readers: Mapping[str, frozenset[Place]]

    def users(self, code: str, field: str, at: Location) -> frozenset[Reference]:
        """Every response whose field is what is written at this place of a set."""
        return frozenset(
            reference(assignment, desired, key.scope, code)
            for assignment in self.assignments
            for desired in assignment.manifests
            for key in desired.responses
            if key.code == code and (origin := desired.origins.get((key, field))) and origin.location == at
        )


def references(declared: Declared, request: Request, files: Files) -> References:
    """What the manifests share."""
    everything = tuple(_everything(declared, request, files)) or declared.assignments
    readers: dict[str, set[Place]] = {}
    for layer in _layers((*everything, *declared.assignments)):
        for path, name in _named(layer):
            real = files.real(str(PurePath(layer.places.file).parent / name))
            readers.setdefault(real, set()).add((files.real(layer.places.file), layer.places.start, path))
    return References(everything, {file: frozenset(places) for file, places in readers.items()})


def _everything(declared: Declared, request: Request, files: Files) -> Iterator[Assignment]:
    whole = replace(request, environments=(), selectors=(), only=(), touched=None)
    for config in dict.fromkeys(assignment.file for assignment in declared.assignments):
        if config:
            yield from declare(replace(whole, paths=(), config=config), files).assignments
        else:
            folders = {str(PurePath(layer.places.file).parent) for layer in _layers(declared.assignments)}
            found = declare(replace(whole, paths=sorted(folders)), files).assignments if folders else ()
            yield from (one for one in found if not one.file)


def _layers(assignments: Iterable[Assignment]) -> Iterator[Layer]:
    for assignment in assignments:
        for desired in assignment.manifests:
            for scope in desired.owns:
                yield from layers_of(desired.origins, scope)


def _named(layer: Layer) -> Iterator[tuple[Path, str]]:
    """Every `{file: ...}` of a layer: the place of the template, and the name."""
    for code, response in layer.responses.items():
        if isinstance(response, str) or isinstance(response.response_templates, str):
            continue
        for entry, template in response.response_templates.items():
            if isinstance(template, TemplateFile):
                yield (*layer.at, code, "responseTemplates", entry), template.file
