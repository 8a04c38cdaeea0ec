"""Stages and deployments through the adapter against the sandbox: trouble on the way. What is served is in `ports/`."""

import pytest

from reconciler import errors
from reconciler.models.targets import Target
from reconciler.normal import as_exported
from reconciler.ports import Connection
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from support.deployed import KINDS, serving


@KINDS
@pytest.mark.parametrize(
    ("fault", "effect"),
    [
        (faults.Dropped(), False),
        (faults.server_error(), False),
        (faults.LostAnswer(), True),
        (faults.Truncated(), True),
    ],
)
def test_lost_deployment_is_settled_by_looking(
    connection: Connection, plane: ControlPlane, target: Target, fault: faults.Fault, *, effect: bool
) -> None:
    """It is sent once, and what the stage serves tells whether it took effect."""
    before = serving(connection, target)
    plane.faults.add(fault, "CreateDeployment")
    with pytest.raises(errors.AnswerLost):
        connection.open_writer().deploy(target, "prod", "")

    assert effect == (before != serving(connection, target))
    assert 1 == len(plane.calls.of("CreateDeployment"))


@KINDS
@pytest.mark.parametrize("fault", [faults.throttled(3), faults.concurrent_modification()])
def test_deployment_that_was_turned_away_gets_through(
    connection: Connection, plane: ControlPlane, target: Target, fault: faults.Fault
) -> None:
    """It costs one more call and makes one deployment."""
    plane.faults.add(fault, "CreateDeployment", times=2)
    made = connection.open_writer().deploy(target, "prod", "")

    assert (made.id, 3) == (serving(connection, target), len(plane.calls.of("CreateDeployment")))


@pytest.mark.parametrize("fault", [faults.throttled(3), faults.Dropped(), faults.Truncated(), faults.unavailable()])
def test_export_gets_through(connection: Connection, plane: ControlPlane, target: Target, fault: faults.Fault) -> None:
    """Passing trouble costs one more call, and the whole API is there."""
    plane.faults.add(fault, "GetExport")
    draft, served = connection.reader.rest_api(target), connection.reader.deployed(target, "prod")

    assert (as_exported(draft), 2) == (as_exported(served), len(plane.calls.of("GetExport")))


@KINDS
@pytest.mark.parametrize("fault", [faults.Dropped(), faults.LostAnswer(), faults.Truncated(), faults.server_error()])
def test_pointing_gets_through(
    connection: Connection, plane: ControlPlane, target: Target, fault: faults.Fault
) -> None:
    """Passing trouble costs one more call."""
    before = serving(connection, target)
    connection.open_writer().deploy(target, "prod", "")
    plane.faults.add(fault, "UpdateStage")
    connection.open_writer().point_stage(target, "prod", before)

    assert (before, 2) == (serving(connection, target), len(plane.calls.of("UpdateStage")))
