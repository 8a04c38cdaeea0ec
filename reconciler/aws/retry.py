"""The caller: every call to AWS goes through here, once or several times.

Promise: pace -> send -> translate -> again? A call is repeated only when that can help and cannot harm:

* AWS turned it away (throttled, or "Please try again later."): always, after what Retry-After asks for;
* its answer was lost (connection died, time-out, 5xx, unreadable): unless a repetition of what took effect is refused;
* nothing answers at all: a few times, soon; it fails fast for reads.

Waits grow exponentially with full jitter, are capped, and end when the run is asked to stop; after that nothing is
sent. A write of which any try was lost ends in AnswerLost, whatever came after: it may have taken effect.
"""

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NoReturn, TypeVar

from reconciler.aws import phases
from reconciler.aws.calls import ApiCall, CallEffect, Destination
from reconciler.aws.failures import FailedAttempt, RetryClass
from reconciler.aws.rate_limit import RateLimiter
from reconciler.aws.translate import classify
from reconciler.errors import AnswerLost, CredentialsError, Interrupted, NotFound, Throttled, Unreachable
from reconciler.ports import Clock, StopSignal

Answer = TypeVar("Answer")

MAX_ATTEMPTS: Final[Mapping[RetryClass, int]] = MappingProxyType(
    {RetryClass.NEVER: 1, RetryClass.REFUSED: 8, RetryClass.LOST: 5, RetryClass.UNREACHABLE: 5}
)
"""How often a call is sent at most, by how its last try failed."""

MAX_UNREACHABLE_READ_ATTEMPTS: Final = 3
"""How often a read is tried where nothing answers."""

MAX_RETRY_AFTER_SECONDS: Final = 60.0
"""Seconds. When AWS asks for more, the call fails and says so."""

MAX_CALL_SECONDS: Final = 120.0
"""Seconds that all tries and waits of one call may take together; pacing does not count."""

_BASE_DELAY: Final = 0.5
_MAX_DELAY: Final = 20.0
_MAX_UNREACHABLE_DELAY: Final = 1.0


class ApiCaller:
    """The way to one destination, at the pace of its limiter."""

    def __init__(
        self, destination: Destination, limiter: RateLimiter, clock: Clock, stop: StopSignal, rng: random.Random
    ) -> None:
        self.destination = destination
        self.limiter = limiter
        self.clock = clock
        self.stop = stop
        self.rng = rng

    def call(self, call: ApiCall, send: Callable[[], Answer]) -> Answer:
        """What `send` gives, sent as often as it takes. Raises AwsError, Interrupted."""
        return CallAttempts(self, call).send(send)


class CallAttempts:
    """The tries of one call. `lost`: the answer to at least one of them was."""

    def __init__(self, caller: ApiCaller, call: ApiCall) -> None:
        self.lost = False
        self._caller = caller
        self._call = call
        self._count = 0
        self._seconds = 0.0

    def send(self, send: Callable[[], Answer]) -> Answer:
        """What `send` gives, sent as often as it takes. Raises AwsError, Interrupted."""
        while True:
            self._pace()
            started = self._caller.clock.monotonic()
            phases.start_attempt()
            try:
                return send()
            except Exception as error:
                self._seconds += self._caller.clock.monotonic() - started
                failure = classify(error, self._call, phases.current_phase())
                if failure is None:
                    raise
                self._failed(failure, error)

    def _pace(self) -> None:
        try:
            self._caller.limiter.wait(self._call.operation)
        except Interrupted as stopped:
            self._stopped(str(stopped), stopped)

    def _failed(self, failure: FailedAttempt, error: Exception) -> None:
        """Wait until the next try is due; raises when there must be none."""
        self._count += 1
        self.lost = self.lost or failure.retry is RetryClass.LOST
        if failure.error_type is Throttled:
            self._caller.limiter.throttled(self._call.operation)
        wait = self._wait(failure)
        why_not = self._why_not_again(failure, wait)
        if why_not is not None:
            self._give_up(failure, why_not, error)
        self._seconds += wait
        self._caller.clock.sleep(wait)
        if self._caller.stop.is_set():
            self._stopped(f"stopped before {self._call} was repeated ({failure.text})", error)

    def _wait(self, failure: FailedAttempt) -> float:
        """Seconds until the next try: full jitter under a growing ceiling, and what AWS asks for."""
        longest = _MAX_UNREACHABLE_DELAY if failure.retry is RetryClass.UNREACHABLE else _MAX_DELAY
        ceiling = min(longest, _BASE_DELAY * 2 ** (self._count - 1))
        return max(self._caller.rng.uniform(0, ceiling), failure.retry_after or 0.0)

    def _why_not_again(self, failure: FailedAttempt, wait: float) -> str | None:
        """What to add to the message when this was the last try; None when there is to be another."""
        if failure.retry is RetryClass.NEVER or (
            failure.retry is RetryClass.LOST and self._call.effect is CallEffect.ADDS
        ):
            return ""
        if (failure.retry_after or 0.0) > MAX_RETRY_AFTER_SECONDS:
            return f"AWS asks to wait {failure.retry_after:g} s, longer than {MAX_RETRY_AFTER_SECONDS:g} s"
        if self._count >= self._most_tries(failure):
            return f"tried {self._count} times"
        if self._seconds + wait > MAX_CALL_SECONDS:
            return f"tried {self._count} times in {self._seconds:.0f} s"
        return None

    def _most_tries(self, failure: FailedAttempt) -> int:
        if failure.retry is RetryClass.UNREACHABLE and self._call.effect is CallEffect.READS:
            return MAX_UNREACHABLE_READ_ATTEMPTS
        return MAX_ATTEMPTS[failure.retry]

    def _give_up(self, failure: FailedAttempt, why: str, error: Exception) -> NoReturn:
        message = f"{self._call}: {failure.text}{f' ({why})' if why else ''}"
        # No traceback may show what boto3 says of credentials: it quotes headers and canonical requests
        cause = None if failure.error_type is CredentialsError else error
        if self._in_doubt and not self._settles(failure):
            kind = failure.error_type if _leaves_doubt(failure) else AnswerLost
            raise kind(f"{message}; it may have taken effect", failure.remedy) from cause
        raise failure.error_type(message, failure.remedy) from cause

    def _stopped(self, message: str, error: Exception) -> NoReturn:
        if self._in_doubt:
            raise AnswerLost(f"{self._call}: {message}; an earlier try may have taken effect") from error
        raise Interrupted(message) from error

    @property
    def _in_doubt(self) -> bool:
        return self.lost and self._call.effect is not CallEffect.READS

    def _settles(self, failure: FailedAttempt) -> bool:
        """Whether this failure tells what became of the lost tries: what was to be deleted is not there."""
        return self._call.effect is CallEffect.DELETES and issubclass(failure.error_type, NotFound)


def _leaves_doubt(failure: FailedAttempt) -> bool:
    return issubclass(failure.error_type, AnswerLost) and not issubclass(failure.error_type, Unreachable)
