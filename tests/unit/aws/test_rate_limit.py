"""Client-side rate limits: token buckets per account and region."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.aws.clock import BoundedClock
from reconciler.aws.operations import OPERATIONS
from reconciler.aws.rate_limit import OPERATION_QUOTAS, RateLimiters
from reconciler.aws.token_bucket import Quota, TokenBucket
from reconciler.deadline import limited_time
from reconciler.errors import Interrupted, TimedOut
from reconciler.models.targets import Kind
from support.clock import FakeClock

PUT = "PutIntegrationResponse"
READ = "GetResources"


class StoppingClock(FakeClock):
    """A clock whose first sleep is ended by Ctrl-C."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop

    def sleep(self, seconds: float) -> None:
        """Record the sleep and return at once."""
        super().sleep(0.0 * seconds)
        self._stop.set()


def send_times(operations: list[str], share: float | None) -> list[float]:
    """Return when each of these calls may be sent, made one after another."""
    clock = FakeClock()
    limiter = RateLimiters(clock, threading.Event(), share).limiter("123456789012", "eu-west-1")
    times = []
    for operation in operations:
        limiter.wait(operation)
        times.append(clock.time)
    return times


def test_burst_passes_at_once() -> None:
    """The whole quota lets 40 calls pass before any waits."""
    assert [0.0] * 40 == send_times([PUT] * 40, 1.0)


def test_total_rate() -> None:
    """After the burst, ten calls a second pass."""
    times = send_times([PUT] * 43, 1.0)

    assert [0.1, 0.2, 0.3] == pytest.approx(times[40:])


def test_share_scales_rate_and_burst() -> None:
    """Half the quota is a burst of 20, then five a second."""
    times = send_times([PUT] * 22, 0.5)

    assert [0.0, 0.2, 0.4] == pytest.approx(times[19:])


def test_tiny_share_still_lets_calls_pass() -> None:
    """However small the share, one call at a time passes."""
    times = send_times([PUT] * 2, 0.001)

    assert [0.0, 100.0] == pytest.approx(times)


def test_bulk_reads_have_their_own_quota() -> None:
    """GetResources: five at once, then five in two seconds."""
    times = send_times([READ] * 7, 1.0)

    assert [0.0, 0.4, 0.8] == pytest.approx(times[4:])


def test_deployments_have_their_own_quota() -> None:
    """CreateDeployment: one in five seconds."""
    assert [0.0, 5.0, 10.0] == pytest.approx(send_times(["CreateDeployment"] * 3, 1.0))


def test_call_that_is_stopped_leaves_the_queue() -> None:
    """A wait that ends with an exception, such as that of a deadline, holds up nobody behind it."""
    clock = FakeClock()
    limiter = RateLimiters(clock, threading.Event(), 0.001).limiter("123456789012", "eu-west-1")
    limiter.wait(PUT)
    waiting = limiter.waits(PUT)
    next(waiting)
    waiting.close()

    assert 100.0 == pytest.approx(limiter.read_delay(Kind.WEBSOCKET_API))


def test_scarce_operation_goes_first() -> None:
    """GetResources gets the next token of the account's quota, before eight calls without one of their own."""
    clock = FakeClock()
    limiter = RateLimiters(clock, threading.Event(), 1.0).limiter("123456789012", "eu-west-1")
    for _ in range(40):
        limiter.wait(PUT)
    others = [limiter.waits(PUT) for _ in range(8)]
    for other in others:
        next(other)
    limiter.wait(READ)

    assert (0.1, 0.9) == pytest.approx((clock.time, clock.time + next(others[-1])))


def test_waiting_reads_hold_up_no_writes() -> None:
    """A call that waits for its own quota takes its token of the account's quota only when it passes."""
    times = send_times([READ] * 45 + [PUT] * 30, 1.0)

    assert {times[44]} == set(times[45:])


def test_no_share_means_no_limit() -> None:
    """Without a share no call waits."""
    assert [0.0] * 500 == send_times([READ] * 500, None)


@pytest.mark.parametrize("share", [0.0, -1.0, 1.1, float("nan")])
def test_impossible_share_is_refused(share: float) -> None:
    """A share must be above 0 and at most 1."""
    with pytest.raises(ValueError, match="quota share"):
        RateLimiters(FakeClock(), threading.Event(), share)


def test_regions_do_not_share_a_limiter() -> None:
    """A quota that is used up in one region is available in another."""
    clock = FakeClock()
    limiters = RateLimiters(clock, threading.Event(), 1.0)
    for _ in range(40):
        limiters.limiter("123456789012", "eu-west-1").wait(PUT)
    limiters.limiter("123456789012", "us-east-1").wait(PUT)

    assert [] == clock.naps


def test_connections_to_one_region_share_a_limiter() -> None:
    """The quota is the account's: there is one limiter for each account and region."""
    limiters = RateLimiters(FakeClock(), threading.Event(), 1.0)

    assert limiters.limiter("123456789012", "eu-west-1") is limiters.limiter("123456789012", "eu-west-1")


def test_throttling_discards_the_burst_and_halves_the_rate() -> None:
    """When AWS throttles a call, the saved tokens are discarded, and the next call waits twice as long."""
    clock = FakeClock()
    limiter = RateLimiters(clock, threading.Event(), 1.0).limiter("123456789012", "eu-west-1")
    limiter.throttled(PUT, limiter.wait(PUT))
    limiter.wait(PUT)

    assert [0.2] == pytest.approx(clock.naps)


def test_throttled_read_slows_the_account_down() -> None:
    """AWS does not say which quota was exceeded: both the operation's and the account's shrink."""
    clock = FakeClock()
    limiter = RateLimiters(clock, threading.Event(), 1.0).limiter("123456789012", "eu-west-1")
    limiter.throttled(READ, limiter.wait(READ))
    limiter.wait(READ)
    after_read = clock.time
    limiter.wait(PUT)

    assert (0.8, 0.8) == pytest.approx((after_read, clock.time))


def test_throttling_in_one_account_slows_no_other_down() -> None:
    """Nor another region of the same account."""
    limiters = RateLimiters(clock := FakeClock(), threading.Event(), 1.0)
    throttled = limiters.limiter("123456789012", "eu-west-1")
    throttled.throttled(PUT, throttled.wait(PUT))
    for account_id, region in (("123456789012", "us-east-1"), ("210987654321", "eu-west-1")):
        limiters.limiter(account_id, region).wait(PUT)

    assert [] == clock.naps


def test_rate_recovers_while_a_call_waits() -> None:
    """A call that waits at the low rate looks again every second, and passes earlier once the rate has grown."""
    clock = FakeClock()
    limiter = RateLimiters(clock, threading.Event(), 0.01).limiter("123456789012", "eu-west-1")
    for _ in range(3):
        sent_at = limiter.wait(PUT)
        clock.time += 0.5
        limiter.throttled(PUT, sent_at)
    waiting = limiter.waits(PUT)
    before = next(waiting)
    for _ in range(12):
        clock.time += 5.0
        limiter.succeeded(PUT, clock.time)

    assert (1.0, True) == (before, sum(waiting, 0.0) <= 1.0)


def test_first_call_of_a_read_waits_for_the_scarcest_quota() -> None:
    """A REST API needs GetResources, a WebSocket API only the account's quota."""
    clock = FakeClock()
    limiter = RateLimiters(clock, threading.Event(), 1.0).limiter("123456789012", "eu-west-1")
    fresh = limiter.read_delay(Kind.REST_API)
    for _ in range(5):
        limiter.wait(READ)

    assert (0.0, 0.4, 0.0) == pytest.approx(
        (fresh, limiter.read_delay(Kind.REST_API), limiter.read_delay(Kind.WEBSOCKET_API))
    )


def test_first_call_of_a_read_has_no_delay_without_quotas() -> None:
    """None, not 0: nothing bounds how many reads may run at once."""
    limiter = RateLimiters(FakeClock(), threading.Event(), None).limiter("123456789012", "eu-west-1")

    assert limiter.read_delay(Kind.REST_API) is None


def test_every_operation_with_a_quota_is_one_that_is_called() -> None:
    """A quota under a misspelt name would never be applied."""
    assert set() == set(OPERATION_QUOTAS) - {operation.name for operation in OPERATIONS}


def test_stop_ends_the_wait() -> None:
    """A call that waits when the run is asked to stop is not sent."""
    stop = threading.Event()
    clock = StoppingClock(stop)
    limiter = RateLimiters(clock, stop, 0.001).limiter("123456789012", "eu-west-1")
    limiter.wait(PUT)

    with pytest.raises(Interrupted):
        limiter.wait(PUT)


def test_nothing_passes_after_stop() -> None:
    """After the stop signal, even a call that need not wait is not sent."""
    stop = threading.Event()
    stop.set()

    with pytest.raises(Interrupted):
        RateLimiters(FakeClock(), stop, None).limiter("123456789012", "eu-west-1").wait(PUT)


def test_every_thread_gets_its_own_place() -> None:
    """Calls that arrive at one moment on many threads pass one after another."""
    bucket = TokenBucket(Quota(calls=10, seconds=1, burst=40), 0.0)
    places: list[float] = []

    def take_often() -> None:
        places.extend(bucket.admit(bucket.join(), 0.0) for _ in range(20))

    threads = [threading.Thread(target=take_often) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [0.0] * 40 + [place / 10 for place in range(1, 161)] == pytest.approx(sorted(places))


@settings(max_examples=50, deadline=None)
@given(
    operations=st.lists(st.sampled_from([PUT, READ, "CreateDeployment"]), max_size=80),
    share=st.floats(min_value=0.05, max_value=1.0),
)
def test_no_window_exceeds_the_quota(operations: list[str], share: float) -> None:
    """In no period do more calls pass than the burst and the tokens of that period."""
    times = send_times(operations, share)
    rate, burst = 10 * share, max(1.0, 40 * share)
    excess = [
        (end - begin + 1) - (burst + (times[end] - times[begin]) * rate)
        for begin in range(len(times))
        for end in range(begin, len(times))
    ]

    assert max(excess, default=0.0) <= 1e-6


def test_lookups_have_a_quota_of_their_own() -> None:
    """CloudTrail's two a second, however many calls to API Gateway are waiting."""
    clock = FakeClock()
    limiters = RateLimiters(clock, threading.Event(), 1.0)
    for _ in range(60):
        limiters.limiter("123456789012", "eu-west-1").wait(PUT)
    started = clock.time
    trail = limiters.trail_limiter("123456789012", "eu-west-1")
    for _ in range(4):
        trail.wait("LookupEvents")

    assert 1.0 == pytest.approx(clock.time - started)


def test_one_trail_limiter_for_each_account_and_region() -> None:
    """Two environments of one account share it."""
    limiters = RateLimiters(FakeClock(), threading.Event(), 1.0)

    assert limiters.trail_limiter("1", "eu-west-1") is limiters.trail_limiter("1", "eu-west-1")
    assert limiters.trail_limiter("1", "eu-west-1") is not limiters.trail_limiter("1", "us-east-1")


def test_without_a_rate_limit_lookups_have_none() -> None:
    """`--quota-share off` is for sandboxes."""
    clock = FakeClock()
    trail = RateLimiters(clock, threading.Event(), None).trail_limiter("123456789012", "eu-west-1")
    for _ in range(100):
        trail.wait("LookupEvents")

    assert [] == clock.naps


def test_call_that_would_come_too_late_fails_at_once_and_takes_no_token() -> None:
    """Who waits behind it is not held up by a call that is never sent."""
    clock = FakeClock()
    limiter = RateLimiters(clock, threading.Event(), 1.0).limiter("123456789012", "eu-west-1")
    for _ in range(40):
        limiter.wait(PUT)
    with limited_time(0.05, clock.time, TimedOut("late")):
        for _ in range(20):
            with pytest.raises(TimedOut):
                limiter.wait(PUT)

    assert 0.0 == clock.time
    assert pytest.approx(0.1) == limiter.wait(PUT)


def test_wait_that_grows_beyond_the_deadline_ends() -> None:
    """AWS throttles others meanwhile, so that the call cannot be sent any more."""
    clock = FakeClock()
    limiter = RateLimiters(BoundedClock(clock), threading.Event(), 1.0).limiter("123456789012", "eu-west-1")
    for _ in range(40):
        limiter.wait(PUT)
    with limited_time(0.15, clock.time, TimedOut("late")):
        waits = limiter.waits(PUT)
        clock.sleep(next(waits) / 2)
        limiter.throttled(PUT, clock.time)
        with pytest.raises(TimedOut):
            limiter.wait(PUT)
