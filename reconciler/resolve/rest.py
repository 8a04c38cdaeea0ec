"""REST manifests to desired state.

Promise: `resolve` gives what one manifest wants, in normal form; `merge` what several manifests of one API want. Pure:
the texts of template files are read already.
"""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence
from typing import TypeVar, cast

from reconciler.diagnostics import Diagnostic, error
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, Wanted
from reconciler.models.keys import MethodKey, ResponseKey, Scope
from reconciler.models.targets import ApiRef
from reconciler.normal import rest_response
from reconciler.resolve.documents import (
    ABSENT_WORD,
    AbsentWord,
    Document,
    Response,
    RestApiManifest,
    TemplateFile,
    listed,
)
from reconciler.resolve.nodes import Places
from reconciler.resolve.origins import Origins

_Entry = TypeVar("_Entry", str, str | TemplateFile)


def resolve(document: Document) -> Desired:
    """What this manifest wants."""
    manifest, places = document.manifest, document.places
    methods = {MethodKey(path, verb): method for path, verb, method in listed(manifest)}
    written = [
        (ResponseKey(scope, code), one) for scope, method in methods.items() for code, one in method.responses.items()
    ]
    responses = {key: _wanted(one, document.templates) for key, one in written}
    present = [(key, one) for key, one in written if isinstance(one, Response)]
    return Desired(
        manifests=(_reference(manifest, places),),
        owns={scope: _ownership(manifest, scope, places) for scope in methods},
        responses=responses,
        protected=frozenset(key for key, one in present if one.protect),
        allowed={key: frozenset(one.allow) for key, one in present if one.allow},
        origins=Origins(places, responses),
    )


def _reference(manifest: RestApiManifest, places: Places) -> ManifestRef:
    api = manifest.spec.api
    return ManifestRef(
        name=manifest.metadata.name,
        api=ApiRef(id=api.id or None, name=api.name or None),
        stages=tuple(manifest.spec.deploy.stages),
        location=places.of_key(("spec", "api")),  # where the API that cannot be found is named
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


def merge(desireds: Sequence[Desired]) -> tuple[Desired, tuple[Diagnostic, ...]]:
    """Several manifests of one API (at least one) as one, and what they cannot agree on.

    A method is listed by one manifest only; of one that is listed twice, the first manifest's responses stand.
    """
    if len(desireds) == 1:
        return desireds[0], ()
    owns: dict[Scope, Ownership] = {}
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


def _clash(scope: Scope, first: Ownership, second: Ownership) -> Diagnostic:
    message = f"{scope} is listed by {second.manifest} here and by {first.manifest} at {first.location}"
    return error("duplicate-method", message, "list a method of an API in one manifest only", second.location)


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _first_of(tables: Sequence[Mapping[_Key, _Value]]) -> Mapping[_Key, _Value]:
    return ChainMap(*cast("Sequence[MutableMapping[_Key, _Value]]", tables))
