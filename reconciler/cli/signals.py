"""Ctrl-C, SIGTERM and SIGHUP: requests to stop, obeyed where that does no harm.

Promise: a command is in one phase at a time, and a signal means what the phase says at the moment it arrives:

    READING     the command ends at once: nothing has been written
    WRITING     the first signal lets the calls under way finish and keeps further ones from being sent; the second one
                leaves those calls alone and ends the run now. No signal raises anything here: no line of a journal, and
                no state, is ever cut in half
    REPORTING   everything is done and only has to be shown: the first signal changes nothing, the second one ends that

SIGINT and SIGTERM are handled even where they arrive as ignored, as SIGINT does for what a shell runs in the
background; SIGHUP stays ignored where it is (`nohup`).
"""

import enum
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from types import FrameType
from typing import Final, TypeVar

from reconciler.errors import Abandoned, Interrupted

T = TypeVar("T")

_LOOK: Final = 0.1
"""Seconds after which it is checked whether a second signal has come."""

_MANY: Final = 2
"""So many signals insist."""


class _Phase(enum.Enum):
    READING = enum.auto()
    WRITING = enum.auto()
    REPORTING = enum.auto()


class Stop:
    """`ports.StopSignal`, set by the first signal of the READING and WRITING phases."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self._phase = _Phase.READING
        # Appending is one step, which a handler that interrupts another one cannot get into
        self._requests: list[int] = []
        self._late: list[int] = []

    def is_set(self) -> bool:
        """Whether the user asked to stop."""
        return bool(self._requests)

    @property
    def insists(self) -> bool:
        """Whether the user asked to stop a second time."""
        return len(self._requests) >= _MANY

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Handle the signals; only in the main thread, where Python delivers them."""
        before = {number: signal.signal(number, self._heard) for number in _handled()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler or signal.SIG_DFL)

    def begin_writes(self) -> None:
        """Enter the WRITING phase. Raises Interrupted where the user asked to stop before that."""
        self._phase = _Phase.WRITING
        if self.is_set():
            raise Interrupted("interrupted")

    def report(self) -> None:
        """Enter the REPORTING phase."""
        self._phase = _Phase.REPORTING

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
        while not wait([made], _LOOK).done:
            if self.insists:
                raise Abandoned("interrupted a second time")
        return made.result()

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if self._phase is _Phase.REPORTING:
            self._late.append(number)
            if len(self._late) >= _MANY:
                raise KeyboardInterrupt
            return
        self._requests.append(number)
        self._wake()
        if self._phase is _Phase.READING:
            raise KeyboardInterrupt

    def _wake(self) -> None:
        """End every wait; from another thread, as one that was interrupted in `Event.wait` or `set` holds its lock."""
        threading.Thread(target=self.event.set, daemon=True).start()


def _handled() -> Iterator[signal.Signals]:
    yield from (signal.SIGINT, signal.SIGTERM)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        yield signal.SIGHUP
