"""Which APIs a remediation leaves alone, and what it says of what it did."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.engine.drift.remediate import RemediationLimits, remediate
from reconciler.engine.drift.result import Drift
from reconciler.engine.journal_location import JournalLocation
from reconciler.engine.journaled_run import JournaledRun
from reconciler.engine.run_ports import StopEvent, Unattended
from reconciler.errors import ExitCode
from reconciler.fleet.ages import Age, Ages
from reconciler.fleet.fingerprint import fingerprint
from reconciler.fleet.remediation import Remediation
from reconciler.fleet.run_facts import RunFacts
from reconciler.invocation import Invocation
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.render.style import Style
from reconciler.sandbox.model.faults import access_denied
from reconciler.views.drift import drift_parts, drift_text
from support.apis import Method
from support.live import BROKEN, DEFAULT, GET_PETS
from support.stage import Stage, manifest

DAY = timedelta(days=1)
AGES = {"young": "2026-01-31T11:00:00Z", "old": "2026-01-01T00:00:00Z"}


@pytest.fixture
def two(stage: Stage) -> Stage:
    """Two APIs that drifted, one of them long ago."""
    for name in AGES:
        stage.api(name, {GET_PETS: Method({"200": DEFAULT, "500": BROKEN})})
        stage.write(manifest(name=name, api=f"{{name: {name}}}"), f"{name}.yaml")
    return stage


def aged(drift: Drift) -> Drift:
    """The report with the ages of its findings."""
    ages = {
        fingerprint(target.target, finding): Age("known", AGES[str(target.target.api_name)])
        for target in drift.targets
        for finding in target.findings
    }
    facts = replace(drift.facts, ages=Ages(ages))
    return replace(drift, created_at="2026-01-31T12:00:00Z", facts=facts)


def remediated(stage: Stage, drift: Drift, max_age: timedelta | None = None) -> Drift:
    """Remediate what was found."""
    location = JournalLocation(Path("runs"), ())
    run = JournaledRun(stage.cloud, Disk(), stage.clock, StopEvent(), Unattended(), location, Invocation())
    return remediate(drift, stage.request(), run, RemediationLimits(max_age=max_age))


def done(drift: Drift) -> Remediation:
    """What the report says was done."""
    assert drift.facts.remediation
    return drift.facts.remediation


def test_every_drifted_api_is_restored(two: Stage) -> None:
    """Without limits all of them; exit 0, although the findings stay in the report."""
    after = remediated(two, two.drift())

    assert (2, ["old", "young"], ExitCode.OK, 2) == (
        done(after).written,
        sorted(str(target.api_name) for target in done(after).restored),
        after.exit_code,
        after.summary.unexpected,
    )
    assert "2 unexpected, all remediated; " in drift_text(after, Style())
    assert two.drift().exit_code is ExitCode.OK


def test_old_drift_is_left_alone(two: Stage) -> None:
    """The API with old findings is not touched and named with the reason; the other one is restored; exit 4."""
    after = remediated(two, aged(two.drift()), DAY)

    [left] = done(after).left
    assert (("old",), "it has drifted since 2026-01-01T00:00:00Z, longer than --max-age allows") == (
        left.manifests,
        left.reason,
    )
    assert (1, ExitCode.REFUSED) == (done(after).written, after.exit_code)


def test_nothing_is_read_when_all_drift_is_old(two: Stage) -> None:
    """Then there is nothing to plan, and no run is journaled."""
    found = replace(aged(two.drift()), created_at="2027-01-31T12:00:00Z")
    two.plane.calls.clear()
    after = remediated(two, found, DAY)

    assert (2, 0, "", []) == (len(done(after).left), done(after).written, done(after).run, two.plane.calls.names())


def test_in_sync_nothing_is_done(stage: Stage) -> None:
    """The report stays as it is."""
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT})})
    stage.write(manifest())
    found = stage.drift()

    assert found == remediated(stage, found)


def test_a_stopped_run_is_not_remediated(two: Stage) -> None:
    """Whoever stopped it does not want more to happen."""
    found = two.drift()
    stopped = replace(found, facts=replace(found.facts, run=RunFacts(stopped="SIGTERM")))

    assert stopped == remediated(two, stopped)
    assert not two.plane.calls.writes()


def test_only_apis_with_drift_are_read_again(two: Stage) -> None:
    """The others of the fleet cost nothing more."""
    two.api("calm", {GET_PETS: Method({"200": DEFAULT})})
    two.write(manifest(name="calm", api="{name: calm}"), "calm.yaml")
    found = two.drift()
    two.plane.calls.clear()
    remediated(two, found)

    assert 4 == two.plane.calls.names().count("GetResources")  # to plan and to verify, each


def test_a_denied_write_is_reported(two: Stage) -> None:
    """Exit 3 as an apply has it, with the reason; what could be restored is."""
    [bad] = {target.target.api_id for target in two.drift().targets if target.target.api_name == "old"}
    denied = access_denied("DELETE", f"/restapis/{bad}/*")
    two.plane.faults.add(denied, "DeleteIntegrationResponse", when=lambda asked: asked["restApiId"] == bad)
    after = remediated(two, two.drift())

    assert (ExitCode.STOPPED, ["young"], 1) == (
        after.exit_code,
        [target.api_name for target in done(after).restored],
        done(after).written,
    )
    assert any("not authorized" in reason or "denied" in reason for reason in done(after).refusals)


def test_unlisted_methods_stay(stage: Stage) -> None:
    """No manifest says what they should be; the exit code stays 2, and nothing is planned for them alone."""
    health = MethodKey("/health", "GET")
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT}), health: Method({"200": DEFAULT})})
    stage.write(manifest())
    found = stage.drift(strict=True)

    assert found == remediated(stage, found)
    assert found.exit_code is ExitCode.DIFFERENCES


def test_a_restored_api_can_have_unlisted_methods(stage: Stage) -> None:
    """Then it is not in order yet."""
    health = MethodKey("/health", "GET")
    stage.api("petstore", {GET_PETS: Method({"200": BROKEN}), health: Method({"200": DEFAULT})})
    stage.write(manifest())
    after = remediated(stage, stage.drift(strict=True))

    assert (1, ExitCode.DIFFERENCES) == (len(done(after).restored), after.exit_code)


def test_what_was_restored_is_no_failure(two: Stage) -> None:
    """The findings pass in JUnit and are notes elsewhere; those of an API that was left alone stay what they are."""
    parts = drift_parts(remediated(two, aged(two.drift()), max_age=DAY), "")
    cases = [case.status for suite in parts.suites() for case in suite.cases if case.name == "GET /pets 500"]
    levels = [remark.level for remark in parts.remarks() if remark.rule == "drift/unexpected"]

    assert (["failed", "passed"], ["note", "warning"]) == (sorted(cases), sorted(levels))
