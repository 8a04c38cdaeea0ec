"""TestInvokeMethod: a call of a method's draft.

It runs the pipeline that `reconciler test` runs offline (`reconciler.mapping`), so it cannot prove that pipeline right.
A sandbox has no backends: they answer what they were given (`RestState.backends`). Where nobody knows what AWS does,
the call is refused rather than answered with a guess.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote
from uuid import NAMESPACE_URL, uuid5

from reconciler import normal
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import ImpossibleBackend, respond
from reconciler.mapping.exchange import (
    ApiFacts,
    Backend,
    ClientRequest,
    Exchange,
    HttpResult,
    LambdaResult,
    MockResult,
    NoResult,
    Payload,
)
from reconciler.mapping.execution_log import (
    CLIENT_BODY,
    CLIENT_HEADERS,
    FAILURE,
    RESPONSE,
    RESPONSE_BODY,
    RESPONSE_HEADERS,
)
from reconciler.mapping.integration_request import (
    RequestMapping,
    integration_request,
    mock_result,
)
from reconciler.mapping.invocation_context import context_of_call
from reconciler.mapping.rendering import TemplateInputs, Unknown
from reconciler.models.keys import MethodKey
from reconciler.sandbox.model import shapes
from reconciler.sandbox.model.errors import bad_request
from reconciler.sandbox.model.execution_log import execution_log, java_map, logged
from reconciler.sandbox.model.integrations import integration_of
from reconciler.sandbox.model.state import Json, Resource, RestApi, RestState

_PATH_VARIABLE: Final = re.compile(r"\{([^}+]+)(\+?)\}")


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of a method, with what its log shows; `time` is in seconds since the epoch."""

    api: RestApi
    resource: Resource
    method: Json
    integration: Json
    path: str
    request: ClientRequest
    stage_variables: Mapping[str, str]
    request_id: str
    time: int

    @property
    def scope(self) -> MethodKey:
        return MethodKey(self.resource.path, self.method["httpMethod"])

    def context(self, account_id: str) -> dict[str, object]:
        known = context_of_call(
            request_id=self.request_id,
            account_id=account_id,
            api_id=self.api.description["id"],
            resource_id=self.resource.id,
            method=self.scope.method,
            resource_path=self.resource.path,
        )
        return {**known, "path": self.path}


@dataclass(frozen=True, slots=True)
class _ClientAnswer:
    """What the client gets, and the log entries of the way there."""

    status: int
    body: str
    headers: Mapping[str, tuple[str, ...]]
    entries: tuple[str, ...]


def test_invoke_method(state: RestState, request: Json) -> Json:
    """Call a method as it is in the draft, without its authorizer."""
    call = _read_call(state, request)
    answer = _answer(state, call)
    entries = (
        f"HTTP Method: {call.method['httpMethod']}, Resource Path: {call.path}",
        f"Method request path: {java_map(call.request.path)}",
        f"Method request query string: {java_map(call.request.query)}",
        f"Method request headers: {java_map(call.request.headers)}",
        f"Method request body before transformations: {logged(call.request.body)}",
        *answer.entries,
        f"Method completed with status: {answer.status}",
    )
    return {
        "status": answer.status,
        "body": answer.body,
        "headers": {name: values[-1] for name, values in answer.headers.items()},
        "multiValueHeaders": {name: list(values) for name, values in answer.headers.items()},
        "log": execution_log(call.request_id, call.time, entries),
        "latency": 1,
    }


def _read_call(state: RestState, request: Json) -> _Call:
    path_and_query, body = shapes.text(request, "pathWithQueryString") or "", shapes.text(request, "body") or ""
    headers, variables = shapes.text_map(request, "headers") or {}, shapes.text_map(request, "stageVariables") or {}
    if request.get("multiValueHeaders") or request.get("clientCertificateId"):
        raise bad_request("The sandbox does not implement multiValueHeaders and clientCertificateId of test calls")
    api, resource = state.resource(request)
    method = state.method(request)
    path, _, query = path_and_query.partition("?")
    time = state.now()
    return _Call(
        api,
        resource,
        method,
        integration_of(method),
        path or resource.path,
        ClientRequest(
            _path_parameters(resource.path, path or resource.path),
            dict(parse_qsl(query, keep_blank_values=True)),  # of a repeated name the last value
            {name: value or "" for name, value in headers.items()},
            body,
        ),
        {name: value or "" for name, value in variables.items()},
        str(uuid5(NAMESPACE_URL, f"{resource.id}/{time}")),
        time,
    )


def _path_parameters(resource_path: str, path: str) -> dict[str, str]:
    """Return the path variables of a request; none if its path is not one of the resource (recorded answers)."""
    pattern, end = "", 0
    for variable in _PATH_VARIABLE.finditer(resource_path):
        pattern += re.escape(resource_path[end : variable.start()]) + ("(.+)" if variable[2] else "([^/]+)")
        end = variable.end()
    matched = re.fullmatch(pattern + re.escape(resource_path[end:]), path)
    names = [variable[1] for variable in _PATH_VARIABLE.finditer(resource_path)]
    return dict(zip(names, map(unquote, matched.groups()), strict=True)) if matched else {}


def _answer(state: RestState, call: _Call) -> _ClientAnswer:
    context = call.context(state.account_id)
    inputs = TemplateInputs(call.request.body, call.request, context, call.stage_variables)
    templates = {name: text or "" for name, text in (call.integration.get("requestTemplates") or {}).items()}
    sent = integration_request(RequestMapping(templates, call.integration["passthroughBehavior"]), inputs)
    _require_known(*sent.unknown)
    if sent.failure:
        return _client_answer(sent.failure)
    backend = mock_result(sent) if call.integration["type"] == "MOCK" else _called(state, call)
    if isinstance(backend, Answer):
        return _client_answer(backend)
    exchange = Exchange(backend, call.request, context, call.stage_variables, sent.state, _facts(call))
    raw = call.integration.get("integrationResponses") or {}
    try:
        answer = respond({status: normal.rest_response(response) for status, response in raw.items()}, exchange)
    except ImpossibleBackend as error:
        raise bad_request(f"The sandbox cannot answer for the backend of {call.scope}: {error.why}") from error
    return _client_answer(answer, _endpoint_entries(call, sent.body, backend))


def _called(state: RestState, call: _Call) -> Backend:
    """Return the answer that was given for such a request, else the first that was given for the method."""
    description = call.api.description
    known = [
        answer
        for api in (description["id"], description["name"])
        for answer in state.backends.get((api, call.scope), ())
    ]
    if not known:
        raise bad_request(
            f"The sandbox has no backend for {call.scope} of {description['name']}: start it with --backends PATH"
        )
    return next((answer for answer in known if answer.request == call.request), known[0]).backend


def _facts(call: _Call) -> ApiFacts:
    return ApiFacts(
        tuple(call.api.description.get("binaryMediaTypes") or ()),
        frozenset(call.method.get("methodResponses") or ()),
        call.integration["type"],
    )


def _endpoint_entries(call: _Call, sent: Payload, backend: Backend) -> tuple[str, ...]:
    """Return the entries about the backend. A mock integration has none (recorded answers)."""
    if isinstance(backend, MockResult):
        return ()
    uri = call.integration.get("uri") or ""
    requested = (
        f"Endpoint request URI: {uri}",
        "Endpoint request headers: {}",
        f"Endpoint request body after transformations: {logged(sent)}",
        f"Sending request to {uri}",
    )
    if isinstance(backend, NoResult):
        return requested
    status, headers, body = _over_http(backend)
    return (
        *requested,
        f"{RESPONSE}{status}, Integration latency: 1 ms",
        f"{RESPONSE_HEADERS}{java_map(headers)}",
        f"{RESPONSE_BODY}{logged(body)}",
    )


def _over_http(backend: LambdaResult | HttpResult) -> tuple[int, Mapping[str, str | tuple[str, ...]], Payload]:
    """Return an answer as it comes over HTTP; a failed function has a header that says so (users' logs)."""
    if isinstance(backend, HttpResult):
        return backend.status, backend.headers, backend.body
    failure = {"X-Amz-Function-Error": "Unhandled"} if backend.failed else {}
    length = str(len(backend.payload.encode()))
    return 200, {"Content-Type": "application/json", "Content-Length": length, **failure}, backend.payload


def _client_answer(answer: Answer, endpoint: tuple[str, ...] = ()) -> _ClientAnswer:
    _require_known(answer.selected, answer.status, answer.body)
    status, body, headers = answer.status, answer.body, _known_headers(answer)
    if not isinstance(status, int) or not isinstance(body, str):
        raise bad_request("The sandbox cannot say how AWS returns a binary body from a test call")
    if answer.error:
        entries: tuple[str, ...] = (f"{FAILURE}configuration error: {answer.error.why}",)
    else:
        entries = (
            f"{CLIENT_BODY}{body}",
            f"{CLIENT_HEADERS}{java_map(headers)}",
            "Successfully completed execution",
        )
    return _ClientAnswer(status, body, headers, (*endpoint, *entries))


def _known_headers(answer: Answer) -> dict[str, tuple[str, ...]]:
    """Return the headers; of an error of AWS's own without those that are not known."""
    if not answer.error:
        _require_known(*answer.headers.values())
    return {
        name: (value,) if isinstance(value, str) else value
        for name, value in answer.headers.items()
        if not isinstance(value, Unknown)
    }


def _require_known(*values: object) -> None:
    for value in values:
        if isinstance(value, Unknown):
            raise bad_request(f"The sandbox cannot say what AWS answers: {value.why}")


OPERATIONS: Final[Mapping[str, Any]] = {"TestInvokeMethod": test_invoke_method}
