"""The JSON document of `select`: which response is selected, and why each other one is not."""

from collections.abc import Callable
from typing import Literal

from pydantic import Field

from reconciler.diagnostics import Location
from reconciler.documents.answer import (
    AnswerErrorDocument,
    AnsweringMethod,
    MethodMembers,
    UnknownDocument,
    error_document,
    method_members,
    unknown_documents,
)
from reconciler.documents.parts import JsonDocument, SourceDocument, source_of
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.rendering import Unknown


class ConsideredResponse(JsonDocument):
    """A response of the method."""

    key: str = Field(description="The status code, in WebSocket APIs the key.")
    selected: bool
    why: str = Field(description="Why it is selected or not.")
    source: SourceDocument | None


class SelectionDocument(MethodMembers):
    """What `select --format json` prints."""

    kind: Literal["Selection"]
    selected: str | None = Field(description="Null if no response is selected, or if it is unknown which.")
    responses: list[ConsideredResponse] = Field(description="Every response, the selected one first.")
    error: AnswerErrorDocument | None = Field(description="What API Gateway answers if no response is selected.")
    unknown: list[UnknownDocument]


def selection_document(
    answer: Answer, method: AnsweringMethod, origin: Callable[[str], Location | None]
) -> SelectionDocument:
    """Return a selection; `origin` finds where a response is written."""
    selected = answer.selected
    return SelectionDocument(
        kind="Selection",
        **method_members(method),
        selected=None if isinstance(selected, Unknown) else selected,
        responses=[
            ConsideredResponse(
                key=considered.key,
                selected=considered.is_selected,
                why=considered.why,
                source=source_of(origin(considered.key)),
            )
            for considered in answer.considered
        ],
        error=error_document(answer.error) if selected is None else None,
        unknown=[unknown for unknown in unknown_documents(answer) if unknown.what == "selected"],
    )
