"""REST manifests to desired state.

Promise: `resolve` gives what one manifest wants, in normal form; `merge` what several manifests of one API want. Pure:
the texts of template files are read already.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, Wanted
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.targets import ApiRef
from reconciler.normal import REST_FIELDS, rest_response
from reconciler.resolve.documents import (
    ABSENT_WORD,
    AbsentWord,
    Document,
    Method,
    Response,
    RestApiManifest,
    TemplateFile,
    response_path,
)
from reconciler.resolve.nodes import Path, Places, YamlMap

_FIELDS = frozenset(row.name for row in REST_FIELDS)
_Entry = TypeVar("_Entry", str, str | TemplateFile)


def resolve(document: Document) -> Desired:
    """What this manifest wants."""
    manifest, places = document.manifest, document.places
    owns = {scope: _ownership(manifest, scope, places) for scope, _ in _methods(manifest)}
    written = [
        (ResponseKey(scope, code), one)
        for scope, method in _methods(manifest)
        for code, one in method.responses.items()
    ]
    responses = {key: _wanted(one, document.templates) for key, one in written}
    present = [(key, one) for key, one in written if isinstance(one, Response)]
    return Desired(
        manifests=(_reference(manifest, places),),
        owns=owns,
        responses=responses,
        protected=frozenset(key for key, one in present if one.protect),
        allowed={key: frozenset(one.allow) for key, one in present if one.allow},
        origins=Origins(places, responses),
    )


def _methods(manifest: RestApiManifest) -> Iterator[tuple[MethodKey, Method]]:
    for path, methods in manifest.spec.resources.items():
        for verb, method in methods.items():
            yield MethodKey(path, verb), method


def _reference(manifest: RestApiManifest, places: Places) -> ManifestRef:
    api = manifest.spec.api
    return ManifestRef(
        name=manifest.metadata.name,
        api=ApiRef(id=api.id or None, name=api.name or None),
        stages=tuple(manifest.spec.deploy.stages),
        location=places.of_key(("metadata", "name")),
    )


def _ownership(manifest: RestApiManifest, scope: MethodKey, places: Places) -> Ownership:
    return Ownership(
        manifest=manifest.metadata.name,
        prune=manifest.spec.prune,
        method_responses=manifest.spec.method_responses,
        location=places.of_key(("spec", "resources", scope.path, scope.method)),
    )


def _wanted(response: Response | AbsentWord, templates: Mapping[str, str]) -> Wanted:
    if isinstance(response, str):
        return ABSENT
    return rest_response(
        {
            "selectionPattern": _set(response.selection_pattern),
            "contentHandling": _set(response.content_handling),
            "responseParameters": _entries(response.response_parameters),
            "responseTemplates": {
                content_type: templates[template.file] if isinstance(template, TemplateFile) else template
                for content_type, template in _entries(response.response_templates).items()
            },
        }
    )


def _set(text: str) -> str | None:
    return None if text == ABSENT_WORD else text


def _entries(entries: Mapping[str, _Entry] | AbsentWord) -> dict[str, _Entry]:
    if isinstance(entries, str):
        return {}
    return {key: value for key, value in entries.items() if value != ABSENT_WORD}


@dataclass(frozen=True, slots=True, eq=False)
class Origins(Mapping[tuple[ResponseKey, str], Location]):
    """Where the fields of one manifest's responses stand: looked up in its tree only when somebody asks.

    Ten thousand responses have a hundred thousand places, of which a run shows a few.
    """

    places: Places
    responses: Mapping[ResponseKey, Wanted]

    def __getitem__(self, origin: tuple[ResponseKey, str]) -> Location:
        key, field = origin
        name, _, entry = field.partition(".")
        path = (*_path(key), *([name] if name else []), *([entry] if entry else []))
        if key not in self.responses or (name and name not in _FIELDS) or not self.places.has(path):
            raise KeyError(origin)
        return self.places.of_key(path)

    def __iter__(self) -> Iterator[tuple[ResponseKey, str]]:
        for key in self.responses:
            yield key, ""
            fields = self.places.node(_path(key))
            for name, value in _map(fields):
                if name in _FIELDS:
                    yield key, name
                    yield from ((key, f"{name}.{entry}") for entry, _ in _map(value))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _path(key: ResponseKey) -> Path:
    return response_path(key.scope.path, key.scope.method, key.code)


def _map(node: object) -> list[tuple[str, Any]]:
    return list(node.items()) if isinstance(node, YamlMap) else []


def merge(desireds: Sequence[Desired]) -> tuple[Desired, tuple[Diagnostic, ...]]:
    """Several manifests of one API (at least one) as one, and what they cannot agree on.

    A method is listed by one manifest only; of one that is listed twice, the first manifest's responses stand.
    """
    if len(desireds) == 1:
        return desireds[0], ()
    owns: dict[MethodKey, Ownership] = {}
    responses: dict[ResponseKey, Wanted] = {}
    clashes: list[Diagnostic] = []
    for one in desireds:
        clashes += (_clash(scope, owns[scope], one.owns[scope]) for scope in one.owns if scope in owns)
        responses |= {key: wanted for key, wanted in one.responses.items() if key.scope not in owns}
        owns = {**one.owns, **owns}
    merged = Desired(
        manifests=tuple(manifest for one in desireds for manifest in one.manifests),
        owns=owns,
        responses=responses,
        protected=frozenset().union(*(one.protected for one in desireds)) & responses.keys(),
        allowed=_first_of([one.allowed for one in desireds]),
        origins=_first_of([one.origins for one in desireds]),
    )
    return merged, tuple(clashes)


def _clash(scope: MethodKey, first: Ownership, second: Ownership) -> Diagnostic:
    message = f"{scope} is listed by {second.manifest} here and by {first.manifest} at {first.location}"
    return error("duplicate-method", message, "list a method of an API in one manifest only", second.location)


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _first_of(tables: Sequence[Mapping[_Key, _Value]]) -> Mapping[_Key, _Value]:
    return ChainMap(*cast("Sequence[MutableMapping[_Key, _Value]]", tables))
