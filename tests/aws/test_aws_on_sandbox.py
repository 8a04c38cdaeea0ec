"""The adapter against the sandbox: what is written comes back, and trouble on the way leaves no trace."""

import pytest

from reconciler.errors import ApiNotFound, BadRequest, Conflict
from reconciler.models.keys import MethodKey
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import ResponseRef, Target
from reconciler.models.views import live_methods
from reconciler.ports import Connection
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID

HEADER = "method.response.header.X-New"
RICH = RestResponse(
    selection_pattern=".*new.*",
    content_handling="CONVERT_TO_TEXT",
    response_parameters={HEADER: "'é'"},
    response_templates={"application/json": "", "text/html": "<b>\u2028</b>"},
)


@pytest.fixture
def ref(connection: Connection, plane: ControlPlane) -> ResponseRef:
    """A status of GET /health that nobody has used yet."""
    scope = MethodKey("/health", "GET")
    target = Target(connection.account_id, connection.region, MINIMAL_ID)
    live = live_methods(connection.reader.rest_api(target))[scope]
    free = next(
        str(code) for code in range(400, 600) if {str(code)}.isdisjoint({*live.responses, *live.method_responses})
    )
    plane.calls.clear()
    return ResponseRef(MINIMAL_ID, live.resource_id, scope, free)


def test_what_is_written_is_read_back(connection: Connection, ref: ResponseRef) -> None:
    """Every field survives the way to AWS and back, in normal form."""
    writer = connection.open_writer()
    writer.put_method_response(ref, [HEADER])
    writer.put_response(ref, RICH)
    found = connection.reader.response(ref)
    writer.delete_response(ref)

    assert RICH == found


def test_parameters_are_added(connection: Connection, ref: ResponseRef) -> None:
    """A method response keeps what it had."""
    writer = connection.open_writer()
    writer.put_method_response(ref, [HEADER])
    writer.add_parameters(ref, [f"{HEADER}-2"])

    assert MethodResponse(frozenset({HEADER, f"{HEADER}-2"})) == connection.reader.method_response(ref)


def test_method_response_that_exists(connection: Connection, ref: ResponseRef) -> None:
    """A second PutMethodResponse is a conflict."""
    connection.open_writer().put_method_response(ref, [])

    with pytest.raises(Conflict):
        connection.open_writer().put_method_response(ref, [])


def test_undeclared_header_is_refused(connection: Connection, ref: ResponseRef) -> None:
    """What AWS refuses is told in its words."""
    with pytest.raises(BadRequest, match="No method response exists for method"):
        connection.open_writer().put_response(ref, RestResponse(response_parameters={HEADER: "'x'"}))


def test_deleting_what_is_not_there(connection: Connection, ref: ResponseRef) -> None:
    """AWS answers 404: nothing was deleted."""
    assert not connection.open_writer().delete_response(ref)


def test_absent_responses(connection: Connection, ref: ResponseRef) -> None:
    """Neither the response nor the method response is there."""
    assert (None, None) == (connection.reader.response(ref), connection.reader.method_response(ref))


def test_unknown_api(connection: Connection) -> None:
    """An API that is not there is no empty API."""
    with pytest.raises(ApiNotFound, match="no REST API nosuchapi1"):
        connection.reader.rest_api(Target(connection.account_id, connection.region, "nosuchapi1"))


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
    found = connection.reader.response(ref)
    connection.open_writer().delete_response(ref)

    assert (pattern, 2) == (found, len(plane.calls.of("PutIntegrationResponse")))


@pytest.mark.parametrize("fault", [faults.Dropped(), faults.LostAnswer(), faults.Truncated()])
def test_delete_gets_through(
    connection: Connection, plane: ControlPlane, ref: ResponseRef, fault: faults.Fault
) -> None:
    """Whether or not the lost try took effect, it was this deletion that did it."""
    connection.open_writer().put_response(ref, RestResponse(selection_pattern="to be deleted"))
    plane.faults.add(fault, "DeleteIntegrationResponse")

    assert connection.open_writer().delete_response(ref)
