"""A token bucket whose rate shrinks when AWS throttles, and recovers.

It never waits and knows no clock: every method gets the time, in seconds since some fixed moment. A call joins a queue,
and is admitted when there is a token for it and for all before it. The rate follows additive increase, multiplicative
decrease, as TCP's does: others use the same quota, and how much they use is not known.
"""

import bisect
import itertools
import math
import threading
from dataclasses import dataclass
from typing import Final, TypeAlias

SHRINK_FACTOR: Final = 0.5
"""What is left of the rate after AWS throttled a call."""

MIN_RATE: Final = 1 / 8
"""The rate does not shrink below this part of the allowed rate."""

RECOVERY_SECONDS: Final = 60.0
"""The rate grows from nothing to the allowed rate in this time, as long as calls succeed: from half in half a minute.

Slow enough that one call in some thirty is throttled where others use most of the quota, and fast enough that one
throttled call costs a minute of work at most."""

_MAX_GAP: Final = 5.0
"""Seconds; a longer time between two successful calls counts as this: nothing was tried meanwhile."""

_EXACTNESS: Final = 1e-6
"""Tokens; less than this is missing only because floating-point numbers are rounded."""


@dataclass(frozen=True, slots=True)
class Quota:
    """`calls` per `seconds` on average, `burst` at once."""

    calls: float
    seconds: float
    burst: float

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self.calls / self.seconds

    def scaled(self, share: float) -> "Quota":
        """Return this share of the quota, but at least one call at a time."""
        return Quota(self.calls * share, self.seconds, max(1.0, self.burst * share))


Ticket: TypeAlias = tuple[bool, float]
"""The place of a waiting call: those that go first, then the others, in the order of their numbers."""


class TokenBucket:
    """The tokens of one quota, and the calls that wait for them; safe to use from several threads."""

    def __init__(self, quota: Quota, now: float) -> None:
        self._quota = quota
        self._share = 1.0  # of the quota's rate
        self._tokens = quota.burst
        self._waiting: list[Ticket] = []
        self._numbers = itertools.count()
        self._refilled_at = now
        self._shrunk_at = -float("inf")
        self._grown_at = now
        self._lock = threading.Lock()

    @property
    def rate(self) -> float:
        """The present rate in calls per second."""
        return self._quota.rate * self._share

    def join(self, *, first: bool = False) -> Ticket:
        """Join the queue, at its end or, if `first`, behind the others that go first. `admit` or `leave` ends it."""
        with self._lock:
            ticket = (not first, next(self._numbers))
            bisect.insort(self._waiting, ticket)
            return ticket

    def admit(self, ticket: Ticket, now: float) -> float:
        """Admit a waiting call and return 0, or return the seconds after which it can be admitted at the present rate.

        Admitting takes a token and ends the wait.
        """
        with self._lock:
            self._refill(now)
            place = bisect.bisect_left(self._waiting, ticket)
            seconds = self._seconds_until(place)
            if not seconds:
                del self._waiting[place]
                self._tokens -= 1
            return seconds

    def leave(self, ticket: Ticket) -> None:
        """End the wait of a call that is not sent after all."""
        with self._lock:
            if ticket in self._waiting:
                self._waiting.remove(ticket)

    def delay(self, now: float, *, first: bool = False) -> float:
        """Return the seconds after which a call that arrives now would be admitted."""
        with self._lock:
            self._refill(now)
            return self._seconds_until(bisect.bisect_left(self._waiting, (not first, math.inf)))

    def throttled(self, sent_at: float, now: float) -> None:
        """Note that AWS throttled a call: discard the saved tokens, and shrink the rate.

        The rate shrinks once for all calls that were on their way together: a call that was sent before the rate
        shrank says nothing about the new rate.
        """
        with self._lock:
            self._refill(now)
            self._tokens = 0.0
            if sent_at > self._shrunk_at:
                self._share = max(MIN_RATE, self._share * SHRINK_FACTOR)
                self._shrunk_at = self._grown_at = now

    def succeeded(self, sent_at: float, now: float) -> None:
        """Note that AWS did not throttle a call; the rate grows unless the call was sent before it shrank."""
        if self._share == 1.0:
            return
        with self._lock:
            self._refill(now)
            if sent_at > self._shrunk_at:
                gap = min(max(0.0, now - self._grown_at), _MAX_GAP)
                self._share = min(1.0, self._share + gap / RECOVERY_SECONDS)
                self._grown_at = max(self._grown_at, now)

    def _refill(self, now: float) -> None:
        """Add the tokens of the time that has passed. While the rate is shrunk, so is the burst."""
        burst = max(1.0, self._quota.burst * self._share)
        gained = max(0.0, now - self._refilled_at) * self.rate
        self._tokens = max(self._tokens, min(burst, self._tokens + gained))
        self._refilled_at = max(self._refilled_at, now)

    def _seconds_until(self, place: int) -> float:
        """Return the seconds until there is a token for the call with so many calls before it."""
        missing = place + 1 - self._tokens
        return missing / self.rate if missing > _EXACTNESS else 0.0
