"""The ports to one sandbox by either way: straight to its model, and through boto3 and HTTP."""

import os
import threading
from collections.abc import Iterator

import pytest

from reconciler.aws.session import AwsCloud
from reconciler.models.targets import Coordinates
from reconciler.ports import Cloud, Connection
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.server import Server
from support.clock import FakeClock


@pytest.fixture(scope="module", params=["memory", "boto3"])
def cloud(request: pytest.FixtureRequest, server: Server) -> Iterator[Cloud]:
    """A way to the sandbox; boto3 has the settings that the sandbox says to export, and no others."""
    if request.param == "memory":
        yield InMemoryCloud(server.aws)
        return
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("AWS_"):
                patch.delenv(name)
        for name, value in server.environment_over(os.environ).items():
            patch.setenv(name, value)
        yield AwsCloud(FakeClock(), threading.Event())


@pytest.fixture(scope="module")
def connection(cloud: Cloud) -> Connection:
    """A connection to its default region."""
    return cloud.connect(Coordinates())


@pytest.fixture
def fresh(cloud: Cloud) -> Connection:
    """A connection that has asked nothing yet, and remembers nothing."""
    unused = cloud if isinstance(cloud, InMemoryCloud) else AwsCloud(FakeClock(), threading.Event())
    return unused.connect(Coordinates())
