"""API Gateway's own answers: what clients get when an integration gives nothing to pass on.

A gateway response of the API can change status, headers and body of these answers. Manifests do not hold gateway
responses: the answers are AWS's defaults.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reconciler.mapping.answer.answer import Answer, AnswerError
from reconciler.mapping.exchange import Exchange, Payload
from reconciler.mapping.rendering import Branch, TemplateFault, Unknown

INTERNAL: Final = "Internal server error"
TIMED_OUT: Final = "Endpoint request timed out"
NETWORK_ERROR: Final = "Network error communicating with endpoint"

_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {"Content-Type": "application/json", "x-amzn-ErrorType": "InternalServerErrorException"}
)
"""As in responses that users quote."""

_ONE_WAY: Final = Unknown("whether error frames reach the client of a route without a route response is not documented")


class GatewayFailure(Exception):  # noqa: N818 - the failure is AWS's, and part of a known answer
    """API Gateway answers for itself; `why` is a sentence part. `branches` are those of the template that failed."""

    def __init__(self, why: str, *, message: str = INTERNAL, status: int = 500) -> None:
        super().__init__(why)
        self.error = AnswerError(message, why)
        self.status = status
        self.branches: frozenset[Branch] = frozenset()

    @classmethod
    def of_template(cls, fault: TemplateFault, branches: frozenset[Branch]) -> "GatewayFailure":
        """Return the failure of a template, at its position."""
        failure = cls(fault.message)
        failure.error = AnswerError(INTERNAL, fault.message, fault.line, fault.column)
        failure.branches = branches
        return failure


def gateway_answer(failure: GatewayFailure, exchange: Exchange, *, is_websocket: bool) -> Answer:
    """Return the answer of API Gateway itself; which response was selected is for the caller to add."""
    if is_websocket:
        is_delivered = True if exchange.api.has_route_response else _ONE_WAY
        body = _error_frame(failure.error.message, exchange)
        return Answer(None, None, body=body, error=failure.error, is_delivered=is_delivered, branches=failure.branches)
    body = f'{{"message": "{failure.error.message}"}}'
    return Answer(None, failure.status, _HEADERS, body, failure.error, branches=failure.branches)


def _error_frame(message: str, exchange: Exchange) -> Payload | Unknown:
    """Return the error frame of a WebSocket API, in the spelling that users quote."""
    connection, request = exchange.context.get("connectionId"), exchange.context.get("requestId")
    if not isinstance(connection, str) or not isinstance(request, str):
        return Unknown("an error frame contains connectionId and requestId, which the context does not set")
    return f'{{"message": "{message}", "connectionId":"{connection}", "requestId":"{request}"}}'
