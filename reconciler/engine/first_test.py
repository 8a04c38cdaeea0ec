"""The first response test of an exported API, which passes as it is written.

It is about a method with a default response, with a backend that fits its integration, and if possible one whose answer
goes through a template. Only what is known about the answer is expected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from reconciler.manifest.schema.parts import ABSENT_WORD
from reconciler.manifest.schema.response_test import METHOD_PATTERN
from reconciler.manifest.writer import SCHEMA, ManifestFile, Subject
from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import respond
from reconciler.mapping.exchange import Backend, Exchange, HttpResult, LambdaResult, MockResult
from reconciler.models.keys import MethodKey, Scope
from reconciler.models.live import LiveIntegration, LiveScope
from reconciler.strict_json import is_strict_json
from reconciler.yamlio import emit
from reconciler.yamlio.scalars import is_writable_key

_BODY: Final = "{}"
_JSON: Final = "application/json"
_CONTEXT: Final = {"requestId": "r-1"}
_SUCCESSES: Final = range(200, 300)
_MOST_METHODS: Final = 100
_MOST_CHARACTERS: Final = 500
"""Of an expected body; a longer one would be no example."""

_PLAIN_METHOD: Final = re.compile(r"[A-Z]+ [\w/{}.+-]+", re.ASCII)
"""A method that YAML reads without quotes."""

_HEAD: Final = f"""\
# yaml-language-server: $schema={SCHEMA}
#
# What clients get, without AWS: `reconciler test`. A test has the answer of the backend (change it to a real one) and
# the part of the client's response that matters. What it does not name is not compared.
apiVersion: reconciler/v1
kind: ResponseTest
"""


def first_test(file: ManifestFile) -> str | None:
    """Return the text of a document with one test of a manifest; None if nothing is known about any method."""
    tests = list(islice(_tests(file.subject), _MOST_METHODS))
    if not tests:
        return None
    return _document(file.subject.name, max(tests, key=lambda test: test.worth))


@dataclass(frozen=True, slots=True)
class _FirstTest:
    """A test: the line with its method, the backend and the lines that are expected."""

    target: str
    backend: Backend
    expected: list[str]
    worth: tuple[bool, ...]


def _tests(subject: Subject) -> Iterator[_FirstTest]:
    """Yield a test of each method of which something is known."""
    for scope, method in subject.contents().items():
        target = _target(scope, method)
        if not target or method.is_proxy or not _has_default(method):
            continue
        backend = _backend(method)
        answer = respond(method.responses, Exchange(backend, context=_CONTEXT))
        expected = list(_expected(answer))
        if expected and not answer.error:
            yield _FirstTest(target, backend, expected, _worth(answer, backend))


def _worth(answer: Answer, backend: Backend) -> tuple[bool, ...]:
    """Return how much a test teaches: the greatest is the best."""
    is_success = answer.status in _SUCCESSES or answer.status is None
    is_real = not isinstance(backend, MockResult)
    return is_success, is_real, _is_example(answer.body), answer.template is not None


def _has_default(method: LiveScope) -> bool:
    if isinstance(method, LiveIntegration):
        return "$default" in method.responses
    return any(not response.selection_pattern for response in method.responses.values())


def _target(scope: Scope, method: LiveScope) -> str:
    """Return the line that says which method is tested, as the manifest lists it; "" if no test can name it."""
    if isinstance(scope, MethodKey):
        name = f"{scope.method} {scope.path}"
        written = name if _PLAIN_METHOD.fullmatch(name) else emit.value(name, 8)
        return f"method: {written}" if re.search(METHOD_PATTERN, name) else ""
    routes = [route for route in getattr(method, "routes", ()) if is_writable_key(route)]
    return f"route: {emit.value(routes[0], 8)}" if routes else f"integration: {emit.value(scope.id, 8)}"


def _backend(method: LiveScope) -> Backend:
    if method.is_lambda:
        return LambdaResult(_BODY)
    if method.integration_type == "MOCK":
        return MockResult(200)
    return HttpResult(200, {"Content-Type": _JSON}, _BODY)


def _written(backend: Backend) -> str:
    match backend:
        case LambdaResult():
            return f"{{lambda: {_BODY}}}"
        case MockResult():
            return f"{{mock: {backend.status}}}"
        case _:
            return f"{{status: 200, headers: {{Content-Type: {_JSON}}}, body: {{json: {_BODY}}}}}"


def _expected(answer: Answer) -> Iterator[str]:
    """Yield the lines of `expect`, of all that is known."""
    if isinstance(answer.status, int):
        yield f"status: {answer.status}"
    if isinstance(answer.selected, str):
        yield f"selected: {answer.selected if answer.selected.isdigit() else emit.value(answer.selected, 10)}"
    headers = {name: value for name, value in answer.headers.items() if isinstance(value, str) and value != ABSENT_WORD}
    if headers:
        yield "headers:"
        yield from (f"  {emit.key(name)}: {emit.value(value, 12)}" for name, value in sorted(headers.items()))
    if isinstance(answer.body, str) and _is_example(answer.body):
        yield f"body: {emit.value(answer.body, 10)}"


def _is_example(body: object) -> bool:
    """Whether a body is worth comparing: what a template makes of an empty object is often no JSON."""
    return isinstance(body, str) and len(body) <= _MOST_CHARACTERS and is_strict_json(body or _BODY)


def _document(name: str, test: _FirstTest) -> str:
    lines = [
        f"metadata: {{name: {emit.inline(name)}}}",
        "spec:",
        f"  manifest: {emit.value(name, 4)}",
        "  tests:",
        "    - name: the backend succeeds",
        f"      {test.target}",
        f"      context: {{requestId: {_CONTEXT['requestId']}}}",
        f"      backend: {_written(test.backend)}",
        "      expect:",
        *(f"        {line}" for line in test.expected),
    ]
    return _HEAD + "\n".join(lines) + "\n"
