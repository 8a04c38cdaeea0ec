"""Layers of responses, and what they make together.

Promise: `merged` merges field by field and map key by map key; a later layer wins. `absent` takes away what earlier
layers say: of a response, a field or a key of a map; a response that a later layer defines again starts empty. The
settings of a response (`protect`, `allow`, `own`) are fields too. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reconciler.manifest.schema.documents import Response, Responses
from reconciler.manifest.schema.parts import ABSENT_WORD, TemplateFile
from reconciler.yamlio.nodes import Path, SourceMap

Fields: TypeAlias = dict[str, str | dict[str, str]]
"""Values under AWS's own names, as `normal` takes them."""

_SETTINGS: Final = frozenset({"protect", "allow", "own"})


@dataclass(frozen=True, slots=True)
class Layer:
    """Responses by key, and where they stand: at the path `at` of `places`. `set` is the set that they come from."""

    responses: Responses
    places: SourceMap
    at: Path
    templates: Mapping[str, str]
    set: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """One response as its layers have it.

    `fields` None: it is declared absent; `took_away` is whether there was anything to take away then. `only_sets`: no
    layer of it is the manifest's own. `own` empty: nothing is said about it.
    """

    fields: Fields | None
    protect: bool = False
    allow: frozenset[str] = frozenset()
    own: tuple[str, ...] = ()
    only_sets: bool = False
    took_away: bool = False


def by_key(layers: Iterable[Layer]) -> Mapping[str, Sequence[Layer]]:
    """The layers that say something of each response, in the order in which the responses come up."""
    found: dict[str, list[Layer]] = {}
    for layer in layers:
        for key in layer.responses:
            found.setdefault(key, []).append(layer)
    return found


def merged(layers: Iterable[Layer], key: str) -> Merged:
    """What the layers make of one response, that at least one of them has."""
    counting: list[tuple[Layer, Response]] = []
    only_sets, took_away = True, False
    for layer in layers:
        response = layer.responses.get(key)
        if response is None:
            continue
        only_sets = only_sets and layer.set != ""
        if isinstance(response, str):
            took_away = took_away or bool(counting)
            counting = []
        else:
            counting.append((layer, response))
    if not counting:
        return Merged(None, only_sets=only_sets, took_away=took_away)
    return _with_settings(Merged(_fields(counting), only_sets=only_sets), counting)


def _with_settings(made: Merged, responses: Iterable[tuple[Layer, Response]]) -> Merged:
    """With what the last of the responses that says something of a setting says of it."""
    for _, response in responses:
        said = response.model_fields_set
        if not said.isdisjoint(_SETTINGS):
            made = replace(
                made,
                protect=response.protect if "protect" in said else made.protect,
                allow=frozenset(response.allow) if "allow" in said else made.allow,
                own=tuple(response.own) if "own" in said else made.own,
            )
    return made


def _fields(responses: Iterable[tuple[Layer, Response]]) -> Fields:
    fields: Fields = {}
    for layer, response in responses:
        for name, value in response.written().items():
            if isinstance(value, Mapping):
                fields[name] = _laid_map(fields.get(name), value, layer.templates)
            elif value == ABSENT_WORD:
                fields.pop(name, None)
            else:
                fields[name] = value
    return fields


def _laid_map(
    below: str | dict[str, str] | None, entries: Mapping[str, str | TemplateFile], templates: Mapping[str, str]
) -> dict[str, str]:
    made = dict(below) if isinstance(below, dict) else {}
    for key, value in entries.items():
        if isinstance(value, TemplateFile):
            made[key] = templates[value.file]
        elif value == ABSENT_WORD:
            made.pop(key, None)
        else:
            made[key] = value
    return made
