"""Turn response tests into test calls, or find out why one cannot be called.

TestInvokeMethod calls methods of REST APIs, with a text for a body and a path that has a value for every variable.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from reconciler.engine.response_tests.prepare import ReadyTest
from reconciler.mapping.exchange import ClientRequest, NoResult
from reconciler.models.invocations import MethodInvocation
from reconciler.models.keys import MethodKey
from reconciler.models.live import LiveMethod
from reconciler.models.targets import Target
from reconciler.wording import code

_VARIABLE: Final = re.compile(r"\{([^}+]+)(\+?)\}")
_ANY: Final = "ANY"


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A test, the method of the draft that it calls, and the call."""

    ready: ReadyTest
    target: Target
    method: LiveMethod
    invocation: MethodInvocation


def why_skipped(ready: ReadyTest) -> str:
    """Return why a test cannot be called live, as a sentence; "" if it can."""
    scope, exchange = ready.test.scope, ready.test.exchange
    if not isinstance(scope, MethodKey):
        return "AWS has no test calls for WebSocket APIs"
    if scope.method == _ANY:
        return "the test does not say with which verb to call an ANY method"
    if isinstance(exchange.backend, NoResult):
        return "a backend that does not answer cannot be asked for"
    if isinstance(exchange.request.body, bytes):
        return "TestInvokeMethod takes no binary body"
    missing = [name for name in _variables(scope.path) if not exchange.request.path.get(name)]
    if missing:
        return f"the test has no value for the path parameter {code(missing[0])}: add it to `request.path`"
    return ""


def _variables(path: str) -> Iterator[str]:
    return (variable[1] for variable in _VARIABLE.finditer(path))


def live_call(ready: ReadyTest, target: Target, method: LiveMethod) -> LiveCall:
    """Return the call of a test that is not skipped."""
    scope, exchange = ready.test.scope, ready.test.exchange
    if not isinstance(scope, MethodKey) or isinstance(exchange.request.body, bytes):
        raise TypeError(f"{scope} cannot be called")
    invocation = MethodInvocation(
        target.api_id,
        method.resource_id,
        scope,
        path_with_query(scope.path, exchange.request),
        exchange.request.headers,
        exchange.request.body,
        exchange.stage_variables,
    )
    return LiveCall(ready, target, method, invocation)


def path_with_query(path: str, request: ClientRequest) -> str:
    """Return the path of a request with its query string, percent-encoded."""

    def value(variable: re.Match[str]) -> str:
        return quote(request.path[variable[1]], safe="/" if variable[2] else "")

    query = urlencode(request.query, quote_via=quote)
    return _VARIABLE.sub(value, path) + (f"?{query}" if query else "")


def is_encoded(request: ClientRequest) -> bool:
    """Whether a path parameter has characters that its path has to encode."""
    return any(quote(value, safe="/") != value for value in request.path.values())
