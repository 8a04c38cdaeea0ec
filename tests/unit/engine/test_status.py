"""status: manifests, drafts and every stage that exists."""

from collections.abc import Sequence

import pytest

from reconciler.deployments.sync_status import SyncStatus
from reconciler.engine.load.request import Request
from reconciler.engine.status import Status, status
from reconciler.errors import ExitCode, Interrupted
from reconciler.manifest import Disk
from reconciler.models.responses import WebSocketResponse
from reconciler.sandbox.gateway import InMemoryReader
from reconciler.sandbox.model.faults import access_denied, throttled
from support.live import GET_PETS
from support.pets import PROD, TWO, Pets, pets_of
from support.stage import CHAT, Stage, manifest
from support.websocket import Integration, make_websocket_api

LISTED = "GetStages"
DENIED = access_denied("GET", "/restapis/x/stages")


@pytest.fixture
def pets(stage: Stage) -> Pets:
    """The API, with stages `dev` and `prod`; the manifest adds a 404, and declares no stage."""
    made = pets_of(stage, "dev", "prod")
    stage.write(manifest(TWO))
    return made


def looked(stage: Stage, *, stages: Sequence[str] = (), only: Sequence[str] = ()) -> Status:
    """The status of all manifests of the folder."""
    return status(Request((".",), stages=stages, only=only), stage.cloud, Disk(), stage.clock)


def shown(found: Status) -> list[tuple[str, bool, int]]:
    """Name, whether it counts, differences of each stage."""
    return [(one.stage.name, one.counts, one.differing) for one in found.stages]


@pytest.mark.usefixtures("pets")
def test_without_declared_stages_the_draft_decides(stage: Stage) -> None:
    """Every stage is compared with the manifest, and none of them makes an exit code."""
    before = looked(stage)
    stage.apply()
    after = looked(stage)

    assert (ExitCode.DIFFERENCES, ExitCode.OK) == (before.exit_code, after.exit_code)
    assert [("dev", False, 1), ("prod", False, 1)] == shown(after)
    assert [SyncStatus.IN_SYNC] * 2 == [row.live for row in after.rows]


@pytest.mark.usefixtures("pets")
def test_a_stage_that_is_not_declared_changes_nothing(stage: Stage) -> None:
    """The declared one decides, and is first."""
    stage.write(manifest(TWO, spec=PROD))
    stage.apply(request=Request((".",), deploys=True))
    found = looked(stage)

    assert (ExitCode.OK, [("prod", True, 0), ("dev", False, 1)]) == (found.exit_code, shown(found))


@pytest.mark.usefixtures("pets")
def test_stages_that_are_named_are_the_only_ones(stage: Stage) -> None:
    """They decide, and no other is listed."""
    stage.apply()
    found = looked(stage, stages=["dev"])

    assert (ExitCode.DIFFERENCES, [("dev", True, 1)]) == (found.exit_code, shown(found))
    assert LISTED not in stage.plane.calls.names()


def test_each_deployment_is_read_once(stage: Stage, pets: Pets) -> None:
    """One call lists the stages, and one reads what both of them serve."""
    same = pets.serves("prod")
    patch = {"op": "replace", "path": "/deploymentId", "value": same}
    stage.plane.call("UpdateStage", restApiId=pets.id, stageName="dev", patchOperations=[patch])
    stage.plane.calls.clear()
    looked(stage)

    assert ["GetRestApis", "GetResources", LISTED, "GetExport"] == stage.plane.calls.names()


@pytest.mark.usefixtures("pets")
def test_a_declared_stage_takes_no_call_more_than_by_name(stage: Stage) -> None:
    """The list has what GetStage has, and `dev` takes one call."""
    stage.write(manifest(TWO, spec=PROD))
    looked(stage)
    reads = ["GetModels", "GetRequestValidators", "GetGatewayResponses", "GetDeployment", "GetExport", "GetExport"]

    assert ["GetRestApis", "GetResources", LISTED, *reads] == stage.plane.calls.names()


def test_a_declared_stage_and_another_one_share_a_deployment(stage: Stage, pets: Pets) -> None:
    """What is known of one is known of the other."""
    patch = {"op": "replace", "path": "/deploymentId", "value": pets.serves("prod")}
    stage.plane.call("UpdateStage", restApiId=pets.id, stageName="dev", patchOperations=[patch])
    stage.write(manifest(TWO, spec=PROD))
    stage.plane.calls.clear()
    found = looked(stage)

    assert ([("prod", True, 1), ("dev", False, 1)], 1) == (shown(found), stage.plane.calls.names().count("GetExport"))


def test_an_api_without_stages(stage: Stage) -> None:
    """The draft alone is compared."""
    stage.api("petstore", {})
    stage.write(manifest("{}", path="/"))
    found = looked(stage)

    assert ((), ExitCode.OK, 1) == (found.stages, found.exit_code, len(found.apis))


@pytest.mark.usefixtures("pets")
def test_only_selected_responses_count(stage: Stage) -> None:
    """Neither the draft nor a stage has rows of the others."""
    found = looked(stage, only=["petstore: GET /pets 200"])

    assert (ExitCode.OK, {"200"}) == (
        found.exit_code,
        {row.key.code for rows in ([one.rows for one in found.stages], [found.rows]) for each in rows for row in each},
    )


@pytest.mark.parametrize(
    ("declared", "fault", "severities"),
    [
        ("", DENIED, ["warning"]),
        (PROD, DENIED, ["warning"]),
        (PROD, throttled(), ["warning"]),
        ("", throttled(), ["error"]),
    ],
)
@pytest.mark.usefixtures("pets")
def test_stages_that_cannot_be_listed(stage: Stage, declared: str, fault: object, severities: list[str]) -> None:
    """What is declared is compared all the same, and a missing permission takes nothing from the draft."""
    stage.write(manifest(TWO, spec=declared))
    stage.plane.faults.always(fault, LISTED)  # type: ignore[arg-type]
    found = looked(stage)

    assert severities == [str(problem.severity) for problem in found.all_diagnostics]
    assert (["prod"] if declared else [], 1) == ([one.stage.name for one in found.stages], len(found.apis))


@pytest.mark.usefixtures("pets")
def test_a_stage_that_does_not_count_and_cannot_be_read(stage: Stage) -> None:
    """Its line gives the reason, and no exit code does."""
    stage.apply()
    stage.plane.faults.always(DENIED, "GetExport")
    found = looked(stage)

    assert (ExitCode.OK, ()) == (found.exit_code, found.all_diagnostics)
    assert [True, True] == ["not authorized" in one.problem for one in found.stages]


@pytest.mark.usefixtures("pets")
def test_a_declared_stage_that_does_not_exist(stage: Stage) -> None:
    """An error, with the others compared."""
    stage.write(manifest(TWO, spec="deploy: {stages: [gone]}"))
    found = looked(stage)

    assert ["unknown-stage"] == [problem.rule for problem in found.all_diagnostics]
    assert ["dev", "prod"] == [one.stage.name for one in found.stages]


@pytest.mark.usefixtures("pets")
def test_definitions_that_cannot_be_read(stage: Stage) -> None:
    """Without them no declared stage is compared."""
    stage.write(manifest(TWO, spec=PROD))
    stage.plane.faults.always(throttled(), "GetModels")
    found = looked(stage)

    assert (ExitCode.FAILED, ["dev"]) == (found.exit_code, [one.stage.name for one in found.stages])


def test_a_websocket_api_without_declared_stages(stage: Stage) -> None:
    """The draft is compared, and of a stage it is unknown what it serves, unless it was deployed from here."""
    api, _ = make_websocket_api(stage.plane, "chat", [Integration(("send",), {"$default": WebSocketResponse()})])
    stage.plane.call("CreateStage", ApiId=api, StageName="live")
    stage.plane.call("CreateDeployment", ApiId=api, StageName="live")
    stage.plane.call("CreateStage", ApiId=api, StageName="none")
    stage.write(CHAT, "chat.yaml")
    stage.plane.calls.clear()
    before, calls = looked(stage), stage.plane.calls.names()
    stage.apply(request=Request((".",), deploys=True, writes=False, stages=["live"]))
    after = looked(stage)

    assert (ExitCode.OK, 1, ["GetStages", "GetDeployment"]) == (before.exit_code, len(before.rows), calls[-2:])
    assert [None, None] == [one.served for one in before.stages]
    assert ["live"] == [one.stage.name for one in after.stages if one.served]


def test_an_api_that_nothing_selects_is_left_out(stage: Stage, pets: Pets) -> None:
    """Its stages are not listed either."""
    pets.put("404", "404", GET_PETS)
    stage.write(manifest(name="other", api="{name: other}"), "other.yaml")
    stage.api("other", {})
    found = looked(stage, only=["petstore: *"])

    assert (["petstore"], 1) == (
        [name for api in found.apis for name in api.manifests],
        stage.plane.calls.names().count(LISTED),
    )


@pytest.mark.usefixtures("pets")
def test_a_declared_stage_that_cannot_be_read(stage: Stage) -> None:
    """An error: what counts and is unknown is never in sync."""
    stage.write(manifest(TWO, spec=PROD))
    stage.apply(request=Request((".",), deploys=True))
    stage.plane.faults.always(throttled(), "GetDeployment")
    found = looked(stage)

    assert (ExitCode.FAILED, ["dev"]) == (found.exit_code, [one.stage.name for one in found.stages])


@pytest.mark.parametrize(("call", "spec"), [("stages", PROD), ("deployed", ""), ("deployment", PROD)])
@pytest.mark.usefixtures("pets")
def test_an_interruption_is_no_failure_of_a_stage(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, call: str, spec: str
) -> None:
    """It ends the run, whatever is read just then."""

    def interrupted(*_: object) -> None:
        raise Interrupted("interrupted")

    stage.write(manifest(TWO, spec=spec))
    monkeypatch.setattr(InMemoryReader, call, interrupted)

    with pytest.raises(Interrupted):
        looked(stage)
