"""What a command that talks to AWS needs: clock, stop signal, the way to AWS."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reconciler.aws.clock import SystemClock
from reconciler.aws.session import AwsCloud
from reconciler.cli.options import Aws
from reconciler.cli.signals import Stop
from reconciler.guard import Rule
from reconciler.manifest import Disk
from reconciler.workflows.plan import Request


@dataclass(frozen=True, slots=True)
class Session:
    """The ports of one command, and its request."""

    request: Request
    cloud: AwsCloud
    clock: SystemClock
    files: Disk
    stop: Stop


@contextmanager
def session(aws: Aws, paths: tuple[str, ...], forced: tuple[Rule, ...] = ()) -> Iterator[Session]:
    """For the time of one command."""
    stop = Stop()
    clock = SystemClock(stop.event)
    cloud = AwsCloud(clock, stop, aws.quota_share, aws.parallelism)
    request = Request(paths, aws.coordinates, forced, aws.parallelism)
    with stop.listening():
        yield Session(request, cloud, clock, Disk(), stop)
