"""Compare what a client gets for one call before and after a change, and find what breaks it.

A change is breaking where a client that worked before may fail: another status, AWS's own error instead of an answer, a
header or JSON field that is lost or of another type, a body that is no JSON any more, no answer at all. New headers and
fields, other values of the same type, and an answer instead of an error do not break. Where one side is unknown,
nothing is said to break.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.mapping.answer.answer import Answer, HeaderValue
from reconciler.mapping.exchange import Payload
from reconciler.mapping.rendering import Unknown
from reconciler.strict_json import read_strict_json

MOST_CHANGES: Final = 200
"""How many changes of one body are listed."""

_DEEPEST: Final = 100

Shown: TypeAlias = str | None
"""A value as text; None where there is none."""


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One value of an answer that changes; `path` is `status`, `selected`, `headers.X`, `body` or `body.items[0].id`.

    `before` and `after` are texts, JSON for values within a JSON body, None where the value does not exist. `breaks`
    says why a client may fail, as a sentence part; "" if it does not have to.
    """

    path: str
    before: Shown
    after: Shown
    breaks: str = ""


def answer_changes(before: Answer, after: Answer) -> tuple[AnswerChange, ...]:
    """Return what changes for the client, in the order status, error, headers, body."""
    return tuple(_changes(before, after))


def _changes(before: Answer, after: Answer) -> Iterator[AnswerChange]:
    yield from _value("selected", before.selected, after.selected)
    yield from _value("status", before.status, after.status, "" if before.error else "the status changes")
    yield from _error(before, after)
    yield from _delivery(before, after)
    if before.error is None and after.error is None:
        yield from _headers(before.headers, after.headers)
        yield from _body(before.body, after.body)


def _value(path: str, before: object, after: object, breaks: str = "") -> Iterator[AnswerChange]:
    if before != after:
        is_known = not isinstance(before, Unknown) and not isinstance(after, Unknown)
        yield AnswerChange(path, _shown(before), _shown(after), breaks if is_known else "")


def _error(before: Answer, after: Answer) -> Iterator[AnswerChange]:
    old, new = (None if answer.error is None else answer.error.why for answer in (before, after))
    if old != new:
        yield AnswerChange("error", old, new, "AWS answers with an error of its own" if old is None else "")


def _delivery(before: Answer, after: Answer) -> Iterator[AnswerChange]:
    lost = "the client gets no answer" if before.is_delivered is True else ""
    return _value("delivered", before.is_delivered, after.is_delivered, lost)


def _headers(
    before: Mapping[str, HeaderValue | Unknown], after: Mapping[str, HeaderValue | Unknown]
) -> Iterator[AnswerChange]:
    """Compare headers by name without case, as clients do."""
    old, new = ({name.lower(): (name, value) for name, value in side.items()} for side in (before, after))
    for key in sorted(old.keys() | new.keys()):
        name, was = old.get(key, (None, None))
        new_name, now = new.get(key, (None, None))
        path = f"headers.{new_name or name}"
        yield from _value(path, was, now, "a header is lost" if now is None else "")


def _body(before: Payload | Unknown, after: Payload | Unknown) -> Iterator[AnswerChange]:
    if before == after:
        return
    if isinstance(before, Unknown) or isinstance(after, Unknown):
        yield AnswerChange("body", _shown(before), _shown(after))
        return
    old, new = _read(before), _read(after)
    if old is _NO_JSON:
        yield AnswerChange("body", _shown(before), _shown(after))
    elif new is _NO_JSON:
        yield AnswerChange("body", _shown(before), _shown(after), "the body is no JSON any more")
    elif old != new or _text(old) != _text(new):
        yield from _limited(_json_changes("body", old, new, 0))


class _NoJson:
    """The type of `_NO_JSON`."""


_NO_JSON: Final = _NoJson()


def _read(body: Payload) -> object:
    if isinstance(body, bytes):
        return _NO_JSON
    try:
        value: object = read_strict_json(body)
    except (ValueError, RecursionError):
        return _NO_JSON
    return value


def _json_changes(path: str, before: object, after: object, depth: int) -> Iterator[AnswerChange]:
    if _kind(before) != _kind(after):
        breaks = f"{_kind(before)} becomes {_kind(after)}"
        yield AnswerChange(path, _text(before), _text(after), breaks)
    elif depth >= _DEEPEST or not isinstance(before, dict | list):
        if _text(before) != _text(after):
            yield AnswerChange(path, _text(before), _text(after))
    else:
        yield from _member_changes(_members(path, before), _members(path, after), depth)


def _member_changes(before: Mapping[str, object], after: Mapping[str, object], depth: int) -> Iterator[AnswerChange]:
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            yield AnswerChange(name, _text(before[name]), None, "a JSON field is lost")
        elif name not in before:
            yield AnswerChange(name, None, _text(after[name]))
        else:
            yield from _json_changes(name, before[name], after[name], depth + 1)


def _members(path: str, value: object) -> dict[str, object]:
    """Return the members of an object or array by their paths."""
    if isinstance(value, dict):
        return {f"{path}.{name}": member for name, member in value.items()}
    return {f"{path}[{index}]": member for index, member in enumerate(value if isinstance(value, list) else ())}


def _kind(value: object) -> str:
    """Return the JSON type of a value in words; true and false are of one type, as are all numbers."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case _:
            return "an object"


def _limited(changes: Iterator[AnswerChange]) -> Iterator[AnswerChange]:
    """Yield the first changes, and every breaking one of the others."""
    for number, change in enumerate(changes):
        if number < MOST_CHANGES or change.breaks:
            yield change


def _shown(value: object) -> Shown:
    match value:
        case None:
            return None
        case Unknown(why):
            return f"unknown: {why}"
        case bool():
            return str(value).lower()
        case bytes():
            return f"{len(value):,} bytes"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
