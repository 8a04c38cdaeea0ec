"""drift and status: what stages serve, compared with manifest and draft."""

import pytest

from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.engine.status import Status, status
from reconciler.errors import ExitCode
from reconciler.findings import Type
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.sandbox.model.faults import throttled
from support.live import GET_PETS
from support.pets import PROD, Pets, deploying, pets_of
from support.stage import Stage, manifest


@pytest.fixture
def pets(stage: Stage) -> Pets:
    """The API, with a stage `prod`; the manifest adds a 404."""
    return pets_of(stage)


def drifted(stage: Stage, request: Request | None = None) -> Drift:
    """Drift, stages included."""
    return drift(request or deploying(), stage.cloud, Disk(), stage.clock)


def stood(stage: Stage, request: Request | None = None) -> Status:
    """The status."""
    return status(request or deploying(), stage.cloud, Disk(), stage.clock)


def rows(found: Status) -> list[tuple[str, bool, str, str | None]]:
    """Code, desired, draft, deployed."""
    return [(row.key.code, row.is_wanted, row.live, row.deployed) for row in found.rows]


def test_a_stage_that_lags_is_drift(stage: Stage, pets: Pets) -> None:
    """The draft is in sync, what is served is not."""
    stage.apply()
    found = drifted(stage)

    assert (ExitCode.DIFFERENCES, (0, 1, 1)) == (
        found.exit_code,
        (found.summary.missing, found.summary.stages, found.summary.deployed),
    )
    assert [Type.MISSING] == [finding.type for finding in found.stages[0].drift.findings]
    assert ["200"] == pets.served()


@pytest.mark.usefixtures("pets")
def test_a_stage_that_serves_the_manifest_is_in_sync(stage: Stage) -> None:
    """After a deployment."""
    stage.apply(request=deploying())
    found = drifted(stage)

    assert (ExitCode.OK, 1, 0) == (found.exit_code, found.summary.stages, found.summary.deployed)


@pytest.mark.usefixtures("pets")
def test_what_the_draft_lacks_too_is_not_told_twice(stage: Stage) -> None:
    """The stage's finding is one of the draft's."""
    found = drifted(stage)

    assert (1, 1, ()) == (
        found.summary.missing,
        found.summary.deployed,
        found.stages[0].beyond(found.targets),
    )


def test_edits_of_others_are_no_drift(stage: Stage, pets: Pets) -> None:
    """Neither in the draft nor at the stage."""
    stage.apply(request=deploying())
    pets.put("404", "404")

    assert ExitCode.OK == drifted(stage).exit_code


def test_fields_that_are_not_owned_count_as_they_are_served(stage: Stage, pets: Pets) -> None:
    """A template that is not owned is no drift when it changes; an owned pattern is."""
    stage.write(manifest("{200: {own: [selectionPattern]}, 404: {selectionPattern: '404'}}", spec=PROD))
    stage.apply(request=deploying())
    pets.call("PutIntegrationResponse", GET_PETS, statusCode="200", responseTemplates={"text/plain": "x"})

    assert ExitCode.OK == drifted(stage).exit_code


@pytest.mark.usefixtures("pets")
def test_an_unknown_stage_is_an_error_beside_the_findings(stage: Stage) -> None:
    """Exit 1, and the drift of the draft is still reported."""
    found = drifted(stage, deploying(stages=["gone"]))

    assert (ExitCode.FAILED, 1, ["unknown-stage"]) == (
        found.exit_code,
        found.summary.missing,
        [one.rule for one in found.all_diagnostics],
    )


@pytest.mark.usefixtures("pets")
def test_a_stage_that_cannot_be_read_is_an_error(stage: Stage) -> None:
    """Never in sync."""
    stage.apply(request=deploying())
    stage.plane.faults.always(throttled(), "GetExport")
    found = drifted(stage)

    assert (ExitCode.FAILED, 0, 1) == (found.exit_code, found.summary.stages, found.summary.errors)


@pytest.mark.usefixtures("pets")
def test_without_stages_only_drafts_are_looked_at(stage: Stage) -> None:
    """Not one call about a stage."""
    drifted(stage, Request((".",)))

    assert set() == {call.operation for call in stage.plane.calls} & {"GetStage", "GetExport", "GetDeployment"}


def test_status_of_each_sort(stage: Stage, pets: Pets) -> None:
    """Alike; in the draft only; changed in both alike; at the stage only; unexpected."""
    stage.write(manifest("{200: {}, 404: {selectionPattern: '404'}, 500: {selectionPattern: '5..'}}", spec=PROD))
    stage.apply(request=deploying())
    pets.put("404", "40.", GET_PETS)
    pets.deploy()
    pets.put("500", "50.", GET_PETS)
    pets.put("201", "201", GET_PETS)
    found = stood(stage)

    assert (
        ExitCode.DIFFERENCES,
        [
            ("200", True, "as wanted", "as wanted"),
            ("201", False, "unexpected", "as wanted"),
            ("404", True, "changed", "as live"),
            ("500", True, "changed", "as wanted"),
        ],
    ) == (found.exit_code, rows(found))


@pytest.mark.usefixtures("pets")
def test_status_of_a_draft_that_is_not_deployed(stage: Stage) -> None:
    """What apply wrote is missing at the stage until it is deployed."""
    stage.apply()
    before = rows(stood(stage))
    stage.apply(request=deploying(writes=False))

    assert ("404", True, "as wanted", "missing") == before[1]
    assert ExitCode.OK == stood(stage).exit_code


def test_changes_of_others_are_named(stage: Stage, pets: Pets) -> None:
    """What a deployment would publish of others; it is no difference of ours."""
    stage.apply(request=deploying())
    pets.put("404", "404", MethodKey("/pets", "POST"))
    found = stood(stage)

    assert (ExitCode.OK, ["POST /pets 404"]) == (
        found.exit_code,
        [item.title for one in found.stages for item in one.others],
    )
