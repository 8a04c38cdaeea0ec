"""Where the fields of desired responses are written.

Promise: a table like any other, from response and field to the place of that key in the YAML, that takes no memory: ten
thousand responses have a hundred thousand places, of which a run shows a few. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.diagnostics import Location
from reconciler.models.desired import Wanted
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.normal import REST_FIELDS
from reconciler.resolve.documents import response_path
from reconciler.resolve.nodes import Path, Places, YamlMap

_FIELDS: Final = frozenset(row.name for row in REST_FIELDS)


@dataclass(frozen=True, slots=True, eq=False)
class Origins(Mapping[tuple[ResponseKey, str], Location]):
    """The origins of one manifest, looked up in its tree when somebody asks. See `Desired.origins` for the keys."""

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
    match key.scope:
        case MethodKey(path, method):
            return response_path(path, method, key.code)
        case IntegrationKey():
            raise KeyError(key)  # nothing in a REST manifest is named so


def _map(node: object) -> list[tuple[str, Any]]:
    return list(node.items()) if isinstance(node, YamlMap) else []
