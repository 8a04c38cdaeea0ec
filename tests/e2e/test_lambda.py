"""The Lambda function as Lambda invokes it: `handler(event, context)`, settings and credentials in the environment."""

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from e2e.running import SAMPLES
from reconciler.errors import ReconcilerError
from reconciler.lambda_handler import handler
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import PETSTORE_ID
from support.events import call_event, event_text, sqs_batch


class Context:
    """What Lambda passes besides the event, as far as it is used."""

    def __init__(self, milliseconds: int = 60_000) -> None:
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        """The time that is left."""
        return self._milliseconds


@pytest.fixture(autouse=True)
def package(folder: Path, plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder has a configuration that names a sample; there is no git."""
    shutil.copytree(SAMPLES / "petstore", folder / "petstore")
    config = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [petstore]\n"
    (folder / "reconciler.yaml").write_text(config, encoding="utf-8")
    monkeypatch.setenv("PATH", "/nowhere")
    plane.calls.clear()
    return folder


def test_a_schedule_checks_everything(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer is the document, the log lines of JSON; nothing is written."""
    before = sorted(package.rglob("*"))
    answer = handler({}, Context())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert ("Drift", True, ["target", "run"], before) == (
        answer["kind"],
        answer["summary"]["changed"] > 0,
        [line["event"] for line in lines],
        sorted(package.rglob("*")),
    )


def test_it_may_be_called_in_any_thread() -> None:
    """It handles no signals, which only the main thread can."""
    answers: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: answers.append(handler({}, Context())))
    thread.start()
    thread.join()

    assert [PETSTORE_ID] == [target["apiId"] for answer in answers for target in answer["targets"]]


def test_events_of_a_queue_are_checked(plane: ControlPlane) -> None:
    """One read for all of them."""
    event = event_text(parameters={"restApiId": PETSTORE_ID})
    answer = handler(sqs_batch(event, event, "no event"), Context())

    assert [{"itemIdentifier": "m2"}] == answer["batchItemFailures"]
    assert 1 == [call.operation for call in plane.calls].count("GetResources")


def test_a_run_that_is_out_of_time_reports_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds before the end of the invocation; at least a second is for the run."""
    monkeypatch.setattr("reconciler.lambda_handler.SHORTEST", 1e-6)
    answer = handler({}, Context(5_000))

    assert (1, True) == (answer["summary"]["errors"], (answer["run"]["stopped"] or "").startswith("timed out"))


def test_an_event_that_is_none_raises() -> None:
    """Lambda counts it as an error of the function."""
    with pytest.raises(ReconcilerError, match="is not an event of EventBridge"):
        handler({**call_event(), "source": 1}, Context())
