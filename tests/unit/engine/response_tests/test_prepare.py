"""Tests to exchanges and expectations, and the problems of tests that cannot run."""

import pytest

from reconciler.engine.load.load import load_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.load.tested import ResponseTestScope
from reconciler.engine.response_tests.collect import CollectedTests
from reconciler.engine.response_tests.compare import BodyText, BodyValue, Expected
from reconciler.engine.response_tests.prepare import PreparedTest
from reconciler.manifest import Disk
from reconciler.mapping.exchange import (
    ApiFacts,
    Backend,
    ClientRequest,
    HttpResult,
    LambdaResult,
    MockResult,
    NoResult,
)
from reconciler.models.targets import Kind
from support.response_tests import METHOD, MISSING, Shelf


def prepared(shelf: Shelf, test: str, **settings: str) -> PreparedTest:
    """The one test of a document."""
    shelf.test(test, **settings)
    collected = CollectedTests(load_manifests(Request((".",)), Disk(), tests=ResponseTestScope.NAMED), Disk(), "update")
    (ready,) = collected.ready()
    assert [] == collected.diagnostics
    return ready.test


def of_backend(shelf: Shelf, backend: str) -> Backend:
    """What a backend answers."""
    return prepared(shelf, f"{{name: t, {METHOD}, backend: {backend}, expect: {{status: 404}}}}").exchange.backend


@pytest.mark.parametrize(
    ("written", "backend"),
    [
        ("{lambda: {a: [1, é, null]}}", LambdaResult('{"a":[1,"é",null]}')),
        ("{lambda: null}", LambdaResult("null")),
        ("{lambda: {errorMessage: no}}", LambdaResult('{"errorMessage":"no"}', failed=True)),
        ("{lambda: {errorMessage: no}, failed: false}", LambdaResult('{"errorMessage":"no"}')),
        ("{lambda: {a: {errorMessage: no}}}", LambdaResult('{"a":{"errorMessage":"no"}}')),
        ("{lambda: [errorMessage], failed: true}", LambdaResult('["errorMessage"]', failed=True)),
        ("{lambdaText: Task timed out}", LambdaResult("Task timed out")),
        ("{lambdaText: Task timed out, failed: true}", LambdaResult("Task timed out", failed=True)),
        ("{mock: 200}", MockResult(200)),
        ("{mock: '404'}", MockResult(404)),
        ("{error: timeout}", NoResult("timeout")),
        ("{error: connection}", NoResult("connection")),
        ("{status: 200}", HttpResult(200)),
        ("{status: '503', headers: {A: b, C: [d, e]}, body: x}", HttpResult(503, {"A": "b", "C": ("d", "e")}, "x")),
        ("{status: 200, body: {json: {a: 1}}}", HttpResult(200, {}, '{"a":1}')),
        ("{status: 200, body: {json: null}}", HttpResult(200, {}, "null")),
        ("{status: 200, body: {base64: AP8=}}", HttpResult(200, {}, b"\x00\xff")),
        ("{status: 200, body: {base64: ''}}", HttpResult(200, {}, b"")),
        ("{status: 200, body: {file: text.txt}}", HttpResult(200, {}, "two\n")),
        ("{status: 200, body: {file: image.png}}", HttpResult(200, {}, b"\x89PNG\n")),
    ],
)
def test_backends(shelf: Shelf, written: str, backend: Backend) -> None:
    """Every form of a backend."""
    shelf.write("text.txt", "two\n\n")
    shelf.write("image.png", b"\x89PNG\n")

    assert backend == of_backend(shelf, written)


def test_request(shelf: Shelf) -> None:
    """Everything that a template sees of a call."""
    test = f"""\
        name: t
        {METHOD}
        request: {{path: {{petId: '7'}}, query: {{q: a}}, headers: {{Accept: a/b}}, body: {{json: 1}}}}
        context: {{requestId: r-1}}
        stageVariables: {{tier: gold}}
        state: {{requestOverride: {{path: {{x: '1'}}}}}}
        backend: {{mock: 200}}
        expect: {{status: 200}}
    """
    exchange = prepared(shelf, test).exchange

    assert (ClientRequest({"petId": "7"}, {"q": "a"}, {"Accept": "a/b"}, "1"), {"requestId": "r-1"}) == (
        exchange.request,
        exchange.context,
    )
    assert ({"tier": "gold"}, {"requestOverride": {"path": {"x": "1"}}}) == (exchange.stage_variables, exchange.state)


def test_facts_of_the_api(shelf: Shelf) -> None:
    """`api` of a test is merged over that of the document."""
    test = f"{{name: t, {METHOD}, api: {{integrationType: HTTP}}, backend: {{status: 200}}, expect: {{status: 200}}}}"
    facts = prepared(shelf, test, more="api: {binaryMediaTypes: [image/*], methodResponses: ['200', 404]}").exchange.api

    assert ApiFacts(("image/*",), frozenset({"200", "404"}), "HTTP", True, Kind.REST_API) == facts


def test_route_response(shelf: Shelf) -> None:
    """A WebSocket route may be one-way."""
    test = (
        "{name: t, route: sendMessage, api: {routeResponse: false}, backend: {mock: 200}, expect: {delivered: false}}"
    )

    assert (
        ApiFacts(has_route_response=False, kind=Kind.WEBSOCKET_API)
        == prepared(shelf, test, manifest="chat").exchange.api
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{status: '404'}", Expected(status=404)),
        ("{selected: 404}", Expected(selected="404")),
        (
            "{headers: {A: b, C: absent, D: [e, f], G: [absent]}}",
            Expected(headers={"A": "b", "C": None, "D": ("e", "f"), "G": ("absent",)}),
        ),
        ("{body: text}", Expected(body=BodyText("text"))),
        ("{body: {json: null}}", Expected(body=BodyValue(None))),
        ("{body: {contains: {a: 1}}}", Expected(body=BodyValue({"a": 1}, at_least=True))),
        ("{body: {base64: AP8=}}", Expected(body=BodyText(b"\x00\xff"))),
        ("{body: {file: golden.txt}}", Expected(body=BodyText("golden"))),
        ("{error: true}", Expected(error=True)),
        ("{unknown: [body, headers.X]}", Expected(unknown=("body", "headers.X"))),
    ],
)
def test_expectations(shelf: Shelf, written: str, expected: Expected) -> None:
    """Every form of an expectation."""
    shelf.write("golden.txt", "golden\n")

    assert expected == prepared(shelf, f"{{name: t, {METHOD}, backend: {MISSING}, expect: {written}}}").expected


PROBLEMS = [
    (
        f"{{name: t, backend: {MISSING}, expect: {{status: 404}}}}",
        (
            "7:5: error: the test has no `method` [tested-method]; "
            "add `method: GET /path`; in WebSocket APIs `route: KEY` or `integration: ID`"
        ),
    ),
    (
        f"{{name: t, {METHOD}, route: r, backend: {MISSING}, expect: {{status: 404}}}}",
        "7:51: error: the test has both `method` and `route` [tested-method]; keep one of them",
    ),
    (
        f"{{name: t, {METHOD}, expect: {{status: 404}}}}",
        "7:5: error: the test has no backend [backend]; write one of lambda, lambdaText, status, mock, error",
    ),
    (
        f"{{name: t, {METHOD}, backend: {{lambda: 1, status: 200}}, expect: {{status: 404}}}}",
        (
            "7:73: error: a backend cannot have both `lambda` and `status` [backend]; "
            "write one of lambda, lambdaText, status, mock, error"
        ),
    ),
    (
        f"{{name: t, {METHOD}, backend: {{lambdaText: a, body: b}}, expect: {{status: 404}}}}",
        (
            "7:75: error: a backend cannot have both `lambdaText` and `body` [backend]; "
            "write one of lambda, lambdaText, status, mock, error"
        ),
    ),
    (
        f"{{name: t, {METHOD}, backend: {{body: text}}, expect: {{status: 404}}}}",
        "7:53: error: `status` is missing from `backend` [missing-key]; add it",
    ),
    (
        f"{{name: t, {METHOD}, backend: {{status: 200, failed: true}}, expect: {{status: 404}}}}",
        "7:75: error: only a Lambda function can be `failed` [backend]; remove it, or write `lambda`",
    ),
    (
        f"{{name: t, {METHOD}, backend: {{lambda: .inf}}, expect: {{status: 404}}}}",
        (
            "7:62: error: JSON has no number that is infinite or not a number [wrong-value]; "
            "write a text or a finite number"
        ),
    ),
    (
        f"{{name: t, {METHOD}, backend: {MISSING}}}",
        "7:5: error: the test expects nothing [expectation]; add `expect: {status: ..., body: ...}`",
    ),
    (
        f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{headers: {{}}, unknown: []}}}}",
        "7:110: error: the test expects nothing [expectation]; add `expect: {status: ..., body: ...}`",
    ),
    (
        f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{headers: {{X: a}}, unknown: [headers.x]}}}}",
        "7:137: error: `headers.x` is expected, and expected to be unknown [expectation]; keep one of them",
    ),
    (
        f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{delivered: true}}}}",
        "7:122: error: a REST API always delivers its answer [expectation]; remove `delivered`",
    ),
    (
        f"{{name: t, {METHOD}, api: {{routeResponse: true}}, backend: {MISSING}, expect: {{status: 404}}}}",
        "7:65: error: REST APIs have no route responses [expectation]; remove `routeResponse`",
    ),
    (
        f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{body: {{json: .nan}}}}}}",
        (
            "7:124: error: JSON has no number that is infinite or not a number [wrong-value]; "
            "write a text or a finite number"
        ),
    ),
    (
        f"{{name: t, {METHOD}, backend: {{status: 200, body: {{file: nothing.json}}}}, expect: {{status: 404}}}}",
        (
            "7:80: error: the file `nothing.json` does not exist [test-file]; "
            "check the name; it is relative to the document"
        ),
    ),
    (
        f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{body: {{file: nothing.json}}}}}}",
        "7:124: error: the file `nothing.json` does not exist [test-file]; to create it: reconciler test --update",
    ),
    (
        f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{body: {{file: ../x.json}}}}}}",
        (
            "7:124: error: `../x.json` is, or links to, a file outside the current folder [test-file]; "
            "move the file into that folder, or set `root:` in reconciler.yaml to a folder that contains it"
        ),
    ),
]


@pytest.mark.parametrize(("test", "problem"), PROBLEMS)
def test_problems(shelf: Shelf, test: str, problem: str) -> None:
    """Each is reported at its place, with what to do."""
    assert [problem] == shelf.problems(test)


WEBSOCKET_PROBLEMS = [
    ("expect: {status: 200}", "a WebSocket message has no status", "status"),
    ("expect: {headers: {A: b}}", "a WebSocket message has no headers", "headers"),
    (
        "api: {methodResponses: [200]}, expect: {selected: $default}",
        "WebSocket APIs have no method responses",
        "methodResponses",
    ),
]


@pytest.mark.parametrize(("test", "message", "key"), WEBSOCKET_PROBLEMS)
def test_problems_of_websocket_tests(shelf: Shelf, test: str, message: str, key: str) -> None:
    """What only REST APIs have is refused."""
    (problem,) = shelf.problems(f"{{name: t, route: sendMessage, backend: {{mock: 200}}, {test}}}", manifest="chat")

    assert f"error: {message} [expectation]; remove `{key}`" == problem.partition(": ")[2]


def test_problem_of_the_defaults(shelf: Shelf) -> None:
    """What a test has from the defaults is reported there, once."""
    tests = [f"{{name: {name}, {METHOD}, expect: {{status: 404}}}}" for name in "ab"]
    more = "defaults: {backend: {status: 200, body: {file: nothing.json}}}"

    assert ["6:50"] == [problem.partition(": ")[0] for problem in shelf.problems(*tests, more=more)]


def test_problem_of_the_facts(shelf: Shelf) -> None:
    """A fact of `spec.api` is reported there."""
    problems = shelf.problems(
        f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{status: 404}}}}", more="api: {routeResponse: true}"
    )

    assert ["6:24"] == [problem.partition(": ")[0] for problem in problems]


def test_similar_file(shelf: Shelf) -> None:
    """A file that is nearly called like that is suggested."""
    shelf.write("golden/pets.json", "")
    (problem,) = shelf.problems(
        f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{body: {{file: golden/pet.json}}}}}}"
    )

    assert problem.endswith("did you mean `golden/pets.json`? to create it: reconciler test --update")
