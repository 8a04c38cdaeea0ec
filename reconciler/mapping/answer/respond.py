"""Find out what a client gets for a backend's answer: `respond` runs the whole pipeline.

The stages, in API Gateway's order: select the response (`selection`), convert the content (`content`), choose and apply
its template (`template_choice`, `template_stage`), map headers and override them (`headers`, `overrides`). Where API
Gateway fails, it answers for itself (`gateway_errors`). What no source describes is Unknown: the stages compute
every answer that is possible, and what these have in common is known (`agreement`).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reconciler.mapping.answer.agreement import agreement
from reconciler.mapping.answer.answer import Answer, Considered
from reconciler.mapping.answer.backends import (
    PROXY_INTEGRATIONS,
    ImpossibleBackend,
    IntegrationAnswer,
    integration_answer,
    integration_type,
)
from reconciler.mapping.answer.gateway_errors import NETWORK_ERROR, TIMED_OUT, GatewayFailure, gateway_answer
from reconciler.mapping.answer.proxies import proxy_answer
from reconciler.mapping.answer.rest import rest_answer
from reconciler.mapping.answer.selection import ResponseSelection, select, selecting_texts
from reconciler.mapping.answer.websocket import websocket_answer
from reconciler.mapping.exchange import Exchange, IntegrationType, NoResult
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import Response, RestResponse, WebSocketResponse
from reconciler.models.targets import Kind

__all__ = ["ImpossibleBackend", "respond"]

_GATEWAY_TIMEOUT: Final = 504


def respond(responses: Mapping[str, RestResponse] | Mapping[str, WebSocketResponse], exchange: Exchange) -> Answer:
    """Return what the client gets when the backend answers as in `exchange`.

    The keys of `responses` are status codes (REST) or integration response keys (WebSocket).

    Raises:
        ImpossibleBackend: the integration type of `exchange.api` cannot have this backend.
    """
    integration, backend = integration_type(exchange), exchange.backend
    is_websocket = _is_websocket(responses, exchange)
    if isinstance(backend, NoResult):
        answer = _without_result(backend, integration, exchange, is_websocket=is_websocket)
        return replace(answer, considered=_passed_over(responses, "is not considered: the backend did not answer"))
    if integration in PROXY_INTEGRATIONS:
        try:
            answer = proxy_answer(integration, exchange, is_websocket=is_websocket)
        except GatewayFailure as failure:
            answer = gateway_answer(failure, exchange, is_websocket=is_websocket)
        why = f"is not considered: {integration} integrations ignore integration responses"
        return replace(answer, considered=_passed_over(responses, why))
    answer_of_backend = integration_answer(backend)
    selection = select(responses, selecting_texts(backend), answer_of_backend.status)
    return _through(selection, responses, exchange, answer_of_backend, is_websocket=is_websocket)


def _is_websocket(responses: Mapping[str, Response], exchange: Exchange) -> bool:
    if not responses:
        return exchange.api.kind is Kind.WEBSOCKET_API
    return isinstance(next(iter(responses.values())), WebSocketResponse)


def _passed_over(responses: Mapping[str, Response], why: str) -> tuple[Considered, ...]:
    return tuple(Considered(key, False, why) for key in sorted(responses))


def _without_result(
    backend: NoResult, integration: IntegrationType, exchange: Exchange, *, is_websocket: bool
) -> Answer:
    """Return AWS's own answer when the backend gives none.

    The texts are those that users report, the status codes those of the Developer Guide ("Gateway response types").
    """
    if backend.reason == "timeout":
        failure = GatewayFailure("the backend did not answer in time", message=TIMED_OUT, status=_GATEWAY_TIMEOUT)
        return gateway_answer(failure, exchange, is_websocket=is_websocket)
    failure = GatewayFailure("the backend cannot be reached", message=NETWORK_ERROR, status=_GATEWAY_TIMEOUT)
    answer = gateway_answer(failure, exchange, is_websocket=is_websocket)
    if integration.startswith("HTTP") and not is_websocket:
        return answer
    unknown = Unknown("how AWS answers when this backend cannot be reached is not documented")
    return replace(answer, status=None if is_websocket else unknown, body=unknown)


def _through(
    selection: ResponseSelection,
    responses: Mapping[str, Response],
    exchange: Exchange,
    answer: IntegrationAnswer,
    *,
    is_websocket: bool,
) -> Answer:
    """Return the answer through the selected response: what all have in common if several may be selected."""
    answers = []
    for key in selection.keys:
        if key is None:
            failure = GatewayFailure(selection.why)
            answers.append(gateway_answer(failure, exchange, is_websocket=is_websocket))
        else:
            answers.append(replace(_answer(key, responses[key], exchange, answer), selected=key))
    return replace(agreement(answers, selection.why), considered=selection.considered)


def _answer(key: str, response: Response, exchange: Exchange, answer: IntegrationAnswer) -> Answer:
    if isinstance(response, RestResponse):
        return rest_answer(key, response, exchange, answer)
    return websocket_answer(response, exchange, answer)
