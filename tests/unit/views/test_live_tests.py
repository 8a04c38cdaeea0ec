"""The text of live results."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.engine.load.request import Request
from reconciler.engine.response_tests.live import prepare_live
from reconciler.engine.response_tests.run import run_tests
from reconciler.manifest import Disk
from reconciler.mapping.exchange import LambdaResult
from reconciler.render.style import Style
from reconciler.sandbox.model import faults
from reconciler.views.live_tests import live_notice
from reconciler.views.test import response_tests_text, response_tests_view
from support.live_tests import FOUND, NOT_FOUND_TEST, LiveWorld, answer_differently

PLACE = "REST API pets000001, account 123456789012, eu-west-1"


def text_of(world: LiveWorld, **style: bool) -> str:
    """Return the text of a run."""
    return response_tests_text(world.run(), Style(**style))


def test_a_difference_and_its_cause(tmp_path: Path) -> None:
    """Each value has a line, with what both sides give and why."""
    text = text_of(LiveWorld(tmp_path, backend=FOUND))

    assert f"live failed in {PLACE}\n" in text
    assert [
        "backend: the backend answers something else than the test's backend",
        'selected: offline "404", AWS "200"',
        "status: offline 404, AWS 200",
    ] == [line.strip() for line in text.splitlines() if re.match(r" +(backend|selected|status): ", line)]
    assert text.endswith("Failed: 1 passed; live: 1 failed. Coverage: 50%.")


def test_a_long_body(tmp_path: Path) -> None:
    """It is shown as a difference of lines."""
    body = json.dumps({"errorMessage": "[NotFound] no pet 7", "trace": ["x" * 60] * 3}, indent=1)
    text = text_of(LiveWorld(tmp_path, backend=LambdaResult(body, failed=True)), full=True)

    assert re.search(r"\n +body \(- offline, \+ AWS\):\n", text)


def test_a_pipeline_that_is_wrong(tmp_path: Path) -> None:
    """What it gives for the backend's real answer is shown where the offline answer is another."""
    world = LiveWorld(tmp_path)
    answer_differently(world, FOUND, status=418)
    text = text_of(world)

    assert "reconciler: for what the backend really answered, the offline pipeline gives another value" in text
    assert "status: offline 404, AWS 418\n" in text
    assert "reconciler gives 200 for what the backend answered\n" in text


def test_a_passed_test_has_no_lines(tmp_path: Path) -> None:
    """In full it has one, with the API."""
    world = LiveWorld(tmp_path)

    assert ("live passed" in text_of(world), f"live passed in {PLACE}" in text_of(world, full=True)) == (False, True)


def test_a_call_without_an_answer(tmp_path: Path) -> None:
    """The line has the reason."""
    world = LiveWorld(tmp_path)
    world.plane.faults.add(faults.LostAnswer(), "TestInvokeMethod")

    assert f"live unknown in {PLACE}: the connection was closed" in text_of(world)


def test_a_skipped_test(tmp_path: Path) -> None:
    """It is counted, and the reason is shown in full."""
    world = LiveWorld(tmp_path, NOT_FOUND_TEST.replace('{petId: "7"}', "{}"))

    assert text_of(world).endswith("Passed: 1 test; live: 1 skipped. Coverage: 50%.")
    assert "live skipped: the test has no value for the path parameter `petId`" in text_of(world, full=True)


def test_what_the_test_does_not_expect_though_both_sides_agree(tmp_path: Path) -> None:
    """An expectation that fails offline fails live as well, without a cause."""
    text = text_of(LiveWorld(tmp_path, NOT_FOUND_TEST.replace("status: 404", "status: 400")))

    assert "    status: expected 400, got 404\n" in text


def test_a_selected_response_that_is_not_known(tmp_path: Path) -> None:
    """It is listed with the reason."""
    long = LambdaResult(json.dumps({"errorMessage": "[NotFound] no pet 7", "trace": "x" * 2000}), failed=True)
    text = text_of(LiveWorld(tmp_path, backend=long))

    assert "selected is unknown: TestInvokeMethod does not say which response was selected\n" in text


@pytest.mark.parametrize(("entries", "calls"), [(NOT_FOUND_TEST, "1 test call"), (NOT_FOUND_TEST * 2, "2 test calls")])
def test_notice_before_the_calls(tmp_path: Path, entries: str, calls: str) -> None:
    """It says how many calls reach the backends of which API."""
    entries = entries.replace("no such pet", "another pet", 1)
    world, request = LiveWorld(tmp_path, entries), Request((str(tmp_path),))
    plan = prepare_live(run_tests(request, Disk()), request, world.cloud)

    assert [f"Sending {calls} to the real backends of {PLACE}."] == list(live_notice(plan))


def rendering(world: LiveWorld, name: str) -> str:
    """Return a run in a format."""
    view: dict[str, Callable[[], str]] = dict(response_tests_view(world.run(), "", Style()))
    return view[name]()


def test_junit_and_annotations(tmp_path: Path) -> None:
    """A test that fails live fails there, in one line with the values and causes."""
    world = LiveWorld(tmp_path, backend=FOUND)
    brief = "live failed: selected, status, headers.X-Id, body (backend)"

    assert ('failures="1"' in (junit := rendering(world, "junit")), brief in junit) == (True, True)
    assert brief in rendering(world, "github")


def test_document(tmp_path: Path) -> None:
    """The JSON has the target, AWS's answer, what is not expected, and the differences with their causes."""
    document = json.loads(rendering(LiveWorld(tmp_path, backend=FOUND), "json"))
    (row,) = document["tests"]
    (live,) = row["live"]

    assert {"passed": 0, "failed": 1, "unknown": 0, "skipped": 0} == document["live"]
    assert ("passed", "failed", None, 200, '{"id":7}') == (
        row["result"],
        live["result"],
        live["why"],
        live["status"],
        live["body"],
    )
    assert {"accountId": "123456789012", "region": "eu-west-1", "apiId": "pets000001", "apiName": None} == live[
        "target"
    ]
    assert ["selected", "status", "body"] == [each["path"] for each in live["unexpected"]]
    assert {
        "path": "status",
        "offline": 404,
        "live": 200,
        "cause": "backend",
        "why": "the backend answers something else than the test's backend",
        "replayed": None,
    } == live["differences"][1]


def test_document_without_an_answer(tmp_path: Path) -> None:
    """What AWS did not answer is null."""
    world = LiveWorld(tmp_path, NOT_FOUND_TEST.replace('{petId: "7"}', "{}"))
    (live,) = json.loads(rendering(world, "json"))["tests"][0]["live"]

    assert (None, "skipped", None, None, None, {}) == (
        *(live[name] for name in ("target", "result", "status", "body", "latency", "headers")),
    )
