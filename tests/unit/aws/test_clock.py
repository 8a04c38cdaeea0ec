"""The machine's clock."""

import re
import threading

from reconciler.aws.clock import SystemClock


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
