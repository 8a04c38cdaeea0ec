"""Turn a test into a call, its backend's answer and what is expected; or report why it cannot run.

The defaults are merged already. A problem is reported at the test's own key if it has one, else at that of the
defaults, else at the test.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.engine.response_tests.compare import Body, BodyText, BodyValue, Expected, MissingBody
from reconciler.engine.response_tests.defaults import KINDS, TARGETS, kinds_of, merged
from reconciler.manifest.body_files import BodyFile, BodyFiles
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.manifest.schema.response_test import (
    ApiFactsModel,
    BackendModel,
    BodyModel,
    ExpectedBodyModel,
    ExpectModel,
    HeaderText,
    RequestModel,
    ResponseTestEntry,
)
from reconciler.manifest.templates import UnusableFile
from reconciler.mapping.answer.answer import HeaderValue
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
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.models.responses import Response
from reconciler.models.targets import Kind
from reconciler.rules import InputRule, Rule
from reconciler.wording import code
from reconciler.yamlio.nodes import Path

_KINDS: Final = tuple(dict.fromkeys(KINDS.values()))
_REST_ONLY: Final[tuple[tuple[str, Path], ...]] = (
    ("a WebSocket message has no status", ("expect", "status")),
    ("a WebSocket message has no headers", ("expect", "headers")),
    ("WebSocket APIs have no method responses", ("api", "methodResponses")),
)
_WEBSOCKET_ONLY: Final[tuple[tuple[str, Path], ...]] = (
    ("a REST API always delivers its answer", ("expect", "delivered")),
    ("REST APIs have no route responses", ("api", "routeResponse")),
)


class NotRunnable(Exception):  # noqa: N818 - becomes a diagnostic
    """A test cannot run: why, what to do, and the path in the test that it is about."""

    def __init__(self, rule: Rule, message: str, remedy: str, path: Path = ()) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.remedy = remedy
        self.path = path


@dataclass(frozen=True, slots=True)
class SourcedTest:
    """A test with its defaults, and where it is written. `number` is its position in the document, from 0."""

    document: ResponseTestDocument
    number: int
    test: ResponseTestEntry

    @property
    def title(self) -> str:
        """The document and the test, as in `petstore-errors: no such pet`."""
        return f"{self.document.name}: {self.test.name}"

    @property
    def location(self) -> Location:
        """Where the test begins."""
        return self.document.places.of_value(("spec", "tests", self.number))

    def diagnostic(self, problem: NotRunnable) -> Diagnostic:
        """Return a problem of the test, with its position."""
        return error(problem.rule, problem.message, problem.remedy, self.locate(problem.path))

    def locate(self, path: Path) -> Location:
        """Return where a part of the test is written, in the test itself, the defaults or `spec`."""
        places = self.document.places
        for around in (("spec", "tests", self.number), ("spec", "defaults"), ("spec",)):
            if path and places.has((*around, *path)):
                return places.of_value((*around, *path))
        return self.location


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


@dataclass(frozen=True, slots=True)
class BodyReader:
    """Reads the bodies of one document.

    `creates`: a missing file with an expected body is no problem. `update_command` creates it.
    """

    document: ResponseTestDocument
    files: BodyFiles
    creates: bool = False
    update_command: str = ""

    def body(self, written: str | BodyModel, path: Path) -> Payload:
        """Return a body in whatever form it is written. Raises NotRunnable."""
        if isinstance(written, str):
            return written
        if written.file:
            return self.file(written.file, (*path, "file"))
        if "base64" in written.model_fields_set:
            return decoded(written.base64)
        return json_text(written.json_, (*path, "json"))

    def file(self, name: str, path: Path) -> Payload:
        """Return the body in a file. Raises NotRunnable."""
        try:
            return self.files.read(self.document, name)
        except UnusableFile as reason:
            raise NotRunnable(InputRule.TEST_FILE, reason.message, reason.remedy, path) from None

    def golden(self, name: str, path: Path) -> Body:
        """Return the expected body in a file, which may be missing if it is created. Raises NotRunnable."""
        try:
            return BodyText(self.files.read(self.document, name))
        except UnusableFile as reason:
            if not reason.is_missing:
                remedy = reason.remedy
            elif self.creates:
                return MissingBody()
            else:
                question = f"{reason.remedy} " if reason.remedy.endswith("?") else ""
                remedy = f"{question}to create it: {self.update_command}"
            raise NotRunnable(InputRule.TEST_FILE, reason.message, remedy, path) from None


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
    backend = _backend(test.backend, reader)
    expected, golden = _expected(test.expect, reader)
    exchange = Exchange(
        backend,
        _request(test.request, reader),
        test.context,
        test.stage_variables,
        test.state,
        _api_facts(facts, scope),
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


def decoded(text: str) -> bytes:
    """Return the bytes of a base64 text."""
    import base64  # noqa: PLC0415 - few tests have binary bodies

    return base64.b64decode(text)


def json_text(value: object, path: Path) -> str:
    """Return the JSON of a value, as compact as JavaScript writes it. Raises NotRunnable."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        message = "JSON has no number that is infinite or not a number"
        raise NotRunnable(InputRule.WRONG_VALUE, message, "write a text or a finite number", path) from None


def _request(request: RequestModel, reader: BodyReader) -> ClientRequest:
    return ClientRequest(request.path, request.query, request.headers, reader.body(request.body, ("request", "body")))


def _backend(backend: BackendModel, reader: BodyReader) -> Backend:
    kinds = kinds_of(backend)
    if not kinds:
        raise NotRunnable(InputRule.BACKEND, "the test has no backend", _one_of_the_kinds(), ("backend",))
    if len(kinds) > 1:
        message = f"a backend cannot have both `{kinds[0]}` and `{kinds[1]}`"
        raise NotRunnable(InputRule.BACKEND, message, _one_of_the_kinds(), ("backend", kinds[1]))
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
    headers = {name: _header(value) for name, value in backend.headers.items()}
    return HttpResult(backend.status, headers, reader.body(backend.body, ("backend", "body")))


def _header(value: HeaderText) -> HeaderValue:
    return value if isinstance(value, str) else tuple(value)


def _expected(expect: ExpectModel, reader: BodyReader) -> tuple[Expected, str]:
    """Return what a test expects, and the name of the file with the expected body."""
    written = expect.model_fields_set
    if not _compares(expect):
        message = "the test expects nothing"
        raise NotRunnable(InputRule.EXPECTATION, message, "add `expect: {status: ..., body: ...}`", ("expect",))
    for name in _contradicted(expect):
        message = f"{code(name)} is expected, and expected to be unknown"
        raise NotRunnable(InputRule.EXPECTATION, message, "keep one of them", ("expect", "unknown"))
    golden = expect.body.file if isinstance(expect.body, BodyModel) else ""
    expected = Expected(
        expect.status if "status" in written else None,
        expect.selected if "selected" in written else None,
        {name: None if value == ABSENT_WORD else _header(value) for name, value in expect.headers.items()},
        _expected_body(expect.body, reader) if "body" in written else None,
        expect.error if "error" in written else None,
        expect.delivered if "delivered" in written else None,
        tuple(expect.unknown),
    )
    return expected, golden


def _compares(expect: ExpectModel) -> bool:
    """Whether anything is expected: an empty map of headers and an empty list do not count."""
    return any(getattr(expect, name) not in ({}, []) for name in expect.model_fields_set)


def _contradicted(expect: ExpectModel) -> Iterator[str]:
    headers = {f"headers.{name.lower()}" for name in expect.headers}
    for name in expect.unknown:
        if name in expect.model_fields_set or name.lower() in headers:
            yield name


_Written: TypeAlias = str | ExpectedBodyModel


def _expected_body(written: _Written, reader: BodyReader) -> Body:
    path = ("expect", "body")
    if isinstance(written, str):
        return BodyText(written)
    if "contains" in written.model_fields_set:
        return BodyValue(_checked(written.contains, (*path, "contains")), at_least=True)
    if "json_" in written.model_fields_set:
        return BodyValue(_checked(written.json_, (*path, "json")))
    if written.file:
        return reader.golden(written.file, (*path, "file"))
    return BodyText(decoded(written.base64))


def _checked(value: object, path: Path) -> object:
    json_text(value, path)
    return value


def _api_facts(facts: ApiFactsModel, scope: Scope) -> ApiFacts:
    written = facts.model_fields_set
    return ApiFacts(
        tuple(facts.binary_media_types),
        frozenset(map(str, facts.method_responses)) if "method_responses" in written else None,
        facts.integration_type if "integration_type" in written else None,
        facts.route_response,
        Kind.REST_API if isinstance(scope, MethodKey) else Kind.WEBSOCKET_API,
    )
