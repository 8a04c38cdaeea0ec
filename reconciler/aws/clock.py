"""Real time.

Promise: `SystemClock` waits no longer than asked, and not at all once the run is asked to stop.
"""

import datetime as dt
import threading
import time


class SystemClock:
    """The machine's clocks; the event that ends every wait is the run's stop signal."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    def now(self) -> str:
        """The wall clock in UTC, to the second, as in `2026-01-31T12:00:00Z`."""
        return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def sleep(self, seconds: float) -> None:
        """Wait; ends early when the run is asked to stop."""
        self._stop.wait(max(0.0, seconds))
