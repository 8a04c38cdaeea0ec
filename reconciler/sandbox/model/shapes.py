"""Checks that API Gateway makes before any lookup: JSON of the wrong type, values outside their constraint.

The functions return the value that was sent, or raise SerializationException or ValidationException with AWS's text.
All problems of a kind are reported at once, in the order of the recorded answers: members of the body before the path.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from reconciler.sandbox.model.errors import bad_request, validation_error, wrong_type
from reconciler.sandbox.model.state import Json

_STATUS: Final = re.compile(r"[1-5]\d\d", re.ASCII)
_PATCH_OPS: Final = ("add", "remove", "move", "test", "replace", "copy")
_MAXIMUM_PAGE: Final = 500
_DEFAULT_PAGE: Final = 25

# The class of numbers is recorded; the others are guesses by analogy.
_JAVA_CLASSES: Final = (
    (bool, "java.lang.Boolean"),
    ((int, float), "com.amazon.coral.value.json.numbers.TruncatingBigNumber"),
    (str, "java.lang.String"),
    (list, "java.util.ArrayList"),
)


def _java_class(value: object) -> str:
    return next((name for kinds, name in _JAVA_CLASSES if isinstance(value, kinds)), "java.util.HashMap")


def text(request: Json, name: str) -> str | None:
    """Return a member that is text or absent."""
    value = request.get(name)
    if value is not None and not isinstance(value, str):
        raise wrong_type(_java_class(value), "String")
    return value


def boolean(request: Json, name: str) -> bool | None:
    """Return a member that is true, false or absent."""
    value = request.get(name)
    if value is not None and not isinstance(value, bool):
        raise wrong_type(_java_class(value), "Boolean")
    return value


def number(request: Json, name: str) -> int | None:
    """Return a member that is a whole number or absent."""
    value = request.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise wrong_type(_java_class(value), "Integer")
    return value


def structure(request: Json, name: str) -> Json | None:
    """Return a member that is an object or absent."""
    value = request.get(name)
    if value is not None and not isinstance(value, dict):
        raise wrong_type(_java_class(value), "Object")
    return value


def fraction(request: Json, name: str) -> float | None:
    """Return a member that is any number or absent."""
    value = request.get(name)
    if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
        raise wrong_type(_java_class(value), "Double")
    return value


def text_map(request: Json, name: str) -> dict[str, str | None] | None:
    """Return a member that is a map of texts (or nulls) or absent."""
    return _map_of(request, name, str, "String")


def boolean_map(request: Json, name: str) -> dict[str, bool | None] | None:
    """Return a member that is a map of booleans or absent."""
    return _map_of(request, name, bool, "Boolean")


def _map_of(request: Json, name: str, kind: type, java_name: str) -> dict[str, Any] | None:
    entries = request.get(name)
    if entries is None:
        return None
    if not isinstance(entries, dict):
        raise wrong_type(_java_class(entries), "Map")
    for value in entries.values():
        if value is not None and not isinstance(value, kind):
            raise wrong_type(_java_class(value), java_name)
    return entries


def patch_operations(request: Json) -> Sequence[Json]:
    """Return the patch operations, objects of texts; `unknown_patch_ops` checks their `op`."""
    operations = request.get("patchOperations") or []
    if not isinstance(operations, list):
        raise wrong_type(_java_class(operations), "List")
    for operation in operations:
        if not isinstance(operation, dict):
            raise wrong_type(_java_class(operation), "Map")
        for name in ("op", "path", "value", "from"):
            text(operation, name)
    return operations


def unknown_patch_ops(input_name: str, operations: Iterable[Json]) -> list[str]:
    """Return a problem for each unknown `op`; positions count from 1."""
    return [
        problem
        for position, operation in enumerate(operations, 1)
        for problem in not_in_enum(
            f"{input_name}.patchOperations.{position}.member.op", operation.get("op"), _PATCH_OPS
        )
    ]


def not_in_enum(name: str, value: object, choices: Sequence[object]) -> list[str]:
    """Return a problem if the value is none of the choices."""
    if value in choices:
        return []
    shown = "null" if value is None else f"'{value}'"
    listed = ", ".join(map(str, choices))
    return [f"Value {shown} at '{name}' failed to satisfy constraint: Member must satisfy enum value set: [{listed}]"]


def invalid_status(request: Json) -> list[str]:
    """Return a problem if the status code is invalid."""
    status = request["statusCode"]
    if _STATUS.fullmatch(status):
        return []
    constraint = r"Member must satisfy regular expression pattern: [1-5]\d\d"
    return [f"Value '{status}' at 'statusCode' failed to satisfy constraint: {constraint}"]


def reject(problems: list[str]) -> None:
    """Raise ValidationException if there are any problems."""
    if problems:
        raise validation_error(problems)


def page(request: Json, items: Sequence[Json], key: str = "id") -> dict[str, Any]:
    """Return one page of a list, with `position` in and out; 25 items unless `limit` is set, at most 500.

    No recording shows how AWS treats an invalid limit or position: here both are refused.
    """
    limit = _DEFAULT_PAGE if request.get("limit") is None else request["limit"]
    if not isinstance(limit, int) or not 1 <= limit <= _MAXIMUM_PAGE:
        raise bad_request("Invalid limit specified")
    start = 0 if not request.get("position") else _after(request["position"], items, key)
    shown = items[start : start + limit]
    answer: dict[str, Any] = {"items": list(shown)}
    if start + limit < len(items):
        answer["position"] = _token(shown[-1][key])
    return answer


def _token(last: str) -> str:
    return last.encode().hex()


def _after(position: str, items: Sequence[Json], key: str) -> int:
    for index, item in enumerate(items, 1):
        if _token(item[key]) == position:
            return index
    raise bad_request("Invalid position specified")
