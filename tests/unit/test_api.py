"""The engine as a library, against an AWS in memory."""

import math
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler import api
from reconciler.documents import PlanDocument
from reconciler.errors import ExitCode, Refused, UsageError
from reconciler.journal import Lock, locked, run_ids
from reconciler.journal.lock import Holder
from support.apis import Method
from support.live import DEFAULT, GET_PETS
from support.response_tests import FAILS, PASSES, Shelf
from support.stage import Stage, manifest

MORE = "{200: {}, 404: {selectionPattern: '404'}}"


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An API whose manifest wants a 404 more."""
    monkeypatch.chdir(tmp_path)
    stage = Stage(tmp_path)
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT}, declared={"200": [], "404": []})})
    stage.write(manifest(MORE))
    return stage


def test_a_plan_is_the_document_of_the_command(stage: Stage) -> None:
    """Its actions are objects, and changes exit with 2."""
    result = api.plan(".", cloud=stage.cloud)

    assert (ExitCode.DIFFERENCES, [("create", "petstore: GET /pets 404")]) == (
        result.exit_code,
        [(action.op, action.address) for action in result.document.actions],
    )


def test_exactly_the_plan_that_was_looked_at_is_applied(stage: Stage) -> None:
    """Afterwards nothing is left to do, and the run is in the journal."""
    planned = api.plan(".", cloud=stage.cloud)
    applied = api.apply(plan=planned.document, cloud=stage.cloud, journal="runs")

    assert (ExitCode.OK, ["applied"], True, [applied.document.run]) == (
        applied.exit_code,
        [outcome.outcome for outcome in applied.document.outcomes],
        applied.document.verified,
        list(run_ids(Path("runs"))),
    )
    assert ExitCode.OK == api.plan(".", cloud=stage.cloud).exit_code


def test_a_plan_that_is_stale_is_not_applied(stage: Stage) -> None:
    """The document says why, nothing is written, and no run begins."""
    planned = api.plan(".", cloud=stage.cloud)
    stage.write(manifest("{200: {}, 404: {selectionPattern: '4..'}}"))
    applied = api.apply(plan=planned.document, cloud=stage.cloud, journal="runs")

    assert (ExitCode.REFUSED, 1, [], ()) == (
        applied.exit_code,
        len(applied.document.reasons or ()),
        stage.plane.calls.writes(),
        run_ids(Path("runs")),
    )


@pytest.mark.parametrize(("answer", "code", "writes"), [(True, ExitCode.OK, 1), (False, ExitCode.REFUSED, 0)])
def test_approve_decides(stage: Stage, answer: bool, code: ExitCode, writes: int) -> None:
    """It is given the plan."""
    seen: list[PlanDocument] = []

    def approve(plan: PlanDocument) -> bool:
        seen.append(plan)
        return answer

    applied = api.apply(".", approve=approve, cloud=stage.cloud)

    assert (code, writes, ["petstore: GET /pets 404"]) == (
        applied.exit_code,
        len(stage.plane.calls.writes()),
        [action.address for plan in seen for action in plan.actions],
    )


def test_runs_are_journaled_in_the_usual_place(stage: Stage) -> None:
    """As those of the command line are."""
    applied = api.apply(".", approve=lambda _: True, cloud=stage.cloud)

    assert [applied.document.run] == list(run_ids(stage.folder / ".reconciler" / "runs"))


def test_nothing_is_applied_that_nobody_looked_at(stage: Stage) -> None:
    """Neither a plan nor somebody to approve is an error of the caller."""
    with pytest.raises(UsageError, match="needs a plan or approve"):
        api.apply(".", cloud=stage.cloud)


def test_a_plan_says_everything_else_itself(stage: Stage) -> None:
    """What is planned for one environment cannot be applied to another."""
    planned = api.plan(".", cloud=stage.cloud)
    with pytest.raises(UsageError, match="options that only a new plan can use"):
        api.apply(plan=planned.document, environments=["prod"], cloud=stage.cloud)


def test_an_unknown_guard_rule_is_a_usage_error(stage: Stage) -> None:
    """It names those that there are."""
    with pytest.raises(UsageError, match="emptyMethod"):
        api.plan(".", force=["no-such-rule"], cloud=stage.cloud)


def test_two_runs_exclude_each_other(stage: Stage) -> None:
    """The exception is that of the command."""
    here = str(stage.folder)
    with (
        locked([Lock(Path("runs"), here)], Holder(1, "elsewhere", "", "apply")),
        pytest.raises(Refused, match=r"another run is in progress on \S+ \(reconciler apply.+\); nothing was written"),
    ):
        api.apply(".", approve=lambda _: True, journal="runs", cloud=stage.cloud)


def test_a_run_can_be_stopped(stage: Stage) -> None:
    """A stop that is set before the first write keeps everything from being written."""
    stop = threading.Event()

    def approve(_: PlanDocument) -> bool:
        stop.set()
        return True

    applied = api.apply(".", approve=approve, stop=stop, cloud=stage.cloud)

    assert (ExitCode.INTERRUPTED, ["not-run"], []) == (
        applied.exit_code,
        [outcome.outcome for outcome in applied.document.outcomes],
        stage.plane.calls.writes(),
    )


def test_drift_is_a_document(stage: Stage) -> None:
    """Exit 2, as the command."""
    found = api.drift(".", cloud=stage.cloud)

    assert (ExitCode.DIFFERENCES, ["missing"]) == (
        found.exit_code,
        [finding.type for finding in found.document.findings],
    )


def test_drift_can_be_blamed(stage: Stage) -> None:
    """A response is missing since its integration was put."""
    (finding,) = api.drift(".", blame=True, cloud=stage.cloud).document.findings

    assert finding.blame is not None
    assert ["PutIntegration"] == [change.event for change in finding.blame.changes]


def test_drift_can_be_strict(stage: Stage) -> None:
    """Then a method that no manifest lists is a finding."""
    stage.api("other", {GET_PETS: Method({"200": DEFAULT})})
    stage.write(manifest(name="other", api="{name: other}", path="/elsewhere"), "other.yaml")
    addresses = [finding.address for finding in api.drift(".", strict=True, cloud=stage.cloud).document.findings]

    assert "other: GET /pets" in addresses
    assert "other: GET /pets" not in [
        finding.address for finding in api.drift(".", cloud=stage.cloud).document.findings
    ]


def test_a_stopped_drift_is_a_document_too(stage: Stage) -> None:
    """It has what was read by then: here, nothing."""
    stop = threading.Event()
    stop.set()
    found = api.drift(".", cloud=stage.cloud, stop=stop)

    assert (ExitCode.INTERRUPTED, ["stopped before it was read"]) == (
        found.exit_code,
        [finding.message for finding in found.document.findings],
    )
    assert found.document.run
    assert "interrupted" == found.document.run.stopped


@pytest.mark.parametrize("timeout", [0, -1.5, math.nan, math.inf, timedelta(0)])
def test_a_time_limit_is_a_time(stage: Stage, timeout: float | timedelta) -> None:
    """More than nothing and less than for ever."""
    with pytest.raises(UsageError, match=r"^target_timeout is "):
        api.drift(".", target_timeout=timeout, cloud=stage.cloud)


def test_time_limits_are_seconds_or_durations(stage: Stage) -> None:
    """A run that stays within them is like any other."""
    found = api.drift(".", timeout=60, target_timeout=timedelta(minutes=1), cloud=stage.cloud)

    assert ExitCode.DIFFERENCES == found.exit_code


def test_validate_needs_no_aws(stage: Stage) -> None:
    """It counts what it read."""
    checked = api.validate(stage.folder)

    assert (ExitCode.OK, 1) == (checked.exit_code, checked.document.summary.manifests)


def test_response_tests_are_a_document(shelf: Shelf) -> None:
    """Exit 1 unless all pass; `only` chooses among them."""
    shelf.test(PASSES, FAILS)
    every, one = api.run_tests("."), api.run_tests(shelf.folder, only=["passes"])

    assert (ExitCode.FAILED, ["passed", "failed"]) == (every.exit_code, [row.result for row in every.document.tests])
    assert (ExitCode.OK, 1) == (one.exit_code, one.document.summary.passed)


def test_no_response_tests(stage: Stage) -> None:
    """That is a failure, unless it is allowed."""
    codes = [api.run_tests(stage.folder, allow_no_tests=allowed).exit_code for allowed in (False, True)]

    assert [ExitCode.FAILED, ExitCode.OK] == codes


def test_response_tests_write_files_on_request(shelf: Shelf) -> None:
    """Bodies go into the files that hold the expected ones."""
    shelf.test(PASSES.replace("status: 404", "body: {file: a.json}"))

    assert (ExitCode.FAILED, ["a.json"]) == (
        api.run_tests(".").exit_code,
        api.run_tests(".", update=True).document.written,
    )


def test_review_outside_of_a_repository(stage: Stage) -> None:
    """The error is an exception of the package."""
    with pytest.raises(UsageError, match="repository"):
        api.review(stage.folder)


def test_importing_is_cheap() -> None:
    """No boto3, no click, no YAML library."""
    code = "import sys, reconciler.api; print(*{'boto3', 'botocore', 'click', 'yaml', 'ruamel'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")

    assert "\n" == done.stdout


def test_the_engine_needs_no_command_line() -> None:
    """Nothing that a run needs imports `cli`."""
    modules = "*(name for name in sys.modules if name.startswith('reconciler.cli'))"
    code = f"import sys, reconciler.engine.journaled_run, reconciler.api; print({modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")

    assert "\n" == done.stdout
