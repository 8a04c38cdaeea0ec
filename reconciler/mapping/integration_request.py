"""What API Gateway sends to a backend: the request template is chosen and rendered, or the body passes through.

Facts: Developer Guide, "Method request behavior for payloads without mapping templates"; the status of a mock
integration is the `statusCode` of what its request template renders, read leniently (recorded answers).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.gateway_errors import GatewayFailure, gateway_answer
from reconciler.mapping.exchange import ClientRequest, Exchange, MockResult, NoResult, Payload
from reconciler.mapping.json_reader import InvalidJson, read_json
from reconciler.mapping.rendering import TemplateInputs, Unknown

_JSON: Final = "application/json"
_NEVER: Final = "NEVER"
_WHEN_NO_TEMPLATES: Final = "WHEN_NO_TEMPLATES"
_UNSUPPORTED: Final = "Unsupported Media Type"
_NO_STATUS_CODE: Final = "statusCode should be an integer which defined in request template"
"""AWS's own words in the execution log (users' reports)."""

_ERROR_TYPE: Final = Unknown("the x-amzn-ErrorType of this error is not documented")


@dataclass(frozen=True, slots=True)
class RequestMapping:
    """The part of an integration that shapes its requests: templates by content type, "" passing the body through."""

    templates: Mapping[str, str] = field(default_factory=dict)
    passthrough: str = "WHEN_NO_MATCH"


@dataclass(frozen=True, slots=True)
class IntegrationRequest:
    """The body for the backend, and what the template left in `$context` (`Exchange.state`).

    With a `failure` the backend is not called, and that is what the client gets. `unknown`: why AWS may send another
    body.
    """

    body: Payload = ""
    state: Mapping[str, object] = field(default_factory=dict)
    failure: Answer | None = None
    unknown: tuple[Unknown, ...] = ()


def integration_request(mapping: RequestMapping, inputs: TemplateInputs) -> IntegrationRequest:
    """Return the request for the backend of an integration; `inputs.body` is the client's body."""
    content_type = _content_type(inputs.request)
    template = mapping.templates.get(content_type)
    if template:
        return _rendered(template, inputs)
    passes = template is not None or mapping.passthrough not in {_NEVER, _WHEN_NO_TEMPLATES}
    if passes or (mapping.passthrough == _WHEN_NO_TEMPLATES and not mapping.templates):
        return IntegrationRequest(inputs.body, inputs.state)
    why = f"no request template is for {content_type}, and the passthrough behavior is {mapping.passthrough}"
    failure = _failed(GatewayFailure(why, message=_UNSUPPORTED, status=415))
    return IntegrationRequest(failure=replace(failure, headers={**failure.headers, "x-amzn-ErrorType": _ERROR_TYPE}))


def _content_type(request: ClientRequest) -> str:
    """Return the media type of the body, without parameters; JSON if there is no such header."""
    sent = next((value for name, value in request.headers.items() if name.lower() == "content-type"), "")
    return sent.partition(";")[0].strip().lower() or _JSON


def _rendered(template: str, inputs: TemplateInputs) -> IntegrationRequest:
    from reconciler.mapping.template import render  # noqa: PLC0415 - it costs 60 ms that few commands need

    rendering = render(template, inputs)
    if rendering.fault:
        return IntegrationRequest(failure=_failed(GatewayFailure.of_template(rendering.fault, rendering.branches)))
    return IntegrationRequest(rendering.output, rendering.state, unknown=rendering.unknown)


def _failed(failure: GatewayFailure) -> Answer:
    return gateway_answer(failure, Exchange(NoResult()), is_websocket=False)


def mock_result(request: IntegrationRequest) -> MockResult | Answer:
    """Return what a mock integration answers to a request, or what the client gets if the request names no status."""
    try:
        content = read_json(request.body if isinstance(request.body, str) else request.body.decode(errors="replace"))
    except InvalidJson:
        content = None
    status = content.get("statusCode") if isinstance(content, dict) else None
    if isinstance(status, int) and not isinstance(status, bool):
        return MockResult(status)
    return _failed(GatewayFailure(_NO_STATUS_CODE))
