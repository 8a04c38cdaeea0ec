"""The control-plane quotas of an account and region, as AWS enforces them.

Token buckets; the Developer Guide gives rates and one burst, that of all operations together. For operations with their
own quota, the burst is assumed to be the calls of one period. A call that AWS throttles takes no token.
"""

import math
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class CallQuota(NamedTuple):
    """`calls` in `seconds` on average, `burst` at once."""

    calls: float
    seconds: float
    burst: float


ALL_OPERATIONS: Final = CallQuota(10, 1, 40)
"""All operations of both versions together (Developer Guide, quotas; not adjustable)."""

QUOTAS: Final[Mapping[str, CallQuota]] = MappingProxyType(
    {
        "GetResources": CallQuota(5, 2, 5),
        "CreateDeployment": CallQuota(1, 5, 1),
        "CreateResource": CallQuota(5, 1, 5),
        "DeleteResource": CallQuota(5, 1, 5),
        "CreateRestApi": CallQuota(1, 3, 1),
        "DeleteRestApi": CallQuota(1, 30, 1),
    }
)
"""Operations of the model with their own quota, which count towards the total too (same source; a regional API)."""


_ROUNDING: Final = 1e-6
"""Seconds; less than this is missing only because floating-point numbers are rounded."""


class _Bucket:
    def __init__(self, quota: CallQuota, now: float) -> None:
        self._quota = quota
        self._tokens = float(quota.burst)
        self._filled_at = now

    def missing_seconds(self, now: float) -> float:
        """Return the seconds until there is a token, 0 if there is one."""
        rate = self._quota.calls / self._quota.seconds
        self._tokens = min(self._quota.burst, self._tokens + (now - self._filled_at) * rate)
        self._filled_at = now
        return max(0.0, 1 - self._tokens) / rate

    def take(self) -> None:
        """Take a token."""
        self._tokens -= 1


class Quotas:
    """The quotas of one account and region; `clock` returns seconds. Not safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._total = _Bucket(ALL_OPERATIONS, clock())
        self._buckets = {operation: _Bucket(quota, clock()) for operation, quota in QUOTAS.items()}

    def admit(self, operation: str) -> int:
        """Admit a call and return 0, or return the whole seconds after which it would be admitted."""
        now = self._clock()
        buckets = [self._total, *filter(None, [self._buckets.get(operation)])]
        seconds = max(bucket.missing_seconds(now) for bucket in buckets)
        if seconds > _ROUNDING:
            return math.ceil(seconds)
        for bucket in buckets:
            bucket.take()
        return 0
