"""Client-side rate limits: token buckets per account and region.

`RateLimiter.wait` returns when the call may be sent. Calls of one bucket pass in the order in which they arrived,
whatever thread they are on. When the run is asked to stop, a wait ends early and raises Interrupted, so that no call
follows. The clock is injected.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reconciler.errors import Interrupted
from reconciler.ports import Clock, StopSignal


@dataclass(frozen=True, slots=True)
class Quota:
    """`calls` per `seconds` on average, `burst` at once."""

    calls: float
    seconds: float
    burst: float

    def scaled(self, share: float) -> "Quota":
        """Return this share of the quota, but at least one call at a time."""
        return Quota(self.calls * share, self.seconds, max(1.0, self.burst * share))


ACCOUNT_QUOTA: Final = Quota(calls=10, seconds=1, burst=40)
"""All control-plane operations of an account and region together (Developer Guide, quotas; cannot be increased)."""

OPERATION_QUOTAS: Final[Mapping[str, Quota]] = MappingProxyType(
    {
        "GetResources": Quota(calls=5, seconds=2, burst=5),
        "CreateDeployment": Quota(calls=1, seconds=5, burst=1),
    }
)
"""Operations with their own quota, which count towards the account's quota as well (same source). The guide gives no
burst for these, so it is assumed to be the calls of one period."""


LOOKUP: Final = "LookupEvents"
LOOKUP_QUOTA: Final = Quota(calls=2, seconds=1, burst=2)
"""CloudTrail's LookupEvents in an account and region (service model), apart from API Gateway's quotas."""


class _TokenBucket:
    """Tokens that refill at a fixed rate. A negative count is the queue: each waiting caller owes one more token."""

    def __init__(self, quota: Quota, time: float) -> None:
        self._rate = quota.calls / quota.seconds
        self._burst = quota.burst
        self._tokens = quota.burst
        self._refilled_at = time
        self._lock = threading.Lock()

    def take(self, clock: Clock) -> float:
        """Take the next token and return the seconds until it is available."""
        with self._lock:
            self._refill(clock.monotonic())
            self._tokens -= 1
            return max(0.0, -self._tokens / self._rate)

    def drain(self, clock: Clock) -> None:
        """Discard the saved tokens; callers that already wait keep their places."""
        with self._lock:
            self._refill(clock.monotonic())
            self._tokens = min(self._tokens, 0.0)

    def _refill(self, time: float) -> None:
        self._tokens = min(self._burst, self._tokens + (time - self._refilled_at) * self._rate)
        self._refilled_at = time


class RateLimiter:
    """The limits of one account and region; without buckets, it only watches the stop signal."""

    def __init__(
        self, clock: Clock, stop: StopSignal, buckets: Mapping[str, _TokenBucket], account_bucket: _TokenBucket | None
    ) -> None:
        self._clock = clock
        self._stop = stop
        self._buckets = buckets
        self._account_bucket = account_bucket

    def wait(self, operation: str) -> None:
        """Wait until this operation may be sent: first for its own quota, then for the account's.

        In that order, so that a call that waits for its own quota does not hold a token of the account's meanwhile.
        Raises Interrupted.
        """
        for bucket in self._buckets_of(operation):
            seconds = bucket.take(self._clock)
            if seconds and not self._stop.is_set():
                self._clock.sleep(seconds)
        if self._stop.is_set():
            raise Interrupted(f"stopped before {operation} was sent")

    def throttled(self, operation: str) -> None:
        """Discard the saved tokens because AWS throttled the call: others use the same quota."""
        for bucket in self._buckets_of(operation):
            bucket.drain(self._clock)

    def _buckets_of(self, operation: str) -> list[_TokenBucket]:
        return [bucket for bucket in (self._buckets.get(operation), self._account_bucket) if bucket]


class RateLimiters:
    """The limiters of a run. `share` is the part of the quotas to use (above 0, at most 1), None for no limits."""

    def __init__(self, clock: Clock, stop: StopSignal, share: float | None) -> None:
        if share is not None and not 0 < share <= 1:
            raise ValueError(f"quota share {share} must be above 0 and at most 1")
        self._clock = clock
        self._stop = stop
        self._share = share
        self._limiters: dict[tuple[str, str], RateLimiter] = {}
        self._trail_limiters: dict[tuple[str, str], RateLimiter] = {}
        self._lock = threading.Lock()

    def limiter(self, account_id: str, region: str) -> RateLimiter:
        """Return the limiter of this account and region, always the same one."""
        with self._lock:
            if (account_id, region) not in self._limiters:
                self._limiters[account_id, region] = self._new_limiter()
            return self._limiters[account_id, region]

    def trail_limiter(self, account_id: str, region: str) -> RateLimiter:
        """Return the limiter of CloudTrail in this account and region, always the same one."""
        with self._lock:
            if (account_id, region) not in self._trail_limiters:
                self._trail_limiters[account_id, region] = self._new_trail_limiter()
            return self._trail_limiters[account_id, region]

    def unlimited(self) -> RateLimiter:
        """Return a limiter without quotas, for calls to other services."""
        return RateLimiter(self._clock, self._stop, {}, None)

    def _new_limiter(self) -> RateLimiter:
        if self._share is None:
            return self.unlimited()
        time = self._clock.monotonic()
        buckets = {
            operation: _TokenBucket(quota.scaled(self._share), time) for operation, quota in OPERATION_QUOTAS.items()
        }
        return RateLimiter(self._clock, self._stop, buckets, _TokenBucket(ACCOUNT_QUOTA.scaled(self._share), time))

    def _new_trail_limiter(self) -> RateLimiter:
        if self._share is None:
            return self.unlimited()
        bucket = _TokenBucket(LOOKUP_QUOTA.scaled(self._share), self._clock.monotonic())
        return RateLimiter(self._clock, self._stop, {LOOKUP: bucket}, None)
