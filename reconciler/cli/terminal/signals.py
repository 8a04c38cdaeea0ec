"""Ctrl-C, SIGTERM and SIGHUP: requests to stop, which never leave a write half done.

A command is in one phase at a time. The phase in which a signal arrives decides what it does:

    READING     the command ends at once: nothing has been written
    COLLECTING  what was read so far is worth a report: the first signal lets the calls in flight finish and prevents
                further ones, the second one ends the command at once
    WRITING     the first signal lets the calls in flight finish and prevents further ones; the second one ends the run
                without waiting for those calls. No signal raises an exception here, so that no line of a journal, and
                no state, is left half written
    REPORTING   everything is done and only has to be shown: the first signal is ignored, the second one ends the output

Signals within 0.3 seconds of the first one count as the same request: a CI system that cancels a job may signal a shell
and its child, and the shell passes its own signal on to that child.

SIGINT and SIGTERM are handled even if the process inherited them as ignored, as background jobs of a shell inherit
SIGINT; SIGHUP stays ignored if it was (`nohup`).
"""

import enum
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from operator import attrgetter
from types import FrameType
from typing import Final, NamedTuple, TypeVar

from reconciler.cli.terminal.output import say
from reconciler.errors import Abandoned, Interrupted

T = TypeVar("T")

_POLL: Final = 0.1
"""Seconds between two checks for a second request."""

_INSISTENT: Final = 2
"""Number of requests that end a run without waiting."""

_ONE_REQUEST: Final = 0.3
"""Seconds after the first signal of a request in which further signals belong to it."""


class _CommandPhase(enum.Enum):
    READING = enum.auto()
    COLLECTING = enum.auto()
    WRITING = enum.auto()
    REPORTING = enum.auto()


class _ReceivedSignal(NamedTuple):
    """When a signal arrived, in seconds, and in which phase."""

    at: float
    phase: _CommandPhase


class StopRequests:
    """`ports.StopSignal`, set by the first request in any phase but REPORTING. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.event = threading.Event()
        self._clock = clock
        self._phase = _CommandPhase.READING
        # Appending is atomic: a handler that interrupts another one cannot corrupt the list
        self._signals: list[_ReceivedSignal] = []

    def is_set(self) -> bool:
        """Return whether the user asked to stop."""
        return bool(self._requests)

    @property
    def insists(self) -> bool:
        """Whether the user asked to stop a second time."""
        return len(self._requests) >= _INSISTENT

    @property
    def _requests(self) -> list[_ReceivedSignal]:
        return [request for request in self._distinct() if request.phase is not _CommandPhase.REPORTING]

    def _distinct(self) -> list[_ReceivedSignal]:
        """Return the first signal of each request."""
        firsts: list[_ReceivedSignal] = []
        for received in sorted(self._signals, key=attrgetter("at")):
            if not firsts or received.at - firsts[-1].at >= _ONE_REQUEST:
                firsts.append(received)
        return firsts

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Handle the signals. Call it in the main thread, where Python delivers them.

        After a request the handlers stay: the process is about to end, and another signal of the same request must not
        kill it before it has reported what it did.
        """
        before = {number: signal.signal(number, self._receive) for number in _handled()}
        try:
            yield
        finally:
            if not self._signals:
                for number, handler in before.items():
                    signal.signal(number, handler or signal.SIG_DFL)

    def begin_reading(self) -> None:
        """Enter the COLLECTING phase."""
        self._phase = _CommandPhase.COLLECTING

    def begin_writes(self) -> None:
        """Enter the WRITING phase. Raises Interrupted if the user asked to stop before."""
        self._phase = _CommandPhase.WRITING
        if self.is_set():
            raise Interrupted("interrupted")

    def report(self) -> None:
        """Enter the REPORTING phase."""
        self._phase = _CommandPhase.REPORTING

    def attend(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread of its own, so that signals are handled whatever it waits for; return its result.

        Raises what `work` raises, and Abandoned at the second request to stop, which leaves `work` running.
        """
        outcome: Future[T] = Future()

        def run() -> None:
            try:
                outcome.set_result(work())
            except BaseException as failure:  # noqa: BLE001 - raised by `result`
                outcome.set_exception(failure)

        threading.Thread(target=run, name="writes", daemon=True).start()
        is_announced = False
        while not wait([outcome], _POLL).done:
            if self.insists:
                raise Abandoned("interrupted again")
            if self.is_set() and not is_announced and sys.stderr.isatty():
                is_announced = True
                say("\ninterrupted: waiting for the calls in flight; interrupt again to stop without waiting")
        return outcome.result()

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        received = _ReceivedSignal(self._clock(), self._phase)
        self._signals.append(received)
        requests = self._distinct()
        if not any(request is received for request in requests):
            return
        if received.phase is _CommandPhase.REPORTING:
            if sum(request.phase is _CommandPhase.REPORTING for request in requests) >= _INSISTENT:
                raise KeyboardInterrupt
            return
        self._wake()
        if received.phase is _CommandPhase.READING or (received.phase is _CommandPhase.COLLECTING and self.insists):
            raise KeyboardInterrupt

    def _wake(self) -> None:
        """End every wait, from another thread: the one that was interrupted may hold the lock of the event."""
        threading.Thread(target=self.event.set, daemon=True).start()


def _handled() -> Iterator[signal.Signals]:
    yield from (signal.SIGINT, signal.SIGTERM)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        yield signal.SIGHUP
