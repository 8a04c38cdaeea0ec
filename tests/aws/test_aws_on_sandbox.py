"""The adapter against the sandbox: trouble on the way leaves no trace. What it reads and writes is in `ports/`."""

import pytest

from reconciler.models.responses import RestResponse
from reconciler.models.targets import ResponseRef
from reconciler.ports import Connection
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane


@pytest.mark.parametrize(
    "fault",
    [
        faults.throttled(3),
        faults.server_error(),
        faults.unavailable(1),
        faults.concurrent_modification(),
        faults.Dropped(),
        faults.LostAnswer(),
        faults.Truncated(),
    ],
)
def test_put_gets_through(connection: Connection, plane: ControlPlane, ref: ResponseRef, fault: faults.Fault) -> None:
    """Passing trouble costs one more call, and the response is there."""
    plane.faults.add(fault, "PutIntegrationResponse")
    pattern = RestResponse(selection_pattern="gets through")
    connection.open_writer().put_response(ref, pattern)

    assert (pattern, 2) == (connection.reader.response(ref), len(plane.calls.of("PutIntegrationResponse")))


@pytest.mark.parametrize("fault", [faults.Dropped(), faults.LostAnswer(), faults.Truncated()])
def test_delete_gets_through(
    connection: Connection, plane: ControlPlane, ref: ResponseRef, fault: faults.Fault
) -> None:
    """Whether or not the lost try took effect, it was this deletion that did it."""
    connection.open_writer().put_response(ref, RestResponse(selection_pattern="to be deleted"))
    plane.faults.add(fault, "DeleteIntegrationResponse")

    assert connection.open_writer().delete_response(ref)
