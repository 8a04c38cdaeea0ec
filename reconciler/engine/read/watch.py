"""Follow the reading of many APIs: its progress, its time, and whether it has to end early.

Whoever starts a run decides who sees its progress (`watched`), in whatever depth of the engine APIs are read.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from reconciler.deadline import check_time, limited_time
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.read.target import ReadRequest
from reconciler.errors import Interrupted, RunTimedOut, TimedOut
from reconciler.models.targets import Target
from reconciler.ports import Connection, Meter, ReadProgress, StopSignal, TargetReading, Unwatched, Usage
from reconciler.wording import duration

EVERY_API: Final = "*"
"""The id of an API in the progress of a list of APIs."""

_progress: ContextVar[ReadProgress | None] = ContextVar("reading progress", default=None)


@contextmanager
def watched(progress: ReadProgress) -> Iterator[None]:
    """Report to `progress` whatever is read within."""
    token = _progress.set(progress)
    try:
        yield
    finally:
        _progress.reset(token)


def _current_progress() -> ReadProgress:
    return _progress.get() or Unwatched()


def stopped() -> Interrupted:
    """Return the failure of a target that is not read because the run is stopped."""
    return Interrupted("stopped before it was read", "run the same command again")


def run_time(request: Request, started: float) -> AbstractContextManager[None]:
    """Let every step within end with the time of the run, which began at `started` (`Clock.monotonic`)."""
    message = f"the run could not read it within {duration(request.timeout or 0)}"
    return limited_time(request.timeout, started, RunTimedOut(message, "give the run more time with --timeout"))


def target_timed_out(request: Request) -> TimedOut:
    """Return the failure of a target that takes longer than the request allows."""
    limit = duration(request.target_timeout or 0)
    return TimedOut(f"it could not be read within {limit}", "give each API more time with --target-timeout")


@dataclass(frozen=True, slots=True)
class Watch:
    """The observers of a run that reads. `monotonic` returns the seconds of its clock."""

    stop: StopSignal | None = None
    monotonic: Callable[[], float] = time.monotonic
    progress: ReadProgress = field(default_factory=_current_progress)

    def check(self) -> None:
        """Raise Interrupted if the run is asked to stop, TimedOut if there is no time left."""
        if self.stop and self.stop.is_set():
            raise stopped()
        check_time(self.monotonic())

    @contextmanager
    def following(self, targets: int, unread: Iterable[ReadFailure] = (), what: str = "APIs") -> Iterator[None]:
        """Report how many targets are read within, and which could not be reached or found; `what` is their name."""
        self.progress.begin(targets, what)
        for failed in unread:
            manifests, error = failed.manifests, failed.failure.message
            self.progress.done(
                TargetReading(manifests, failed.environment, failed.account_id, failed.region, error=error)
            )
        try:
            yield
        finally:
            self.progress.end()

    def start(self, read_request: ReadRequest) -> "Stopwatch":
        """Report that a target is read from now on."""
        manifests = tuple(ref.name for ref in read_request.desired.manifests)
        return self.reading(read_request.target, manifests, read_request.account_region.connection.meter)

    def reading(self, target: Target, manifests: tuple[str, ...], meter: Meter) -> "Stopwatch":
        """Report that a target of these manifests is read from now on."""
        self.progress.reading(target)
        return Stopwatch(self, target, manifests, meter, self.monotonic(), meter.usage(target.api_id))

    def listing(self, connection: Connection, environment: str | None) -> "Stopwatch":
        """Report that the APIs of an account and region are listed from now on."""
        target = Target(connection.account_id, connection.region, EVERY_API, environment=environment)
        self.progress.reading(target)
        return Stopwatch(self, target, (), connection.meter, self.monotonic(), connection.meter.usage())


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """What reading a target takes: `before` is what had been used when it began, `started` the time then."""

    watch: Watch
    target: Target
    manifests: tuple[str, ...]
    meter: Meter
    started: float
    before: Usage

    def stop(self, error: str = "", counts: Mapping[str, int] | None = None) -> tuple[float, Usage]:
        """Report that it is over, and return the seconds and calls that it took."""
        seconds = self.watch.monotonic() - self.started
        target = self.target
        usage = self.meter.usage(None if target.api_id == EVERY_API else target.api_id) - self.before
        place = (target.environment, target.account_id, target.region, target.api_id)
        self.watch.progress.done(TargetReading(self.manifests, *place, counts or {}, seconds, usage, error))
        return seconds, usage
