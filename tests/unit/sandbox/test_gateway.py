"""The in-memory cloud: the ports over the model."""

from collections.abc import Callable

import pytest

from reconciler import errors
from reconciler.models.keys import MethodKey
from reconciler.models.live import ApiSummary
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import Coordinates, ResponseRef, Target
from reconciler.models.views import live_methods
from reconciler.ports import Connection
from reconciler.sandbox.building import big_api
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION
from reconciler.sandbox.seed import MINIMAL_ID, PETSTORE_ID

MINIMAL = Target(ACCOUNT_ID, REGION, MINIMAL_ID)


@pytest.fixture
def health(connection: Connection) -> ResponseRef:
    """Where `minimal: GET /health 503` is, or would be."""
    scope = MethodKey("/health", "GET")
    resource_id = live_methods(connection.reader.rest_api(MINIMAL))[scope].resource_id
    return ResponseRef(MINIMAL_ID, resource_id, scope, "503")


def test_connection_knows_account_and_region(cloud: InMemoryCloud) -> None:
    """The region asked for is the region connected to."""
    connection = cloud.connect(Coordinates(region="us-east-1"))

    assert (ACCOUNT_ID, "us-east-1") == (connection.account_id, connection.region)


def test_regions_are_apart(cloud: InMemoryCloud) -> None:
    """What one region holds another does not."""
    assert [] == list(cloud.connect(Coordinates(region="us-east-1")).reader.rest_apis())


def test_apis_are_listed(connection: Connection) -> None:
    """Every API of the region is there by id and name."""
    assert ApiSummary(PETSTORE_ID, "petstore") in connection.reader.rest_apis()


def test_unknown_api_is_an_error(connection: Connection) -> None:
    """An API that is not there is never an empty one."""
    with pytest.raises(errors.ApiNotFound, match="gone"):
        connection.reader.rest_api(Target(ACCOUNT_ID, REGION, "gone"))


def test_one_read_gives_the_whole_api(cloud: InMemoryCloud, connection: Connection) -> None:
    """An API of up to 500 resources is one call."""
    cloud.plane().calls.clear()
    connection.reader.rest_api(MINIMAL)

    assert ["GetResources"] == cloud.plane().calls.names()


def test_big_api_is_read_page_by_page(cloud: InMemoryCloud, connection: Connection) -> None:
    """Beyond 500 resources further pages are fetched, and everything arrives."""
    api_id = big_api(cloud.plane(), resources=501, methods=1, responses=1)
    live = connection.reader.rest_api(Target(ACCOUNT_ID, REGION, api_id))

    assert (501, ["GetResources"] * 2) == (len(live.methods), cloud.plane().calls.names())


def test_written_response_reads_back(connection: Connection, health: ResponseRef) -> None:
    """A response that was put is read back equal."""
    wanted = RestResponse(selection_pattern="5..", response_templates={"application/json": ""})
    connection.open_writer().put_response(health, wanted)

    assert wanted == connection.reader.response(health)


def test_missing_response_is_none(connection: Connection, health: ResponseRef) -> None:
    """A status without response is None, not an error."""
    assert connection.reader.response(health) is None


def test_missing_method_is_an_error(connection: Connection, health: ResponseRef) -> None:
    """A method that is gone does not pass for a response that is not there."""
    gone = ResponseRef(health.api_id, health.resource_id, MethodKey("/health", "PUT"), "503")
    with pytest.raises(errors.NotFound):
        connection.reader.response(gone)


def test_delete_tells_whether_there_was_something(connection: Connection, health: ResponseRef) -> None:
    """The first delete finds the response, the second nothing."""
    writer = connection.open_writer()
    writer.put_response(health, RestResponse("5.."))

    assert (True, False) == (writer.delete_response(health), writer.delete_response(health))


def test_declared_headers_add_up(connection: Connection, health: ResponseRef) -> None:
    """A method response is created once and then extended."""
    writer = connection.open_writer()
    other = ResponseRef(health.api_id, health.resource_id, health.scope, "504")
    writer.put_method_response(other, ["method.response.header.A"])
    writer.add_parameters(other, ["method.response.header.B"])

    assert MethodResponse(
        frozenset({"method.response.header.A", "method.response.header.B"})
    ) == connection.reader.method_response(other)


def test_creating_a_method_response_twice_conflicts(connection: Connection, health: ResponseRef) -> None:
    """AWS overwrites no method response."""
    with pytest.raises(errors.Conflict):
        connection.open_writer().put_method_response(health, [])


@pytest.mark.parametrize(
    ("fault", "kind", "effect"),
    [
        (faults.throttled(3), errors.Throttled, False),
        (faults.quota_exceeded(), errors.QuotaExceeded, False),
        (faults.server_error(), errors.AnswerLost, False),
        (faults.unavailable(1), errors.AnswerLost, False),
        (faults.concurrent_modification(), errors.Conflict, False),
        (faults.access_denied("PUT", "/restapis/x"), errors.AccessDenied, False),
        (faults.NoConnection(), errors.Unreachable, False),
        (faults.Dropped(), errors.AnswerLost, False),
        (faults.LostAnswer(), errors.AnswerLost, True),
        (faults.Truncated(), errors.UnreadableAnswer, True),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)[:30]),
)
def test_fault_is_translated(
    cloud: InMemoryCloud, health: ResponseRef, fault: faults.Fault, kind: type[Exception], effect: bool
) -> None:
    """Each fault is one of our errors, and the call takes effect only where the fault says so."""
    connection = cloud.connect(Coordinates())
    cloud.plane().faults.add(fault, "PutIntegrationResponse")
    with pytest.raises(kind) as raised:
        connection.open_writer().put_response(health, RestResponse("5.."))

    assert (kind, effect) == (raised.type, connection.reader.response(health) is not None)


@pytest.mark.parametrize(
    ("queue", "outcomes"),
    [
        (lambda queue: queue.add(faults.throttled(), "GetRestApis", times=2), [False, False, True]),
        (lambda queue: queue.add(faults.throttled(), "GetResources"), [True, True, True]),
        (lambda queue: queue.add(faults.throttled(), when=lambda asked: asked["limit"] == 1), [True, True, True]),
        (lambda queue: queue.always(faults.throttled()), [False, False, False]),
        (lambda queue: (queue.always(faults.throttled()), queue.clear()), [True, True, True]),
    ],
)
def test_fault_fires_when_it_is_meant_to(
    cloud: InMemoryCloud, queue: Callable[[faults.FaultQueue], None], outcomes: list[bool]
) -> None:
    """A fault fires as often as it was queued, for the operation and the parameters that it was queued for."""
    queue(cloud.plane().faults)
    reader = cloud.connect(Coordinates()).reader

    def succeeds() -> bool:
        try:
            reader.rest_apis()
        except errors.Throttled:
            return False
        return True

    assert outcomes == [succeeds() for _ in range(3)]


def test_stale_answer_can_be_queued(cloud: InMemoryCloud, connection: Connection, health: ResponseRef) -> None:
    """An answer of before a write, given after it, is what an eventually consistent read looks like."""
    plane = cloud.plane()
    old = plane.call("GetResources", restApiId=MINIMAL_ID, embed=["methods"])
    connection.open_writer().put_response(health, RestResponse("5.."))
    plane.faults.add(faults.FixedAnswer(old), "GetResources")
    stale, fresh = (connection.reader.rest_api(MINIMAL).methods[health.scope].responses for _ in range(2))

    assert (["200"], ["200", "503"]) == (list(stale), list(fresh))
