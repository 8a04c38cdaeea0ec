"""Turn a test into a call, its backend's answer and what is expected; or report why it cannot run.

The defaults are merged already. A problem is reported at the test's own key if it has one, else at that of the
defaults, else at the test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.engine.response_tests.bodies import BodyReader
from reconciler.engine.response_tests.compare import Expected
from reconciler.engine.response_tests.defaults import TARGETS, merged
from reconciler.engine.response_tests.exchanges import backend_of, facts_of, request_of
from reconciler.engine.response_tests.expectations import expected_of
from reconciler.engine.response_tests.sources import NotRunnable, SourcedTest
from reconciler.manifest.body_files import BodyFile
from reconciler.manifest.schema.response_test import ApiFactsModel, ResponseTestEntry
from reconciler.mapping.exchange import Exchange, LambdaResult
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.models.responses import Response
from reconciler.rules import InputRule
from reconciler.wording import code
from reconciler.yamlio.nodes import Path

__all__ = ["BodyReader", "NotRunnable", "PreparedTest", "ReadyTest", "SourcedTest", "prepare", "scope_of"]

_REST_ONLY: Final[tuple[tuple[str, Path], ...]] = (
    ("a WebSocket message has no status", ("expect", "status")),
    ("a WebSocket message has no headers", ("expect", "headers")),
    ("WebSocket APIs have no method responses", ("api", "methodResponses")),
)
_WEBSOCKET_ONLY: Final[tuple[tuple[str, Path], ...]] = (
    ("a REST API always delivers its answer", ("expect", "delivered")),
    ("REST APIs have no route responses", ("api", "routeResponse")),
)


@dataclass(frozen=True, slots=True)
class PreparedTest:
    """A test that can run. `golden` is the name of the file with the expected body, "" for none."""

    source: SourcedTest
    scope: Scope
    exchange: Exchange
    expected: Expected
    golden: str = ""

    def is_value(self, body: object) -> bool:
        """Whether a body is the value of a Lambda function as it is, whose spacing is the function's own."""
        backend = self.exchange.backend
        return (
            isinstance(backend, LambdaResult)
            and body == backend.payload
            and "lambda_" in self.source.test.backend.model_fields_set
        )


@dataclass(frozen=True, slots=True)
class ReadyTest:
    """A test in one environment, with the responses of its method, and the file that its expected body is in.

    `project_file` is the configuration's, "" for none.
    """

    test: PreparedTest
    environment: str | None
    desired: Desired
    responses: Mapping[str, Response]
    golden: BodyFile | None = None
    project_file: str = ""

    @property
    def source(self) -> SourcedTest:
        """The test, and where it is written."""
        return self.test.source

    @property
    def title(self) -> str:
        """The document, the test and the environment, as in `petstore-errors: no such pet [dev]`."""
        suffix = f" [{self.environment}]" if self.environment else ""
        return f"{self.source.title}{suffix}"


def scope_of(test: ResponseTestEntry) -> Scope:
    """Return the method, route or integration that a test is about. Raises NotRunnable."""
    written = [name for name in TARGETS if name in test.model_fields_set]
    if not written:
        remedy = "add `method: GET /path`; in WebSocket APIs `route: KEY` or `integration: ID`"
        raise NotRunnable(InputRule.TESTED_METHOD, "the test has no `method`", remedy)
    if len(written) > 1:
        message = f"the test has both `{written[0]}` and `{written[1]}`"
        raise NotRunnable(InputRule.TESTED_METHOD, message, "keep one of them", (written[1],))
    if test.method:
        verb, _, path = test.method.partition(" ")
        return MethodKey(path, verb)
    return IntegrationKey(test.route, test.integration)


def prepare(source: SourcedTest, scope: Scope, reader: BodyReader) -> PreparedTest:
    """Return a test ready to run. Raises NotRunnable, with the first problem."""
    test = source.test
    spec = source.document.tests.spec
    facts = merged(spec.api, test.api)
    _check_kind(source, scope, facts)
    backend = backend_of(test.backend, reader)
    expected, golden = expected_of(test.expect, reader)
    exchange = Exchange(
        backend,
        request_of(test.request, reader),
        test.context,
        test.stage_variables,
        test.state,
        facts_of(facts, scope),
    )
    return PreparedTest(source, scope, exchange, expected, golden)


def _check_kind(source: SourcedTest, scope: Scope, facts: ApiFactsModel) -> None:
    """Refuse what only the other kind of API has."""
    written: Mapping[str, frozenset[str]] = {
        "expect": frozenset(source.test.expect.model_fields_set),
        "api": frozenset(_ALIASES.get(name, name) for name in facts.model_fields_set),
    }
    for message, path in _WEBSOCKET_ONLY if isinstance(scope, MethodKey) else _REST_ONLY:
        around, key = path
        if key in written[str(around)]:
            raise NotRunnable(InputRule.EXPECTATION, message, f"remove {code(str(key))}", path)


_ALIASES: Final = {"method_responses": "methodResponses", "route_response": "routeResponse"}
