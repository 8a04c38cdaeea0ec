"""Client-side rate limits, the one door to the control plane: token buckets for each account and region.

`RateLimiter.wait` returns when the call may be sent. Calls of one operation pass in the order in which they arrived,
whatever thread they are on; accounts and regions have nothing in common, so none waits for another. No lock is held
while a call waits. When the run is asked to stop, a wait ends early and raises Interrupted, so that no call follows.
The clock is injected.
"""

import threading
from collections.abc import Generator, Mapping
from contextlib import closing
from types import MappingProxyType
from typing import Final

from reconciler.aws.token_bucket import Quota, TokenBucket
from reconciler.deadline import check_time
from reconciler.errors import Interrupted
from reconciler.models.targets import Kind
from reconciler.ports import Clock, StopSignal

ACCOUNT_QUOTA: Final = Quota(calls=10, seconds=1, burst=40)
"""All control-plane operations of an account and region together (Developer Guide, quotas; cannot be increased)."""

OPERATION_QUOTAS: Final[Mapping[str, Quota]] = MappingProxyType(
    {
        "GetResources": Quota(calls=5, seconds=2, burst=5),
        "CreateDeployment": Quota(calls=1, seconds=5, burst=1),
    }
)
"""The operations that we call and that have their own quota, which count towards the account's quota as well (same
source). The guide gives no burst for these, so it is assumed to be the calls of one period."""

_FIRST_READS: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.REST_API: "GetResources", Kind.WEBSOCKET_API: "GetRoutes"}
)

MAX_NAP: Final = 1.0
"""A call that waits looks again after so many seconds, because the rate may have recovered meanwhile."""

LOOKUP: Final = "LookupEvents"
LOOKUP_QUOTA: Final = Quota(calls=2, seconds=1, burst=2)
"""CloudTrail's LookupEvents in an account and region (service model), apart from API Gateway's quotas."""


class RateLimiter:
    """The limits of one account and region; without buckets, it only watches the stop signal."""

    def __init__(
        self, clock: Clock, stop: StopSignal, buckets: Mapping[str, TokenBucket], account_bucket: TokenBucket | None
    ) -> None:
        self._clock = clock
        self._stop = stop
        self._buckets = buckets
        self._account_bucket = account_bucket

    def wait(self, operation: str) -> float:
        """Wait until this operation may be sent, and return the time of the clock then.

        Raises Interrupted, and TimedOut as soon as it cannot be sent before the deadline.
        """
        with closing(self.waits(operation)) as waits:
            for seconds in waits:
                if self._stop.is_set():
                    break
                check_time(self._clock.monotonic())
                self._clock.sleep(seconds)
        if self._stop.is_set():
            raise Interrupted(f"stopped before {operation} was sent")
        return self._clock.monotonic()

    def waits(self, operation: str) -> Generator[float, None, None]:
        """Yield the seconds to wait, again and again, until this operation may be sent.

        It waits first for its own quota, then for the account's, so that a call that waits for its own quota does not
        hold a token of the account's meanwhile. An operation with its own quota goes first in the account's: that quota
        is the scarcer one, and what it does not use while others wait is lost. Raises TimedOut as soon as it is known
        that the token would come too late.
        """
        goes_first = operation in self._buckets
        for bucket in self._buckets_of(operation):
            ticket = bucket.join(first=goes_first)
            try:
                while seconds := bucket.admit(ticket, now := self._clock.monotonic()):
                    check_time(now + seconds)
                    yield min(seconds, MAX_NAP)
            finally:
                bucket.leave(ticket)

    def throttled(self, operation: str, sent_at: float) -> None:
        """Slow down because AWS throttled a call that was sent at this time: others use the same quota."""
        for bucket in self._buckets_of(operation):
            bucket.throttled(sent_at, self._clock.monotonic())

    def succeeded(self, operation: str, sent_at: float) -> None:
        """Recover a little because AWS did not throttle a call that was sent at this time."""
        for bucket in self._buckets_of(operation):
            bucket.succeeded(sent_at, self._clock.monotonic())

    def read_delay(self, kind: Kind) -> float | None:
        """Return the seconds until the first call of reading an API may be sent, None without quotas."""
        now, operation = self._clock.monotonic(), _FIRST_READS[kind]
        goes_first = operation in self._buckets
        return max((bucket.delay(now, first=goes_first) for bucket in self._buckets_of(operation)), default=None)

    def _buckets_of(self, operation: str) -> list[TokenBucket]:
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
            operation: TokenBucket(quota.scaled(self._share), time) for operation, quota in OPERATION_QUOTAS.items()
        }
        return RateLimiter(self._clock, self._stop, buckets, TokenBucket(ACCOUNT_QUOTA.scaled(self._share), time))

    def _new_trail_limiter(self) -> RateLimiter:
        if self._share is None:
            return self.unlimited()
        bucket = TokenBucket(LOOKUP_QUOTA.scaled(self._share), self._clock.monotonic())
        return RateLimiter(self._clock, self._stop, {LOOKUP: bucket}, None)
