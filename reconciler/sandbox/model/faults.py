"""What tests can make go wrong: a queue of faults, each for some calls.

Promise: a fault fires only for calls that it is applies_to for, as often as it was queued, oldest first; without faults
nothing here changes an answer. Texts of the refusals: recorded answers, Developer Guide (quotas), and users' reports.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.sandbox.model.errors import ModelError, conflict
from reconciler.sandbox.model.state import Json


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An error is answered; the call takes no effect."""

    error: ModelError


@dataclass(frozen=True, slots=True)
class FixedAnswer:
    """This is answered, whatever is true (a stale read, say); the call takes no effect."""

    answer: Json


@dataclass(frozen=True, slots=True)
class SlowDeployment:
    """The call is accepted as ever, and what it began takes its time: a deployment of v2.

    It is PENDING for as many reads, then DEPLOYED; where there is a `failure`, it is FAILED with that for a message.
    What makes AWS fail is not recorded, nor is a text.
    """

    reads: int = 0
    failure: str = ""


@dataclass(frozen=True, slots=True)
class NoConnection:
    """No connection could be made (behind the server: dropped, for something listens there)."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The connection breaks before the call takes effect. The client cannot tell it from a lost answer."""


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """The call takes effect and no answer comes back."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """The call takes effect and its answer is cut off in the middle of its JSON."""


TransportFault: TypeAlias = NoConnection | Dropped | LostAnswer | Truncated
Fault: TypeAlias = ErrorAnswer | FixedAnswer | SlowDeployment | TransportFault


class TransportFailure(Exception):  # noqa: N818 - what the caller is remaining with, not an error of the model
    """The call got no proper answer; `fault` says what happened, `answer` what would have come."""

    def __init__(self, fault: TransportFault, answer: Json | ModelError | None = None) -> None:
        super().__init__(type(fault).__name__)
        self.fault = fault
        self.answer = answer


def throttled(retry_after: int | None = None) -> ErrorAnswer:
    """Too many calls; `retry_after` in seconds, None: no such header."""
    return ErrorAnswer(ModelError(429, "TooManyRequestsException", "Too Many Requests", retry_after))


def quota_exceeded() -> ErrorAnswer:
    """A quota that waiting does not help, with the status of throttling."""
    text = "Maximum number of Resources for this API has been reached. Please contact AWS if you need more."
    return ErrorAnswer(ModelError(429, "LimitExceededException", text))


def server_error() -> ErrorAnswer:
    """500."""
    return ErrorAnswer(ModelError(500, "InternalFailure", "The request processing has failed"))


def unavailable(retry_after: int | None = None) -> ErrorAnswer:
    """503; `retry_after` in seconds, None: no such header."""
    return ErrorAnswer(ModelError(503, "ServiceUnavailableException", "Service Unavailable", retry_after))


def concurrent_modification() -> ErrorAnswer:
    """Somebody else is writing to the API just now."""
    text = "Unable to complete operation due to concurrent modification. Please try again later."
    return ErrorAnswer(conflict(text))


def access_denied(verb: str, path: str, *, region: str = "eu-west-1", account_id: str = "123456789012") -> ErrorAnswer:
    """The user may not do `verb` (GET, PUT ...) on the URL path."""
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
    """The queue."""

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
        """Let a fault fire at the next `times` calls of an operation (None: any) whose parameters satisfy `when`."""
        self._queued.append(_QueuedFault(fault, operation, when, times))

    def always(self, fault: Fault, operation: str | None = None) -> None:
        """Let a fault fire until `clear`."""
        self.add(fault, operation, times=math.inf)

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._queued.clear()

    def take(self, operation: str, parameters: Json) -> Fault | None:
        """Take the fault that this call meets."""
        for queued in self._queued:
            if queued.remaining > 0 and queued.operation in {None, operation} and queued.applies_to(parameters):
                queued.remaining -= 1
                return queued.fault
        return None
