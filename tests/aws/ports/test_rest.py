"""REST APIs and their responses, read and written by either way."""

import pytest

from reconciler import errors
from reconciler.models.keys import MethodKey
from reconciler.models.live import ApiSummary
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import Coordinates, ResponseRef, Target
from reconciler.models.views import live_methods
from reconciler.ports import Cloud, Connection
from reconciler.sandbox.building import big_api
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION, ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID, PETSTORE_ID

MINIMAL = Target(ACCOUNT_ID, REGION, MINIMAL_ID)
HEADER = "method.response.header.X-New"
RICH = RestResponse(
    selection_pattern=".*new.*",
    content_handling="CONVERT_TO_TEXT",
    response_parameters={HEADER: "'é'"},
    response_templates={"application/json": "", "text/html": "<b>\u2028</b>"},
)


def test_connection_knows_account_and_region(cloud: Cloud) -> None:
    """The region asked for is the region connected to."""
    connection = cloud.connect(Coordinates(region="us-east-1"))

    assert (ACCOUNT_ID, "us-east-1") == (connection.account_id, connection.region)


def test_regions_are_apart(cloud: Cloud) -> None:
    """What one region holds another does not."""
    assert [] == list(cloud.connect(Coordinates(region="us-east-1")).reader.rest_apis())


def test_apis_are_listed(connection: Connection) -> None:
    """Every API of the region is there by id and name."""
    assert ApiSummary(PETSTORE_ID, "petstore") in connection.reader.rest_apis()


def test_unknown_api(connection: Connection) -> None:
    """An API that is not there is no empty API."""
    with pytest.raises(errors.ApiNotFound, match="nosuchapi1"):
        connection.reader.rest_api(Target(ACCOUNT_ID, REGION, "nosuchapi1"))


def test_one_read_gives_the_whole_api(connection: Connection, plane: ControlPlane) -> None:
    """An API of up to 500 resources is one call."""
    connection.reader.rest_api(MINIMAL)

    assert ["GetResources"] == plane.calls.names()


def test_big_api_is_read_page_by_page(connection: Connection, plane: ControlPlane) -> None:
    """Beyond 500 resources further pages are fetched, and everything arrives."""
    api_id = big_api(plane, resources=501, methods=1, responses=1)
    plane.calls.clear()
    live = connection.reader.rest_api(Target(ACCOUNT_ID, REGION, api_id))

    assert (501, ["GetResources"] * 2) == (len(live_methods(live)), plane.calls.names())


def test_what_is_written_is_read_back(connection: Connection, ref: ResponseRef) -> None:
    """Every field survives the way to AWS and back, in normal form."""
    writer = connection.open_writer()
    writer.put_method_response(ref, [HEADER])
    writer.put_response(ref, RICH)

    assert RICH == connection.reader.response(ref)


def test_absent_responses(connection: Connection, ref: ResponseRef) -> None:
    """Neither the response nor the method response is there: that is None, not an error."""
    assert (None, None) == (connection.reader.response(ref), connection.reader.method_response(ref))


def test_missing_method_is_an_error(connection: Connection, ref: ResponseRef) -> None:
    """A method that is gone does not pass for a response that is not there."""
    gone = ResponseRef(ref.api_id, ref.resource_id, MethodKey("/health", "PUT"), ref.code)
    with pytest.raises(errors.NotFound):
        connection.reader.response(gone)


def test_delete_tells_whether_there_was_something(connection: Connection, ref: ResponseRef) -> None:
    """The first delete finds the response, the second nothing."""
    writer = connection.open_writer()
    writer.put_response(ref, RestResponse("to be deleted"))

    assert (True, False) == (writer.delete_response(ref), writer.delete_response(ref))


def test_declared_headers_add_up(connection: Connection, ref: ResponseRef) -> None:
    """A method response is created once and then extended: it keeps what it had."""
    writer = connection.open_writer()
    writer.put_method_response(ref, [HEADER])
    writer.add_parameters(ref, [f"{HEADER}-2"])

    assert MethodResponse(frozenset({HEADER, f"{HEADER}-2"})) == connection.reader.method_response(ref)


def test_creating_a_method_response_twice_conflicts(connection: Connection, ref: ResponseRef) -> None:
    """AWS overwrites no method response."""
    connection.open_writer().put_method_response(ref, [])

    with pytest.raises(errors.Conflict):
        connection.open_writer().put_method_response(ref, [])


def test_undeclared_header_is_refused(connection: Connection, ref: ResponseRef) -> None:
    """What AWS refuses is told in its words."""
    with pytest.raises(errors.BadRequest, match="No method response exists for method"):
        connection.open_writer().put_response(ref, RestResponse(response_parameters={HEADER: "'x'"}))
