"""drift as metrics, read by Prometheus' own parser."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from reconciler.diagnostics import error
from reconciler.engine.deploy.compare_stages import StageFailure
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.connect import ReadFailure
from reconciler.errors import AccessDenied
from reconciler.findings import StageDrift, TargetDrift, find_drift
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.run_facts import RunFacts
from reconciler.models.responses import RestResponse
from reconciler.ports import Usage
from reconciler.rules import InputRule
from reconciler.views import drift_metrics as module
from reconciler.views.drift_metrics import drift_metrics, earlier_drift
from reconciler.views.run_metrics import EarlierMetrics
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, live_of
from support.states import desired_of

NOW, EARLIER = "2026-01-31T12:00:00Z", "2026-01-30T12:00:00Z"
LATER = "2026-02-01T12:00:00Z"
SECONDS = 1769860800.0
DAY = 86_400
FINDINGS = "reconciler_drift_findings"
SUCCESS = "reconciler_drift_last_success_timestamp_seconds"
NONE = EarlierMetrics()

FOUND = find_drift(
    desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}),
    live_of({GET_PETS: {"200": DEFAULT, "404": RestResponse("4.."), "500": BROKEN}}),
)


def target(name: str = "petstore", environment: str | None = "prod", found: TargetDrift = FOUND) -> TargetDrift:
    """An API of a manifest of this name, with a changed and an unexpected response and one in sync."""
    return replace(
        found,
        target=replace(found.target, environment=environment),
        manifests=(replace(found.manifests[0], name=name),),
        findings=tuple(replace(finding, manifest=name) for finding in found.findings),
    )


def unread(*names: str, environment: str | None = "prod") -> ReadFailure:
    """Manifests that could not be read."""
    return ReadFailure(names, AccessDenied("no"), None, environment, "eu-west-1", "123456789012")


def drift_at(moment: str, *targets: TargetDrift, failures: Iterable[ReadFailure] = ()) -> Drift:
    """A report of a run at this moment, with 10 calls."""
    facts = FleetFacts(RunFacts(2.5, Usage(10, 1)))
    return Drift(targets, tuple(failures), (), moment, facts=facts)


def values(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Sample name -> values of the labels, in the order of their names -> value."""
    read: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = tuple(sample.labels[name] for name in sorted(sample.labels))
            assert key not in read.setdefault(sample.name, {})
            read[sample.name][key] = sample.value
    return read


def run(drift: Drift, earlier: EarlierMetrics = NONE) -> dict[str, dict[tuple[str, ...], float]]:
    """The metrics of a report."""
    return values(drift_metrics(drift, "all", earlier))


def key(manifest: str, environment: str = "prod") -> tuple[str, str, str]:
    """Labels of a manifest."""
    return environment, manifest, "eu-west-1"


def test_findings_are_counted_by_type() -> None:
    """With zeros."""
    assert {
        (*key("petstore"), "changed"): 1,
        (*key("petstore"), "error"): 0,
        (*key("petstore"), "missing"): 0,
        (*key("petstore"), "unexpected"): 1,
    } == run(drift_at(NOW, target()))[FINDINGS]


def test_without_environments_the_label_is_empty() -> None:
    """Prometheus takes that as no label."""
    assert {key("petstore", "")} == set(run(drift_at(NOW, target(environment=None)))[SUCCESS])


def test_a_run_says_when_how_long_and_how_many_calls() -> None:
    """For the environments that were asked for."""
    found = run(drift_at(NOW, target()))

    assert {
        "reconciler_drift_last_run_timestamp_seconds": {("all",): SECONDS},
        "reconciler_drift_duration_seconds": {("all",): 2.5},
        "reconciler_drift_errors": {("all",): 0},
        "reconciler_drift_omitted_manifests": {("all",): 0},
        "reconciler_aws_calls_total": {("drift", "all"): 10},
        "reconciler_aws_throttles_total": {("drift", "all"): 1},
        "reconciler_drift_in_sync_responses": {key("petstore"): 1},
        SUCCESS: {key("petstore"): SECONDS},
        FINDINGS: found[FINDINGS],
    } == found


def test_what_stages_serve_counts_for_its_manifest() -> None:
    """Also where a stage shows no details."""
    stages = (StageDrift("live", target()), StageDrift("test", replace(target(), findings=()), "lags"))
    found = run(replace(drift_at(NOW, replace(target(), findings=())), stages=stages))[FINDINGS]

    assert (2, 1) == (found[*key("petstore"), "changed"], found[*key("petstore"), "unexpected"])


def test_a_manifest_that_cannot_be_read_keeps_its_last_success() -> None:
    """Of the file that the run replaces."""
    before = drift_metrics(drift_at(EARLIER, target("a"), target("b")), "all", NONE)
    found = run(drift_at(NOW, target("a"), failures=[unread("b", "new")]), earlier_drift(before))

    assert {key("a"): SECONDS, key("b"): SECONDS - DAY} == found[SUCCESS]
    assert 1 == found[FINDINGS][*key("new"), "error"]


def test_a_stage_that_cannot_be_compared_is_no_success() -> None:
    """The manifest was read in part only."""
    lost = (StageFailure("live", unread("petstore")),)
    found = run(replace(drift_at(NOW, target()), lost=lost))

    assert ({}, 1) == (found.get(SUCCESS, {}), found[FINDINGS][*key("petstore"), "error"])


def test_a_manifest_that_is_gone_loses_its_last_success() -> None:
    """An alert about it would never end."""
    before = drift_metrics(drift_at(EARLIER, target("a"), target("b")), "all", NONE)

    assert {key("a")} == set(run(drift_at(NOW, target("a")), earlier_drift(before))[SUCCESS])


def test_a_run_that_loads_nothing_keeps_every_last_success() -> None:
    """It does not know the manifests."""
    before = drift_metrics(drift_at(EARLIER, target("a"), target("b")), "all", NONE)
    broken = Drift((), (), (error(InputRule.SYNTAX, "no YAML"),), NOW)
    found = run(broken, earlier_drift(before))

    assert {key("a"): SECONDS - DAY, key("b"): SECONDS - DAY} == found[SUCCESS]
    assert {("all",): 1} == found["reconciler_drift_errors"]


def test_a_last_success_in_the_future_is_dropped() -> None:
    """A clock that was wrong would silence an alert."""
    before = drift_metrics(drift_at(LATER, target()), "all", NONE)
    found = run(drift_at(NOW, failures=[unread("petstore")]), earlier_drift(before))

    assert {} == found.get(SUCCESS, {})


def test_totals_go_on_from_the_file_before() -> None:
    """As counters do."""
    before = drift_metrics(drift_at(EARLIER, target()), "all", NONE)
    found = run(drift_at(NOW, target()), earlier_drift(before))

    assert ({("drift", "all"): 20}, {("drift", "all"): 2}) == (
        found["reconciler_aws_calls_total"],
        found["reconciler_aws_throttles_total"],
    )


def test_manifests_of_one_api_share_what_is_in_sync() -> None:
    """A response that is in sync is not counted for each."""
    two = replace(target(), manifests=(*target().manifests, replace(FOUND.manifests[0], name="more")))
    found = run(drift_at(NOW, two))

    assert {key("petstore,more"): 1} == found["reconciler_drift_in_sync_responses"]
    assert {key("petstore"), key("more")} == set(found[SUCCESS])


def test_one_name_in_two_configurations_is_one_sum() -> None:
    """Two series with equal labels would make the file invalid; the account is no label."""
    found = run(drift_at(NOW, target(), target()))

    assert (2, {key("petstore"): 2}) == (
        found[FINDINGS][*key("petstore"), "changed"],
        found["reconciler_drift_in_sync_responses"],
    )


def test_the_number_of_series_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Manifests with findings come first; the others are one sum, and counted."""
    monkeypatch.setattr(module, "MOST_MANIFESTS", 2)
    calm = [target(name, found=replace(FOUND, findings=())) for name in ("a", "b", "c")]
    found = run(drift_at(NOW, *calm, target("z")))

    assert {key("a"), key("z"), ("", "", "")} == {labels[:3] for labels in found[FINDINGS]}
    assert {key("a"): 1, key("z"): 1, ("", "", ""): 2} == found["reconciler_drift_in_sync_responses"]
    assert ({("all",): 2}, {key("a"), key("z")}) == (found["reconciler_drift_omitted_manifests"], set(found[SUCCESS]))
