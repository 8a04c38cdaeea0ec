"""The JSON documents of `render`: what a client gets, and what a template gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from reconciler.diagnostics import Location
from reconciler.documents.answer import (
    AnsweringMethod,
    AnswerMembers,
    MethodMembers,
    UnknownDocument,
    answer_members,
    encodable,
    method_members,
)
from reconciler.documents.parts import FORMAT_VERSION, FormatVersion, JsonDocument, SourceDocument, source_of
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.rendering import Rendering


class PositionDocument(JsonDocument):
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


class AnswerTemplate(JsonDocument):
    """The response template that was rendered."""

    key: str = Field(description="Its content type, in WebSocket APIs its selection key.")
    source: SourceDocument | None


@dataclass(frozen=True, slots=True)
class AnswerPlaces:
    """Where the selected response is written, where its template is, and where that fails."""

    response: Location | None
    template: Location | None
    fault: Location | None


class AnswerDocument(AnswerMembers, MethodMembers):
    """What `render --method --format json` prints."""

    kind: Literal["Answer"]
    source: SourceDocument | None = Field(description="Where the selected response is written.")
    template: AnswerTemplate | None = Field(description="Null if no template was rendered.")
    error_position: PositionDocument | None = Field(description="Where the template fails that causes `error`.")


class OverridesDocument(JsonDocument):
    """What the template set in `$context.responseOverride`."""

    status: Any = Field(description="Null if it set none.")
    headers: dict[str, Any]


class TemplateErrorDocument(JsonDocument):
    """Why the template has no output; line and column count from 1 within the template."""

    message: str
    line: int
    column: int


class RenderingDocument(JsonDocument):
    """What `render --template --format json` prints."""

    format_version: FormatVersion
    kind: Literal["Rendering"]
    output: str = Field(description="Empty if there is an error.")
    overrides: OverridesDocument
    error: TemplateErrorDocument | None
    unknown: list[UnknownDocument] = Field(description="Why the output may differ from that of API Gateway.")


def answer_document(answer: Answer, method: AnsweringMethod, places: AnswerPlaces) -> AnswerDocument:
    """Return what a client gets."""
    key = answer.template
    return AnswerDocument(
        kind="Answer",
        **method_members(method),
        **answer_members(answer),
        source=source_of(places.response),
        template=None if key is None else AnswerTemplate(key=key, source=source_of(places.template)),
        error_position=_position(places.fault),
    )


def _position(location: Location | None) -> PositionDocument | None:
    if location is None:
        return None
    return PositionDocument(file=location.file, line=location.line, column=location.column)


def rendering_document(rendering: Rendering) -> RenderingDocument:
    """Return what a template gives."""
    fault, overrides = rendering.fault, rendering.overrides
    return RenderingDocument(
        format_version=FORMAT_VERSION,
        kind="Rendering",
        output=encodable(rendering.output),
        overrides=OverridesDocument(
            status=_json(overrides.status),
            headers={encodable(name): _json(value) for name, value in overrides.headers.items()},
        ),
        error=TemplateErrorDocument(message=encodable(fault.message), line=fault.line, column=fault.column)
        if fault
        else None,
        unknown=[UnknownDocument(what="output", why=encodable(unknown.why)) for unknown in rendering.unknown],
    )


def _json(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value that a template computed as JSON has it, anything else as text."""
    match value:
        case None | bool() | int():
            return value
        case float() | Decimal():
            return float(value) if value == value and abs(value) != float("inf") else str(value)  # noqa: PLR0124 - not NaN
        case Mapping():
            return {encodable(str(key)): _json(item) for key, item in value.items()}
        case list() | tuple():
            return list(map(_json, value))
        case _:
            return encodable(str(value))
