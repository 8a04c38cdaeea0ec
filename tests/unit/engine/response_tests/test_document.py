"""A run of response tests as a JSON document."""

import json
from typing import Any

from jsonschema import Draft202012Validator

from reconciler.documents import dumped
from reconciler.engine.response_tests.document import document_of_run
from support.project import SCHEMAS
from support.response_tests import FAILS, METHOD, PASSES, PETS, Shelf

SCHEMA = json.loads((SCHEMAS / "test-report.schema.json").read_text(encoding="utf-8"))


def report(shelf: Shelf, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - of a run
    """The document, which fits its schema."""
    document: dict[str, Any] = json.loads(dumped(document_of_run(shelf.run(**settings))))
    Draft202012Validator(SCHEMA).validate(document)
    return document


def test_a_passed_test(shelf: Shelf) -> None:
    """A row says everything that the client gets."""
    shelf.test(PASSES)
    document = report(shelf)

    assert ("1.0", "TestReport") == (document["formatVersion"], document["kind"])
    assert {"passed": 1, "failed": 0, "unknown": 0} == document["summary"]
    assert [
        {
            "selected": "404",
            "status": 404,
            "headers": {"Content-Type": "application/json", "X-Error": "NotFound"},
            "body": '{"errorMessage":"[NotFound] no pet 7"}',
            "error": None,
            "delivered": True,
            "unknown": [],
            "name": "passes",
            "document": "errors",
            "manifest": "pets",
            "environment": None,
            "method": "GET /pets/{petId}",
            "result": "passed",
            "differences": [],
            "live": [],
            "source": {"file": "pets.test.yaml", "line": 7},
        }
    ] == document["tests"]


def test_a_failed_test(shelf: Shelf) -> None:
    """Differences have the expected and the actual value."""
    shelf.test(FAILS)
    document = report(shelf)

    assert 1 == document["summary"]["failed"]
    assert [{"path": "status", "expected": 200, "actual": 404}] == document["tests"][0]["differences"]


def test_an_unknown_result(shelf: Shelf) -> None:
    """What is unknown is null, with the reason."""
    patterns = "400: {selectionPattern: 'a'}\n          404: {selectionPattern: '[ab]'}\n"
    shelf.write("pets.yaml", PETS.partition("          200")[0] + f"          {patterns}")
    shelf.test(f"{{name: t, {METHOD}, backend: {{lambdaText: a, failed: true}}, expect: {{status: 404}}}}")
    (row,) = report(shelf)["tests"]

    assert ("unknown", None, None) == (row["result"], row["selected"], row["status"])
    assert {"selected", "status"} <= {each["what"] for each in row["unknown"]}


def test_an_error_of_api_gateway(shelf: Shelf) -> None:
    """A template that does not parse is AWS's 500, as a result."""
    shelf.write("pets.yaml", PETS.replace("200: {}", "200: {responseTemplates: {application/json: '#if('}}"))
    shelf.test(f"{{name: t, {METHOD}, backend: {{status: 200}}, expect: {{status: 500, error: true}}}}")
    (row,) = report(shelf)["tests"]

    assert ("passed", 500, "Internal server error") == (row["result"], row["status"], row["error"]["message"])


def test_a_websocket_test(shelf: Shelf) -> None:
    """It has no status, and may not be delivered."""
    shelf.test(
        "{name: t, route: sendMessage, api: {routeResponse: false}, backend: {status: 500}, "
        "expect: {delivered: false}}",
        manifest="chat",
    )
    (row,) = report(shelf)["tests"]

    assert ("sendMessage", "passed", None, False, r"/5\d\d/") == (
        row["method"],
        row["result"],
        row["status"],
        row["delivered"],
        row["selected"],
    )


def test_a_binary_body(shelf: Shelf) -> None:
    """Bytes are base64."""
    backend = "{status: 200, headers: {Content-Type: image/png}, body: {base64: iVA=}}"
    shelf.test(
        f"{{name: t, {METHOD}, request: {{headers: {{Accept: image/png}}}}, backend: {backend}, "
        "expect: {body: {base64: iVA=}}}",
        more="api: {binaryMediaTypes: [image/png]}",
    )
    (row,) = report(shelf)["tests"]

    assert ("passed", {"base64": "iVA="}) == (row["result"], row["body"])


def test_coverage(shelf: Shelf) -> None:
    """Uncovered responses and branches have their places."""
    template = "200: {responseTemplates: {application/json: '#if(true)a#end'}}"
    shelf.write("pets.yaml", PETS.replace("200: {}", template))
    shelf.test(PASSES)
    coverage = report(shelf)["coverage"]

    assert (25, {"total": 2, "selected": 1}) == (
        coverage["percent"],
        {key: coverage["responses"][key] for key in ("total", "selected")},
    )
    assert [
        {"address": "pets: GET /pets/{petId} 200", "manifest": "pets", "source": {"file": "pets.yaml", "line": 10}}
    ] == coverage["responses"]["neverSelected"]
    assert [("#if", 1, 1, False), ("#if", 1, 1, True)] == [
        (each["directive"], each["line"], each["column"], each["entered"])
        for each in coverage["branches"]["neverTaken"]
    ]


def test_problems_and_files(shelf: Shelf) -> None:
    """Problems are in the document, and so are the files that an update has written."""
    shelf.test(PASSES.replace("status: 404", "body: {file: a.json}"), "{name: t}")
    document = report(shelf, update=True)

    assert (["a.json"], ["tested-method"]) == (
        document["written"],
        [problem["rule"] for problem in document["diagnostics"]],
    )
    assert 1 == document["notRun"]
