"""The in-memory cloud: its faults. What it reads and writes is in `tests/aws/ports/`."""

from collections.abc import Callable

import pytest

from reconciler import errors
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Coordinates, ResponseRef, Target
from reconciler.models.views import live_methods
from reconciler.ports import Connection, Usage
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION
from reconciler.sandbox.seed import MINIMAL_ID

MINIMAL = Target(ACCOUNT_ID, REGION, MINIMAL_ID)


@pytest.fixture
def health(connection: Connection) -> ResponseRef:
    """Where `minimal: GET /health 503` is, or would be."""
    scope = MethodKey("/health", "GET")
    resource_id = live_methods(connection.reader.rest_api(MINIMAL))[scope].resource_id
    return ResponseRef(MINIMAL_ID, resource_id, scope, "503")


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


def test_meter_counts_calls_by_api(cloud: InMemoryCloud) -> None:
    """A listing counts in total only, and what is throttled counts as both; clearing the log changes nothing."""
    connection = cloud.connect(Coordinates())
    connection.reader.rest_apis()
    connection.reader.rest_api(MINIMAL)
    cloud.plane().faults.add(faults.throttled(), "GetResources")
    with pytest.raises(errors.Throttled):
        connection.reader.rest_api(MINIMAL)
    cloud.plane().calls.clear()

    assert (Usage(3, 1), Usage(2, 1)) == (connection.meter.usage(), connection.meter.usage(MINIMAL_ID))


def test_connections_have_meters_of_their_own(cloud: InMemoryCloud) -> None:
    """A meter counts from the moment when its connection was made."""
    cloud.connect(Coordinates()).reader.rest_apis()

    assert Usage() == cloud.connect(Coordinates()).meter.usage()
