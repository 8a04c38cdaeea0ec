"""What a run that writes needs from the program around it: somebody to show the plan to, and requests to stop.

The command line has a terminal behind these ports (`cli.terminal`). A program that uses the engine as a library needs
neither a terminal nor signals: `Unattended` and `StopEvent` are for it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeVar

from reconciler.engine.plan import Planned
from reconciler.models.targets import Target
from reconciler.ports import RunLog, StopSignal

T = TypeVar("T")


class RunProgress(RunLog, Protocol):
    """A `RunLog` that is given the number of actions beforehand. It never raises."""

    def begin(self, total: int) -> None:
        """Expect so many actions."""


class RunListener(Protocol):
    """Shows a run to a person and asks for approval."""

    def show(self, planned: Planned) -> None:
        """Show the plan before it is written. Raises ReconcilerError where it cannot be shown."""

    def approve(self, planned: Planned) -> bool:
        """Show the plan and ask whether to write it. Raises ReconcilerError where it cannot be shown."""

    def progress(self) -> AbstractContextManager[RunProgress]:
        """Show the progress of one run while the context is open."""


class Interrupts(StopSignal, Protocol):
    """The user's requests to stop, which mean different things before and after the first write.

    Until `begin_writes` a request raises KeyboardInterrupt in the main thread. From then on no request raises anything
    there: `is_set` keeps further calls from being sent, and a second request ends `attend`.
    """

    def begin_writes(self) -> None:
        """Enter the second phase. Raises Interrupted where the user asked to stop before that."""

    def attend(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises; raise Abandoned on a second request to stop."""


class StopEvent:
    """`Interrupts` behind a `threading.Event`: once a program sets it, a run stops between two writes."""

    def __init__(self, event: threading.Event | None = None) -> None:
        self.event = event or threading.Event()

    def is_set(self) -> bool:
        """Whether it is set."""
        return self.event.is_set()

    def begin_reading(self) -> None:
        """Do nothing: the event means the same before and after."""

    def begin_writes(self) -> None:
        """Do nothing: the event means the same before and after."""

    def attend(self, work: Callable[[], T]) -> T:
        """Return what `work` returns."""
        return work()


class Unattended:
    """`RunListener` that shows nothing; `approve` decides."""

    def __init__(self, approve: Callable[[Planned], bool] = lambda _: True) -> None:
        self._approve = approve

    def show(self, planned: Planned) -> None:
        """Show nothing."""

    def approve(self, planned: Planned) -> bool:
        """Ask the program."""
        return self._approve(planned)

    @contextmanager
    def progress(self) -> Iterator[RunProgress]:
        """Show nothing."""
        yield _Silent()


class _Silent:
    """`RunProgress` that shows nothing."""

    def begin(self, total: int) -> None:
        """Ignore it."""

    def started(self, target: Target, action_id: str, address: str) -> None:
        """Ignore it."""

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        """Ignore it."""

    def deploying(self, target: Target, stage: str) -> None:
        """Ignore it."""

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str) -> None:
        """Ignore it."""
