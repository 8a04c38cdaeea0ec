"""coverage: what is counted, what cannot be read, exit codes; read-only."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from reconciler.engine.read.watch import watched
from reconciler.errors import ExitCode, Refused
from reconciler.fleet.coverage import CoverageTally, CoverageThresholds
from reconciler.models.live import ApiSummary, LiveApi
from reconciler.models.targets import Kind, Target
from reconciler.rules import RunRule
from reconciler.sandbox.gateway import InMemoryReader
from reconciler.sandbox.model.faults import access_denied
from support.accounts import EXPIRED, OTHER_ACCOUNT
from support.landscape import Landscape, uncovered
from support.progress import Recorded


def test_an_api_without_a_manifest_is_uncovered(landscape: Landscape) -> None:
    """Of either kind; exit 2."""
    for name in ("pets", "orders"):
        landscape.api(name)
    landscape.chat("chat")
    landscape.write("pets")
    found = landscape.coverage()

    assert (ExitCode.DIFFERENCES, CoverageTally(covered=1, uncovered=2), ["orders", "chat"]) == (
        found.exit_code,
        found.counts,
        uncovered(found),
    )


def test_all_covered_is_fine(landscape: Landscape) -> None:
    """Exit 0, by name and by id."""
    landscape.api("pets")
    chat = landscape.chat("chat")
    landscape.write("pets")
    landscape.write_chat("talk", f"{{id: {chat}}}")
    found = landscape.coverage()

    assert (ExitCode.OK, CoverageTally(covered=2)) == (found.exit_code, found.counts)


def test_no_api_is_fine(landscape: Landscape) -> None:
    """Nothing is there to cover; the manifest without an API is a warning."""
    landscape.write("pets")
    found = landscape.coverage()

    assert (ExitCode.OK, Fraction(1), ["api-not-found"]) == (
        found.exit_code,
        found.counts.share,
        [diagnostic.rule.id for diagnostic in found.diagnostics],
    )


def test_an_http_api_does_not_count(landscape: Landscape) -> None:
    """It has no integration responses."""
    landscape.plane.call("CreateApi", Name="web", ProtocolType="HTTP")

    assert CoverageTally() == landscape.coverage().counts


def test_each_kind_is_listed_once(landscape: Landscape) -> None:
    """For all manifests and environments of an account and region together."""
    landscape.configure("environments: {dev: {region: eu-west-1}, prod: {region: eu-west-1}}")
    for name in ("pets", "orders"):
        landscape.api(name)
        landscape.write(name)
    landscape.coverage("all")

    assert ["GetApis", "GetRestApis"] == sorted(landscape.cloud.calls())


def test_environments_of_one_account_cover_together(landscape: Landscape) -> None:
    """Each names its own API; the region is counted once, with both names."""
    landscape.configure(
        "environments: {dev: {region: eu-west-1, vars: {s: dev}}, prod: {region: eu-west-1, vars: {s: prod}}}"
    )
    for stage in ("dev", "prod"):
        landscape.api(f"pets-{stage}")
    landscape.write("pets", '{name: "pets-${{ vars.s }}"}')
    found = landscape.coverage("all")

    assert [(("dev", "prod"), CoverageTally(covered=2))] == [
        (region.environments, region.counts) for region in found.regions
    ]


def test_every_account_and_region_is_counted(landscape: Landscape) -> None:
    """Those of an environment without manifests too."""
    landscape.configure(
        "environments: {dev: {regions: [eu-west-1, us-east-1]}, prod: {region: eu-west-1, profile: other}}"
    )
    landscape.write("pets", metadata="environments: [dev]")
    landscape.api("pets")
    landscape.api("pets", region="us-east-1")
    landscape.api("orders", account_id=OTHER_ACCOUNT)
    found = landscape.coverage("all")

    assert [("dev", 1, 0), ("dev", 1, 0), ("prod", 0, 1)] == [
        (*region.environments, region.counts.covered, region.counts.uncovered) for region in found.regions
    ]


def test_a_kind_that_cannot_be_listed_is_an_error(landscape: Landscape) -> None:
    """Exit 1; the other kind is counted all the same."""
    landscape.plane.faults.add(access_denied("GET", "/restapis"), "GetRestApis")
    landscape.chat("chat")
    landscape.write("pets")
    found = landscape.coverage()

    assert (ExitCode.FAILED, ["chat"], [Kind.REST_API], ["access-denied"]) == (
        found.exit_code,
        uncovered(found),
        [failure.kind for failure in found.failures],
        [diagnostic.rule.id for diagnostic in found.all_diagnostics],
    )
    assert "account 123456789012, eu-west-1: REST APIs cannot be listed: " in found.all_diagnostics[0].message


def test_credentials_that_do_not_work_are_an_error_of_their_environment(landscape: Landscape) -> None:
    """The other environments are counted."""
    landscape.configure(f"environments: {{dev: {{region: eu-west-1}}, prod: {{profile: {EXPIRED}}}}}")
    landscape.api("pets")
    landscape.write("pets")
    found = landscape.coverage("all")

    assert (ExitCode.FAILED, CoverageTally(covered=1), [("prod",)]) == (
        found.exit_code,
        found.counts,
        [failure.environments for failure in found.failures],
    )


def test_other_credentials_of_an_account_may_list_what_the_first_may_not(landscape: Landscape) -> None:
    """One denied answer is no failure if another environment can list the same account."""
    landscape.configure("environments: {dev: {region: eu-west-1}, prod: {region: eu-west-1}}")
    landscape.plane.faults.add(access_denied("GET", "/restapis"), "GetRestApis", times=1)
    landscape.api("pets")
    landscape.write("pets")

    assert ExitCode.OK == landscape.coverage("all").exit_code


def test_a_configuration_without_manifests_covers_nothing(landscape: Landscape) -> None:
    """That is how a team begins: the APIs are listed, with a warning."""
    landscape.api("pets")
    found = landscape.coverage()

    assert (ExitCode.DIFFERENCES, ["pets"], [("warning", "empty-set")]) == (
        found.exit_code,
        uncovered(found),
        [(diagnostic.severity, diagnostic.rule.id) for diagnostic in found.diagnostics],
    )


def test_a_broken_manifest_stops_the_run(landscape: Landscape) -> None:
    """Its API would seem to have none."""
    (landscape.folder / "manifests" / "pets.yaml").write_text("kind: [", encoding="utf-8")
    found = landscape.coverage()

    assert (ExitCode.FAILED, []) == (found.exit_code, landscape.cloud.calls())


def test_another_account_is_refused(landscape: Landscape) -> None:
    """As in every command."""
    landscape.configure(f'environments: {{dev: {{region: eu-west-1, accountId: "{OTHER_ACCOUNT}"}}}}')
    landscape.write("pets")

    with pytest.raises(Refused, match="is for account"):
        landscape.coverage("dev")


@pytest.mark.parametrize(("least", "code"), [("1/2", ExitCode.OK), ("501/1000", ExitCode.DIFFERENCES)])
def test_a_threshold_decides_about_the_exit_code(landscape: Landscape, least: str, code: ExitCode) -> None:
    """Exactly at the threshold is enough."""
    landscape.api("pets")
    landscape.api("orders")
    landscape.write("pets")

    assert code == landscape.coverage(thresholds=CoverageThresholds(Fraction(least))).exit_code


def test_the_run_is_timed(landscape: Landscape) -> None:
    """From its start to its end."""
    landscape.write("pets")

    assert 0.0 == landscape.coverage().run.seconds


def two_regions(landscape: Landscape) -> None:
    """An API in each of two regions, with a manifest for both."""
    landscape.configure("environments: {prod: {regions: [eu-west-1, us-east-1]}}")
    landscape.write("pets")
    for region in ("eu-west-1", "us-east-1"):
        landscape.api("pets", region=region)


def test_the_progress_is_shown(landscape: Landscape) -> None:
    """Of the lists, one for each account and region, and then of the APIs, each with what it took."""
    two_regions(landscape)
    progress = Recorded()
    with watched(progress):
        landscape.coverage("prod", methods=True, parallelism=1)
    begun = [event for event in progress.events if isinstance(event, int | str) and event != "reading None"]

    assert ["2 accounts and regions", "end", 2, "reading pets", "reading pets", "end"] == begun
    assert [((), ""), ((), ""), (("pets",), ""), (("pets",), "")] == [
        (event[0], event[2]) for event in progress.events if isinstance(event, tuple)
    ]


def test_a_run_ends_with_its_time(landscape: Landscape, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not listed by then is a failure, beside the counts of the rest."""
    two_regions(landscape)
    list_apis = InMemoryReader.rest_apis

    def slowly(reader: InMemoryReader) -> Sequence[ApiSummary]:
        landscape.clock.time += 10
        return list_apis(reader)

    monkeypatch.setattr(InMemoryReader, "rest_apis", slowly)
    found = landscape.coverage("prod", parallelism=1, timeout=5)

    assert (ExitCode.FAILED, CoverageTally(covered=1)) == (found.exit_code, found.counts)
    assert [("us-east-1", kind, "timed-out") for kind in Kind] == [
        (failure.region, failure.kind, failure.failure.rule.id) for failure in found.failures
    ]


@pytest.mark.parametrize(("limits", "late"), [({"timeout": 5}, 1), ({"target_timeout": 5}, 0)])
def test_apis_are_read_within_the_time(
    landscape: Landscape, monkeypatch: pytest.MonkeyPatch, limits: dict[str, Any], late: int
) -> None:
    """That of the run goes on from one to the next, that of each API begins anew."""
    two_regions(landscape)
    read_api = InMemoryReader.rest_api

    def slowly(reader: InMemoryReader, target: Target) -> LiveApi:
        landscape.clock.time += 10
        return read_api(reader, target)

    monkeypatch.setattr(InMemoryReader, "rest_api", slowly)
    found = landscape.coverage("prod", methods=True, parallelism=1, **limits)

    assert late == sum(failure.failure.rule is RunRule.TIMED_OUT for failure in found.failures)
