"""Backends of a sandbox that tests play."""

from pathlib import Path

from reconciler.engine.load.request import Request
from reconciler.engine.response_tests.run import run_tests
from reconciler.engine.response_tests.sandbox_backends import sandbox_backends
from reconciler.manifest import Disk
from reconciler.mapping.exchange import ClientRequest
from reconciler.sandbox.model.state import BackendAnswer
from support.live_tests import API_ID, NO_PET, NOT_FOUND_TEST, PET, LiveWorld, document

CONFIG = """\
apiVersion: reconciler/v1
kind: Config
environments:
  dev: {region: eu-west-1, apis: {pets: dev0000001}}
  prod: {regions: [eu-west-1, us-east-1], apis: {pets: {us-east-1: east000001}}}
"""


def test_backends_are_those_of_the_tests(tmp_path: Path) -> None:
    """The backend of a method answers the request of its test."""
    LiveWorld(tmp_path)
    answers = sandbox_backends(run_tests(Request((str(tmp_path),)), Disk()))

    assert {(API_ID, PET): [BackendAnswer(NO_PET, ClientRequest(path={"petId": "7"}))]} == answers


def test_apis_of_environments(tmp_path: Path) -> None:
    """Each environment and region has its own API."""
    world = LiveWorld(tmp_path)
    world.write("reconciler.yaml", CONFIG)
    run = run_tests(Request((str(tmp_path),), environments=("all",)), Disk())

    assert {"dev0000001", API_ID, "east000001"} == {api for api, _ in sandbox_backends(run)}


def test_websocket_tests_play_no_backend(tmp_path: Path) -> None:
    """There are no test calls of WebSocket APIs."""
    world = LiveWorld(tmp_path)
    (tmp_path / "pets.yaml").unlink()
    world.write(
        "chat.yaml",
        "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\n"
        "spec: {api: {name: chat}, routes: {say: {responses: {$default: {}}}}}\n",
    )
    world.write(
        "tests.yaml", document("- {name: a, route: say, backend: {lambda: a}, expect: {body: '\"a\"'}}\n", "chat")
    )

    assert {} == sandbox_backends(run_tests(Request((str(tmp_path),)), Disk()))


def test_several_tests_of_a_method_keep_their_order(tmp_path: Path) -> None:
    """The first of them answers a request that none of them has."""
    other = NOT_FOUND_TEST.replace("no such pet", "another pet").replace("no pet 7", "no pet 8").replace('"7"', '"8"')
    LiveWorld(tmp_path, NOT_FOUND_TEST + other)
    answers = sandbox_backends(run_tests(Request((str(tmp_path),)), Disk()))

    assert ["7", "8"] == [answer.request.path["petId"] for answer in answers[API_ID, PET]]
