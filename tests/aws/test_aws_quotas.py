"""The adapter against a sandbox that enforces quotas, with a clock that passes only by sleeping."""

import threading
from collections.abc import Callable, Iterator

import pytest

from reconciler.aws.session import AwsCloud
from reconciler.models.targets import Coordinates, Kind, Target
from reconciler.ports import Connection, IntegrationSelection, Usage
from reconciler.sandbox.building import big_api, big_websocket_api
from reconciler.sandbox.server import Server, serve
from support.clock import FakeClock

pytestmark = pytest.mark.usefixtures("settings")

ALL = IntegrationSelection(everything=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A local AWS with twelve REST APIs and six WebSocket APIs of ten integrations."""
    with serve(seed=False) as server:
        for number in range(12):
            big_api(server.aws.plane(), 2, 2, 2, name=f"rest{number}")
        for number in range(6):
            big_websocket_api(server.aws.plane(), 10, 2, name=f"chat{number}")
        yield server


@pytest.fixture
def connect(server: Server) -> Callable[[float | None], tuple[Connection, FakeClock]]:
    """Connects with a quota share, to an AWS whose quotas nobody has used."""

    def connect(share: float | None) -> tuple[Connection, FakeClock]:
        clock = FakeClock()
        server.aws.enforce_quotas(clock.monotonic)
        cloud = AwsCloud(clock, threading.Event(), share, parallelism=1)
        return cloud.connect(Coordinates("eu-west-1", endpoint_url=server.url)), clock

    return connect


def read_everything(connection: Connection) -> int:
    """Read every API by its listing, and return how many calls that has to take."""
    rest, websocket = connection.reader.rest_apis(), connection.reader.websocket_apis()
    for api in rest:
        connection.reader.rest_api(Target(connection.account_id, connection.region, api.id))
    for api in websocket:
        target = Target(connection.account_id, connection.region, api.id, Kind.WEBSOCKET_API, api.name)
        connection.reader.websocket_api(target, ALL)
    return 2 + len(rest) + len(websocket) * (2 + 10)


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_share_of_the_quota_is_never_throttled(
    connect: Callable[[float | None], tuple[Connection, FakeClock]], share: float
) -> None:
    """Not even with all of it; the fewest calls, as fast as the quotas allow for one call after another."""
    connection, clock = connect(share)
    calls = read_everything(connection)
    for_resources = (12 - 5 * share) / (2.5 * share)
    saved = min(40 * share, 40 * share - 14 + 10 * share * for_resources)

    assert Usage(calls) == connection.meter.usage()
    assert clock.time == pytest.approx(for_resources + (12 * 6 - saved) / (10 * share), rel=0.05)


def test_without_a_share_throttled_calls_succeed_in_the_end(
    connect: Callable[[float | None], tuple[Connection, FakeClock]],
) -> None:
    """Every call that AWS throttles is repeated, and counted."""
    connection, _ = connect(None)
    calls = read_everything(connection)
    usage = connection.meter.usage()

    assert usage.throttles > 0
    assert calls == usage.calls - usage.throttles
