"""A token bucket: its rate after AWS throttled calls, and how it recovers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.aws.token_bucket import MIN_RATE, RECOVERY_SECONDS, Quota, TokenBucket

QUOTA = Quota(calls=10, seconds=1, burst=40)


def admit(bucket: TokenBucket, now: float) -> float:
    """Return when the next call is admitted that arrives now."""
    ticket = bucket.join()
    while seconds := bucket.admit(ticket, now):
        now += seconds
    return now


def test_saved_burst_is_dropped_at_once() -> None:
    """After a throttled call nothing passes without a wait."""
    bucket = TokenBucket(QUOTA, 0.0)
    bucket.throttled(0.0, 1.0)

    assert 1.2 == pytest.approx(admit(bucket, 1.0))


def test_rate_halves() -> None:
    """Each throttled call that was sent at the present rate halves it."""
    bucket = TokenBucket(QUOTA, 0.0)
    bucket.throttled(0.0, 1.0)
    bucket.throttled(1.5, 2.0)

    assert 2.5 == bucket.rate


def test_calls_in_flight_shrink_the_rate_once() -> None:
    """Eight calls that AWS throttles together are one message, even if their answers arrive one after another."""
    bucket = TokenBucket(QUOTA, 0.0)
    for number in range(8):
        bucket.throttled(sent_at=number / 100, now=1.0 + number)

    assert 5.0 == bucket.rate


def test_rate_has_a_floor() -> None:
    """However often AWS throttles, some calls pass: without them nothing would show that the quota is free again."""
    bucket = TokenBucket(QUOTA, 0.0)
    for number in range(20):
        bucket.throttled(sent_at=2.0 * number, now=2.0 * number + 1)

    assert 10 * MIN_RATE == bucket.rate


def test_successful_calls_restore_the_rate() -> None:
    """With the time in which calls succeed, and never above the quota."""
    bucket = TokenBucket(QUOTA, 0.0)
    bucket.throttled(sent_at=-1.0, now=0.0)
    rates = []
    for second in range(1, round(RECOVERY_SECONDS)):
        bucket.succeeded(sent_at=second - 0.5, now=float(second))
        rates.append(bucket.rate)

    assert 5 + 10 / RECOVERY_SECONDS == pytest.approx(rates[0])
    assert 10.0 == pytest.approx(rates[round(RECOVERY_SECONDS / 2) - 1]) == max(rates)


def test_pause_restores_little() -> None:
    """While nothing is sent, nothing shows that the quota is free."""
    bucket = TokenBucket(QUOTA, 0.0)
    bucket.throttled(sent_at=-1.0, now=0.0)
    bucket.succeeded(sent_at=3600.0, now=3600.0)

    assert 6.0 > bucket.rate


def test_success_of_a_call_sent_before_says_nothing() -> None:
    """It was sent at the rate that turned out too high."""
    bucket = TokenBucket(QUOTA, 0.0)
    bucket.throttled(sent_at=0.5, now=1.0)
    bucket.succeeded(sent_at=0.9, now=2.0)

    assert 5.0 == bucket.rate


def test_burst_shrinks_with_the_rate() -> None:
    """What is saved at half the rate is half the burst."""
    bucket = TokenBucket(QUOTA, 0.0)
    bucket.throttled(0.0, 1.0)
    times = [admit(bucket, 1000.0) for _ in range(22)]

    assert [1000.0, 1000.2, 1000.4] == pytest.approx(times[19:])


def test_waiting_calls_follow_the_new_rate() -> None:
    """A call that is queued when the rate halves waits twice as long for the rest."""
    bucket = TokenBucket(Quota(1, 1, 1), 0.0)
    admit(bucket, 0.0)
    ticket = bucket.join()
    before = bucket.admit(ticket, 0.0)
    bucket.throttled(0.0, 0.0)

    assert (1.0, 2.0) == pytest.approx((before, bucket.admit(ticket, 0.0)))


def test_delay_is_that_of_the_next_call() -> None:
    """Without taking a ticket."""
    bucket = TokenBucket(Quota(1, 1, 1), 0.0)
    delays = [bucket.delay(0.0), bucket.delay(0.0)]
    admit(bucket, 0.0)
    bucket.join()

    assert [0.0, 0.0, 2.0] == pytest.approx([*delays, bucket.delay(0.0)])


def test_clock_that_runs_backwards_gives_no_tokens() -> None:
    """Threads read the clock before they reach the bucket, so that times may come in any order."""
    bucket = TokenBucket(Quota(1, 1, 1), 10.0)
    admit(bucket, 10.0)

    assert [1.0, 1.0] == pytest.approx([bucket.delay(9.0), bucket.delay(10.0)])


def test_calls_are_admitted_in_the_order_of_their_arrival() -> None:
    """Whichever of them asks first when there is a token."""
    bucket = TokenBucket(Quota(1, 1, 1), 0.0)
    admit(bucket, 0.0)
    first, second = bucket.join(), bucket.join()

    assert [1.0, 0.0, 0.0] == [bucket.admit(second, 1.0), bucket.admit(first, 1.0), bucket.admit(second, 2.0)]


def test_call_that_goes_first_gets_the_next_token() -> None:
    """The others wait for one token more, and calls that go first keep their own order."""
    bucket = TokenBucket(Quota(1, 1, 1), 0.0)
    admit(bucket, 0.0)
    last = bucket.join()
    first, second = bucket.join(first=True), bucket.join(first=True)

    assert [3.0, 1.0, 2.0] == pytest.approx([bucket.admit(ticket, 0.0) for ticket in (last, first, second)])
    assert (4.0, 3.0) == pytest.approx((bucket.delay(0.0), bucket.delay(0.0, first=True)))


def test_call_that_leaves_the_queue_holds_nobody_up() -> None:
    """It has taken no token; leaving twice is harmless."""
    bucket = TokenBucket(Quota(1, 1, 1), 0.0)
    admit(bucket, 0.0)
    first, second = bucket.join(), bucket.join()
    bucket.leave(first)
    bucket.leave(first)

    assert 1.0 == bucket.admit(second, 0.0)


@given(st.lists(st.tuples(st.sampled_from("tsw"), st.floats(0, 3)), max_size=60))
def test_rate_stays_between_floor_and_quota(events: list[tuple[str, float]]) -> None:
    """Whatever is throttled, succeeds or waits, in whatever order."""
    bucket = TokenBucket(QUOTA, 0.0)
    now = 0.0
    for event, pause in events:
        sent_at, now = now, now + pause
        match event:
            case "t":
                bucket.throttled(sent_at, now)
            case "s":
                bucket.succeeded(sent_at, now)
            case _:
                now = admit(bucket, now)

    assert 10 * MIN_RATE <= bucket.rate <= 10


def test_rate_settles_at_what_others_leave() -> None:
    """Others use seven of ten calls a second: at a full share we send about three, and few calls are throttled."""
    aws = TokenBucket(QUOTA, 0.0)
    bucket = TokenBucket(QUOTA, 0.0)
    others = itertools.count(0.0, 1 / 7)
    other_at, now, passed, throttled = next(others), 0.0, 0, 0
    while now < 600:
        now = admit(bucket, now)
        while other_at <= now:
            if not aws.delay(other_at):
                admit(aws, other_at)
            other_at = next(others)
        if aws.delay(now):
            throttled += 1
            bucket.throttled(now, now + 0.01)
            now += 0.02
        else:
            admit(aws, now)
            passed += 1
            bucket.succeeded(now, now)

    assert 2.5 < passed / now < 5
    assert throttled < passed / 25
