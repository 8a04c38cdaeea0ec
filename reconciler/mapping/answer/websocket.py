"""The answer of a WebSocket API through one of its integration responses: a frame without status and headers."""

from dataclasses import replace

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.backends import IntegrationAnswer
from reconciler.mapping.answer.content import Content, converted_frame
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
        return _mapped(response, template, exchange, answer)
    except GatewayFailure as failure:
        return replace(gateway_answer(failure, exchange, is_websocket=True), template=template or None)


def _mapped(response: WebSocketResponse, template: str, exchange: Exchange, answer: IntegrationAnswer) -> Answer:
    content = converted_frame(answer.body, response.content_handling_strategy)
    text = response.response_templates.get(template, "")
    if text and isinstance(content, Content) and content.is_binary:
        return _frame(
            Unknown("what a WebSocket API does with a template and a binary body is not documented"), exchange
        )
    mapped = mapped_body(text, content, exchange)
    return replace(_frame(mapped.body, exchange), template=template if text else None, branches=mapped.branches)


def _frame(body: Payload | Unknown, exchange: Exchange) -> Answer:
    return Answer(None, None, body=body, is_delivered=exchange.api.has_route_response)
