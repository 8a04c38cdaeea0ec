"""Ctrl-C, SIGTERM and SIGHUP: requests to stop, obeyed where that does no harm.

Promise: a command is in one phase at a time, and a signal means what the phase says at the moment it arrives:

    READING     the command ends at once: nothing has been written
    WRITING     the first signal lets the calls under way finish and keeps further ones from being sent; the second one
                leaves those calls alone and ends the run now. No signal raises anything here: no line of a journal, and
                no state, is ever cut in half
    REPORTING   everything is done and only has to be shown: the first signal changes nothing, the second one ends that

Signals within 0.3 seconds of the first one belong to the same request: who cancels a job may signal a shell and its
child, and the shell passes its own signal on to that child.

SIGINT and SIGTERM are handled even where they arrive as ignored, as SIGINT does for what a shell runs in the
background; SIGHUP stays ignored where it is (`nohup`).
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

_LOOK: Final = 0.1
"""Seconds after which it is checked whether a second signal has come."""

_MANY: Final = 2
"""So many requests insist."""

_ONE_REQUEST: Final = 0.3
"""Seconds after the first signal of a request in which others belong to it."""


class _CommandPhase(enum.Enum):
    READING = enum.auto()
    WRITING = enum.auto()
    REPORTING = enum.auto()


class _ReceivedSignal(NamedTuple):
    """A signal: when it came, in seconds, and into which phase."""

    at: float
    phase: _CommandPhase


class StopRequests:
    """`ports.StopSignal`, set by the first request of the READING and WRITING phases. `now` is a clock, in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.event = threading.Event()
        self._now = now
        self._phase = _CommandPhase.READING
        # Appending is one step, which a handler that interrupts another one cannot get into
        self._signals: list[_ReceivedSignal] = []

    def is_set(self) -> bool:
        """Whether the user asked to stop."""
        return bool(self._requests)

    @property
    def insists(self) -> bool:
        """Whether the user asked to stop a second time."""
        return len(self._requests) >= _MANY

    @property
    def _requests(self) -> list[_ReceivedSignal]:
        return [one for one in self._distinct() if one.phase is not _CommandPhase.REPORTING]

    def _distinct(self) -> list[_ReceivedSignal]:
        """The first signal of each request."""
        firsts: list[_ReceivedSignal] = []
        for one in sorted(self._signals, key=attrgetter("at")):
            if not firsts or one.at - firsts[-1].at >= _ONE_REQUEST:
                firsts.append(one)
        return firsts

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Handle the signals; only in the main thread, where Python delivers them.

        After a request they stay handled: the process is about to end, and another signal of the same request must not
        kill it before it has said what it did.
        """
        before = {number: signal.signal(number, self._heard) for number in _handled()}
        try:
            yield
        finally:
            if not self._signals:
                for number, handler in before.items():
                    signal.signal(number, handler or signal.SIG_DFL)

    def begin_writes(self) -> None:
        """Enter the WRITING phase. Raises Interrupted where the user asked to stop before that."""
        self._phase = _CommandPhase.WRITING
        if self.is_set():
            raise Interrupted("interrupted")

    def report(self) -> None:
        """Enter the REPORTING phase."""
        self._phase = _CommandPhase.REPORTING

    def attend(self, work: Callable[[], T]) -> T:
        """What `work` gives or raises; it has a thread of its own, so that signals are heard whatever it waits for.

        Raises Abandoned when the user insists. `work` is not stopped by that.
        """
        made: Future[T] = Future()

        def run() -> None:
            try:
                made.set_result(work())
            except BaseException as failure:  # noqa: BLE001 - raised where it is waited for
                made.set_exception(failure)

        threading.Thread(target=run, name="writes", daemon=True).start()
        is_told = False
        while not wait([made], _LOOK).done:
            if self.insists:
                raise Abandoned("interrupted a second time")
            if self.is_set() and not is_told and sys.stderr.isatty():
                is_told = True
                say("\ninterrupted: waiting for the calls under way; interrupt again to end without them")
        return made.result()

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        this = _ReceivedSignal(self._now(), self._phase)
        self._signals.append(this)
        requests = self._distinct()
        if not any(request is this for request in requests):
            return
        if this.phase is _CommandPhase.REPORTING:
            if sum(request.phase is _CommandPhase.REPORTING for request in requests) >= _MANY:
                raise KeyboardInterrupt
            return
        self._wake()
        if this.phase is _CommandPhase.READING:
            raise KeyboardInterrupt

    def _wake(self) -> None:
        """End every wait; from another thread, as one that was interrupted in `Event.wait` or `set` holds its lock."""
        threading.Thread(target=self.event.set, daemon=True).start()


def _handled() -> Iterator[signal.Signals]:
    yield from (signal.SIGINT, signal.SIGTERM)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        yield signal.SIGHUP
