"""The quotas of the model: which calls it throttles, and how."""

import pytest

from reconciler.sandbox.building import ApiBuilder, WebSocketBuilder
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane, SimulatedAws
from support.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """The clock of the quotas."""
    return FakeClock()


@pytest.fixture
def aws(clock: FakeClock) -> SimulatedAws:
    """An AWS that throttles."""
    simulated = SimulatedAws()
    simulated.enforce_quotas(clock.monotonic)
    return simulated


def passed(plane: ControlPlane, operation: str, times: int, **parameters: str) -> int:
    """Return how many of so many calls are not throttled."""
    count = 0
    for _ in range(times):
        try:
            plane.call(operation, **parameters)
        except ModelError as error:
            count += error.status != 429
        else:
            count += 1
    return count


def test_burst_and_rate_of_all_operations(aws: SimulatedAws, clock: FakeClock) -> None:
    """Forty calls at once, then ten a second, whatever they are."""
    plane = aws.plane()
    first = passed(plane, "GetRestApis", 30) + passed(plane, "GetApis", 30)
    clock.time += 1

    assert (40, 10) == (first, passed(plane, "GetRestApis", 30))


def test_operation_with_a_quota_of_its_own(aws: SimulatedAws, clock: FakeClock) -> None:
    """GetResources: five at once, then five in two seconds; others go on meanwhile."""
    plane = aws.plane()
    first = passed(plane, "GetResources", 9, restApiId="none")
    others = passed(plane, "GetRestApis", 9)
    clock.time += 2

    assert (5, 9, 5) == (first, others, passed(plane, "GetResources", 9, restApiId="none"))


def test_accounts_and_regions_have_quotas_of_their_own(aws: SimulatedAws) -> None:
    """What one has used up, the others have not."""
    places = [("123456789012", "eu-west-1"), ("123456789012", "us-east-1"), ("210987654321", "eu-west-1")]

    assert [40, 40, 40] == [passed(aws.plane(*place), "GetRestApis", 50) for place in places]


def test_throttled_call_has_no_effect_and_is_recorded(aws: SimulatedAws) -> None:
    """A write that AWS throttles changes nothing."""
    plane = aws.plane()
    created = [passed(plane, "CreateRestApi", 1, name=name) for name in ("one", "two")]

    assert ([1, 0], 2) == (created, len(plane.calls.of("CreateRestApi")))
    assert ["one"] == [api["name"] for api in plane.call("GetRestApis")["items"]]


def test_only_rest_apis_say_when_to_try_again(aws: SimulatedAws) -> None:
    """Retry-After is in whole seconds; the operations of WebSocket APIs have no such header."""
    plane = aws.plane()
    refusals = []
    for operation in ("GetResources", "GetRoutes"):
        parameters = {"restApiId": "none"} if operation == "GetResources" else {"ApiId": "none"}
        passed(plane, operation, 50, **parameters)
        with pytest.raises(ModelError) as raised:
            plane.call(operation, **parameters)
        refusals.append((raised.value.status, raised.value.code, raised.value.retry_after))

    assert [(429, "TooManyRequestsException", 1), (429, "TooManyRequestsException", None)] == refusals


def test_lookups_of_cloudtrail_are_not_counted(aws: SimulatedAws) -> None:
    """They are calls to another service."""
    plane = aws.plane()

    assert (50, 40) == (passed(plane, "LookupEvents", 50), passed(plane, "GetRestApis", 50))


def test_quotas_are_enforced_from_now_on(clock: FakeClock) -> None:
    """What was built before is not held against anybody, and a throttled AWS starts with full bursts."""
    simulated = SimulatedAws()
    plane = simulated.plane()
    for number in range(20):
        ApiBuilder(plane, f"rest{number}")
        WebSocketBuilder(plane, f"chat{number}")
    simulated.enforce_quotas(clock.monotonic)

    assert 40 == passed(plane, "GetRestApis", 50)


def test_without_quotas_nothing_is_throttled() -> None:
    """They are off by default."""
    assert 500 == passed(SimulatedAws().plane(), "GetRestApis", 500)
