"""The coverage in a drift report: known for free, or asked for."""

from dataclasses import replace
from typing import Any

import pytest

from reconciler.engine.coverage.drift_coverage import with_coverage
from reconciler.engine.load.request import Request
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.errors import ExitCode
from reconciler.fleet.coverage import CoverageCount
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.run_facts import RunFacts
from reconciler.fleet.shard import Shard
from reconciler.manifest import Disk
from reconciler.models.targets import Kind, Target
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.model.faults import access_denied
from support.accounts import EXPIRED
from support.landscape import Landscape
from support.stage import Stage, manifest

REST = (Kind.REST_API,)


class Choosy:
    """A choice that covers everything, and could do otherwise."""

    def covers(self, target: Target) -> bool:  # noqa: ARG002 - the port's signature
        """Whether to read this API."""
        return True

    def covers_unread(self, environment: str | None, region: str, manifest: str) -> bool:  # noqa: ARG002
        """Whether to report a failure."""
        return True


@pytest.fixture
def two(landscape: Landscape) -> Landscape:
    """Two REST APIs, of which one has a manifest by name, and a WebSocket API."""
    landscape.api("pets")
    landscape.api("orders")
    landscape.chat("chat")
    landscape.write("pets")
    return landscape


def test_names_make_it_known(two: Landscape) -> None:
    """For the kind that was listed, without a call more."""
    count = two.drift().facts.coverage

    assert (CoverageCount(2, 1, kinds=REST), ["GetRestApis", "GetResources"]) == (count, two.cloud.calls())


def test_ids_do_not(two: Landscape) -> None:
    """Nothing is listed."""
    two.write("pets", f"{{id: {two.api('more')}}}")

    assert None is two.drift().facts.coverage


@pytest.mark.parametrize(
    "asked",
    [
        {"selectors": ({"team": "pets"},)},
        {"touched": frozenset()},
        {"paths": ("manifests/pets.yaml",)},
        {"choice": Choosy()},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_a_narrowed_run_does_not_know_it(two: Landscape, asked: Any) -> None:  # noqa: ANN401 - of a request
    """What it left out may be for the other APIs."""
    two.write("orders", metadata="labels: {team: orders}")
    two.write("pets", metadata="labels: {team: pets}")

    assert None is two.drift(**asked).facts.coverage


def test_paths_of_all_manifests_narrow_nothing(two: Landscape) -> None:
    """A job may name the folder."""
    assert CoverageCount(2, 1, kinds=REST) == two.drift(paths=("manifests",)).facts.coverage


def test_manifests_without_a_configuration_may_be_some_of_many(two: Landscape) -> None:
    """Nothing says that they are all."""
    (two.folder / "reconciler.yaml").unlink()

    assert None is two.drift(paths=("manifests",)).facts.coverage


@pytest.mark.parametrize(("chosen", "known"), [("all", True), ("dev", False)])
def test_all_environments_have_to_be_chosen(two: Landscape, chosen: str, *, known: bool) -> None:
    """The others may be in the same account."""
    two.configure("environments: {dev: {region: eu-west-1}, prod: {region: us-east-1}}")
    two.api("pets", region="us-east-1")

    assert known is (two.drift(chosen).facts.coverage is not None)


def test_an_account_that_was_not_reached_leaves_it_unknown(two: Landscape) -> None:
    """Part of the APIs is not known."""
    two.configure(f"environments: {{dev: {{region: eu-west-1}}, prod: {{profile: {EXPIRED}}}}}")

    assert None is two.drift("all").facts.coverage


def test_a_region_that_was_not_listed_leaves_it_unknown(two: Landscape) -> None:
    """One environment addresses its API by id."""
    api = two.api("pets", region="us-east-1")
    two.configure(f"environments: {{dev: {{region: eu-west-1}}, prod: {{region: us-east-1, apis: {{pets: {api}}}}}}}")

    assert None is two.drift("all").facts.coverage


def test_asked_for_it_is_complete(stage: Stage) -> None:
    """Of both kinds; what the run has listed is not listed again."""
    stage.api("petstore", {})
    stage.plane.call("CreateApi", Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.a")
    stage.plane.calls.clear()
    stage.write(manifest())
    cloud, cache = OneConnection(stage.cloud), ListingCache()
    request = Request((".",))
    found = with_coverage(stage.drift(), request, cloud, Disk(), stage.clock, cache)
    again = with_coverage(found, request, cloud, Disk(), stage.clock, cache)

    assert (CoverageCount(2, 1), found.facts.coverage) == (found.facts.coverage, again.facts.coverage)
    assert 1 == stage.plane.calls.names().count("GetApis")


class OneConnection(InMemoryCloud):
    """A cloud that gives the same connection to the same coordinates, as AWS's does."""

    def __init__(self, cloud: InMemoryCloud) -> None:
        self._connection = cloud.connect(Request().coordinates)

    def connect(self, _coordinates: object) -> Any:  # noqa: ANN401 - a connection
        """The one connection."""
        return self._connection


def test_what_cannot_be_listed_is_a_warning(two: Landscape) -> None:
    """The drift itself is known; the coverage is not."""
    two.plane.faults.add(access_denied("GET", "/apis"), "GetApis")
    before = two.drift()
    found = with_coverage(before, Request(), two.cloud, Disk(), two.clock, ListingCache())

    assert (None, before.exit_code, [("warning", "access-denied")]) == (
        found.facts.coverage,
        found.exit_code,
        [(one.severity, one.rule.id) for one in found.diagnostics],
    )


@pytest.mark.parametrize(
    "facts",
    [
        FleetFacts(shard=Shard(2, 3)),
        FleetFacts(skipped="an event of another service"),
        FleetFacts(RunFacts(stopped="SIGTERM")),
    ],
    ids=["a later part", "nothing to read", "stopped"],
)
def test_a_part_of_a_run_does_not_list_everything(two: Landscape, facts: FleetFacts) -> None:
    """Each shard would list the same."""
    before = replace(two.drift(), facts=facts)
    two.plane.calls.clear()

    assert before == with_coverage(before, Request(), two.cloud, Disk(), two.clock, ListingCache())
    assert [] == two.cloud.calls()


def test_a_run_that_could_not_load_lists_nothing(landscape: Landscape) -> None:
    """Its errors say enough."""
    (landscape.folder / "manifests" / "pets.yaml").write_text("kind: [", encoding="utf-8")
    found = with_coverage(landscape.drift(), Request(), landscape.cloud, Disk(), landscape.clock, ListingCache())

    assert (ExitCode.FAILED, None, []) == (found.exit_code, found.facts.coverage, landscape.cloud.calls())
