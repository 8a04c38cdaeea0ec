"""Ctrl-C and SIGTERM: a request to stop, heeded where it does no harm."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Set by the first signal, which also interrupts while nothing is being written; during writes it only asks."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self._asked = False
        self._graceful = False
        self._reporting = False

    def is_set(self) -> bool:
        """Whether the user asked to stop."""
        return self._asked

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Handle the signals; only in the main thread, where Python delivers them."""
        before = {number: signal.signal(number, self._heard) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def finish_calls(self) -> None:
        """From now on let the call in flight finish."""
        self._graceful = True

    def report(self) -> None:
        """From now on nothing is to be stopped: what was done is being told, and that is not to be lost."""
        self._reporting = True

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if self._reporting:
            return
        again, self._asked = self._asked, True
        if not again:
            self._wake()
        if again or not self._graceful:
            raise KeyboardInterrupt

    def _wake(self) -> None:
        """End every wait; from another thread, as one that was interrupted in `Event.wait` or `set` holds its lock."""
        threading.Thread(target=self.event.set, daemon=True).start()
