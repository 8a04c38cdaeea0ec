"""The answers of proxy integrations, which pass everything through and ignore integration responses."""

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.mapping.answer.answer import Answer, HeaderValue
from reconciler.mapping.answer.backends import integration_answer
from reconciler.mapping.answer.content import accepts_binary, as_text, frame_doubt, is_binary_payload
from reconciler.mapping.answer.gateway_errors import GatewayFailure
from reconciler.mapping.answer.lambda_proxy import frame_of_function, response_of_function
from reconciler.mapping.delivered_headers import (
    DROPPED_HEADERS,
    REMAPPED_BY_AWS_PROXY,
    REMAPPED_BY_HTTP_PROXY,
    REMAPPED_HEADERS,
    REMAPPED_PREFIX,
)
from reconciler.mapping.exchange import Exchange, HttpResult, IntegrationType, LambdaResult, Payload
from reconciler.mapping.rendering import Unknown

_CONVERTED: Final = Unknown("how HTTP_PROXY integrations convert between binary and text is not recorded")


def proxy_answer(integration: IntegrationType, exchange: Exchange, *, is_websocket: bool) -> Answer:
    """Return the answer of a proxy integration; `considered` is for the caller to add.

    Raises:
        GatewayFailure: the function or the Lambda service fails, or the result of the function is malformed.
    """
    match exchange.backend:
        case LambdaResult() as backend:
            return _of_function(backend, exchange, is_websocket=is_websocket)
        case HttpResult() as backend if integration == "HTTP_PROXY":
            return _of_http(backend, exchange, is_websocket=is_websocket)
    raise GatewayFailure("the Lambda service refuses to run the function")


def _of_http(backend: HttpResult, exchange: Exchange, *, is_websocket: bool) -> Answer:
    if is_websocket:
        body = Unknown(frame_doubt(backend.body, None)) if isinstance(backend.body, bytes) else backend.body
        return Answer(None, None, body=body, is_delivered=exchange.api.has_route_response)
    headers = _delivered(backend.headers, REMAPPED_BY_HTTP_PROXY)
    return Answer(None, backend.status, headers, _passed(backend, exchange))


def _of_function(backend: LambdaResult, exchange: Exchange, *, is_websocket: bool) -> Answer:
    if is_websocket:
        return Answer(None, None, body=frame_of_function(backend), is_delivered=exchange.api.has_route_response)
    answer = response_of_function(backend, exchange)
    return Answer(None, answer.status, _delivered(answer.headers, REMAPPED_BY_AWS_PROXY), answer.body)


def _passed(backend: HttpResult, exchange: Exchange) -> Payload | Unknown:
    """Return the body of an HTTP_PROXY integration."""
    is_binary, is_accepted = is_binary_payload(integration_answer(backend), exchange), accepts_binary(exchange)
    if not backend.body:
        return backend.body
    if is_binary is is_accepted is True:
        return backend.body
    return as_text(backend.body) if is_binary is is_accepted is False else _CONVERTED


def _delivered(
    headers: Mapping[str, HeaderValue | Unknown], remapped: frozenset[str]
) -> dict[str, HeaderValue | Unknown]:
    """Return the headers under the names that clients see; under both names where the renaming is not recorded."""
    return {
        delivered: value if name.lower() in remapped or name.lower() not in REMAPPED_HEADERS else _undecided(name)
        for name, value in headers.items()
        for delivered in _names(name, remapped)
    }


def _names(name: str, remapped: frozenset[str]) -> Iterator[str]:
    if name.lower() in DROPPED_HEADERS:
        return
    if name.lower() not in remapped:
        yield name
    if name.lower() in remapped | REMAPPED_HEADERS:
        yield f"{REMAPPED_PREFIX}{name}"


def _undecided(name: str) -> Unknown:
    return Unknown(f"whether proxy integrations rename {name} is not recorded")
