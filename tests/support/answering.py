"""Short ways to ask what a client gets."""

from collections.abc import Mapping
from typing import Any

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import respond
from reconciler.mapping.exchange import (
    ApiFacts,
    Backend,
    ClientRequest,
    Exchange,
    HttpResult,
    LambdaResult,
    MockResult,
    Payload,
)
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import RestResponse, WebSocketResponse

HEADER = "method.response.header."
INTERNAL = '{"message": "Internal server error"}'


def call(backend: Backend, *, accept: str | None = None, api: ApiFacts | None = None, **rest: Any) -> Exchange:  # noqa: ANN401 - any field of an exchange
    """An exchange of a client that sends `accept`."""
    if accept is not None:
        rest["request"] = ClientRequest(headers={"accept": accept})
    return Exchange(backend, api=api or ApiFacts(), **rest)


def http(
    responses: Mapping[str, RestResponse] | Mapping[str, WebSocketResponse],
    status: int = 200,
    body: Payload = "",
    headers: Mapping[str, str | tuple[str, ...]] | None = None,
    **rest: Any,  # noqa: ANN401 - any field of an exchange
) -> Answer:
    """What a client gets when an HTTP backend answers like this."""
    return respond(responses, call(HttpResult(status, headers or {}, body), **rest))


def function(
    responses: Mapping[str, RestResponse] | Mapping[str, WebSocketResponse],
    payload: str = "{}",
    *,
    failed: bool = False,
    **rest: Any,  # noqa: ANN401 - any field of an exchange
) -> Answer:
    """What a client gets when a Lambda function returns this."""
    return respond(responses, call(LambdaResult(payload, failed), **rest))


def mock(
    responses: Mapping[str, RestResponse] | Mapping[str, WebSocketResponse],
    status: int = 200,
    **rest: Any,  # noqa: ANN401 - any field of an exchange
) -> Answer:
    """What a client gets from a mock integration."""
    return respond(responses, call(MockResult(status), **rest))


def default(**fields: Any) -> dict[str, RestResponse]:  # noqa: ANN401 - any field of a response
    """A method with nothing but a default response, for status 200."""
    return {"200": RestResponse(**fields)}


def mapped(value: str, **more: str) -> dict[str, RestResponse]:
    """A method that maps `value` to header X."""
    return default(response_parameters={f"{HEADER}X": value} | {f"{HEADER}{name}": text for name, text in more.items()})


def templated(template: str, **fields: Any) -> dict[str, RestResponse]:  # noqa: ANN401 - any field of a response
    """A method that renders `template`."""
    return default(response_templates={"application/json": template}, **fields)


def why(value: object) -> str:
    """Why a value is not known."""
    assert isinstance(value, Unknown), value
    return value.why


def reasons(answer: Answer) -> dict[str, str]:
    """Why each response was selected or not."""
    return {each.key: each.why for each in answer.considered}
