"""`reconciler test --live`, the installed command against a sandbox whose backends are played by the tests."""

import json
import os
import shutil
from pathlib import Path

import pytest

from e2e.running import COMMAND, SAMPLES, InProcess, Ran, execute
from e2e.terminals import Terminal
from reconciler.sandbox.model.plane import ControlPlane
from support.policies import Policy, asked_by

TESTS = """\
apiVersion: reconciler/v1
kind: ResponseTest
metadata: {name: petstore-live}
spec:
  manifest: petstore
  tests:
    - name: a preflight request
      method: OPTIONS /pets
      backend: {mock: 200}
      expect: {status: 204, selected: '204', headers: {Access-Control-Allow-Origin: '*'}}
    - name: no such pet
      method: GET /pets/{petId}
      request: {path: {petId: "7"}}
      context: {requestId: r-1}
      backend: {lambda: {errorMessage: "[NotFound] there is no pet 7"}}
      expect:
        status: 404
        headers: {X-Error-Type: NotFound, X-Request-Id: r-1}
        body: {json: {type: NotFound, detail: there is no pet 7, requestId: r-1}}
    - name: a conflict
      method: POST /orders
      request: {headers: {Content-Type: application/json}, body: {json: {petId: 7}}}
      backend: {status: 409, headers: {X-Error-Type: Conflict}, body: {json: {code: Conflict, message: sold}}}
      expect: {status: 409, headers: {X-Error-Type: Conflict}}
"""


@pytest.fixture
def petstore(tmp_path: Path) -> Path:
    """The sample with tests of our own."""
    folder = tmp_path / "petstore"
    shutil.copytree(SAMPLES / "petstore", folder)
    for file in folder.glob("*test*.yaml"):
        file.unlink()
    (folder / "live-tests.yaml").write_text(TESTS, encoding="utf-8")
    return folder


def in_sandbox(petstore: Path, script: str) -> Ran:
    """Run a shell script in a fresh sandbox with the backends of the tests; `$R` is the command."""
    environment = {**os.environ, "R": str(COMMAND), "PETSTORE": str(petstore)}
    return execute("sandbox", "--backends", petstore, "--", "sh", "-c", script, environment=environment)


def test_a_draft_that_was_applied_answers_as_offline(petstore: Path) -> None:
    """After an apply all tests pass live: mock, function and HTTP backend, and no request id has to be r-1."""
    ran = in_sandbox(petstore, '"$R" apply "$PETSTORE" --yes -q >/dev/null && "$R" test "$PETSTORE" --live')

    assert (0, "") == (ran.code, ran.err)
    assert ran.last.startswith("Passed: 3 tests; live: 3 passed.")


def test_a_draft_that_was_not_applied(petstore: Path) -> None:
    """The seeded draft differs from the manifest, which is named as the cause."""
    ran = in_sandbox(petstore, '"$R" test "$PETSTORE" --live --format json')
    rows = {row["name"]: row for row in json.loads(ran.out)["tests"]}
    (live,) = rows["no such pet"]["live"]

    assert (1, "passed", "failed") == (ran.code, rows["no such pet"]["result"], live["result"])
    assert {"body": "draft", "headers.X-Request-Id": "context"} == {
        difference["path"]: difference["cause"] for difference in live["differences"]
    }


def test_offline_by_default(petstore: Path) -> None:
    """Without --live nothing is called, and the document has no live results."""
    ran = execute("test", petstore, "--format", "json", "--endpoint-url", "http://127.0.0.1:9", "--region", "moon")
    document = json.loads(ran.out)

    assert (0, None, {0}) == (ran.code, document["live"], {len(row["live"]) for row in document["tests"]})


@pytest.mark.usefixtures("sandbox")
def test_what_live_tests_send_is_allowed(reconciler: InProcess, plane: ControlPlane, petstore: Path) -> None:
    """`iam-policy --mode drift --test-live` allows it, and grants nothing that is not needed."""
    policy = Policy(json.loads(reconciler("iam-policy", petstore, "--mode", "drift", "--test-live").out))
    plane.calls.clear()
    reconciler("test", petstore, "--live")
    asked = [asked_by(call) for call in plane.calls]

    assert ([], [], True) == (
        [one for one in asked if not policy.allows(one)],
        policy.idle(asked),
        any(action == "apigateway:POST" for action, _ in asked),
    )


@pytest.mark.usefixtures("sandbox")
def test_a_sandbox_without_backends(reconciler: InProcess, petstore: Path) -> None:
    """The mock passes, the others are unknown, and the next step is shown."""
    ran = reconciler("test", petstore, "--live")

    assert 1 == ran.code
    assert "start it with --backends PATH" in ran.out
    assert "live: 1 passed, 2 unknown." in ran.last


def test_without_credentials(petstore: Path) -> None:
    """The offline results are shown all the same; the live ones are unknown, and the error says why."""
    ran = execute("test", petstore, "--live", "--region", "eu-west-1")

    assert (1, True) == (ran.code, "Failed: 3 passed, 1 error; live: 3 unknown." in ran.last)
    assert "no AWS credentials found" in ran.text


@pytest.mark.usefixtures("sandbox")
def test_a_wrong_account_is_refused(reconciler: InProcess, petstore: Path) -> None:
    """Nothing is called in an account that the environment is not for."""
    (petstore / "reconciler.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Config\nenvironments: {prod: {accountId: '210987654321'}}\n", encoding="utf-8"
    )
    ran = reconciler("test", petstore, "--live")

    assert (4, "") == (ran.code, ran.out)


def test_live_and_update(reconciler: InProcess, petstore: Path) -> None:
    """They exclude each other: goldens are written from offline answers."""
    ran = reconciler("test", petstore, "--live", "--update")

    assert (64, ["--live and --update cannot be used together"]) == (ran.code, ran.failures())


@pytest.mark.usefixtures("sandbox")
def test_a_terminal_shows_what_will_be_called(petstore: Path) -> None:
    """Which API gets how many calls, before they are sent."""
    terminal = Terminal("test", petstore, "--live")
    terminal.wait_for("Sending 3 test calls to the real backends of REST API petstore01 (petstore)")
    terminal.end()


def test_tests_that_cannot_play_backends(reconciler: InProcess, petstore: Path) -> None:
    """A sandbox does not start with tests that have errors, which are shown."""
    (petstore / "live-tests.yaml").write_text(TESTS.replace("mock: 200", "mock: abc"), encoding="utf-8")
    ran = reconciler("sandbox", "--backends", petstore, "--", "true")

    assert (1, 1) == (ran.code, len(ran.problems()))


def test_help_says_what_a_sandbox_cannot_prove() -> None:
    """The pipeline of the sandbox is the one that is tested."""
    text = " ".join(execute("sandbox", "--help").out.split())

    assert "so it cannot prove that pipeline right: only AWS can" in text
