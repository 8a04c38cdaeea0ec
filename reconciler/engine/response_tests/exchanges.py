"""The parts of a test that make an exchange: the request, the backend's answer, the facts about the API."""

from typing import Final

from reconciler.engine.response_tests.bodies import BodyReader, json_text
from reconciler.engine.response_tests.defaults import KINDS, kinds_of
from reconciler.engine.response_tests.sources import NotRunnable
from reconciler.manifest.schema.response_test import ApiFactsModel, BackendModel, HeaderText, RequestModel
from reconciler.mapping.answer.answer import HeaderValue
from reconciler.mapping.exchange import (
    ApiFacts,
    Backend,
    ClientRequest,
    HttpResult,
    LambdaResult,
    MockResult,
    NoResult,
)
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.targets import Kind
from reconciler.rules import InputRule

_KINDS: Final = tuple(dict.fromkeys(KINDS.values()))
_KEYS: Final = {name: str(field.alias) for name, field in BackendModel.model_fields.items() if name in KINDS}


def request_of(request: RequestModel, reader: BodyReader) -> ClientRequest:
    """Return the client's request. Raises NotRunnable."""
    return ClientRequest(request.path, request.query, request.headers, reader.body(request.body, ("request", "body")))


def backend_of(backend: BackendModel, reader: BodyReader) -> Backend:
    """Return what the backend answered. Raises NotRunnable."""
    kinds = kinds_of(backend)
    if not kinds:
        raise NotRunnable(InputRule.BACKEND, "the test has no backend", _one_of_the_kinds(), ("backend",))
    if len(kinds) > 1:
        first, other = (_key_of(backend, kind) for kind in kinds[:2])
        message = f"a backend cannot have both `{first}` and `{other}`"
        raise NotRunnable(InputRule.BACKEND, message, _one_of_the_kinds(), ("backend", other))
    if "failed" in backend.model_fields_set and not kinds[0].startswith("lambda"):
        message = "only a Lambda function can be `failed`"
        raise NotRunnable(InputRule.BACKEND, message, "remove it, or write `lambda`", ("backend", "failed"))
    match kinds[0]:
        case "lambda" | "lambdaText":
            return _lambda_result(backend)
        case "mock":
            return MockResult(backend.mock)
        case "error":
            return NoResult(backend.error)
        case _:
            return _http_result(backend, reader)


def _key_of(backend: BackendModel, kind: str) -> str:
    """Return the first written key of a kind."""
    written = backend.model_dump(by_alias=True, exclude_unset=True)
    return next(key for name, key in _KEYS.items() if KINDS[name] == kind and key in written)


def _one_of_the_kinds() -> str:
    return f"write one of {', '.join(_KINDS)}"


def _lambda_result(backend: BackendModel) -> LambdaResult:
    written = backend.model_fields_set
    if "lambda_text" in written:
        return LambdaResult(backend.lambda_text, backend.failed)
    value = backend.lambda_
    failed = backend.failed if "failed" in written else isinstance(value, dict) and "errorMessage" in value
    return LambdaResult(json_text(value, ("backend", "lambda")), failed)


def _http_result(backend: BackendModel, reader: BodyReader) -> HttpResult:
    if "status" not in backend.model_fields_set:
        raise NotRunnable(InputRule.MISSING_KEY, "`status` is missing from `backend`", "add it", ("backend",))
    headers = {name: header_of(value) for name, value in backend.headers.items()}
    return HttpResult(backend.status, headers, reader.body(backend.body, ("backend", "body")))


def header_of(value: HeaderText) -> HeaderValue:
    """Return a header with one value or several."""
    return value if isinstance(value, str) else tuple(value)


def facts_of(facts: ApiFactsModel, scope: Scope) -> ApiFacts:
    """Return what a manifest does not hold, for a method of a REST API or an integration of a WebSocket API."""
    written = facts.model_fields_set
    return ApiFacts(
        tuple(facts.binary_media_types),
        frozenset(map(str, facts.method_responses)) if "method_responses" in written else None,
        facts.integration_type if "integration_type" in written else None,
        facts.route_response,
        Kind.REST_API if isinstance(scope, MethodKey) else Kind.WEBSOCKET_API,
    )
