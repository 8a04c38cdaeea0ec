"""The order of the keys of each kind of document: that of the schema.

Only keys that the format defines have an order. Paths, methods, status codes, content types, headers and other names
that people choose stay in the order in which they are written. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pydantic import BaseModel

from reconciler.config.schema import SHAPES
from reconciler.manifest.schema.shapes import ANY, shapes
from reconciler.models.project_file import KIND
from reconciler.yamlio.layout_order import NO_ORDER, KeyOrder
from reconciler.yamlio.nodes import Path

_FIRST: Final = ("name", "set", "for", "match", "id")
"""Keys that come first, if they are in a map: they say what the map is about."""

_LAST: Final = ("defaults", "responses", "resources", "routes", "integrations", "overlays", "tests")
"""Keys that come last: they are long."""


@dataclass(frozen=True, slots=True)
class _Order:
    """The order of one map, and of those below it."""

    ranks: dict[str, int] = field(default_factory=dict)
    inner: Mapping[str | int, KeyOrder] = field(default_factory=dict)

    def below(self, step: str | int) -> KeyOrder:
        """Return the order at a key or index."""
        return self.inner.get(step) or self.inner.get(ANY, NO_ORDER)


def key_order(root: object) -> KeyOrder:
    """Return the order of the keys of a document."""
    if not isinstance(root, dict):
        return NO_ORDER
    kind, spec = root.get("kind"), root.get("spec")
    wanted = spec.get("for") if isinstance(spec, dict) else None
    return _order_of(str(kind), str(wanted))


@lru_cache(maxsize=64)
def _order_of(kind: str, wanted: str) -> KeyOrder:
    if kind == KIND:
        return _order([(at, model) for at, model in SHAPES.items()])
    document = {"kind": kind, "spec": {"for": wanted}}
    return _order([(shape.at, shape.model) for shape in shapes(document) if shape.model])


def _order(models: Iterable[tuple[Path, type[BaseModel]]]) -> KeyOrder:
    """Return the order of a map whose models are given by path."""
    own: dict[str, int] = {}
    below: dict[str | int, list[tuple[Path, type[BaseModel]]]] = {}
    for at, model in models:
        if at:
            below.setdefault(at[0], []).append((at[1:], model))
        else:
            own = {key: rank for rank, key in enumerate(ordered_keys(model))}
    if not own and not below:
        return NO_ORDER
    return _Order(own, {step: _order(inner) for step, inner in below.items()})


def ordered_keys(model: type[BaseModel]) -> list[str]:
    """Return the keys of a map in their order."""
    keys = [str(known.alias) for known in model.model_fields.values()]
    return sorted(keys, key=lambda key: (_place(key, _LAST, -1), _place(key, _FIRST, len(_FIRST))))


def _place(key: str, keys: tuple[str, ...], otherwise: int) -> int:
    return keys.index(key) if key in keys else otherwise
