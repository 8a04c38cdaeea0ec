"""The first response test of an exported API."""

from pathlib import Path
from typing import Any

import pytest

from reconciler.engine.first_test import first_test
from reconciler.engine.load.request import Request
from reconciler.engine.response_tests.run import run_tests
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.manifest.writer import Layout, ManifestFile, Subject, write
from reconciler.models.keys import IntegrationKey, MethodKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod, LiveScope
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import ApiRef, Kind, Target
from support import plain_yaml

GET, POST, PUT = MethodKey("/pets", "GET"), MethodKey("/pets", "POST"), MethodKey("/pets", "PUT")
LAMBDA = (
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:f/invocations"
)
PASSED_ON = {"200": RestResponse()}


def template(text: str) -> dict[str, RestResponse]:
    """Return a default response with a template."""
    return {"200": RestResponse(response_templates={"application/json": text})}


def method(responses: dict[str, RestResponse], kind: str | None = "HTTP", uri: str = "") -> LiveMethod:
    """Return a method with an integration."""
    return LiveMethod("r", kind, uri, responses=responses)


def exported(methods: dict[Scope, LiveScope], kind: Kind = Kind.REST_API) -> ManifestFile:
    """Return the manifest of an API."""
    target = Target("123456789012", "eu-west-1", "a1b2c3d4e5", kind, "pets")
    subject = Subject("pets", ApiRef(name="pets"), LiveApi(target, frozenset({"/pets"}), methods))
    (file,) = (file for file in write([subject], Layout()).files if isinstance(file, ManifestFile))
    return file


def the_test(methods: dict[Scope, LiveScope], kind: Kind = Kind.REST_API) -> dict[str, Any]:
    """Return the test of an API."""
    text = first_test(exported(methods, kind))
    assert text is not None
    (test,) = plain_yaml.document(text)["spec"]["tests"]
    return dict(test)


@pytest.mark.parametrize(
    ("live", "backend"),
    [
        (method(PASSED_ON), {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"json": {}}}),
        (method(PASSED_ON, "AWS", LAMBDA), {"lambda": {}}),
        (method(PASSED_ON, "MOCK"), {"mock": 200}),
    ],
    ids=["HTTP", "Lambda", "mock"],
)
def test_backend_fits_the_integration(live: LiveMethod, backend: dict[str, Any]) -> None:
    """The form of the backend is that of the method's integration."""
    assert backend == the_test({GET: live})["backend"]


@pytest.mark.parametrize(
    "methods",
    [
        {GET: method(PASSED_ON, "HTTP_PROXY")},
        {GET: method({"404": RestResponse("404")})},
        {GET: method(template("#if(true)"))},
        {MethodKey("/a b", "GET"): method(PASSED_ON)},
    ],
    ids=["proxy", "no default response", "an error", "a path with a space"],
)
def test_method_that_teaches_nothing(methods: dict[Scope, LiveScope]) -> None:
    """Such a method is not tested, and there is no test if there is no other method."""
    assert first_test(exported(methods)) is None


def test_templates_come_first() -> None:
    """Of several methods, one with a template that makes JSON is tested."""
    methods: dict[Scope, LiveScope] = {GET: method(PASSED_ON), POST: method(template('{"id": "$context.requestId"}'))}
    test = the_test(methods)

    assert ("POST /pets", '{"id": "r-1"}') == (test["method"], test["expect"]["body"])


def test_successes_come_first() -> None:
    """A default response with an error status is the second choice."""
    failing = {"502": RestResponse(response_templates={"application/json": "{}"})}

    assert "PUT /pets" == the_test({GET: method(failing), PUT: method(PASSED_ON)})["method"]


def test_body_that_is_no_json() -> None:
    """A body that is no JSON is not expected: templates often make none of an empty object."""
    assert "body" not in the_test({GET: method(template("not yet"))})["expect"]


def test_unknown_values_are_not_expected() -> None:
    """A value that nobody knows is left out."""
    assert "body" not in the_test({GET: method({"200": RestResponse(content_handling="OTHER")})})["expect"]


@pytest.mark.parametrize(
    ("routes", "key", "name"), [(("join",), "route", "join"), ((), "integration", "abc123")], ids=["route", "id"]
)
def test_integration_is_named_as_in_the_manifest(routes: tuple[str, ...], key: str, name: str) -> None:
    """An integration of a WebSocket API is tested by its route, or by its id if no route targets it."""
    live = LiveIntegration("abc123", "HTTP", "", routes, responses={"$default": WebSocketResponse()})
    test = the_test({IntegrationKey(routes[0] if routes else "", "" if routes else "abc123"): live}, Kind.WEBSOCKET_API)

    assert (name, {"selected": "$default", "body": "{}"}) == (test[key], test["expect"])


@pytest.mark.parametrize(
    "response",
    [
        RestResponse(response_parameters={"method.response.header.X": "'absent'"}),
        RestResponse(response_parameters={"method.response.header.X-Id": "'${{ vars.a }}: # b'"}),
        RestResponse(response_templates={"application/json": '{"a": "${{ vars.a }}",\n "b": "\\u0000"}'}),
        RestResponse(response_templates={"application/json": '"$context.requestId"'}),
    ],
    ids=["absent", "placeholder", "lines", "template"],
)
def test_first_test_passes(response: RestResponse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is valid and passes, whatever texts a response has."""
    monkeypatch.chdir(tmp_path)
    file = exported({MethodKey("/pets/{petId}:", "GET"): method({"200": response})})
    Path("pets.yaml").write_text(file.text, encoding="utf-8")
    Path("pets.test.yaml").write_text(first_test(file) or "", encoding="utf-8")
    run = run_tests(Request((".",)), Disk())

    assert (ExitCode.OK, 1, ()) == (run.exit_code, len(run.results), run.diagnostics)
