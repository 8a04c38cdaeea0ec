"""Where the fields of desired responses are written.

Promise: a table like any other, from response and field to the place of that key in the YAML, that takes no memory: ten
thousand responses have a hundred thousand places, of which a run shows a few. Where several layers have a value, the
place is that of the last one. Pure.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.models.desired import Origin, Wanted
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.targets import Kind
from reconciler.normal import field_names
from reconciler.resolve.layers import Layer
from reconciler.yamlio.nodes import YamlMap


@dataclass(frozen=True, slots=True, eq=False)
class Origins(Mapping[tuple[ResponseKey, str], Origin]):
    """The origins of one manifest, looked up in the trees when somebody asks. See `Desired.origins` for the keys."""

    layers: Mapping[Scope, tuple[Layer, ...]]
    responses: Mapping[ResponseKey, Wanted]
    kind: Kind

    def __getitem__(self, origin: tuple[ResponseKey, str]) -> Origin:
        key, field = origin
        name, _, entry = field.partition(".")
        steps = tuple(step for step in (key.code, name, entry) if step)
        if key in self.responses and (not name or name in field_names(self.kind)):
            for layer in reversed(self.layers[key.scope]):
                if layer.places.has((*layer.at, *steps)):
                    return Origin(layer.places.of_key((*layer.at, *steps)), layer.set)
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


def _hides(layer: Layer, steps: tuple[str, ...]) -> bool:
    """Whether this layer takes away what earlier ones say of a field: `absent` for its response or its map."""
    paths = ((*layer.at, *steps[:depth]) for depth in range(1, len(steps)))
    return any(layer.places.has(path) and layer.places.node(path) == ABSENT_WORD for path in paths)


def _map(layer: Layer, code: str) -> Mapping[str, object]:
    path = (*layer.at, code)
    node = layer.places.node(path) if layer.places.has(path) else None
    return node if isinstance(node, YamlMap) else {}


@dataclass(frozen=True, slots=True, eq=False)
class Renamed(Mapping[tuple[ResponseKey, str], Origin]):
    """Origins of responses whose scopes have got other names since: `declared` has the names of before."""

    origins: Mapping[tuple[ResponseKey, str], Origin]
    declared: Mapping[Scope, Scope]

    def __getitem__(self, origin: tuple[ResponseKey, str]) -> Origin:
        key, field = origin
        return self.origins[ResponseKey(self.declared.get(key.scope, key.scope), key.code), field]

    def __iter__(self) -> Iterator[tuple[ResponseKey, str]]:
        now = {before: after for after, before in self.declared.items()}
        for key, field in self.origins:
            yield ResponseKey(now.get(key.scope, key.scope), key.code), field

    def __len__(self) -> int:
        return len(self.origins)


def layers_of(origins: Mapping[tuple[ResponseKey, str], Origin], scope: Scope) -> tuple[Layer, ...]:
    """The layers that the responses of a scope were made of, the first one lowest; none if that cannot be told."""
    match origins:
        case Origins():
            return origins.layers.get(scope, ())
        case Renamed():
            return layers_of(origins.origins, origins.declared.get(scope, scope))
        case ChainMap():
            return next((found for one in origins.maps if (found := layers_of(one, scope))), ())
        case _:
            return ()
