"""drift over many APIs: what is kept, what is reported of what was not read, and when a run ends early."""

import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace

import pytest

from reconciler import deadline
from reconciler.deadline import check_time
from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.result import Drift
from reconciler.engine.load import ignore_rules
from reconciler.engine.load.request import Request
from reconciler.engine.read.watch import watched
from reconciler.engine.result_documents import document_of_drift
from reconciler.errors import CredentialsError, ExitCode, Interrupted, ReconcilerError, UsageError
from reconciler.fleet.run_facts import RunFacts
from reconciler.manifest import Disk
from reconciler.meter import CallMeter
from reconciler.models.desired import Desired
from reconciler.models.keys import Scope
from reconciler.models.live import ApiSummary, LiveApi, LiveScope
from reconciler.models.targets import Coordinates, Target
from reconciler.ports import Connection, Usage
from reconciler.sandbox.gateway import InMemoryCloud, InMemoryReader
from reconciler.sandbox.model.plane import REGION, ControlPlane
from support.apis import Method
from support.clock import FakeClock
from support.live import DEFAULT, GET_PETS
from support.progress import Recorded
from support.stage import Stage, manifest

ONE = {GET_PETS: Method({"200": DEFAULT})}
HEAD = "apiVersion: reconciler/v1\nkind: Config\n"


class HookedReader(InMemoryReader):
    """Reads as usual; `before` is called first, with the target."""

    def __init__(self, plane: ControlPlane, meter: CallMeter) -> None:
        super().__init__(plane, meter)
        self.before: Callable[[Target], object] = lambda _: None
        self.after: Callable[[LiveApi], LiveApi] = lambda live: live

    def rest_api(self, target: Target) -> LiveApi:
        """Call the hooks around it."""
        self.before(target)
        return self.after(super().rest_api(target))


class HookedCloud(InMemoryCloud):
    """A cloud whose reader is hooked; some regions refuse to be connected to."""

    def __init__(self) -> None:
        super().__init__()
        self.meter = CallMeter()
        self.reader = HookedReader(self.plane(), self.meter)
        self.refused: dict[str, ReconcilerError] = {}

    def connect(self, coordinates: Coordinates) -> Connection:
        """Return a connection with the hooked reader."""
        region = coordinates.region or ""
        if region in self.refused:
            raise self.refused[region]
        connection = super().connect(coordinates)
        return connection if coordinates.region else replace(connection, reader=self.reader, meter=self.meter)


@dataclass
class Fleet:
    """APIs of one region, with a manifest each."""

    stage: Stage
    cloud: HookedCloud
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def reader(self) -> HookedReader:
        """The reader of all of them."""
        return self.cloud.reader

    @property
    def clock(self) -> FakeClock:
        """The clock of the run."""
        return self.stage.clock

    def add(self, *names: str, responses: str = "{200: {}}") -> None:
        """Add APIs of these names, all with one response."""
        for name in names:
            self.stage.api(name, ONE)
            self.stage.write(manifest(responses, name=name, api=f"{{name: {name}}}"), f"{name}.yaml")

    def drift(self, **options: object) -> Drift:
        """Run `drift`, one API at a time."""
        request = replace(Request((".",), parallelism=1), **options)  # type: ignore[arg-type]
        return drift(request, self.cloud, Disk(), self.clock, stop=_Stop(self.stop))


class _Stop:
    """`ports.ReadInterrupts` behind an event."""

    def __init__(self, event: threading.Event) -> None:
        self.is_set = event.is_set
        self.is_reading = False

    def begin_reading(self) -> None:
        """Note it."""
        self.is_reading = True


@pytest.fixture
def fleet(stage: Stage) -> Fleet:
    """No API yet."""
    cloud = HookedCloud()
    stage.cloud = cloud
    return Fleet(stage, cloud)


def reasons(found: Drift) -> dict[str, str]:
    """Return why each manifest was not read."""
    return {name: failure.failure.message for failure in found.unread for name in failure.manifests}


def read_names(found: Drift) -> list[str]:
    """Return the manifests of the APIs that were read."""
    return [ref.name for target in found.targets for ref in target.manifests]


class Tracked(dict[Scope, LiveScope]):
    """The methods of a live state, whose end can be seen."""


def test_live_state_is_dropped_before_the_next_api_is_read(fleet: Fleet) -> None:
    """However many APIs there are, no more are in memory than are read at once."""
    fleet.add(*"abcdef")
    tracked: list[weakref.ref[Tracked]] = []
    alive: list[int] = []

    def count(_: Target) -> None:
        gc.collect()
        alive.append(sum(1 for ref in tracked if ref()))

    def track(live: LiveApi) -> LiveApi:
        methods = Tracked(live.methods)
        tracked.append(weakref.ref(methods))
        return replace(live, methods=methods)

    fleet.reader.before, fleet.reader.after = count, track
    found = fleet.drift()
    count(found.targets[0].target)

    assert [0] * 7 == alive


def test_desired_state_is_dropped_with_its_target(fleet: Fleet) -> None:
    """What the manifests declare is not kept either, once an API is compared."""
    fleet.add(*"abcd")
    alive: list[int] = []

    def count(_: Target) -> None:
        gc.collect()
        alive.append(sum(isinstance(each, Desired) for each in gc.get_objects()))

    fleet.reader.before = count
    fleet.drift()

    assert [3, 2, 1, 0] == [each - alive[-1] for each in alive]


def test_targets_are_in_the_order_of_their_manifests(fleet: Fleet) -> None:
    """Whichever was read first, so that two runs have the same report."""
    fleet.add(*"abcdefgh")
    found = fleet.drift(parallelism=4)

    assert list("abcdefgh") == read_names(found)


def test_a_bug_in_one_api_is_the_error_of_that_api(fleet: Fleet) -> None:
    """A hostile answer that breaks the parser hides nothing of the others; the message has the place in the source."""
    fleet.add("bad", "good")

    def fail(target: Target) -> None:
        if target.api_name == "bad":
            raise KeyError("items")

    fleet.reader.before = fail
    found = fleet.drift()

    assert (ExitCode.FAILED, ["good"], ["bad"]) == (found.exit_code, read_names(found), list(reasons(found)))
    assert reasons(found)["bad"].startswith("internal error: KeyError: 'items' (test_drift_streaming.py:")


def test_a_bug_in_a_listing_is_the_error_of_what_is_listed_there(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """APIs that are addressed by id need no listing."""
    fleet.add("by-name")
    known = fleet.stage.api("by-id", ONE)
    fleet.stage.write(manifest(name="by-id", api=f"{{id: {known}}}"), "by-id.yaml")

    def listing(_: HookedReader) -> list[ApiSummary]:
        raise TypeError("no list")

    monkeypatch.setattr(HookedReader, "rest_apis", listing)
    found = fleet.drift()

    assert ["by-id"] == read_names(found)
    assert reasons(found)["by-name"].startswith("internal error: TypeError: no list")


def test_ignore_rules_that_take_too_long_end_the_run(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration is wrong, not one of the APIs."""
    monkeypatch.setattr(ignore_rules, "MOST_MATCHING", 1)
    fleet.add("petstore")
    fleet.stage.write(f"{HEAD}ignore:\n  - {{match: 'petstore: *', reason: it is slow}}\n", "reconciler.yaml")

    with pytest.raises(UsageError, match="takes too long"):
        fleet.drift()


def test_what_a_target_and_the_run_took_is_reported(fleet: Fleet) -> None:
    """Seconds by the monotonic clock, and the calls: one listing and one read of each API."""
    fleet.add("fast", "slow")

    def spend(target: Target) -> None:
        fleet.clock.time += 7.0 if target.api_name == "slow" else 1.0

    fleet.reader.before = spend
    found = fleet.drift()

    assert [(1.0, Usage(1)), (7.0, Usage(1))] == [(target.seconds, target.usage) for target in found.targets]
    assert RunFacts(8.0, Usage(3)) == found.facts.run


def test_the_date_does_not_matter_for_durations(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is set back or forward during the run changes neither its seconds nor a timeout."""
    fleet.add("a", "b")
    dates = iter(["2026-01-31T12:00:00Z", "1999-01-01T00:00:00Z", "2099-01-01T00:00:00Z"])
    monkeypatch.setattr(FakeClock, "now", lambda _: next(dates))
    found = fleet.drift(timeout=5.0)

    assert (ExitCode.OK, 0.0, "2026-01-31T12:00:00Z") == (found.exit_code, found.facts.run.seconds, found.created_at)


def test_a_run_out_of_time_reports_what_it_has(fleet: Fleet) -> None:
    """Each API that was not read is an error; drift that was found is there all the same, and exit 1 outweighs it."""
    fleet.add("a", responses="{200: {}, 404: {selectionPattern: '404'}}")
    fleet.add("b", "c")

    def spend(_: Target) -> None:
        fleet.clock.time += 20.0

    fleet.reader.before = spend
    found = fleet.drift(timeout=30.0)
    late = "the run could not read it within 30s"

    assert {"c": late} == reasons(found)
    assert (ExitCode.FAILED, 1, 1, "timed out after 30s") == (
        found.exit_code,
        found.summary.missing,
        found.summary.errors,
        found.facts.run.stopped,
    )


def test_a_call_that_never_ends_does_not_keep_the_report(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that trickles in outlives every timeout of its call: the run goes on without it."""
    monkeypatch.setattr(deadline, "abandoned", threading.Event())
    fleet.add("a", "b", "c")
    reached, released = threading.Event(), threading.Event()

    def trickle(target: Target) -> None:
        if target.api_name == "b":
            reached.set()
            released.wait(60)

    def wait_until_it_hangs(work: list[Future[object]], _: float) -> object:
        reached.wait(60)
        return wait(work, 0)

    monkeypatch.setattr(deadline, "wait", wait_until_it_hangs)
    fleet.reader.before = trickle
    found = fleet.drift(timeout=30.0)
    released.set()
    late = "the run could not read it within 30s"

    assert (["a"], {"b": late, "c": late}) == (read_names(found), reasons(found))
    assert (ExitCode.FAILED, "timed out after 30s") == (found.exit_code, found.facts.run.stopped)


def test_a_target_out_of_time_is_no_run_out_of_time(fleet: Fleet) -> None:
    """Each has its own time; the run goes on."""
    fleet.add("a", "b")
    monotonic = fleet.clock.monotonic

    def spend(target: Target) -> None:
        if target.api_name == "a":
            fleet.clock.time += 20.0
            check_time(monotonic())

    fleet.reader.before = spend
    found = fleet.drift(target_timeout=10.0)

    assert ({"a": "it could not be read within 10s"}, ["b"], "") == (
        reasons(found),
        read_names(found),
        found.facts.run.stopped,
    )


def test_a_stopped_run_reports_what_it_has(fleet: Fleet) -> None:
    """Exit 130; the others are errors that say so."""
    fleet.add("a", "b", "c")
    fleet.reader.before = lambda target: fleet.stop.set() if target.api_name == "b" else None
    found = fleet.drift()

    assert ({"c": "stopped before it was read"}, ["a", "b"]) == (reasons(found), read_names(found))
    assert (ExitCode.INTERRUPTED, "interrupted", 1) == (
        found.exit_code,
        found.facts.run.stopped,
        found.summary.errors,
    )


def test_a_call_that_is_not_sent_because_of_the_stop_is_no_other_error(fleet: Fleet) -> None:
    """All of them are reported with the same words, whatever they waited for."""
    fleet.add("a", "b")

    def interrupt(_: Target) -> None:
        fleet.stop.set()
        raise Interrupted("stopped before GetResources was sent")

    fleet.reader.before = interrupt
    found = fleet.drift()

    assert {"a": "stopped before it was read", "b": "stopped before it was read"} == reasons(found)


@pytest.mark.parametrize("method", ["connect", "rest_apis"])
def test_a_run_that_is_stopped_before_any_api_is_known_reports_every_manifest(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """While it signs in, and while it lists APIs."""
    fleet.add("a", "b")

    def interrupt(*_: object) -> None:
        raise Interrupted("stopped")

    monkeypatch.setattr(HookedCloud if method == "connect" else HookedReader, method, interrupt)
    found = fleet.drift()

    assert dict.fromkeys("ab", "stopped before it was read") == reasons(found)
    assert (ExitCode.INTERRUPTED, "interrupted") == (found.exit_code, found.facts.run.stopped)


def test_a_role_that_cannot_be_assumed_is_an_error_of_each_manifest_and_region(fleet: Fleet) -> None:
    """With the environment and the region; other environments are compared."""
    fleet.add("petstore")
    fleet.cloud.refused = {region: CredentialsError(f"no role in {region}") for region in ("eu-west-2", "eu-west-3")}
    fleet.stage.write(
        f"{HEAD}environments:\n  prod: {{regions: [eu-west-2, eu-west-3]}}\n  test: {{}}\n", "reconciler.yaml"
    )
    found = fleet.drift(environments=["all"])
    errors = [finding for finding in document_of_drift(found).findings if finding.type == "error"]

    assert (ExitCode.FAILED, ["petstore"]) == (found.exit_code, read_names(found))
    assert [("petstore", "prod", "eu-west-2"), ("petstore", "prod", "eu-west-3")] == [
        (finding.address, finding.environment, finding.region) for finding in errors
    ]


def test_a_configuration_without_manifests_is_an_error(fleet: Fleet) -> None:
    """A schedule whose manifests have moved must not stay green."""
    fleet.stage.write(f"{HEAD}environments:\n  prod: {{}}\n", "reconciler.yaml")
    found = fleet.drift(environments=["all"])

    assert (ExitCode.FAILED, ["empty-set"], 0.0) == (
        found.exit_code,
        [problem.rule.id for problem in found.diagnostics],
        found.facts.run.seconds,
    )


@dataclass
class Chosen:
    """`TargetChoice`: only these manifests."""

    names: str

    def covers(self, target: Target) -> bool:
        """By the name of the API."""
        return (target.api_name or "") in self.names

    def covers_unread(self, environment: str | None, region: str, manifest: str) -> bool:
        """By the name of the manifest."""
        return (environment, region) == (None, REGION) and manifest in self.names


def test_a_choice_leaves_out_targets_and_failures(fleet: Fleet) -> None:
    """What is left out is neither read nor reported, and what it would have matched is not missed."""
    fleet.add("a", "b")
    for name in ("x", "y"):
        fleet.stage.write(manifest(name=name, api=f"{{name: no-{name}}}"), f"{name}.yaml")
    found = fleet.drift(choice=Chosen("ax"), only=["b: *", "a: *", "x: *"])

    assert (["a"], ["x"]) == (read_names(found), list(reasons(found)))
    assert 1 == fleet.stage.plane.calls.names().count("GetResources")


def test_a_choice_of_nothing_is_fine(fleet: Fleet) -> None:
    """One of many parts may have no target at all."""
    fleet.add("a")
    found = fleet.drift(choice=Chosen(""))

    assert (ExitCode.OK, ()) == (found.exit_code, found.targets)


def test_progress_is_reported_to_whoever_watches(fleet: Fleet) -> None:
    """What could not be found first, then each API as it is read, with its counts."""
    fleet.add("a", responses="{200: {}, 404: {selectionPattern: '404'}}")
    fleet.stage.write(manifest(name="x", api="{name: nowhere}"), "x.yaml")
    progress = Recorded()
    with watched(progress):
        found = fleet.drift()

    assert [
        1,
        (("x",), {}, reasons(found)["x"]),
        "reading a",
        (("a",), {"inSync": 1, "missing": 1}, ""),
        "end",
    ] == progress.events


def test_plans_report_their_reading_too(fleet: Fleet) -> None:
    """Without counts: what is compared is not known yet."""
    fleet.add("a")
    progress = Recorded()
    with watched(progress):
        fleet.stage.plan()

    assert [1, "reading a", (("a",), {}, ""), "end"] == progress.events
