"""Retries: every call to AWS goes through `ApiCaller`, which sends it once or several times.

rate limit -> send -> classify -> retry? A call is retried only when that can help and cannot harm:

* AWS turned it away (throttled, or "Please try again later."): always, after the time in Retry-After;
* its response was lost (connection closed, timeout, 5xx, unreadable): unless the call is not safe to repeat;
* nothing answers at all: a few times in quick succession; reads fail sooner than writes.

Delays grow exponentially with full jitter, are capped, and end when the run is asked to stop or out of time; nothing is
sent after that. A write with a lost attempt ends in AnswerLost, whatever came after: it may have taken effect.
"""

import random
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType
from typing import Final, NoReturn, TypeVar

from reconciler.aws import phases
from reconciler.aws.calls import ApiCall, CallEffect, Destination
from reconciler.aws.failures import FailedAttempt, RetryClass
from reconciler.aws.rate_limit import RateLimiter
from reconciler.aws.translate import classify
from reconciler.deadline import check_time
from reconciler.errors import (
    AnswerLost,
    AwsError,
    CredentialsError,
    Interrupted,
    NotFound,
    Throttled,
    TimedOut,
    Unreachable,
)
from reconciler.meter import CallMeter
from reconciler.ports import Clock, StopSignal

Result = TypeVar("Result")

MAX_ATTEMPTS: Final[Mapping[RetryClass, int]] = MappingProxyType(
    {RetryClass.NEVER: 1, RetryClass.REFUSED: 8, RetryClass.LOST: 5, RetryClass.UNREACHABLE: 5}
)
"""The maximum number of attempts of a call, by how its last attempt failed."""

MAX_UNREACHABLE_READ_ATTEMPTS: Final = 3
"""The maximum number of attempts of a read when nothing answers."""

MAX_RETRY_AFTER_SECONDS: Final = 60.0
"""If AWS asks for a longer delay, the call fails with a message about it."""

MAX_CALL_SECONDS: Final = 120.0
"""The time for all attempts and delays of one call; waiting for the rate limit does not count."""

_BASE_DELAY: Final = 0.5
_MAX_DELAY: Final = 20.0
_MAX_UNREACHABLE_DELAY: Final = 1.0


class ApiCaller:
    """Makes calls to one destination, within its rate limits and with retries.

    `meter` counts every attempt. Each is made in the context that `signing` returns, which decides who signs it;
    `signing` raises AwsError if there are no credentials.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - all that a call needs
        self,
        destination: Destination,
        limiter: RateLimiter,
        clock: Clock,
        stop: StopSignal,
        rng: random.Random,
        meter: CallMeter,
        signing: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.destination = destination
        self.limiter = limiter
        self.clock = clock
        self.stop = stop
        self.rng = rng
        self.meter = meter
        self.signing = signing

    def call(self, call: ApiCall, send: Callable[[], Result]) -> Result:
        """Return the result of `send`, with retries. Raises AwsError, Interrupted."""
        return CallAttempts(self, call).send(send)


class CallAttempts:
    """The attempts of one call. `lost`: whether the response to at least one of them was lost."""

    def __init__(self, caller: ApiCaller, call: ApiCall) -> None:
        self.lost = False
        self._caller = caller
        self._call = call
        self._count = 0
        self._seconds = 0.0
        self._sent_at = 0.0

    def send(self, send: Callable[[], Result]) -> Result:
        """Return the result of `send`, with retries. Raises AwsError, Interrupted."""
        while True:
            self._wait_for_rate_limit()
            signing = self._signing()
            self._caller.meter.called(self._call.api_id)
            phases.start_attempt()
            try:
                with signing:
                    result = send()
            except Exception as error:
                self._seconds += self._caller.clock.monotonic() - self._sent_at
                failure = classify(error, self._call, phases.current_phase())
                if failure is None:
                    raise
                self._failed(failure, error)
            else:
                self._caller.limiter.succeeded(self._call.operation, self._sent_at)
                return result

    def _signing(self) -> AbstractContextManager[None]:
        try:
            return self._caller.signing()
        except AwsError as failure:
            if self._in_doubt:
                self._stopped(failure.message, failure)
            raise

    def _wait_for_rate_limit(self) -> None:
        try:
            self._sent_at = self._caller.limiter.wait(self._call.operation)
        except Interrupted as stopped:
            self._stopped(str(stopped), stopped)
        except TimedOut as late:
            self._late(late)
        self._check_time()

    def _failed(self, failure: FailedAttempt, error: Exception) -> None:
        """Wait until the next attempt is due; raise if there must be none."""
        self._count += 1
        self.lost = self.lost or failure.retry is RetryClass.LOST
        if failure.error_type is Throttled:
            self._caller.meter.throttled(self._call.api_id)
            self._caller.limiter.throttled(self._call.operation, self._sent_at)
        delay = self._delay(failure)
        reason = self._reason_to_give_up(failure, delay)
        if reason is not None:
            self._give_up(failure, reason, error)
        self._seconds += delay
        self._caller.clock.sleep(delay)
        if self._caller.stop.is_set():
            self._stopped(f"stopped before {self._call} was retried ({failure.text})", error)
        self._check_time(f"the last answer was: {failure.text}")

    def _check_time(self, detail: str = "") -> None:
        try:
            check_time(self._caller.clock.monotonic(), detail)
        except TimedOut as late:
            self._late(late)

    def _late(self, late: TimedOut) -> NoReturn:
        if self._in_doubt:
            self._stopped(late.message, late)
        raise late

    def _delay(self, failure: FailedAttempt) -> float:
        """Return the seconds until the next attempt: full jitter under a growing ceiling, but at least Retry-After."""
        longest = _MAX_UNREACHABLE_DELAY if failure.retry is RetryClass.UNREACHABLE else _MAX_DELAY
        ceiling = min(longest, _BASE_DELAY * 2 ** (self._count - 1))
        return max(self._caller.rng.uniform(0, ceiling), failure.retry_after or 0.0)

    def _reason_to_give_up(self, failure: FailedAttempt, delay: float) -> str | None:
        """Return what the message says about giving up ("" for nothing), or None to retry."""
        if failure.retry is RetryClass.NEVER or (
            failure.retry is RetryClass.LOST and self._call.effect is CallEffect.ADDS
        ):
            return ""
        if (failure.retry_after or 0.0) > MAX_RETRY_AFTER_SECONDS:
            return f"AWS asks to wait {failure.retry_after:g} s, the limit is {MAX_RETRY_AFTER_SECONDS:g} s"
        if self._count >= self._max_attempts(failure):
            return f"tried {self._count} times"
        if self._seconds + delay > MAX_CALL_SECONDS:
            return f"tried {self._count} times in {self._seconds:.0f} s"
        return None

    def _max_attempts(self, failure: FailedAttempt) -> int:
        if failure.retry is RetryClass.UNREACHABLE and self._call.effect is CallEffect.READS:
            return MAX_UNREACHABLE_READ_ATTEMPTS
        return MAX_ATTEMPTS[failure.retry]

    def _give_up(self, failure: FailedAttempt, reason: str, error: Exception) -> NoReturn:
        message = f"{self._call}: {failure.text}{f' ({reason})' if reason else ''}"
        # No traceback may show boto3's text about credentials: it quotes headers and canonical requests
        cause = None if failure.error_type is CredentialsError else error
        if self._in_doubt and not self._resolves_doubt(failure):
            error_type = failure.error_type if _leaves_doubt(failure) else AnswerLost
            raise error_type(f"{message}; it may have taken effect", failure.remedy) from cause
        raise failure.error_type(message, failure.remedy) from cause

    def _stopped(self, message: str, error: Exception) -> NoReturn:
        if self._in_doubt:
            raise AnswerLost(f"{self._call}: {message}; an earlier attempt may have taken effect") from error
        raise Interrupted(message) from error

    @property
    def _in_doubt(self) -> bool:
        return self.lost and self._call.effect is not CallEffect.READS

    def _resolves_doubt(self, failure: FailedAttempt) -> bool:
        """Whether this failure resolves the doubt about lost attempts: the object to delete does not exist."""
        return self._call.effect is CallEffect.DELETES and issubclass(failure.error_type, NotFound)


def _leaves_doubt(failure: FailedAttempt) -> bool:
    return issubclass(failure.error_type, AnswerLost) and not issubclass(failure.error_type, Unreachable)
