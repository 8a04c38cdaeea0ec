"""The machine's clock.

`SystemClock` never waits longer than requested, and not at all once the run is asked to stop. `BoundedClock` never
waits beyond the deadline of the run or of a target.
"""

import datetime as dt
import threading
import time

from reconciler.deadline import seconds_left
from reconciler.ports import Clock


class SystemClock:
    """`ports.Clock` with real time; setting the stop event ends every wait."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def monotonic(self) -> float:
        """Return the seconds since some fixed moment."""
        return time.monotonic()

    def now(self) -> str:
        """Return the wall-clock time in UTC, to the second, such as `2026-01-31T12:00:00Z`."""
        return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def sleep(self, seconds: float) -> None:
        """Wait, but return early when the run is asked to stop."""
        self._stop.wait(max(0.0, seconds))


class BoundedClock:
    """Another clock, whose waits end at the deadline."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def monotonic(self) -> float:
        """Return the seconds since some fixed moment."""
        return self._clock.monotonic()

    def now(self) -> str:
        """Return the wall-clock time in UTC."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait, but return early at the deadline."""
        left = seconds_left(self.monotonic())
        self._clock.sleep(seconds if left is None else min(seconds, left))
