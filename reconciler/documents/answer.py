"""Answers, renderings and selections as JSON: their shapes, and how they are built.

`AnswerMembers` are the members that every document with an answer has, of `render` and of each test.
"""

import base64
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import Field

from reconciler import __version__
from reconciler.documents.parts import FORMAT_VERSION, FormatVersion, JsonDocument
from reconciler.mapping.answer.answer import Answer, AnswerError, HeaderValue, unknown_values
from reconciler.mapping.exchange import Payload
from reconciler.mapping.rendering import Unknown

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class AnsweringMethod:
    """The method or integration of a manifest that answers, and the environments in which it does so."""

    manifest: str
    name: str
    environments: tuple[str, ...]


class MethodMembers(JsonDocument):
    """The method that answers."""

    format_version: FormatVersion
    kind: str
    tool_version: str
    manifest: str
    environments: list[str] = Field(description="The environments in which the method has these responses.")
    method: str = Field(description="As in `GET /pets`; in WebSocket APIs the route key, or `integration ID`.")


class BinaryBody(JsonDocument):
    """A body that is no text."""

    base64: str


class AnswerErrorDocument(JsonDocument):
    """API Gateway's own error."""

    message: str = Field(description="What the client gets to read.")
    why: str = Field(description="What causes the error.")


class UnknownDocument(JsonDocument):
    """A value that no source documents."""

    what: str = Field(description="`status`, `selected`, `body`, `delivered` or `headers.NAME`.")
    why: str


class AnswerMembers(JsonDocument):
    """What the client gets. A value that is unknown is null, and listed in `unknown`."""

    selected: str | None = Field(
        description="The status code or key of the selected integration response; null if none is selected."
    )
    status: int | None = Field(description="Null in WebSocket APIs.")
    headers: dict[str, str | list[str] | None] = Field(description="A header that is sent several times is a list.")
    body: str | BinaryBody | None
    error: AnswerErrorDocument | None = Field(description="Then `status` and `body` are those of this error.")
    delivered: bool | None = Field(description="False for a route without a route response.")
    unknown: list[UnknownDocument]


def method_members(method: AnsweringMethod) -> dict[str, Any]:
    """Return the members that name a method, but for `kind`, for a document that extends `MethodMembers`."""
    return {
        "format_version": FORMAT_VERSION,
        "tool_version": __version__,
        "manifest": method.manifest,
        "environments": list(method.environments),
        "method": method.name,
    }


def answer_members(answer: Answer) -> dict[str, Any]:
    """Return the members of an answer, by their names in Python, for a document that extends `AnswerMembers`."""
    return {
        "selected": _known(answer.selected),
        "status": _known(answer.status),
        "headers": {encodable(name): _header(value) for name, value in answer.headers.items()},
        "body": _body(answer.body),
        "error": error_document(answer.error),
        "delivered": _known(answer.is_delivered),
        "unknown": unknown_documents(answer),
    }


def unknown_documents(answer: Answer) -> list[UnknownDocument]:
    """Return each unknown value of an answer with the reason."""
    return [UnknownDocument(what=encodable(what), why=encodable(value.why)) for what, value in unknown_values(answer)]


def _known(value: V | Unknown | None) -> V | None:
    return None if isinstance(value, Unknown) else value


def _header(value: HeaderValue | Unknown) -> str | list[str] | None:
    match value:
        case Unknown():
            return None
        case str():
            return encodable(value)
        case _:
            return list(map(encodable, value))


def _body(body: Payload | Unknown) -> str | BinaryBody | None:
    match body:
        case Unknown():
            return None
        case bytes():
            return BinaryBody(base64=base64.b64encode(body).decode("ascii"))
        case _:
            return encodable(body)


def error_document(error: AnswerError | None) -> AnswerErrorDocument | None:
    """Return an error of API Gateway itself, if there is one."""
    return AnswerErrorDocument(message=encodable(error.message), why=encodable(error.why)) if error else None


def encodable(text: str) -> str:
    """Replace lone surrogates with `?`, as Java does when it encodes a text."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
