"""The machine's clock."""

import re
import threading

from reconciler.aws.clock import BoundedClock, SystemClock
from reconciler.deadline import limited_time
from reconciler.errors import TimedOut
from support.clock import FakeClock


def test_sleep_ends_when_the_run_is_asked_to_stop() -> None:
    """An hour's sleep ends as soon as the run is asked to stop; otherwise this test would not end."""
    stop = threading.Event()
    sleeper = threading.Thread(target=SystemClock(stop).sleep, args=(3600.0,))
    sleeper.start()
    stop.set()
    sleeper.join()

    assert not sleeper.is_alive()


def test_time_does_not_go_back() -> None:
    """A later reading is never smaller."""
    clock = SystemClock(threading.Event())
    before = clock.monotonic()

    assert before <= clock.monotonic()


def test_now_is_utc() -> None:
    """The wall-clock time is ISO 8601 with a `Z`."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", SystemClock(threading.Event()).now())


def test_bounded_clock_waits_until_the_deadline_at_most() -> None:
    """A shorter wait stays as it is, and so does every wait without a deadline."""
    clock = FakeClock()
    bounded = BoundedClock(clock)
    bounded.sleep(50.0)
    with limited_time(5.0, bounded.monotonic(), TimedOut("late")):
        for seconds in (2.0, 50.0, 50.0):
            bounded.sleep(seconds)

    assert ([50.0, 2.0, 3.0, 0.0], clock.now()) == (clock.naps, bounded.now())
