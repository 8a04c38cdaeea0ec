"""Find out what a client gets for a backend's answer: `respond` runs the whole pipeline.

The stages, in API Gateway's order: select the response, choose its template, render it, map headers, apply
`responseOverride`, convert the content, rename and drop headers.
"""

from collections.abc import Mapping

from reconciler.mapping.answer.answer import Answer, AnswerError, Considered
from reconciler.mapping.exchange import Backend, Exchange, HttpResult, LambdaResult, MockResult, Payload
from reconciler.mapping.patterns import Pattern, read_pattern
from reconciler.models.responses import RestResponse, WebSocketResponse


class ImpossibleBackend(Exception):  # noqa: N818 - named for what is wrong, as everywhere here
    """The integration type that an exchange states cannot have the backend that it states; the message names both."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def respond(responses: Mapping[str, RestResponse] | Mapping[str, WebSocketResponse], exchange: Exchange) -> Answer:
    """Return what the client gets when the backend answers as in `exchange`.

    The keys of `responses` are status codes (REST) or integration response keys (WebSocket).

    Raises:
        ImpossibleBackend: the integration type of `exchange.api` cannot have this backend.
    """
    text, body = _selecting_text(exchange.backend), _body(exchange.backend)
    matching = [key for key, response in responses.items() if _matches(key, response, text)]
    key = matching[0] if matching else next((key for key in responses if _is_default(key, responses[key])), None)
    considered = tuple(
        Considered(other, other == key, "matches" if other == key else "does not match")
        for other in sorted(responses, key=lambda other: other != key)
    )
    if key is None:
        return Answer(
            selected=None,
            status=500,
            body='{"message": "Internal server error"}',
            error=AnswerError("Internal server error", "no response matches and there is no default response"),
            considered=considered,
        )
    status = int(key) if isinstance(responses[key], RestResponse) else None
    return Answer(selected=key, status=status, body=body, considered=considered)


def _selecting_text(backend: Backend) -> str:
    if isinstance(backend, HttpResult | MockResult):
        return str(backend.status)
    return backend.payload if isinstance(backend, LambdaResult) and backend.failed else ""


def _body(backend: Backend) -> Payload:
    if isinstance(backend, HttpResult):
        return backend.body
    return backend.payload if isinstance(backend, LambdaResult) else ""


def _matches(key: str, response: RestResponse | WebSocketResponse, text: str) -> bool:
    if _is_default(key, response):
        return False
    pattern = read_pattern(response.selection_pattern if isinstance(response, RestResponse) else key.strip("/"))
    return isinstance(pattern, Pattern) and pattern.matches(text)


def _is_default(key: str, response: RestResponse | WebSocketResponse) -> bool:
    return key == "$default" if isinstance(response, WebSocketResponse) else not response.selection_pattern
