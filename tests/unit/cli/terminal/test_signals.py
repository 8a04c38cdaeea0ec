"""Requests to stop, in the phase in which what was read so far is worth a report."""

import os
import signal

import pytest

from reconciler.cli.terminal.signals import StopRequests


class Clock:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def test_first_request_while_reading_raises_nothing_and_the_second_one_ends_the_run() -> None:
    """A signal of the same request, from a shell and its parent, is not a second one."""
    clock = Clock()
    stop = StopRequests(clock)
    with stop.listening():
        stop.begin_reading()
        os.kill(os.getpid(), signal.SIGTERM)
        clock.now = 0.1
        os.kill(os.getpid(), signal.SIGINT)
        is_set, insists = stop.is_set(), stop.insists
        clock.now = 1.0
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        restore()

    assert (True, False, True) == (is_set, insists, stop.event.wait(10))


def test_before_reading_the_first_request_ends_the_run() -> None:
    """There is nothing to report yet."""
    stop = StopRequests()
    with stop.listening():
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        restore()

    assert stop.is_set()


def restore() -> None:
    """Set the handlers that tests run with: after a request `listening` leaves its own."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
