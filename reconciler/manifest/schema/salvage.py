"""Cut the errors out of a document with structural errors, so that the rest can be checked.

The rest is checked in the same run, so that a user sees every problem at once. Positions that had an error get no
second diagnostic: `doubtful` holds them. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reconciler.diagnostics import Location
from reconciler.manifest.schema import parts
from reconciler.manifest.schema.problems import tree_path
from reconciler.yamlio.nodes import Path, SourceMap, YamlList, YamlMap

_ROUNDS: Final = 8
"""Removing a value may leave a map without a required key: most documents need one round, none needs many."""

_TEXT: Final = "${{"
"""A placeholder as `placeholders` leaves it."""

_MAPS_OF_TEXTS: Final = ("responseParameters", "responseTemplates")
_TEXTS: Final = ("selectionPattern", "templateSelectionExpression")
_STAND_INS: Final[Mapping[str, object]] = {
    "apiVersion": "reconciler/v1",
    "metadata": {"name": "unnamed"},
    "name": "unnamed",
    "api": {"id": "unknown"},
    "id": "unknown",
    "resources": {},
    "responses": {},
}
"""Replacements for required values."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The rest of a document, as a tree and validated, and the positions that get no further diagnostics."""

    places: SourceMap
    manifest: BaseModel
    doubtful: frozenset[Location]


def salvaged(places: SourceMap, model: type[BaseModel], errors: Iterable[ErrorDetails]) -> Salvaged | None:
    """Return the document without these errors; None if nothing usable remains."""
    doubtful: set[Location] = set()
    sound = places
    for _ in range(_ROUNDS):
        editing = _Editing(sound)
        for error in errors:
            path = editing.repair(error)
            if path is None:
                return None
            doubtful |= {sound.of_key(path), sound.of_value(path)}
        sound = editing.result()
        try:
            return Salvaged(sound, model.model_validate(sound.root), frozenset(doubtful))
        except ValidationError as failure:
            errors = failure.errors(include_url=False)
    return None


class _Editing:
    """An edited tree: changed maps and lists are copied, and the original stays unchanged."""

    def __init__(self, places: SourceMap) -> None:
        self._places = places
        self._copied: dict[Path, Any] = {(): _copy(places.root)}
        self._gone: dict[Path, set[int]] = {}

    def repair(self, error: ErrorDetails) -> Path | None:
        """Remove the value that an error is about, or replace it; return its path, None if neither helps."""
        steps = error["loc"]
        path = tree_path(steps[:-1] if steps[-1:] == ("[key]",) else steps, self._places.root)
        match error["type"]:
            case parts.SET_FOR:
                return None
            case parts.NO_RESPONSES:
                self._put((*path, "responses"), {})
            case parts.NOTHING_LISTED:
                self._put((*path, "routes"), {})
            case "missing":
                return self._lacking(path)
            case "extra_forbidden":
                self._remove(path)
            case _:
                return self._wrong(path, is_key=steps[-1:] == ("[key]",))
        return path

    def _lacking(self, path: Path) -> Path | None:
        if path[-1] in _STAND_INS:
            self._put(path, _STAND_INS[str(path[-1])])
            return path
        return self._wrong(path[:-1], is_key=False)

    def _wrong(self, path: Path, *, is_key: bool) -> Path | None:
        if len(path) <= 1 and path[-1:] not in {(name,) for name in _STAND_INS}:
            return None  # the document, its kind or its spec as a whole
        at = next((path.index(name) + 2 for name in _MAPS_OF_TEXTS if name in path[:-1]), 0)
        if at and not is_key:
            path = path[:at]
            self._put(path, _TEXT)
        elif not is_key and path[-1] in _TEXTS:
            self._put(path, _TEXT)
        elif not is_key and path[-1] in _STAND_INS:
            self._put(path, _STAND_INS[str(path[-1])])
        else:
            self._remove(path)
        return path

    def _put(self, path: Path, value: object) -> None:
        around = self._around(path)
        if around is not None:
            around[path[-1]] = value
            if isinstance(around, YamlMap):
                around.marks.setdefault(str(path[-1]), 0)

    def _remove(self, path: Path) -> None:
        around = self._around(path)
        if isinstance(around, YamlList) and isinstance(path[-1], int):
            self._gone.setdefault(path[:-1], set()).add(path[-1])
        elif isinstance(around, YamlMap):
            around.pop(str(path[-1]), None)

    def _around(self, path: Path) -> Any:  # noqa: ANN401 - a map or a list
        """Return a changeable copy of the map or list around a path; None if it was removed."""
        around = path[:-1]
        if around not in self._copied:
            holder = self._around(around)
            known = isinstance(holder, YamlMap | YamlList) and self._places.has(around)
            inner = holder[around[-1]] if known and _has(holder, around[-1]) else None
            if not isinstance(inner, YamlMap | YamlList):
                return None
            holder[around[-1]] = self._copied[around] = _copy(inner)
        return self._copied[around]

    def result(self) -> SourceMap:
        """Return the edited tree."""
        for path, numbers in self._gone.items():
            items = self._copied[path]
            for number in sorted(numbers, reverse=True):
                del items[number], items.marks[number]
        return SourceMap(self._places.file, self._copied[()], self._places.start, self._places.text)


def _has(node: YamlMap | YamlList, step: str | int) -> bool:
    return step in node if isinstance(node, YamlMap) else isinstance(step, int) and step < len(node)


def _copy(node: Any) -> Any:  # noqa: ANN401 - any node
    if isinstance(node, YamlMap):
        copied = YamlMap()
        copied.update(node)
        copied.marks = dict(node.marks)
        return copied
    if isinstance(node, YamlList):
        items = YamlList()
        items.extend(node)
        items.marks = list(node.marks)
        return items
    return node
