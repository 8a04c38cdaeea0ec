"""render: what a client gets, in the form of `curl -i`, and what a template gives."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from reconciler.diagnostics import Location
from reconciler.engine.render import AnswerPlaces, RenderedAnswer, TemplateRendering
from reconciler.mapping.answer.answer import Answer, AnswerError, HeaderValue, unknown_values
from reconciler.mapping.exchange import Payload
from reconciler.mapping.rendering import Unknown
from reconciler.models.targets import Kind
from reconciler.render.style import Style, file_line, legible, plural, printable
from reconciler.views.select import considered_lines
from reconciler.views.view import Renderings

_UNKNOWN: Final = "(unknown)"
_LABEL: Final = 10
"""Columns of the labels of notes."""


def answer_view(rendered: RenderedAnswer, style: Style) -> Renderings:
    """Offer what a client gets as text and JSON."""
    return {"text": lambda: answer_text(rendered, style), "json": lambda: answer_json(rendered)}


def answer_json(rendered: RenderedAnswer) -> str:
    """Return what a client gets for programs."""
    from reconciler.documents.answer import AnsweringMethod  # noqa: PLC0415 - only JSON needs it
    from reconciler.documents.parts import dumped  # noqa: PLC0415
    from reconciler.documents.render import answer_document  # noqa: PLC0415

    method, places = rendered.method, rendered.places
    name = AnsweringMethod(method.manifest, str(method.scope), method.environments)
    return dumped(answer_document(rendered.answer, name, places.response, places.template, places.fault))


def answer_text(rendered: RenderedAnswer, style: Style) -> str:
    """Return status, headers and body, and below them notes on how they come about; when quiet, without the notes."""
    kind = rendered.method.desired.manifests[0].kind
    lines = [*_head_lines(rendered.answer, kind, style), "", *_body_lines(rendered.answer.body, style)]
    notes = () if style.quiet else _note_lines(rendered, style)
    return "\n".join([*lines, "", *notes] if notes else lines)


def _head_lines(answer: Answer, kind: Kind, style: Style) -> Iterator[str]:
    if kind is Kind.WEBSOCKET_API:
        yield _websocket_line(answer.is_delivered, style)
        return
    yield f"HTTP/1.1 {_status_text(answer.status, style)}"
    for name, value in answer.headers.items():
        for text in _header_texts(value, style):
            yield f"{style.paint(printable(name), 'step')}: {text}"


def _websocket_line(is_delivered: bool | Unknown, style: Style) -> str:
    if isinstance(is_delivered, Unknown):
        return style.paint("Message, if it is delivered:", "warning")
    if not is_delivered:
        return style.paint("Nothing is delivered: the route has no route response. The message would be:", "warning")
    return style.paint("Message:", "strong")


def _status_text(status: int | Unknown | None, style: Style) -> str:
    if not isinstance(status, int):
        return style.paint("(unknown status)", "warning")
    is_success = status < HTTPStatus.BAD_REQUEST
    return style.paint(f"{status} {_phrase(status)}".rstrip(), "good" if is_success else "delete")


def _phrase(status: int) -> str:
    """Return the reason phrase, "" for a status that has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _header_texts(value: HeaderValue | Unknown, style: Style) -> Iterator[str]:
    if isinstance(value, Unknown):
        yield style.paint(_UNKNOWN, "warning")
        return
    for text in (value,) if isinstance(value, str) else value:
        yield f'"{text}"' if text == _UNKNOWN else printable(text)


def _body_lines(body: Payload | Unknown, style: Style) -> Iterator[str]:
    match body:
        case Unknown():
            yield style.paint("(unknown body)", "warning")
        case bytes():
            size = plural(len(body), "byte")
            yield style.paint(f"({size} of binary data; --format json prints the base64)", "faint")
        case "":
            yield style.paint("(empty body)", "faint")
        case _:
            yield from map(legible, body.removesuffix("\n").split("\n"))


def _note_lines(rendered: RenderedAnswer, style: Style) -> Iterator[str]:
    answer, places = rendered.answer, rendered.places
    if isinstance(answer.selected, str):
        why = next((considered.why for considered in answer.considered if considered.is_selected), "")
        reason = f": {printable(why)}" if why else ""
        yield _note("selected", f"{style.paint(printable(answer.selected), 'strong')}{reason}", style)
        yield from _place_lines(places.response)
    elif answer.selected is None:
        yield _note("selected", style.paint("none", "error"), style)
    if answer.template is not None:
        yield _note("template", printable(answer.template), style)
        yield from _place_lines(places.template)
    if answer.error:
        yield from _error_lines(answer.error, places, style)
    for why, whats in _unknown_by_reason(answer).items():
        yield _note("unknown", f"{style.paint(printable(', '.join(whats)), 'warning')}: {printable(why)}", style)
    for assumed in answer.assumed:
        yield _note("note", printable(assumed), style)
    if rendered.method.is_partly_owned:
        owner = printable(rendered.method.manifest)
        yield _note("note", f"{owner} owns this method in part: what only AWS has is not considered", style)
    if style.full or not isinstance(answer.selected, str):
        yield from ("", *considered_lines(rendered.method, answer, style))


def _unknown_by_reason(answer: Answer) -> dict[str, list[str]]:
    whats: dict[str, list[str]] = {}
    for what, unknown in unknown_values(answer):
        whats.setdefault(unknown.why, []).append(what)
    return whats


def _error_lines(error: AnswerError, places: AnswerPlaces, style: Style) -> Iterator[str]:
    """Yield why AWS answers for itself, and where the template fails, or begins if only that is known."""
    yield _note("error", f"{style.paint('API Gateway answers for itself', 'error')}: {printable(error.why)}", style)
    if places.fault and places.template:
        is_known = places.fault != places.template or (error.line, error.column) == (1, 1)
        within = "" if is_known else f" (line {error.line}, column {error.column} of the template)"
        yield f"{'':{_LABEL}}{printable(str(places.fault))}{within}"


def _note(label: str, text: str, style: Style) -> str:
    return f"{style.paint(f'{label:<{_LABEL}}', 'faint')}{text}"


def _place_lines(place: Location | None) -> Iterator[str]:
    if place:
        yield f"{'':{_LABEL}}{file_line(place)}"


def template_json(rendered: TemplateRendering) -> str:
    """Return what a template gives for programs."""
    from reconciler.documents.parts import dumped  # noqa: PLC0415 - only JSON needs it
    from reconciler.documents.render import rendering_document  # noqa: PLC0415

    return dumped(rendering_document(rendered.rendering))


def template_notes(rendered: TemplateRendering, style: Style) -> Iterator[str]:
    """Yield a line for the error, for each override, and for each reason why the output may differ from AWS's.

    When quiet, only for the error.
    """
    rendering = rendered.rendering
    if rendering.fault and rendered.fault_location:
        doubt = "" if rendering.fault.is_certain else "; API Gateway may render it"
        yield f"{printable(str(rendered.fault_location))}: error: {printable(rendering.fault.message)}{doubt}"
    if style.quiet:
        return
    if rendering.overrides.status is not None:
        yield f"note: the template sets the status {_override_text(rendering.overrides.status)}"
    for name, value in rendering.overrides.headers.items():
        yield f"note: the template sets the header {printable(name)}: {_override_text(value)}"
    for assumed in rendering.assumed:
        yield f"note: {printable(assumed)}"
    for unknown in rendering.unknown:
        yield f"note: the output may differ from that of API Gateway: {printable(unknown.why)}"


def _override_text(value: object) -> str:
    """Return a text as it is, any other value as JSON."""
    from reconciler.documents.render import json_value  # noqa: PLC0415 - few templates set overrides

    return printable(value if isinstance(value, str) else json.dumps(json_value(value)))
