"""When a run, or the reading of one target, has to end.

A deadline holds for all code in a context, and for the threads that `parallel` starts there. Whoever waits or calls AWS
checks it: no call is sent after it, and every wait ends at it. A call in flight is left to its own timeouts. Of nested
deadlines the earliest holds. Time is that of a monotonic clock, which no change of the date moves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from reconciler.errors import TimedOut


@dataclass(frozen=True, slots=True)
class _Deadline:
    """The moment, in seconds of the clock, and what is raised after it."""

    at: float
    failure: TimedOut


_current: ContextVar[_Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def limited_time(seconds: float | None, now: float, failure: TimedOut) -> Iterator[None]:
    """Give all code in this context so many seconds from `now`; None: as many as there are already.

    `failure` is what `check_time` raises afterwards.
    """
    outer = _current.get()
    if seconds is None or (outer and outer.at <= now + seconds):
        yield
        return
    token = _current.set(_Deadline(now + seconds, failure))
    try:
        yield
    finally:
        _current.reset(token)


def seconds_left(now: float) -> float | None:
    """Return the seconds until the deadline, 0 after it, None without one."""
    deadline = _current.get()
    return None if deadline is None else max(0.0, deadline.at - now)


def check_time(now: float, detail: str = "") -> None:
    """Raise TimedOut from the deadline on; `detail` says what took the time."""
    deadline = _current.get()
    if deadline and now >= deadline.at:
        failure = deadline.failure
        message = f"{failure.message} ({detail})" if detail else failure.message
        raise type(failure)(message, failure.remedy)
