"""A document with structural errors, without what is wrong in it.

What is left can be looked at in the same run, so that a reader sees every problem at once. Where something was wrong,
nothing else is to be said: `doubtful` has these places. Pure.
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
"""What is taken out may leave a map that lacks something: most documents need one round, none needs many."""

_TEXT: Final = "${{"
"""As `placeholders` leaves standing."""

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
"""What takes the place of a value that has to be there."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What is left of a document, as a tree and validated, and the places that are not to be spoken of again."""

    places: SourceMap
    manifest: BaseModel
    doubtful: frozenset[Location]


def salvaged(places: SourceMap, model: type[BaseModel], errors: Iterable[ErrorDetails]) -> Salvaged | None:
    """What is left of a document of this model without these errors; None where that is nothing."""
    doubtful: set[Location] = set()
    sound = places
    for _ in range(_ROUNDS):
        editing = _Editing(sound)
        for error in errors:
            path = editing.mend(error)
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
    """A tree that is copied where it changes; the one that it was made from stays as it is."""

    def __init__(self, places: SourceMap) -> None:
        self._places = places
        self._copied: dict[Path, Any] = {(): _copy(places.root)}
        self._gone: dict[Path, set[int]] = {}

    def mend(self, error: ErrorDetails) -> Path | None:
        """Take out what an error is about, or put a stand-in there; gives the place, None where nothing helps."""
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
        """The map or list that holds what is at a path, ready to be changed; None where it is gone."""
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
        """The tree with everything that was done."""
        for path, numbers in self._gone.items():
            items = self._copied[path]
            for number in sorted(numbers, reverse=True):
                del items[number], items.marks[number]
        return SourceMap(self._places.file, self._copied[()], self._places.start)


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
