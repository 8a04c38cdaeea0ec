"""The JSON documents of `render`: what a client gets, and what a template gives."""

from collections.abc import Iterator, Mapping
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


def answer_document(
    answer: Answer, method: AnsweringMethod, source: Location | None, template: Location | None, fault: Location | None
) -> AnswerDocument:
    """Return what a client gets.

    `source` and `template` are where the selected response and its template are written, `fault` where that fails.
    """
    key = answer.template
    return AnswerDocument(
        kind="Answer",
        **method_members(method),
        **answer_members(answer),
        source=source_of(source),
        template=None if key is None else AnswerTemplate(key=key, source=source_of(template)),
        error_position=_position(fault),
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
            status=json_value(overrides.status),
            headers={encodable(name): json_value(value) for name, value in overrides.headers.items()},
        ),
        error=TemplateErrorDocument(message=encodable(fault.message), line=fault.line, column=fault.column)
        if fault
        else None,
        unknown=[UnknownDocument(what="output", why=encodable(why)) for why in _doubts(rendering)],
    )


def _doubts(rendering: Rendering) -> Iterator[str]:
    """Yield each reason why API Gateway may give something else."""
    if rendering.fault and not rendering.fault.is_certain:
        yield f"{rendering.fault.message}; API Gateway may render it"
    yield from (unknown.why for unknown in rendering.unknown)


def json_value(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value that a template computed as JSON has it, anything else as text."""
    match value:
        case None | bool() | int():
            return value
        case float() | Decimal():
            return float(value) if value == value and abs(value) != float("inf") else str(value)  # noqa: PLR0124 - not NaN
        case Mapping():
            return {encodable(str(key)): json_value(item) for key, item in value.items()}
        case list() | tuple():
            return list(map(json_value, value))
        case _:
            return encodable(str(value))
