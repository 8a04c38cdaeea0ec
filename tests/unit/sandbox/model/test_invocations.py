"""TestInvokeMethod in the model: the pipeline, backends that were given, and the log."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.exchange import Backend, ClientRequest, HttpResult, LambdaResult, NoResult
from reconciler.mapping.execution_log import read_execution_log
from reconciler.models.keys import MethodKey
from reconciler.sandbox.building import ApiBuilder, Fields
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.execution_log import execution_log
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.model.state import BackendAnswer
from support.backends import HTTP, LAMBDA, MOCK

PET = MethodKey("/pets/{petId}", "GET")
JSON = "application/json"


class Pets:
    """An API with GET /pets/{petId}, whose backend answers this."""

    def __init__(self, integration: Fields, backend: Backend | None = None, *statuses: str) -> None:
        backends = {("pets", PET): (BackendAnswer(backend),)} if backend else {}
        self.plane = ControlPlane(backends=backends)
        self.api = ApiBuilder(self.plane, "pets")
        self.api.method(PET.path, PET.method, integration, dict.fromkeys(statuses or ("200", "404"), ("X-A",)))

    def respond(self, status: str, template: str | None = None, **fields: Any) -> "Pets":  # noqa: ANN401 - JSON
        """Add a response, perhaps with a template for JSON."""
        templates = {"responseTemplates": {JSON: template}} if template is not None else {}
        self.api.response(PET.path, PET.method, status, {**templates, **fields})
        return self

    def call(self, path: str = "/pets/7", **sent: Any) -> Mapping[str, Any]:  # noqa: ANN401 - JSON
        """Call the method."""
        address = {"restApiId": self.api.id, "resourceId": self.api.resource(PET.path), "httpMethod": PET.method}
        return self.plane.call("TestInvokeMethod", **address, pathWithQueryString=path, **sent)


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/pets/123", "123"), ("/pets/a%20b?x=1", "a b"), ("", "{petId}"), ("/random/test", ""), ("/pets/1/2", "")],
)
def test_path_variables(path: str, shown: str) -> None:
    """Without a path the variable is its own placeholder, and a path of another resource has none."""
    pets = Pets(MOCK).respond("200", "$input.params('petId')")

    assert shown == pets.call(path)["body"]


def test_greedy_path_variables() -> None:
    """They match slashes."""
    plane = ControlPlane()
    api = ApiBuilder(plane, "files")
    api.method("/files/{proxy+}", "GET", MOCK, {"200": ()})
    api.response("/files/{proxy+}", "GET", "200", {"responseTemplates": {JSON: "$input.params('proxy')"}})
    address = {"restApiId": api.id, "resourceId": api.resource("/files/{proxy+}"), "httpMethod": "GET"}

    assert "a/b" == plane.call("TestInvokeMethod", **address, pathWithQueryString="/files/a/b")["body"]


def test_query_headers_and_stage_variables() -> None:
    """Templates see what was sent; of a repeated name the last value."""
    template = "$input.params('x') $input.params('X-B') $stageVariables.tier"
    pets = Pets(MOCK).respond("200", template)
    answer = pets.call("/pets/7?x=1&x=2", headers={"X-B": "b"}, stageVariables={"tier": "gold"})

    assert "2 b gold" == answer["body"]


def test_a_failed_function() -> None:
    """Its message selects the response, which sees the payload."""
    backend = LambdaResult('{"errorMessage": "[NotFound] no pet 7"}', failed=True)
    pets = Pets(LAMBDA, backend).respond("200").respond("404", "$input.json('$.errorMessage')", selectionPattern=".+")
    answer = pets.call()

    assert (404, '"[NotFound] no pet 7"') == (answer["status"], answer["body"])


def test_a_backend_over_http() -> None:
    """Its status selects the response, and its headers can be mapped."""
    mapping = {"method.response.header.X-A": "integration.response.header.X-B"}
    pets = Pets(HTTP, HttpResult(418, {"X-B": "b"}, "short and stout")).respond(
        "404", selectionPattern="4..", responseParameters=mapping
    )
    answer = pets.call()

    assert (404, "b", "short and stout") == (answer["status"], answer["headers"]["X-A"], answer["body"])


def test_a_backend_by_the_id_of_its_api() -> None:
    """A backend can be given for the API's id as well as its name."""
    plane = ControlPlane(backends={("pets000001", PET): [BackendAnswer(LambdaResult('"hello"'))]})
    api = ApiBuilder(plane, "any name", "pets000001")
    api.method(PET.path, PET.method, LAMBDA, {"200": ()})
    api.response(PET.path, PET.method, "200", {})
    address = {"restApiId": api.id, "resourceId": api.resource(PET.path), "httpMethod": PET.method}

    assert '"hello"' == plane.call("TestInvokeMethod", **address)["body"]


def test_a_backend_answers_by_the_request() -> None:
    """An answer for the same request is taken, else the first for the method."""
    answers = (
        BackendAnswer(LambdaResult('"first"')),
        BackendAnswer(LambdaResult('"second"'), ClientRequest(path={"petId": "2"}, query={"a": "b"})),
    )
    plane = ControlPlane(backends={("pets", PET): answers})
    api = ApiBuilder(plane, "pets")
    api.method(PET.path, PET.method, LAMBDA, {"200": ()})
    api.response(PET.path, PET.method, "200", {})
    address = {"restApiId": api.id, "resourceId": api.resource(PET.path), "httpMethod": PET.method}

    assert ['"first"', '"second"', '"first"'] == [
        plane.call("TestInvokeMethod", **address, pathWithQueryString=path)["body"]
        for path in ("/pets/1", "/pets/2?a=b", "/pets/2")
    ]


@pytest.mark.parametrize(
    ("pets", "text"),
    [
        (Pets(LAMBDA).respond("200"), "The sandbox has no backend for GET /pets/{petId} of pets"),
        (Pets(HTTP, LambdaResult("{}")).respond("200"), "The sandbox cannot answer for the backend"),
        (
            Pets(HTTP, HttpResult(404)).respond("200", selectionPattern="4.4").respond("404", selectionPattern="40."),
            "The sandbox cannot say what AWS answers: ",
        ),
    ],
    ids=["no backend", "impossible backend", "unknown"],
)
def test_what_the_sandbox_does_not_know(pets: Pets, text: str) -> None:
    """It refuses the call, which AWS never does, rather than guess."""
    with pytest.raises(ModelError, match=text):
        pets.call()


def test_a_binary_body() -> None:
    """How a test call returns one is not documented: the sandbox refuses it."""
    image = HttpResult(200, {"Content-Type": "image/png"}, b"\x89PNG")
    plane = ControlPlane(backends={("images", MethodKey("/", "GET")): [BackendAnswer(image)]})
    api = plane.call("CreateRestApi", name="images", binaryMediaTypes=["image/*"])
    address = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    plane.call("PutMethod", **address, authorizationType="NONE")
    plane.call("PutIntegration", **address, **HTTP)
    plane.call("PutMethodResponse", **address, statusCode="200")
    plane.call("PutIntegrationResponse", **address, statusCode="200")

    with pytest.raises(ModelError, match="how AWS returns a binary body"):
        plane.call("TestInvokeMethod", **address, headers={"Accept": "image/png"})


@pytest.mark.parametrize("sent", [{"multiValueHeaders": {"A": ["1"]}}, {"clientCertificateId": "a1b2c3"}])
def test_members_that_the_sandbox_does_not_have(sent: Mapping[str, Any]) -> None:
    """They are refused, not ignored."""
    with pytest.raises(ModelError, match="does not implement"):
        Pets(MOCK).respond("200").call(**sent)


@pytest.mark.parametrize(
    ("pets", "status", "entry"),
    [
        (
            Pets({"type": "MOCK", "requestTemplates": {JSON: "{}"}}).respond("200"),
            500,
            "statusCode should be an integer which defined in request template",
        ),
        (
            Pets({"type": "MOCK", "passthroughBehavior": "NEVER"}).respond("200"),
            415,
            "no request template is for application/json",
        ),
        (Pets(MOCK).respond("200", "#if($x)"), 500, ""),
        (Pets(MOCK).respond("404", selectionPattern="404"), 500, "No match for output mapping"),
        (Pets(HTTP, NoResult()).respond("200"), 504, ""),
    ],
    ids=["no status", "no template", "broken template", "no response", "timeout"],
)
def test_failures_are_answers(pets: Pets, status: int, entry: str) -> None:
    """The call succeeds, its simulated status is AWS's own, and the log has the reason."""
    answer = pets.call()

    assert (status, True, "") == (
        answer["status"],
        entry in read_execution_log(answer["log"]).failure,
        "" if answer["body"].startswith('{"message": "') else answer["body"],
    )


def test_log_of_a_mock() -> None:
    """It has these entries in this order, and none about a backend (recorded answers)."""
    answer = Pets(MOCK).respond("200", "pet $input.params('petId')").call("/pets/7?x=y", headers={"A": "b"}, body="{}")
    first, *entries, last = answer["log"].split("\n")

    assert ("Execution log for request ", "") == (first[: len("Execution log for request ")], last)
    assert [
        f"Starting execution for request: {first.rpartition(' ')[2]}",
        "HTTP Method: GET, Resource Path: /pets/7",
        "Method request path: {petId=7}",
        "Method request query string: {x=y}",
        "Method request headers: {A=b}",
        "Method request body before transformations: {}",
        "Method response body after transformations: pet 7",
        "Method response headers: {Content-Type=application/json}",
        "Successfully completed execution",
        "Method completed with status: 200",
    ] == [entry.partition(" : ")[2] for entry in entries]


def test_the_log_shows_the_backend() -> None:
    """What the backend answered can be read from the log again, but for what is cut off."""
    short, long = (Pets(HTTP, HttpResult(200, {"X-B": "b"}, body)).respond("200") for body in ("a\nb", "é" * 600))
    read, cut = (read_execution_log(pets.call()["log"]) for pets in (short, long))

    assert (200, {"X-B": "b"}, "a\nb", ()) == (read.status, read.headers, read.body, read.doubts)
    assert (None, ("the execution log cuts off the backend's body",)) == (cut.body, cut.doubts)


def test_the_request_id_is_that_of_the_log() -> None:
    """Templates see the id that the log begins with, and no two calls have the same."""
    pets = Pets(MOCK).respond("200", "$context.requestId")
    first, second = pets.call(), pets.call()

    assert [read_execution_log(answer["log"]).request_id for answer in (first, second)] == [
        first["body"],
        second["body"],
    ]
    assert first["body"] != second["body"]


@given(st.text())
def test_entries_are_short(text: str) -> None:
    """No entry has more than 1,024 bytes, and short ones are whole."""
    entry = execution_log("r-1", 0, [text]).split(" : ", 2)[2].removesuffix("\n")

    assert entry == text or (entry.endswith(" [TRUNCATED]") and len(entry.encode()) <= 1024 < len(text.encode()))
