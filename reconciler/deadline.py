"""When a run, or the reading of one target, has to end.

A deadline holds for all code in a context, and for the threads that `parallel` starts there. Whoever waits or calls AWS
checks it: no call is sent after it, and every wait ends at it. A call in flight is left to its own timeouts; one that
outlives them, because its answer trickles in, is abandoned (`within_time`). Of nested deadlines the earliest holds.
Time is that of a monotonic clock, which no change of the date moves.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Final, TypeVar

from reconciler.errors import TimedOut

R = TypeVar("R")

PATIENCE: Final = 40.0
"""Seconds after the deadline in which calls in flight may end: some more than the timeouts of a call."""

abandoned: Final = threading.Event()
"""Set once work was abandoned: threads of it may still run when the process is to end."""


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


def within_time(work: Callable[[], R], now: float, patience: float = PATIENCE) -> R:
    """Return what `work` returns. Raises what it raises, and TimedOut if it runs `patience` beyond the deadline."""
    deadline = _current.get()
    if deadline is None:
        return work()
    outcome: Future[R] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as failure:  # noqa: BLE001 - raised by `result`
            outcome.set_exception(failure)

    threading.Thread(target=copy_context().run, args=(run,), name="within time", daemon=True).start()
    if not wait([outcome], max(0.0, deadline.at - now) + patience).done:
        abandoned.set()
        raise deadline.failure
    return outcome.result()
