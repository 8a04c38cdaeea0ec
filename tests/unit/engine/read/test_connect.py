"""Connecting the projects of a run: in parallel, with everything in its order."""

import threading
from collections.abc import Callable

from reconciler.config.configuration import Environment
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.read.connect import connect
from reconciler.errors import CredentialsError
from reconciler.models.desired import Desired, ManifestRef
from reconciler.models.targets import ApiRef, Coordinates
from reconciler.ports import Connection
from reconciler.sandbox.gateway import InMemoryCloud

REGIONS = ("eu-west-1", "us-east-1")


def project(name: str) -> ResolvedProject:
    """Return a project with one manifest, in an environment with a profile and regions."""
    manifest = Desired((ManifestRef("pets", ApiRef(name="pets")),), {}, {})
    return ResolvedProject((manifest,), environment=Environment(name, profile=name, regions=REGIONS))


class HookedCloud(InMemoryCloud):
    """A cloud that hears of every connection first."""

    def __init__(self, arrived: Callable[[Coordinates], object]) -> None:
        super().__init__()
        self._arrived = arrived

    def connect(self, coordinates: Coordinates) -> Connection:
        """Return a connection."""
        self._arrived(coordinates)
        return super().connect(coordinates)


class PromptingCloud(HookedCloud):
    """A cloud that prompts the user. `prompts` are the profiles, each with the thread of its prompt."""

    def __init__(self, arrived: Callable[[Coordinates], object]) -> None:
        super().__init__(arrived)
        self.prompts: list[tuple[str | None, threading.Thread]] = []

    def sign_in(self, coordinates: Coordinates) -> None:
        """Note the prompt."""
        self.prompts.append((coordinates.profile, threading.current_thread()))


def test_accounts_are_connected_at_once() -> None:
    """Four connections of two accounts are all on their way before the first one is made."""
    together = threading.Barrier(4, timeout=20)
    account_regions, failures = connect(
        [project("dev"), project("prod")], Coordinates(), HookedCloud(lambda _: together.wait()), 4
    )

    assert (4, ()) == (len(account_regions), failures)


def test_no_more_than_asked_for_at_once() -> None:
    """With a parallelism of 1, everything happens in the thread of the caller."""
    threads: list[threading.Thread] = []
    connect([project("dev")], Coordinates(), HookedCloud(lambda _: threads.append(threading.current_thread())), 1)

    assert [threading.current_thread()] * 2 == threads


def test_connections_and_failures_keep_the_order_of_the_projects() -> None:
    """Whichever is made first."""
    last = threading.Event()

    def arrive(coordinates: Coordinates) -> None:
        if coordinates.profile == "prod" and coordinates.region == "us-east-1":
            last.set()
        assert last.wait(timeout=20)
        if coordinates.profile in {"dev", "test"}:
            raise CredentialsError(f"profile {coordinates.profile}: expired")

    projects = [project("dev"), project("stage"), project("test"), project("prod")]
    account_regions, failures = connect(projects, Coordinates(), HookedCloud(arrive), 8)

    assert [(name, region) for name in ("stage", "prod") for region in REGIONS] == [
        (each.project.name, each.connection.region) for each in account_regions
    ]
    assert [(name, region) for name in ("dev", "test") for region in REGIONS] == [
        (failure.environment, failure.region) for failure in failures
    ]


def test_user_is_prompted_before_threads_connect() -> None:
    """One prompt after another, in the order of the projects, in the thread that Ctrl-C interrupts."""
    cloud = PromptingCloud(lambda _: prompts_at_connect.append(len(cloud.prompts)))
    prompts_at_connect: list[int] = []
    connect([project("dev"), project("prod")], Coordinates(), cloud)
    here = threading.current_thread()

    assert [("dev", here), ("dev", here), ("prod", here), ("prod", here)] == cloud.prompts
    assert [4] * 4 == prompts_at_connect
