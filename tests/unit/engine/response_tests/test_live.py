"""test --live: AWS's answers against what tests expect and what the pipeline gives offline."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.engine.load.request import Request
from reconciler.engine.response_tests.live import PreparedCall, live_result, prepare_live
from reconciler.engine.response_tests.run import run_tests
from reconciler.errors import BadRequest, ExitCode, Interrupted
from reconciler.manifest import Disk
from reconciler.mapping.exchange import HttpResult, LambdaResult
from reconciler.models.invocations import InvocationResult, MethodInvocation
from reconciler.models.live import LiveApi
from reconciler.models.targets import Coordinates, Target
from reconciler.ports import Connection
from reconciler.sandbox.gateway import InMemoryCloud, InMemoryInvoker, InMemoryReader
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.model.state import BackendAnswer
from support.backends import HTTP, LAMBDA, MOCK
from support.live_tests import (
    API_ID,
    FOUND,
    NO_PET,
    NOT_FOUND_TEST,
    PET,
    LiveWorld,
    answer_differently,
    build,
    causes,
    document,
    manifest,
    resource_id,
)
from support.websocket import Integration, make_websocket_api

CONTEXT_TEST = """\
- name: the request id
  method: GET /pets/{petId}
  request: {path: {petId: "7"}}
  context: {requestId: r-1}
  backend: {lambda: {id: 7}}
  expect: {status: 200, headers: {X-Id: r-1}, body: {json: {id: 7}}}
"""


def test_aws_answers_as_expected(tmp_path: Path) -> None:
    """The test passes, and the selected response is known although AWS does not name it."""
    run = LiveWorld(tmp_path).run()
    (live,) = run.results[0].live

    assert (ExitCode.OK, "passed", {}) == (run.exit_code, live.outcome, causes(live))
    assert live.answer
    assert (404, "404") == (live.answer.status, live.answer.selected)


def test_a_backend_that_answers_something_else(tmp_path: Path) -> None:
    """Whatever differs because of that is the backend's, and the test fails where it expects something else."""
    run = LiveWorld(tmp_path, backend=FOUND).run()
    (live,) = run.results[0].live

    assert (ExitCode.FAILED, "failed") == (run.exit_code, live.outcome)
    assert {"selected": "backend", "status": "backend", "headers.X-Id": "backend", "body": "backend"} == causes(live)
    assert ["selected", "status", "body"] == [difference.path for difference in live.comparison.differences]


def test_a_draft_that_differs_from_the_manifest(tmp_path: Path) -> None:
    """What the draft changes is the draft's."""
    live = LiveWorld(tmp_path, draft={"404": {"selectionPattern": "never"}}).one()

    assert ("failed", "draft", "draft") == (live.outcome, causes(live)["status"], causes(live)["selected"])


def test_a_draft_with_another_kind_of_backend(tmp_path: Path) -> None:
    """A test of a function says nothing about an HTTP backend: that is the draft's."""
    live = LiveWorld(tmp_path, integration=HTTP, backend=HttpResult(200, {}, "hello")).one()

    assert ("failed", {"draft"}) == (live.outcome, set(causes(live).values()))


def test_the_context_of_the_call(tmp_path: Path) -> None:
    """No call has the request id that a test states: a difference because of it fails no test."""
    live = LiveWorld(tmp_path, CONTEXT_TEST, FOUND).one()

    assert ("passed", {"headers.X-Id": "context"}) == (live.outcome, causes(live))


def test_the_spacing_of_a_function_s_own_json(tmp_path: Path) -> None:
    """It is not known offline, so it is no difference."""
    live = LiveWorld(tmp_path, CONTEXT_TEST, LambdaResult('{ "id" : 7 }')).one()

    assert ("passed", {"headers.X-Id": "context"}) == (live.outcome, causes(live))


def test_a_pipeline_that_is_wrong(tmp_path: Path) -> None:
    """AWS's log shows the same backend and AWS's answer is another: the offline pipeline is wrong."""
    world = LiveWorld(tmp_path)
    answer_differently(world, status=418)
    live = world.one()
    (difference,) = live.differences

    assert ("failed", "status", "reconciler", 404, 418, 404) == (
        live.outcome,
        difference.path,
        difference.cause,
        difference.offline,
        difference.live,
        difference.replayed,
    )


def test_a_pipeline_that_is_wrong_where_the_test_expects_nothing(tmp_path: Path) -> None:
    """That fails the test all the same."""
    world = LiveWorld(tmp_path)
    answer_differently(world, multiValueHeaders={"Content-Type": ["text/plain"]})

    assert ("failed", {"headers.Content-Type": "reconciler"}) == ((live := world.one()).outcome, causes(live))


def test_a_log_that_is_cut_off(tmp_path: Path) -> None:
    """Without the backend's answer the cause of a difference is unknown; where nothing differs, the test passes."""
    long = LambdaResult(json.dumps({"errorMessage": "[NotFound] no pet 7", "trace": "x" * 2000}), failed=True)
    differs = LiveWorld(tmp_path, backend=long).one()
    same = LiveWorld(
        tmp_path, NOT_FOUND_TEST.replace("{errorMessage", "{trace: '" + "x" * 2000 + "', errorMessage"), long
    )

    assert ({"unknown"}, "the execution log cuts off the backend's body") == (
        set(causes(differs).values()),
        differs.differences[0].why,
    )
    assert {} == causes(same.one())


def test_what_is_not_known_offline(tmp_path: Path) -> None:
    """AWS's own value is shown, and nobody is wrong."""
    responses = "200: {}\n404: {selectionPattern: '.*Not.*'}\n500: {selectionPattern: '.*Found.*'}\n"
    world = LiveWorld(tmp_path, responses=responses, draft={"404": {"selectionPattern": ".*Not.*"}})
    answer_differently(world)
    live = world.one()

    assert {"draft"} == set(causes(live).values())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("method: ANY /pets/{petId}", "the test does not say with which verb to call an ANY method"),
        ("backend: {error: timeout}", "a backend that does not answer cannot be asked for"),
        ("request: {}", "the test has no value for the path parameter `petId`: add it to `request.path`"),
        (
            'request: {path: {petId: ""}}',
            "the test has no value for the path parameter `petId`: add it to `request.path`",
        ),
        ("request: {path: {petId: '7'}, body: {base64: AAAA}}", "TestInvokeMethod takes no binary body"),
    ],
)
def test_tests_that_cannot_be_called(tmp_path: Path, change: str, why: str) -> None:
    """They are skipped, with the reason, and nothing is called for them."""
    key = change.partition(":")[0]
    lines = [f"  {change}" if line.startswith(f"  {key}:") else line for line in NOT_FOUND_TEST.splitlines()]
    entry = "\n".join(line for line in lines if not line.startswith("  expect")) + "\n  expect: {status: 404}\n"
    world = LiveWorld(tmp_path, entry)
    world.write("pets.yaml", manifest("404: {}\n", "ANY" if key == "method" else "GET"))
    live = world.one()

    assert ("skipped", why, []) == (live.outcome, live.why, world.plane.calls.of("TestInvokeMethod"))


def test_websocket_tests_are_skipped(tmp_path: Path) -> None:
    """AWS has no test calls for them; a run is not failed by that, and reads nothing."""
    world = LiveWorld(tmp_path)
    make_websocket_api(world.plane, "chat", [Integration(("say",), {})])
    world.plane.calls.clear()
    (tmp_path / "pets.yaml").unlink()
    world.write(
        "chat.yaml",
        "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\n"
        "spec: {api: {name: chat}, routes: {say: {responses: {$default: {}}}}}\n",
    )
    world.write(
        "tests.yaml",
        document("- {name: said, route: say, backend: {lambda: hello}, expect: {body: {json: hello}}}\n", "chat"),
    )
    run = world.run()

    assert (ExitCode.OK, ["skipped"], []) == (
        run.exit_code,
        [live.outcome for live in run.results[0].live],
        world.plane.calls.names(),
    )


def test_a_method_that_the_draft_does_not_have(tmp_path: Path) -> None:
    """That is no pass: the result is unknown, with the reason."""
    world = LiveWorld(tmp_path, NOT_FOUND_TEST.replace("GET", "PUT"))
    world.write("pets.yaml", manifest("200: {}\n404: {selectionPattern: '\\[NotFound\\].*'}\n", "PUT"))
    run = world.run()
    (live,) = run.results[0].live

    assert (ExitCode.FAILED, "unknown", "the draft has no method PUT /pets/{petId}") == (
        run.exit_code,
        live.outcome,
        live.why,
    )


def test_a_method_without_an_integration(tmp_path: Path) -> None:
    """Nothing is called, and the reason is given."""
    world = LiveWorld(tmp_path)
    address = {"restApiId": API_ID, "resourceId": resource_id(world.plane), "httpMethod": "GET"}
    world.plane.call("DeleteIntegration", **address)
    live = world.one()

    assert ("unknown", "GET /pets/{petId} has no integration in the draft") == (live.outcome, live.why)


@pytest.mark.parametrize("name", ["nowhere", "id: nowhere000"])
def test_an_api_that_does_not_exist(tmp_path: Path, name: str) -> None:
    """The tests' results are unknown, and the error is reported once."""
    world = LiveWorld(tmp_path)
    api = f"{{{name}}}" if ":" in name else f"{{name: {name}}}"
    text = manifest("200: {}\n404: {selectionPattern: '\\[NotFound\\].*'}\n")
    world.write("pets.yaml", text.replace(f"{{id: {API_ID}}}", api))
    run = world.run()

    assert (ExitCode.FAILED, ["unknown"], 1) == (
        run.exit_code,
        [live.outcome for live in run.results[0].live],
        len(run.diagnostics),
    )


@pytest.mark.parametrize("fault", [faults.LostAnswer(), faults.Dropped(), faults.access_denied("POST", "/restapis/*")])
def test_a_call_without_an_answer(tmp_path: Path, fault: faults.Fault) -> None:
    """The result is unknown with the reason, and the other tests are called all the same."""
    world = LiveWorld(tmp_path, NOT_FOUND_TEST + NOT_FOUND_TEST.replace("no such pet", "no such pet again", 1))
    world.plane.faults.add(fault, "TestInvokeMethod")
    run = world.run()

    assert ["passed", "unknown"] == sorted(live.outcome for result in run.results for live in result.live)


def test_nothing_is_called_before_it_is_shown(tmp_path: Path) -> None:
    """Only the draft is read until the calls are sent, once for all tests of an API."""
    world = LiveWorld(tmp_path, NOT_FOUND_TEST + NOT_FOUND_TEST.replace("no such pet", "no such pet again", 1))
    world.run()

    assert ["GetResources", "TestInvokeMethod", "TestInvokeMethod"] == world.plane.calls.names()


def test_each_region_of_an_environment_is_called(tmp_path: Path) -> None:
    """A test has a live result for each region."""
    world = LiveWorld(tmp_path)
    other = world.cloud.plane("us-east-1")
    build(other)
    world.write(
        "reconciler.yaml",
        "apiVersion: reconciler/v1\nkind: Config\nenvironments: {prod: {regions: [eu-west-1, us-east-1]}}\n",
    )
    run = world.run()

    assert [("eu-west-1", "passed"), ("us-east-1", "passed")] == [
        (live.target.region, live.outcome) for live in run.results[0].live if live.target
    ]


class _Interrupting(InMemoryCloud):
    """Is asked to stop before the first read, or before the first call."""

    def __init__(self, world: LiveWorld, *, reads: bool) -> None:
        super().__init__(world.cloud.aws)
        self._reads = reads

    def connect(self, coordinates: Coordinates) -> Connection:
        found = super().connect(coordinates)
        reader = _InterruptedReader(self.plane()) if self._reads else found.reader
        return replace(found, reader=reader, open_invoker=lambda _: _InterruptedInvoker())


class _InterruptedReader(InMemoryReader):
    def rest_api(self, target: Target) -> LiveApi:
        raise Interrupted(f"stopped before {target} was read")


class _InterruptedInvoker:
    def invoke(self, invocation: MethodInvocation) -> InvocationResult:
        raise Interrupted(f"stopped before {invocation.scope} was called")


@pytest.mark.parametrize("reads", [False, True])
def test_an_interruption_is_no_unknown_answer(tmp_path: Path, *, reads: bool) -> None:
    """It ends the command (130)."""
    world = LiveWorld(tmp_path)

    with pytest.raises(Interrupted):
        world.run(_Interrupting(world, reads=reads))


class _Waiting(InMemoryCloud):
    """Notes how long callers are ready to wait."""

    def __init__(self, world: LiveWorld) -> None:
        super().__init__(world.cloud.aws)
        self.seconds: list[float] = []

    def connect(self, coordinates: Coordinates) -> Connection:
        found = super().connect(coordinates)

        def open_invoker(seconds: float) -> "_Invoker":
            self.seconds.append(seconds)
            return _Invoker(found)

        return Connection(found.account_id, found.region, found.reader, found.open_writer, open_invoker)


class _Invoker:
    def __init__(self, connection: Connection) -> None:
        self._invoker = connection.open_invoker(0)

    def invoke(self, invocation: MethodInvocation) -> InvocationResult:
        return self._invoker.invoke(invocation)


def test_a_connection_has_one_invoker(tmp_path: Path) -> None:
    """It is opened once for all calls, with the default timeout."""
    world = LiveWorld(tmp_path, NOT_FOUND_TEST + NOT_FOUND_TEST.replace("no such pet", "no such pet again", 1))
    cloud = _Waiting(world)
    world.run(cloud)

    assert [30.0] == cloud.seconds


def test_a_mock_is_replayed_from_its_request_template(tmp_path: Path) -> None:
    """The log shows no backend: the status is that of the draft's own request template."""
    test = NOT_FOUND_TEST.replace('{lambda: {errorMessage: "[NotFound] no pet 7"}}', "{mock: 200}").replace(
        "status: 404", "status: 200"
    )
    entry = test.partition(", selected")[0] + "}\n"
    responses = "200: {}\n404: {selectionPattern: '404'}\n"
    draft = {"200": {}, "404": {"selectionPattern": "404"}}
    fine = LiveWorld(tmp_path, entry, None, responses, MOCK, draft).one()
    other = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 404}'}}
    moved = LiveWorld(tmp_path, entry, None, responses, other, draft).one()

    assert ("passed", {}) == (fine.outcome, causes(fine))
    assert ("failed", "backend") == (moved.outcome, causes(moved)["status"])


def test_a_proxy_is_called_too(tmp_path: Path) -> None:
    """A draft with a proxy integration answers past its responses: that is the draft's."""
    proxy = {**LAMBDA, "type": "AWS_PROXY"}
    backend = LambdaResult('{"statusCode": 404, "body": "gone"}')
    live = LiveWorld(tmp_path, backend=backend, integration=proxy).one()

    assert ("failed", {"draft", "backend"}) == (live.outcome, set(causes(live).values()) | {"draft", "backend"})
    assert live.answer
    assert "gone" == live.answer.body


def test_the_same_answer_twice(tmp_path: Path) -> None:
    """A backend that answers what the test says gives the offline answer, whatever it is."""
    assert {} == causes(LiveWorld(tmp_path, backend=NO_PET).one())


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> PreparedCall:
    """The call of a test, with its offline result."""
    world = LiveWorld(tmp_path_factory.mktemp("world"))
    request = Request((str(world.folder),))
    ((entry,),) = prepare_live(run_tests(request, Disk()), request, world.cloud).entries
    assert isinstance(entry, PreparedCall)
    return entry


LINES = st.sampled_from(
    [
        *('{"errorMessage": "[NotFound] no pet"}', "\n", "é", "x" * 500, " [TRUNCATED]", "[Binary Data]", '"a"'),
        *(
            "\nMon May 04 09:08:07 UTC 2026 : ",
            "Execution failed due to a timeout error",
            "Method response headers: {}",
        ),
        *("Successfully completed execution", "Endpoint response body before transformations: ", "null"),
    ]
)


@given(st.lists(LINES, max_size=6).map("".join), st.booleans())
def test_the_pipeline_agrees_with_itself(prepared: PreparedCall, payload: str, failed: bool) -> None:
    """Whatever a function returns, a sandbox, which has the same pipeline, never shows the pipeline to be wrong."""
    plane = ControlPlane(backends={(API_ID, PET): (BackendAnswer(LambdaResult(payload, failed)),)})
    build(plane)
    invocation = replace(prepared.call.invocation, resource_id=resource_id(plane))
    try:
        result = InMemoryInvoker(plane).invoke(invocation)
    except BadRequest as refused:
        assume("cannot say what AWS answers" not in refused.message)
        raise

    assert "reconciler" not in causes(live_result(prepared.call, prepared.offline, result)).values()
