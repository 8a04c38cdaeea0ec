"""Failures that tests can inject: a queue of faults, each for some calls.

A fault fires only for the calls that it applies to, as often as it was queued, oldest first; without faults nothing
here changes a result. Texts of the refusals: recorded answers, Developer Guide (quotas), and users' reports.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.sandbox.model.errors import ModelError, conflict
from reconciler.sandbox.model.state import Json


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """Return an error; the call has no effect."""

    error: ModelError


@dataclass(frozen=True, slots=True)
class FixedAnswer:
    """Return this result, such as a stale read; the call has no effect."""

    answer: Json


@dataclass(frozen=True, slots=True)
class SlowDeployment:
    """Accept a deployment of v2 that takes time.

    It is PENDING for as many reads as in `reads`, then DEPLOYED, or FAILED with `failure` as its message if there is
    one. Neither the causes of failures on AWS nor their texts are recorded.
    """

    reads: int = 0
    failure: str = ""


@dataclass(frozen=True, slots=True)
class NoConnection:
    """Refuse the connection (behind the server: drop it, because something listens there)."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Break the connection before the call takes effect. To the client it looks like a lost response."""


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """Let the call take effect, but return no response."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """Let the call take effect, but cut off its response in the middle of the JSON."""


TransportFault: TypeAlias = NoConnection | Dropped | LostAnswer | Truncated
Fault: TypeAlias = ErrorAnswer | FixedAnswer | SlowDeployment | TransportFault


class TransportFailure(Exception):  # noqa: N818 - a condition of the connection, not an error of the model
    """The call got no proper response; `fault` says what happened, `answer` is the response that was lost."""

    def __init__(self, fault: TransportFault, answer: Json | ModelError | None = None) -> None:
        super().__init__(type(fault).__name__)
        self.fault = fault
        self.answer = answer


def throttled(retry_after: int | None = None) -> ErrorAnswer:
    """Return 429, too many calls; `retry_after` is in seconds, None for no such header."""
    return ErrorAnswer(ModelError(429, "TooManyRequestsException", "Too Many Requests", retry_after))


def quota_exceeded() -> ErrorAnswer:
    """Return 429 for a quota on the number of objects, which waiting does not help."""
    text = "Maximum number of Resources for this API has been reached. Please contact AWS if you need more."
    return ErrorAnswer(ModelError(429, "LimitExceededException", text))


def server_error() -> ErrorAnswer:
    """Return 500."""
    return ErrorAnswer(ModelError(500, "InternalFailure", "The request processing has failed"))


def unavailable(retry_after: int | None = None) -> ErrorAnswer:
    """Return 503; `retry_after` is in seconds, None for no such header."""
    return ErrorAnswer(ModelError(503, "ServiceUnavailableException", "Service Unavailable", retry_after))


def concurrent_modification() -> ErrorAnswer:
    """Return 409 because somebody else is writing to the API at the same time."""
    text = "Unable to complete operation due to concurrent modification. Please try again later."
    return ErrorAnswer(conflict(text))


def access_denied(verb: str, path: str, *, region: str = "eu-west-1", account_id: str = "123456789012") -> ErrorAnswer:
    """Return 403 because the user must not `verb` (GET, PUT ...) the URL path."""
    text = (
        f"User: arn:aws:iam::{account_id}:user/sandbox is not authorized to perform: apigateway:{verb} "
        f"on resource: arn:aws:apigateway:{region}::{path} because no identity-based policy allows "
        f"the apigateway:{verb} action"
    )
    return ErrorAnswer(ModelError(403, "AccessDeniedException", text))


@dataclass(slots=True)
class _QueuedFault:
    fault: Fault
    operation: str | None
    applies_to: Callable[[Json], bool]
    remaining: float


class FaultQueue:
    """The queued faults."""

    def __init__(self) -> None:
        self._queued: list[_QueuedFault] = []

    def add(
        self,
        fault: Fault,
        operation: str | None = None,
        *,
        times: float = 1,
        when: Callable[[Json], bool] = lambda _: True,
    ) -> None:
        """Queue a fault for the next `times` calls of an operation (None: any) whose parameters satisfy `when`."""
        self._queued.append(_QueuedFault(fault, operation, when, times))

    def always(self, fault: Fault, operation: str | None = None) -> None:
        """Queue a fault that fires until `clear`."""
        self.add(fault, operation, times=math.inf)

    def clear(self) -> None:
        """Remove all faults."""
        self._queued.clear()

    def take(self, operation: str, parameters: Json) -> Fault | None:
        """Return the fault for this call and count it, or None."""
        for queued in self._queued:
            if queued.remaining > 0 and queued.operation in {None, operation} and queued.applies_to(parameters):
                queued.remaining -= 1
                return queued.fault
        return None
