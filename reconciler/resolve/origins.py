"""Find where the fields of desired responses are written.

Pure. `Origins` is a mapping from response and field to the place of that key in the YAML. Places are looked up on
demand instead of being stored: ten thousand responses have a hundred thousand places, of which a run shows a few. If
several layers have a value, the place is in the last one.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from reconciler.diagnostics import Location
from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.manifest.templates import file_path
from reconciler.models.desired import Desired, Origin, Wanted
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.targets import Kind
from reconciler.normal import field_names
from reconciler.resolve.layers import Layer
from reconciler.yamlio.content import content_location
from reconciler.yamlio.nodes import Path, SourceMap, YamlMap


@dataclass(frozen=True, slots=True, eq=False)
class Origins(Mapping[tuple[ResponseKey, str], Origin]):
    """The origins of one manifest, looked up in its YAML on demand. See `Desired.origins` for the keys."""

    layers: Mapping[Scope, tuple[Layer, ...]]
    responses: Mapping[ResponseKey, Wanted]
    kind: Kind

    def __getitem__(self, origin: tuple[ResponseKey, str]) -> Origin:
        key, field = origin
        name, _, entry = field.partition(".")
        steps = tuple(step for step in (key.code, name, entry) if step)
        if key in self.responses and (not name or name in field_names(self.kind)):
            for layer in reversed(self.layers[key.scope]):
                path = (*layer.at, *steps)
                if layer.places.has(path):
                    inside = partial(_inside, layer.places, path) if entry else None
                    return Origin(layer.places.of_key(path), layer.set, inside)
                if _hides(layer, steps):
                    break
        raise KeyError(origin)

    def __iter__(self) -> Iterator[tuple[ResponseKey, str]]:
        for key in self.responses:
            fields = {field: None for layer in self.layers[key.scope] for field in self._fields(layer, key.code)}
            yield from ((key, field) for field in fields if (key, field) in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _fields(self, layer: Layer, code: str) -> Iterator[str]:
        yield ""
        for name, value in _map(layer, code).items():
            if name in field_names(self.kind):
                yield name
                yield from (f"{name}.{entry}" for entry in value) if isinstance(value, YamlMap) else ()


def _inside(places: SourceMap, path: Path, line: int, column: int) -> Location:
    """Return the place of a line and column of a template: in its file, or in the YAML."""
    node = places.node(path)
    if isinstance(node, YamlMap) and isinstance(name := node.get("file"), str):
        return Location(file_path(places.file, name), line, column)
    return content_location(places, path, line, column)


def _hides(layer: Layer, steps: tuple[str, ...]) -> bool:
    """Return whether a layer hides earlier values of a field: by `absent` for its response or its map."""
    paths = ((*layer.at, *steps[:depth]) for depth in range(1, len(steps)))
    return any(layer.places.has(path) and layer.places.node(path) == ABSENT_WORD for path in paths)


def _map(layer: Layer, code: str) -> Mapping[str, object]:
    path = (*layer.at, code)
    node = layer.places.node(path) if layer.places.has(path) else None
    return node if isinstance(node, YamlMap) else {}


@dataclass(frozen=True, slots=True, eq=False)
class RenamedOrigins(Mapping[tuple[ResponseKey, str], Origin]):
    """Origins of responses whose scopes were renamed; `old_names` has the name that each scope had before."""

    origins: Mapping[tuple[ResponseKey, str], Origin]
    old_names: Mapping[Scope, Scope]

    def __getitem__(self, origin: tuple[ResponseKey, str]) -> Origin:
        key, field = origin
        return self.origins[ResponseKey(self.old_names.get(key.scope, key.scope), key.code), field]

    def __iter__(self) -> Iterator[tuple[ResponseKey, str]]:
        new_names = {before: after for after, before in self.old_names.items()}
        for key, field in self.origins:
            yield ResponseKey(new_names.get(key.scope, key.scope), key.code), field

    def __len__(self) -> int:
        return len(self.origins)


@dataclass(frozen=True, slots=True, eq=False)
class ResponseOrigins(Mapping[tuple[ResponseKey, str], Origin]):
    """The origins of whole responses, without those of their fields. They need no YAML."""

    locations: Mapping[ResponseKey, Location]

    def __getitem__(self, origin: tuple[ResponseKey, str]) -> Origin:
        key, field = origin
        if field:
            raise KeyError(origin)
        return Origin(self.locations[key])

    def __iter__(self) -> Iterator[tuple[ResponseKey, str]]:
        return ((key, "") for key in self.locations)

    def __len__(self) -> int:
        return len(self.locations)


def without_trees(desired: Desired) -> Desired:
    """Return the desired state of a manifest with the places of whole responses only, so that its YAML can be freed."""
    locations = {key: origin.location for key in desired.responses if (origin := desired.origins.get((key, "")))}
    return replace(desired, origins=ResponseOrigins(locations))


def layers_of(origins: Mapping[tuple[ResponseKey, str], Origin], scope: Scope) -> tuple[Layer, ...]:
    """Return the layers of a scope's responses, the lowest first; none if they are unknown."""
    match origins:
        case Origins():
            return origins.layers.get(scope, ())
        case RenamedOrigins():
            return layers_of(origins.origins, origins.old_names.get(scope, scope))
        case ChainMap():
            return next((layers for part in origins.maps if (layers := layers_of(part, scope))), ())
        case _:
            return ()
