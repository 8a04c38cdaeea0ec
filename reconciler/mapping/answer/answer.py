"""The answer that a client gets, value by value: known, an error of AWS's own, or unknown with the reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from reconciler.mapping.exchange import Payload
from reconciler.mapping.rendering import Branch, Unknown

HeaderValue: TypeAlias = str | tuple[str, ...]
"""One value, or the values of a header that is sent several times."""


@dataclass(frozen=True, slots=True)
class AnswerError:
    """AWS answers for itself, with a 500 in most cases: what it says to the client, and why it happens.

    `line` and `column` are those in the template where it comes from one, else 0.
    """

    message: str
    why: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Considered:
    """A response and why it was selected or not, as a sentence part: `matches "[NotFound] no pet 7"`."""

    key: str
    is_selected: bool
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets.

    `selected` is the status code of the selected integration response (in WebSocket APIs its key), None if there is
    none. `status` is None in WebSocket APIs. A header that is not sent is not in `headers`; one whose value or presence
    is not known is there, as Unknown. `template` is the key of the response template that was rendered, None if none
    was. With an `error`, `status` and `body` are those of AWS's own answer. `is_delivered`: False for a one-way route.
    `considered` has every response of the method, the selected one first. `assumed` is as in `Rendering`.
    """

    selected: str | Unknown | None
    status: int | Unknown | None
    headers: Mapping[str, HeaderValue | Unknown] = field(default_factory=lambda: MappingProxyType({}))
    body: Payload | Unknown = ""
    error: AnswerError | None = None
    is_delivered: bool | Unknown = True
    template: str | None = None
    branches: frozenset[Branch] = frozenset()
    considered: tuple[Considered, ...] = ()
    assumed: tuple[str, ...] = ()


def unknown_values(answer: Answer) -> Iterator[tuple[str, Unknown]]:
    """Yield each unknown value of an answer under its name: `selected`, `status`, `headers.X`, `body`, `delivered`."""
    values: tuple[tuple[str, object], ...] = (
        ("selected", answer.selected),
        ("status", answer.status),
        *((f"headers.{name}", value) for name, value in answer.headers.items()),
        ("body", answer.body),
        ("delivered", answer.is_delivered),
    )
    return ((what, value) for what, value in values if isinstance(value, Unknown))
