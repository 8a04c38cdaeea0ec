"""Compare what a client gets with what a test expects.

Texts are equal character by character, JSON as values: numbers by value, objects whatever their order. A value that is
unknown equals nothing and differs from nothing. Pure.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from reconciler.mapping.answer.answer import Answer, HeaderValue
from reconciler.mapping.exchange import Payload
from reconciler.mapping.rendering import Unknown
from reconciler.strict_json import read_strict_json

Json: TypeAlias = Any
"""A value of JSON."""

Outcome: TypeAlias = Literal["passed", "failed", "unknown"]

UNKNOWN_WORD: Final = "unknown"
_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class BodyText:
    """A body, character by character."""

    content: Payload


@dataclass(frozen=True, slots=True)
class MissingBody:
    """The expected body is in a file that does not exist: no body equals it."""


@dataclass(frozen=True, slots=True)
class BodyValue:
    """A body that is the JSON of a value; with `at_least`, of one that has the members of the value."""

    value: Json
    at_least: bool = False


Body: TypeAlias = BodyText | BodyValue | MissingBody


@dataclass(frozen=True, slots=True)
class Expected:
    """What a client should get; None for what is not compared. A header None is not to be sent.

    `unknown` are the names of the values that have to be unknown.
    """

    status: int | None = None
    selected: str | None = None
    headers: Mapping[str, HeaderValue | None] = field(default_factory=dict)
    body: Body | None = None
    error: bool | None = None
    delivered: bool | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is not as expected: `status`, `selected`, `headers.X`, `body`, `error` or `delivered`.

    `form`: the value is to be equal, or to contain the members of what is expected, or to be unknown; `missing`: what
    is expected is in a file that does not exist. `is_broken_json`: the value is to be JSON, and is not.
    """

    path: str
    expected: Json
    actual: Json
    form: Literal["equal", "contains", "unknown", "missing"] = "equal"
    is_broken_json: bool = False


@dataclass(frozen=True, slots=True)
class AnswerComparison:
    """The differences, and the compared values that are unknown, each with the reason."""

    differences: tuple[Difference, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def result(self) -> Outcome:
        """Whether the test has passed; a difference outweighs what is unknown."""
        if self.differences:
            return "failed"
        return "unknown" if self.unknown else "passed"


def compare(expected: Expected, answer: Answer, *, is_json_value: bool = False) -> AnswerComparison:
    """Compare an answer; `is_json_value`: the body is a JSON value whose spacing is not known."""
    differences: list[Difference] = []
    unknown: list[tuple[str, str]] = []
    for path, wanted, actual in _values(expected, answer):
        if isinstance(actual, Unknown):
            unknown.append((path, actual.why))
        elif (plain_wanted := plain(wanted)) != (plain_actual := plain(actual)):
            differences.append(Difference(path, plain_wanted, plain_actual))
    if expected.body is not None:
        if isinstance(answer.body, Unknown):
            unknown.append(("body", answer.body.why))
        elif difference := _body_difference(expected.body, answer.body, is_json_value=is_json_value):
            differences.append(difference)
    differences += _known(expected, answer)
    return AnswerComparison(tuple(differences), tuple(unknown))


def _values(expected: Expected, answer: Answer) -> Iterator[tuple[str, object, object]]:
    """Yield the name, the expected and the actual value of what is compared as it is."""
    if expected.selected is not None:
        yield "selected", expected.selected, answer.selected
    if expected.status is not None:
        yield "status", expected.status, answer.status
    for name, wanted in expected.headers.items():
        yield f"headers.{name}", _single(wanted), _single(header_of(answer, name))
    if expected.error is not None:
        yield "error", expected.error, answer.error is not None
    if expected.delivered is not None:
        yield "delivered", expected.delivered, answer.is_delivered


def header_of(answer: Answer, name: str) -> HeaderValue | Unknown | None:
    """Return a header by its name, without case; None if it is not sent."""
    if name in answer.headers:
        return answer.headers[name]
    lower = name.lower()
    return next((value for other, value in answer.headers.items() if other.lower() == lower), None)


def _single(value: HeaderValue | Unknown | None) -> HeaderValue | Unknown | None:
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _known(expected: Expected, answer: Answer) -> Iterator[Difference]:
    """Yield a difference for each value that is known, and expected to be unknown."""
    actual: Mapping[str, object] = {
        "selected": answer.selected,
        "status": answer.status,
        "body": answer.body,
        "delivered": answer.is_delivered,
    }
    for name in expected.unknown:
        value = actual[name] if name in actual else header_of(answer, name.removeprefix("headers."))
        if not isinstance(value, Unknown):
            yield Difference(name, UNKNOWN_WORD, plain(value), "unknown")


def _body_difference(expected: Body, body: Payload, *, is_json_value: bool) -> Difference | None:
    match expected:
        case MissingBody():
            return Difference("body", None, plain(body), "missing")
        case BodyText(content):
            if _bytes(content) == _bytes(body) or (is_json_value and same_json(content, body)):
                return None
            return Difference("body", plain(content), plain(body))
        case BodyValue(value, at_least):
            actual = read_json(body)
            if actual is not _MISSING and (_has(actual, value) if at_least else _equal(actual, value)):
                return None
            form: Literal["contains", "equal"] = "contains" if at_least else "equal"
            if actual is _MISSING:
                return Difference("body", value, plain(body), form, is_broken_json=True)
            return Difference("body", value, plain(actual), form)


def same_json(one: Payload, other: Payload) -> bool:
    """Return whether two bodies are the JSON of one value."""
    first, second = read_json(one), read_json(other)
    return first is not _MISSING and second is not _MISSING and _equal(first, second)


def is_json(body: Payload) -> bool:
    """Return whether a body is JSON."""
    return read_json(body) is not _MISSING


def read_json(body: Payload) -> Json:
    """Return the value of a body that is JSON; else a value that equals no other."""
    try:
        return read_strict_json(body)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        return _MISSING


def _equal(one: Json, other: Json) -> bool:
    """Compare values of JSON, where true is not 1."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(_equal(value, other[key]) for key, value in one.items())
        case list(), list():
            return len(one) == len(other) and all(map(_equal, one, other))
        case _:
            return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _has(actual: Json, wanted: Json) -> bool:
    """Return whether a value has at least the members of another one, at any depth."""
    match actual, wanted:
        case dict(), dict():
            return all(key in actual and _has(actual[key], value) for key, value in wanted.items())
        case list(), list():
            return len(actual) == len(wanted) and all(map(_has, actual, wanted))
        case _:
            return _equal(actual, wanted)


def _bytes(body: Payload) -> bytes:
    return body if isinstance(body, bytes) else body.encode("utf-8", "replace")


def plain(value: object) -> Json:
    """Return a value as JSON documents have it; of lone surrogates, clients get `?`."""
    match value:
        case str():
            return value if value.isascii() else value.encode("utf-8", "replace").decode()
        case bytes():
            return {"base64": base64.b64encode(value).decode("ascii")}
        case tuple() | list():
            return list(map(plain, value))
        case dict():
            return {plain(name): plain(item) for name, item in value.items()}
        case _:
            return value
