"""What a command that talks to AWS needs: clock, stop signal, the way to AWS."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reconciler.aws.clock import SystemClock
from reconciler.aws.session import AwsCloud
from reconciler.cli.options.common import AwsOptions
from reconciler.cli.terminal.signals import StopRequests
from reconciler.engine.load.request import Request
from reconciler.manifest import Disk
from reconciler.models.targets import Coordinates
from reconciler.ports import Clock, Cloud, Files

if TYPE_CHECKING:
    from reconciler.engine.journal_location import JournalLocation
    from reconciler.engine.journaled_run import JournaledRun
    from reconciler.engine.run_ports import RunListener


@dataclass(frozen=True, slots=True)
class Session:
    """The ports of one command, and its request."""

    request: Request
    cloud: Cloud
    clock: Clock
    files: Files
    stop: StopRequests

    def journaled_run(self, listener: "RunListener", location: "JournalLocation") -> "JournaledRun":
        """Return what carries out a command that writes."""
        from reconciler.cli.options.journal import asked_of  # noqa: PLC0415 - few commands write
        from reconciler.engine.journaled_run import JournaledRun  # noqa: PLC0415

        following = asked_of(location.folder)
        return JournaledRun(self.cloud, self.files, self.clock, self.stop, listener, location, following)


@contextmanager
def session(aws: AwsOptions, asked: Request | None = None) -> Iterator[Session]:
    """For the time of one command; `asked` is everything but how to reach AWS, or that too."""
    request = replace(asked or Request(), parallelism=aws.parallelism)
    if request.coordinates == Coordinates():
        request = replace(request, coordinates=aws.coordinates)
    stop = StopRequests()
    clock = SystemClock(stop.event)
    cloud = AwsCloud(clock, stop, aws.quota_share, aws.parallelism)
    with stop.listening():
        yield Session(request, cloud, clock, Disk(), stop)
