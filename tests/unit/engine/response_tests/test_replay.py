"""What the offline pipeline gives for the call that AWS made."""

from pathlib import Path

import pytest

from reconciler.engine.load.request import Request
from reconciler.engine.response_tests.live import PreparedCall, prepare_live
from reconciler.engine.response_tests.live_calls import LiveCall
from reconciler.engine.response_tests.replay import Replay, replay
from reconciler.engine.response_tests.run import run_tests
from reconciler.manifest import Disk
from reconciler.models.invocations import InvocationResult
from support.backends import HTTP
from support.live_tests import NOT_FOUND_TEST, LiveWorld

NO_PERMISSION = "Execution failed due to configuration error: Invalid permissions on Lambda function"
TIME = "Tue May 05 09:08:07 UTC 2026 : "


def log(*entries: str) -> str:
    """Return a log with these entries."""
    return "Execution log for request r-9\n" + "".join(f"{TIME}{entry}\n" for entry in entries)


def called(body: str, status: int = 200, headers: str = "{}") -> str:
    """Return the log of a call whose backend answered this."""
    return log(
        f"Received response. Status: {status}, Integration latency: 40 ms",
        f"Endpoint response headers: {headers}",
        f"Endpoint response body before transformations: {body}",
        "Method response body after transformations: whatever",
        "Successfully completed execution",
    )


def call_of(world: LiveWorld) -> LiveCall:
    """Return the call of the one test."""
    request = Request((str(world.folder),))
    ((entry,),) = prepare_live(run_tests(request, Disk()), request, world.cloud).entries
    assert isinstance(entry, PreparedCall)
    return entry.call


def replayed(world: LiveWorld, text: str) -> Replay:
    """Return what the pipeline gives for a log."""
    return replay(call_of(world), InvocationResult(200, {}, "", text))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (called('{"errorMessage": "[NotFound] x"}', 200, "{X-Amz-Function-Error=Unhandled}"), 404),
        (called('{"id": 7}'), 200),
        (called('{"Message": "Rate exceeded"}', 429), 200),
        (log("Execution failed due to a timeout error"), 504),
    ],
    ids=["failed function", "function", "Lambda itself", "timeout"],
)
def test_backends_of_the_log(tmp_path: Path, text: str, status: int) -> None:
    """A function, one that failed, the Lambda service itself and a timeout are told apart."""
    answer = replayed(LiveWorld(tmp_path), text).replayed
    assert answer

    assert status == answer.status


def test_an_http_backend_of_the_log(tmp_path: Path) -> None:
    """Its status selects the response."""
    draft = {"404": {"selectionPattern": "4.."}}
    world = LiveWorld(tmp_path, integration=HTTP, draft=draft)
    answer = replayed(world, called("gone", 418)).replayed
    assert answer

    assert (404, "gone") == (answer.status, answer.body)


def test_the_request_id_is_that_of_the_log(tmp_path: Path) -> None:
    """Templates and mappings see it."""
    answer = replayed(LiveWorld(tmp_path), called("{}")).replayed
    assert answer

    assert "r-9" == answer.headers["X-Id"]


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (log("Successfully completed execution"), "the log shows no call of the backend"),
        (
            log(NO_PERMISSION),
            f"the backend was not called: {NO_PERMISSION}",
        ),
        (called("aaa [TRUNCATED]"), "the execution log cuts off the backend's body"),
    ],
)
def test_logs_without_a_backend(tmp_path: Path, text: str, doubt: str) -> None:
    """There is nothing to replay, and the reason is a doubt, named once."""
    result = replayed(LiveWorld(tmp_path), text)

    assert (None, (doubt,)) == (result.replayed, result.doubts)


def test_variables_that_are_not_known(tmp_path: Path) -> None:
    """A draft that reads one is replayed with a doubt."""
    draft = {"200": {"responseTemplates": {"application/json": "$context.requestTime"}}}

    assert ("the draft reads $context.requestTime, whose value in AWS is not known",) == (
        replayed(LiveWorld(tmp_path, draft=draft), called("{}")).doubts
    )


def test_paths_that_are_encoded(tmp_path: Path) -> None:
    """How AWS decodes them is a doubt."""
    world = LiveWorld(tmp_path, NOT_FOUND_TEST.replace('petId: "7"', 'petId: "a b"'))

    assert ("how TestInvokeMethod decodes the path is not documented",) == replayed(world, called("{}")).doubts


def test_a_request_template_that_fails(tmp_path: Path) -> None:
    """The backend is not called, and that is AWS's answer."""
    broken = {**HTTP, "requestTemplates": {"application/json": "#if($x)"}}
    result = replayed(LiveWorld(tmp_path, integration=broken), log("Execution failed due to configuration error: x"))
    assert result.replayed

    assert 500 == result.replayed.status
