"""The answer of a WebSocket API through one of its integration responses: a frame without status and headers."""

from dataclasses import replace

from reconciler.mapping.answer.agreement import agreement
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.backends import IntegrationAnswer
from reconciler.mapping.answer.content import Content, converted_frames, frame_doubt
from reconciler.mapping.answer.gateway_errors import GatewayFailure, gateway_answer
from reconciler.mapping.answer.template_choice import template_by_expression
from reconciler.mapping.answer.template_stage import mapped_body
from reconciler.mapping.exchange import Exchange, Payload
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import WebSocketResponse


def websocket_answer(response: WebSocketResponse, exchange: Exchange, answer: IntegrationAnswer) -> Answer:
    """Return the answer through a response; `selected` and `considered` are for the caller to add.

    A route without a route response is one-way: the answer goes nowhere (Developer Guide, "Setting up a WebSocket API
    integration responses").
    """
    template = template_by_expression(response, exchange, answer)
    if isinstance(template, Unknown):
        return _frame(template, exchange)
    try:
        contents = converted_frames(answer.body, response.content_handling_strategy)
    except GatewayFailure as failure:
        return gateway_answer(failure, exchange, is_websocket=True)
    text = response.response_templates.get(template, "")
    answers = [_answer(text, content, exchange) for content in contents]
    joined = agreement(answers, frame_doubt(answer.body, response.content_handling_strategy))
    return replace(joined, template=template) if text else joined


def _answer(text: str, content: Content | Unknown, exchange: Exchange) -> Answer:
    """Return the answer with a template's text and the content that it sees, without the template's key."""
    if text and isinstance(content, Content) and content.is_binary:
        content = Unknown("what a WebSocket API does with a template and a binary body is not documented")
    try:
        mapped = mapped_body(text, content, exchange)
    except GatewayFailure as failure:
        return gateway_answer(failure, exchange, is_websocket=True)
    return replace(_frame(mapped.body, exchange), branches=mapped.branches, assumed=mapped.assumed)


def _frame(body: Payload | Unknown, exchange: Exchange) -> Answer:
    return Answer(None, None, body=body, is_delivered=exchange.api.has_route_response)
