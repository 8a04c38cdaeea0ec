"""Give the offline pipeline what AWS had for a test call, as far as the answer and its execution log show it.

That is the draft's method, the `$context` of a test call, and what the backend really answered. What is not certain of
that is a doubt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from reconciler.engine.response_tests.live_calls import LiveCall, is_encoded
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import ImpossibleBackend, respond
from reconciler.mapping.exchange import ApiFacts, Backend, Exchange, HttpResult, IntegrationType, LambdaResult, NoResult
from reconciler.mapping.execution_log import LoggedBackend, read_execution_log
from reconciler.mapping.integration_request import IntegrationRequest, RequestMapping, integration_request, mock_result
from reconciler.mapping.invocation_context import context_of_call, unknown_variables
from reconciler.mapping.rendering import TemplateInputs
from reconciler.models.invocations import InvocationResult
from reconciler.models.live import LiveMethod

_SUCCESS = range(200, 300)
_ENCODED = "how TestInvokeMethod decodes the path is not documented"


@dataclass(frozen=True, slots=True)
class Replay:
    """What the offline pipeline gives for the draft; None where it has no answer.

    `drafted`: for the test itself, `in_context`: in the `$context` of the call, `replayed`: also for what the backend
    really answered. `doubts` are sentence parts: why `replayed` may be wrong or is missing.
    """

    drafted: Answer | None
    in_context: Answer | None
    replayed: Answer | None
    doubts: tuple[str, ...] = ()


def replay(call: LiveCall, result: InvocationResult) -> Replay:
    """Run the offline pipeline on the draft, for the test and for the call that AWS made of it."""
    log = read_execution_log(result.log)
    exchange, method = call.ready.test.exchange, call.method
    as_draft = replace(exchange, api=_facts(exchange.api, method))
    in_call = replace(as_draft, context=_context(call, log))
    sent = _sent(method, in_call)
    in_call = replace(in_call, state=sent.state)
    backend = _backend(method, sent, log)
    return Replay(
        _answer(method, as_draft),
        _answer(method, in_call),
        sent.failure or _replayed(method, in_call, backend),
        tuple(dict.fromkeys((*_doubts(call, sent, log), *((backend,) if isinstance(backend, str) else ())))),
    )


def _facts(stated: ApiFacts, method: LiveMethod) -> ApiFacts:
    """Return what is known of the draft; its binary media types are those that the test states."""
    kind = cast("IntegrationType | None", method.integration_type)
    return replace(stated, method_responses=frozenset(method.method_responses), integration_type=kind)


def _context(call: LiveCall, log: LoggedBackend) -> Mapping[str, object]:
    return context_of_call(
        request_id=log.request_id,
        account_id=call.target.account_id,
        api_id=call.target.api_id,
        resource_id=call.method.resource_id,
        method=call.invocation.scope.method,
        resource_path=call.invocation.scope.path,
    )


def _sent(method: LiveMethod, exchange: Exchange) -> IntegrationRequest:
    """Return what the draft sends to the backend. A proxy integration has no request templates."""
    request = exchange.request
    if method.is_proxy:
        return IntegrationRequest(request.body)
    templates = method.settings.get("requestTemplates") or {}
    passthrough = method.settings.get("passthroughBehavior") or "WHEN_NO_MATCH"
    if not isinstance(templates, Mapping) or not isinstance(passthrough, str):
        raise TypeError("requestTemplates is a map and passthroughBehavior a text")
    inputs = TemplateInputs(request.body, request, exchange.context, exchange.stage_variables)
    return integration_request(RequestMapping(templates, passthrough), inputs)


def _backend(method: LiveMethod, sent: IntegrationRequest, log: LoggedBackend) -> Backend | Answer | str:
    """Return what the backend answered, what the client gets without it, or why that is not known."""
    if method.integration_type == "MOCK":
        return mock_result(sent)
    if log.status is None:
        if "timeout" in log.failure:
            return NoResult()
        return f"the backend was not called: {log.failure}" if log.failure else "the log shows no call of the backend"
    if log.body is None:
        return log.doubts[-1]
    is_function = method.is_lambda or method.integration_type == "AWS_PROXY"
    if is_function and log.status in _SUCCESS:
        return LambdaResult(log.body, log.is_function_error)
    return HttpResult(log.status, log.headers, log.body)


def _replayed(method: LiveMethod, exchange: Exchange, backend: Backend | Answer | str) -> Answer | None:
    match backend:
        case str():
            return None
        case Answer():
            return backend
        case _:
            return _answer(method, replace(exchange, backend=backend))


def _answer(method: LiveMethod, exchange: Exchange) -> Answer | None:
    """Return the answer of the draft; None if its integration cannot have such a backend."""
    try:
        return respond(method.responses, exchange)
    except ImpossibleBackend:
        return None


def _doubts(call: LiveCall, sent: IntegrationRequest, log: LoggedBackend) -> Iterator[str]:
    method, exchange = call.method, call.ready.test.exchange
    yield from log.doubts
    yield from (unknown.why for unknown in sent.unknown)
    if is_encoded(exchange.request):
        yield _ENCODED
    for name in unknown_variables(_texts(method)):
        yield f"the draft reads ${name}, whose value in AWS is not known"


def _texts(method: LiveMethod) -> Iterator[str]:
    """Yield every template and mapping expression of a method."""
    templates = method.settings.get("requestTemplates")
    yield from templates.values() if isinstance(templates, Mapping) else ()
    for response in method.responses.values():
        yield from response.response_templates.values()
        yield from response.response_parameters.values()
