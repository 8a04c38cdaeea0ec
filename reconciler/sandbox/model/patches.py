"""Lists of patch operations, applied with tables of paths.

`apply_patch` returns a new document or raises, and changes nothing: a list is applied completely or not at all (not
documented by AWS). Scalars can only be replaced; entries of maps can be added, replaced and removed; a map that loses
its last entry is removed (recorded for method responses). Rows: API Reference, "Patch Operations".
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reconciler.sandbox.model.errors import bad_request, not_found
from reconciler.sandbox.model.state import Json, set_entry, without_member

_MAP_OPS: Final = ("add", "remove", "replace")
_MAX_PERCENT: Final = 100


def as_text(value: str | None) -> str | None:
    """Return the value as it was sent."""
    return value


def as_boolean(value: str | None) -> bool:
    """Parse a boolean, which patches send as text."""
    return (value or "").lower() == "true"


def as_number(value: str | None) -> int:
    """Parse a number, which patches send as text."""
    if not (value or "").isdecimal():
        raise bad_request(f"Invalid number specified: {value}")
    return int(value or "")


def as_percentage(value: str | None) -> float:
    """Parse a number from 0 to 100, which patches send as text. The text of the refusal is a guess."""
    try:
        number = float(value or "")
    except ValueError:
        number = math.nan
    if not 0 <= number <= _MAX_PERCENT:
        raise bad_request(f"Invalid percentage specified: {value}")
    return number


@dataclass(frozen=True, slots=True)
class MemberPath:
    """The path of one member. `clearable`: "" removes the member."""

    read: Callable[[str | None], Any] = as_text
    clearable: bool = False


@dataclass(frozen=True, slots=True)
class MapPath:
    """The paths of a map's entries. `missing` is the text of the 404 for replacing or removing a missing entry."""

    missing: str
    read: Callable[[str | None], Any] = as_text


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths that an update accepts."""

    scalars: Mapping[str, MemberPath] = field(default_factory=dict)
    maps: Mapping[str, MapPath] = field(default_factory=dict)


def apply_patch(document: Json, operations: Sequence[Json], paths: Paths) -> Json:
    """Return the document after every operation, in order."""
    for operation in operations:
        document = _apply(document, operation["op"], operation.get("path") or "", operation.get("value"), paths)
    return document


def _apply(document: Json, op: str, path: str, value: str | None, paths: Paths) -> Json:
    match [_unescaped(part) for part in path.split("/")]:
        case ["", name] if name in paths.scalars:
            if op != "replace":
                raise bad_request(f"Invalid patch path {path}")
            return _with_scalar(document, name, value, paths.scalars[name])
        case ["", name, key] if name in paths.maps:
            return _with_map_entry(document, (op, name, key), value, paths.maps[name])
        case _:
            raise bad_request(f"Invalid patch path {path}")


def _unescaped(part: str) -> str:
    """JSON pointer: `~1` is a slash, `~0` a tilde, in that order."""
    return part.replace("~1", "/").replace("~0", "~")


def _with_scalar(document: Json, name: str, value: str | None, scalar: MemberPath) -> Json:
    if scalar.clearable and not value:
        return without_member(document, name)
    return {**document, name: scalar.read(value)}


def _with_map_entry(document: Json, change: tuple[str, str, str], value: str | None, entries: MapPath) -> Json:
    op, name, key = change
    if op not in _MAP_OPS:
        raise bad_request(f"Invalid patch operation specified. Must be one of: [{', '.join(_MAP_OPS)}]")
    if op != "add" and key not in (document.get(name) or {}):
        raise not_found(entries.missing)
    if op == "remove":
        return set_entry(document, name, key, None)
    return {**document, name: {**(document.get(name) or {}), key: entries.read(value)}}
