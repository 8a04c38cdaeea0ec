"""No faster than the account may: token buckets per account and region.

Promise: `RateLimiter.wait` returns when the call may be sent, and callers of one bucket are let through in the order in
which they came, whatever thread they are on. A wait ends early when the run is asked to stop, and then raises
Interrupted: no call follows. The clock is given, nothing here knows the time.
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
    """`calls` in `seconds` on average, `burst` at once."""

    calls: float
    seconds: float
    burst: float

    def scaled(self, share: float) -> "Quota":
        """What is left for us when we take only `share` of it: at least one call at a time."""
        return Quota(self.calls * share, self.seconds, max(1.0, self.burst * share))


ACCOUNT_QUOTA: Final = Quota(calls=10, seconds=1, burst=40)
"""All control-plane operations of an account and region together (Developer Guide, quotas; not increasable)."""

OPERATION_QUOTAS: Final[Mapping[str, Quota]] = MappingProxyType(
    {
        "GetResources": Quota(calls=5, seconds=2, burst=5),
        "CreateDeployment": Quota(calls=1, seconds=5, burst=1),
    }
)
"""Operations with a quota of their own, which counts towards the total as well (same source). The guide gives no burst
for these: one period's calls are taken for it."""


class _TokenBucket:
    """Tokens that drip in at a fixed rate. Below zero, it is the queue: each caller owes one token more."""

    def __init__(self, quota: Quota, now: float) -> None:
        self._rate = quota.calls / quota.seconds
        self._burst = quota.burst
        self._tokens = quota.burst
        self._refilled_at = now
        self._lock = threading.Lock()

    def take(self, clock: Clock) -> float:
        """Take the next token; the seconds until it is there."""
        with self._lock:
            self._refill(clock.monotonic())
            self._tokens -= 1
            return max(0.0, -self._tokens / self._rate)

    def drain(self, clock: Clock) -> None:
        """Forget what was saved up; who waits already keeps the place."""
        with self._lock:
            self._refill(clock.monotonic())
            self._tokens = min(self._tokens, 0.0)

    def _refill(self, now: float) -> None:
        self._tokens = min(self._burst, self._tokens + (now - self._refilled_at) * self._rate)
        self._refilled_at = now


class RateLimiter:
    """The way of one account and region; without buckets, it only watches for the stop signal."""

    def __init__(
        self, clock: Clock, stop: StopSignal, buckets: Mapping[str, _TokenBucket], total: _TokenBucket | None
    ) -> None:
        self._clock = clock
        self._stop = stop
        self._buckets = buckets
        self._total = total

    def wait(self, operation: str) -> None:
        """Wait for this operation's turn: first for its own quota, then for the total.

        One after the other, so that a call that waits for its own quota does not hold a token of the total meanwhile.
        Raises Interrupted.
        """
        for bucket in self._buckets_of(operation):
            seconds = bucket.take(self._clock)
            if seconds and not self._stop.is_set():
                self._clock.sleep(seconds)
        if self._stop.is_set():
            raise Interrupted(f"stopped before {operation} was sent")

    def throttled(self, operation: str) -> None:
        """AWS says that there is no token left: believe it, others draw on the same quota."""
        for bucket in self._buckets_of(operation):
            bucket.drain(self._clock)

    def _buckets_of(self, operation: str) -> list[_TokenBucket]:
        return [bucket for bucket in (self._buckets.get(operation), self._total) if bucket]


class RateLimiters:
    """The lanes of a run. `share` is the part of the quotas that we take, above 0 to 1; None takes no heed of them."""

    def __init__(self, clock: Clock, stop: StopSignal, share: float | None) -> None:
        if share is not None and not 0 < share <= 1:
            raise ValueError(f"quota share {share} is not above 0 and at most 1")
        self._clock = clock
        self._stop = stop
        self._share = share
        self._limiters: dict[tuple[str, str], RateLimiter] = {}
        self._lock = threading.Lock()

    def limiter(self, account_id: str, region: str) -> RateLimiter:
        """The one limiter of this account and region."""
        with self._lock:
            if (account_id, region) not in self._limiters:
                self._limiters[account_id, region] = self._new_limiter()
            return self._limiters[account_id, region]

    def unlimited(self) -> RateLimiter:
        """A limiter without quotas, for calls to other services."""
        return RateLimiter(self._clock, self._stop, {}, None)

    def _new_limiter(self) -> RateLimiter:
        if self._share is None:
            return self.unlimited()
        now = self._clock.monotonic()
        buckets = {
            operation: _TokenBucket(quota.scaled(self._share), now) for operation, quota in OPERATION_QUOTAS.items()
        }
        return RateLimiter(self._clock, self._stop, buckets, _TokenBucket(ACCOUNT_QUOTA.scaled(self._share), now))
