"""The ports of a command that talks to AWS."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from reconciler.aws.clock import SystemClock
from reconciler.aws.session import AwsCloud
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.terminal.signals import StopRequests
from reconciler.engine.load.request import Request
from reconciler.manifest import Disk
from reconciler.models.targets import Coordinates
from reconciler.ports import Clock, Cloud, Files
from reconciler.quota import share_of_part


@dataclass(frozen=True, slots=True)
class Session:
    """The ports of one command, and its request."""

    request: Request
    cloud: Cloud
    clock: Clock
    files: Files
    stop: StopRequests


@contextmanager
def session(aws: AwsOptions, request: Request | None = None) -> Iterator[Session]:
    """Handle signals and connect to AWS while a command runs. Coordinates of the request outweigh those of `aws`."""
    request = replace(request or Request(), parallelism=aws.parallelism)
    if request.coordinates == Coordinates():
        request = replace(request, coordinates=aws.coordinates)
    stop = StopRequests()
    clock = SystemClock(stop.event)
    cloud = AwsCloud(clock, stop, share_of_part(aws.quota_share, request.parts), aws.parallelism)
    with stop.listening():
        yield Session(request, cloud, clock, Disk(), stop)
