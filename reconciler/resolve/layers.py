"""Merge layers of responses.

Pure. `merge_layers` merges field by field, and maps key by key; a later layer wins. `absent` removes what earlier
layers say about a response, a field or a key of a map. A response that a later layer declares again after that starts
empty. The settings of a response (`protect`, `allow`, `own`) merge like fields.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.manifest.schema.documents import Response, Responses
from reconciler.manifest.schema.parts import ABSENT_WORD, SETTINGS, TemplateFile
from reconciler.yamlio.nodes import Path, SourceMap

Fields: TypeAlias = dict[str, str | dict[str, str]]
"""Values under AWS's own names, as `normal` takes them."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Responses by key, written at the path `at` of `places`. `set` names their response set, "" for none."""

    responses: Responses
    places: SourceMap
    at: Path
    templates: Mapping[str, str]
    set: str = ""


@dataclass(frozen=True, slots=True)
class MergedResponse:
    """A response as its layers declare it together.

    `fields` None: it is declared absent, `removes_earlier` is whether an earlier layer declared it, and `protect`
    whether one protected it. `only_sets`: no
    layer of it belongs to the manifest itself. `own` empty: no layer sets it.
    """

    fields: Fields | None
    protect: bool = False
    allow: frozenset[str] = frozenset()
    own: tuple[str, ...] = ()
    only_sets: bool = False
    removes_earlier: bool = False


def layers_by_key(layers: Iterable[Layer]) -> Mapping[str, Sequence[Layer]]:
    """Return the layers of each response, in the order in which the responses first occur."""
    by_key: dict[str, list[Layer]] = {}
    for layer in layers:
        for key in layer.responses:
            by_key.setdefault(key, []).append(layer)
    return by_key


def merge_layers(layers: Iterable[Layer], key: str) -> MergedResponse:
    """Merge the layers of one response, which at least one of them declares."""
    declarations: list[tuple[Layer, Response]] = []
    only_sets, removes_earlier, removes_protected = True, False, False
    for layer in layers:
        response = layer.responses.get(key)
        if response is None:
            continue
        only_sets = only_sets and layer.set != ""
        if isinstance(response, str):
            removes_earlier = removes_earlier or bool(declarations)
            removes_protected = removes_protected or _with_settings(MergedResponse({}), declarations).protect
            declarations = []
        else:
            declarations.append((layer, response))
    if not declarations:
        return MergedResponse(None, removes_protected, only_sets=only_sets, removes_earlier=removes_earlier)
    return _with_settings(MergedResponse(_fields(declarations), only_sets=only_sets), declarations)


def _with_settings(merged: MergedResponse, declarations: Iterable[tuple[Layer, Response]]) -> MergedResponse:
    """Return the response with each setting from the last layer that has it."""
    for _, response in declarations:
        written = response.model_fields_set
        if not written.isdisjoint(SETTINGS):
            merged = replace(
                merged,
                protect=response.protect if "protect" in written else merged.protect,
                allow=frozenset(response.allow) if "allow" in written else merged.allow,
                own=tuple(response.own) if "own" in written else merged.own,
            )
    return merged


def _fields(declarations: Iterable[tuple[Layer, Response]]) -> Fields:
    fields: Fields = {}
    for layer, response in declarations:
        for name, value in response.written().items():
            if isinstance(value, Mapping):
                fields[name] = _merged_map(fields.get(name), value, layer.templates)
            elif value == ABSENT_WORD:
                fields.pop(name, None)
            else:
                fields[name] = value
    return fields


def _merged_map(
    below: str | dict[str, str] | None, entries: Mapping[str, str | TemplateFile], templates: Mapping[str, str]
) -> dict[str, str]:
    merged = dict(below) if isinstance(below, dict) else {}
    for key, value in entries.items():
        if isinstance(value, TemplateFile):
            merged[key] = templates[value.file]
        elif value == ABSENT_WORD:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged
