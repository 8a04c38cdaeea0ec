"""What was promised to work from end to end, by exit codes and by the call log."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.running import EXAMPLES, SAMPLES, InProcess, execute, with_command_on_path
from reconciler.sandbox.building import big_api
from reconciler.sandbox.model.plane import CallLog, ControlPlane
from reconciler.sandbox.server import Server, serve

STORY = (
    "reconciler plan samples/petstore; reconciler apply samples/petstore --yes && "
    "reconciler plan samples/petstore --detailed-exitcode"
)
FORCED = ("--force", "maxUpdate", "--force", "maxDelete")


def manifest(address: str, resources: str) -> str:
    """A manifest of an API at this address."""
    head = "apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {name: big}\nspec:\n"
    return f"{head}  api: {{{address}}}\n  resources:\n{resources}"


def method(path: str, verb: str, responses: str) -> str:
    """One listed method."""
    return f"    {path}: {{{verb}: {{responses: {{{responses}}}}}}}\n"


@pytest.fixture(scope="module")
def crowded() -> Iterator[tuple[Server, str]]:
    """An AWS with an API of 300 resources, 1,500 methods and 6,000 responses, and its id."""
    with serve() as server:
        yield server, big_api(server.aws.plane())


@pytest.fixture
def big(crowded: tuple[Server, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of the large API, to which the environment leads."""
    server, api_id = crowded
    for name, value in server.environment_over(os.environ).items():
        monkeypatch.setenv(name, value)
    return api_id


@pytest.fixture
def calls(crowded: tuple[Server, str]) -> CallLog:
    """What that AWS is asked from now on."""
    log = crowded[0].aws.plane().calls
    log.clear()
    return log


def test_plan_apply_plan_ends_well() -> None:
    """Plan, apply, and a plan that exits with 2 if anything were left: the whole line ends with 0."""
    done = execute("sandbox", "--", "sh", "-c", STORY, environment=with_command_on_path())

    assert (0, "") == (done.code, done.err)


def test_plan_by_id_is_one_read(reconciler: InProcess, big: str, calls: CallLog, folder: Path) -> None:
    """However many responses an API has, planning it by id asks API Gateway one question."""
    (folder / "big.yaml").write_text(manifest(f"id: {big}", method("/r0000", "GET", "200: {}")))
    reconciler("plan", "big.yaml")

    assert [("GetResources", "500", ["methods"])] == [
        (call.operation, str(call.parameters["limit"]), list(call.parameters["embed"])) for call in calls
    ]


@pytest.mark.usefixtures("big")
def test_plan_by_name_is_two_reads(reconciler: InProcess, calls: CallLog, folder: Path) -> None:
    """Finding an API by its name costs one question more."""
    (folder / "big.yaml").write_text(manifest("name: big", method("/r0000", "GET", "200: {}")))
    reconciler("plan", "big.yaml")

    assert ["GetRestApis", "GetResources"] == calls.names()


def test_one_read_tells_everything(reconciler: InProcess, big: str, folder: Path) -> None:
    """All responses of all methods are known after it."""
    (folder / "big.yaml").write_text(manifest(f"id: {big}", method("/r0002", "GET", "200: {}")))
    plan = reconciler("plan", "big.yaml", *FORCED)

    assert f"{300 * 5 * 4 - 4:,} in no manifest" in plan.last


def test_apply_writes_once_per_change(reconciler: InProcess, big: str, calls: CallLog, folder: Path) -> None:
    """Two updates and two deletes in each of two methods are eight writes."""
    lists = [method(f"/r{number:04}", "GET", "200: {}, 400: {selectionPattern: '400'}") for number in (0, 1)]
    (folder / "big.yaml").write_text(manifest(f"id: {big}", "".join(lists)))
    reconciler("apply", "big.yaml", "--yes", *FORCED)

    assert {"PutIntegrationResponse": 4, "DeleteIntegrationResponse": 4} == Counter(
        call.operation for call in calls.writes()
    )


def test_apply_reads_at_most_three_times(reconciler: InProcess, plane: ControlPlane) -> None:
    """An apply by name finds the API, reads it, and reads it again to prove the result."""
    reconciler("apply", SAMPLES / "minimal.yaml", "--yes")

    assert ["GetRestApis", "GetResources", "GetResources"] == [call.operation for call in plane.calls.reads()]


@pytest.mark.parametrize("command", ["plan", "drift"])
def test_looking_writes_nothing(reconciler: InProcess, plane: ControlPlane, command: str) -> None:
    """Plan and drift leave AWS alone, whatever they find."""
    reconciler(command, *EXAMPLES)

    assert [] == plane.calls.writes()
