"""Backends as API Gateway sees them: which integration can have which, and the answer that it gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reconciler.mapping.exchange import (
    Backend,
    Exchange,
    HttpResult,
    IntegrationType,
    LambdaResult,
    MockResult,
    NoResult,
    Payload,
)

PROXY_INTEGRATIONS: Final = ("AWS_PROXY", "HTTP_PROXY")

_POSSIBLE: Final[Mapping[IntegrationType, tuple[type[Backend], ...]]] = MappingProxyType(
    {
        "AWS": (LambdaResult, HttpResult, NoResult),
        "AWS_PROXY": (LambdaResult, HttpResult, NoResult),
        "HTTP": (HttpResult, NoResult),
        "HTTP_PROXY": (HttpResult, NoResult),
        "MOCK": (MockResult,),
    }
)
_USUAL: Final[Mapping[type[Backend], IntegrationType]] = MappingProxyType(
    {LambdaResult: "AWS", HttpResult: "HTTP", MockResult: "MOCK", NoResult: "HTTP"}
)
_WORDS: Final[Mapping[type[Backend], str]] = MappingProxyType(
    {
        LambdaResult: "the result of a Lambda function",
        HttpResult: "the response of an HTTP backend or AWS service",
        MockResult: "the status of a mock integration",
        NoResult: "a backend that does not answer",
    }
)

_FIRST_ERROR: Final = 400

_JSON_HEADER: Final = MappingProxyType({"Content-Type": ("application/json",)})
"""Of the answers of the Lambda service, as execution logs show them."""

_LAMBDA_HEADERS: Final = frozenset(
    {
        "connection",
        "content-length",
        "date",
        "x-amz-executed-version",
        "x-amz-log-result",
        "x-amzn-remapped-content-length",
        "x-amzn-requestid",
        "x-amzn-trace-id",
    }
)
"""Headers that the Lambda service sends; their values are not given (execution logs, Lambda API reference)."""

_FUNCTION_ERROR: Final = "x-amz-function-error"


class ImpossibleBackend(Exception):  # noqa: N818 - a mistake in the exchange, not of the program
    """The integration type of an exchange cannot have its backend; `why` is a sentence that names both."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class IntegrationAnswer:
    """The answer that an integration gets: status, headers with all their values, and body.

    `unstated` are the lower-case names of headers that the backend sends with values that are not known here.
    """

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: Payload
    unstated: frozenset[str] = frozenset()

    def header(self, name: str, *, joined: bool) -> str | None:
        """Return the last value of a header, or all of them `joined` with commas; None if it is missing.

        The case of the name matters, as it does in AWS's expressions.
        """
        values = self.headers.get(name)
        return None if not values else ",".join(values) if joined else values[-1]

    @property
    def content_type(self) -> str | None:
        """The last `Content-Type`, whatever the case of its name; None if there is none."""
        values = [values for name, values in self.headers.items() if name.lower() == "content-type" and values]
        return values[-1][-1] if values else None


def integration_type(exchange: Exchange) -> IntegrationType:
    """Return the type that the exchange states, or else the one that its backend usually has.

    Raises:
        ImpossibleBackend: the type that it states cannot have this backend.
    """
    backend, stated = exchange.backend, exchange.api.integration_type
    if stated is None:
        return _USUAL[type(backend)]
    if not isinstance(backend, _POSSIBLE[stated]):
        raise ImpossibleBackend(f"an integration of type {stated} cannot have {_WORDS[type(backend)]}")
    if stated == "AWS_PROXY" and isinstance(backend, HttpResult) and backend.status < _FIRST_ERROR:
        why = "it has the result of a function, or an error of the Lambda service (400 and above)"
        raise ImpossibleBackend(f"an integration of type AWS_PROXY cannot have status {backend.status}: {why}")
    return stated


def integration_answer(backend: LambdaResult | HttpResult | MockResult) -> IntegrationAnswer:
    """Return a backend's answer in the one form of all integrations. A mock answers with an empty body."""
    match backend:
        case LambdaResult(payload, has_failed):
            unstated = _LAMBDA_HEADERS | {_FUNCTION_ERROR} if has_failed else _LAMBDA_HEADERS
            return IntegrationAnswer(200, _JSON_HEADER, payload, unstated)
        case HttpResult(status, headers, body):
            return IntegrationAnswer(status, {name: _values(value) for name, value in headers.items()}, body)
        case MockResult(status):
            return IntegrationAnswer(status, {}, "")


def _values(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
