"""drift: findings, errors beside them, exit codes; read-only."""

import pytest

from reconciler.errors import ExitCode
from reconciler.findings import DriftSummary, Type
from reconciler.models.keys import MethodKey
from reconciler.sandbox.model.faults import Fault, Truncated, access_denied, throttled
from support.apis import Method
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND
from support.stage import Stage, manifest

ONE = {GET_PETS: Method({"200": DEFAULT})}


def test_in_sync_is_fine(stage: Stage) -> None:
    """Exit 0, and the responses are counted."""
    stage.api("petstore", ONE)
    stage.write(manifest())
    found = stage.drift()

    assert (ExitCode.OK, DriftSummary(in_sync=1)) == (found.exit_code, found.summary)


def test_what_differs_is_drift(stage: Stage) -> None:
    """Exit 2, a finding each."""
    stage.api("petstore", {GET_PETS: Method({"404": NOT_FOUND, "500": BROKEN})})
    stage.write(manifest("{200: {}, 404: {selectionPattern: '4..'}}"))
    found = stage.drift()

    assert (ExitCode.DIFFERENCES, [Type.MISSING, Type.CHANGED, Type.UNEXPECTED]) == (
        found.exit_code,
        [finding.type for target in found.targets for finding in target.findings],
    )


def test_nothing_is_written(stage: Stage) -> None:
    """Whatever there is to find."""
    stage.api("petstore", {GET_PETS: Method({"404": NOT_FOUND})})
    stage.write(manifest())
    stage.drift()

    assert [] == stage.plane.calls.writes()


def test_a_path_that_is_gone_is_missing(stage: Stage) -> None:
    """A finding, where a plan has an error."""
    stage.api("petstore", {MethodKey("/orders", "GET"): Method({"200": DEFAULT})})
    stage.write(manifest())
    found = stage.drift()

    assert (ExitCode.DIFFERENCES, [(Type.MISSING, "the API has no path /pets")], ()) == (
        found.exit_code,
        [(finding.type, finding.note) for target in found.targets for finding in target.findings],
        found.diagnostics,
    )


def test_a_missing_method_response_is_drift(stage: Stage) -> None:
    """A finding, not an error."""
    stage.api("petstore", {GET_PETS: Method({"200": DEFAULT}, declared={})})
    stage.write(manifest())
    found = stage.drift()

    assert (ExitCode.DIFFERENCES, DriftSummary(in_sync=1, missing=1)) == (found.exit_code, found.summary)


@pytest.mark.parametrize("fault", [access_denied("GET", "/restapis/*"), Truncated(), throttled()])
def test_what_cannot_be_read_outweighs_drift(stage: Stage, fault: Fault) -> None:
    """Exit 1; the findings of the other APIs are there all the same."""
    bad = stage.api("bad", ONE)
    stage.api("good", {GET_PETS: Method({})})
    for name in ("bad", "good"):
        stage.write(manifest(name=name, api=f"{{name: {name}}}"), f"{name}.yaml")
    stage.plane.faults.add(fault, "GetResources", when=lambda asked: asked["restApiId"] == bad)
    found = stage.drift()

    assert (ExitCode.FAILED, DriftSummary(missing=1, errors=1), [("bad",)]) == (
        found.exit_code,
        found.summary,
        [one.manifests for one in found.unread],
    )


def test_an_unread_api_counts_once_for_each_manifest(stage: Stage) -> None:
    """As the findings of the document do."""
    stage.write(manifest(name="one", api="{id: nosuchapi0}", path="/one"), "1.yaml")
    stage.write(manifest(name="two", api="{id: nosuchapi0}", path="/two"), "2.yaml")

    assert DriftSummary(errors=2) == stage.drift().summary


def test_broken_manifests_are_an_error(stage: Stage) -> None:
    """Nothing is read, nothing is called in sync."""
    stage.write("kind: [")
    found = stage.drift()

    assert (ExitCode.FAILED, []) == (found.exit_code, stage.plane.calls.names())


def test_no_manifest_is_an_error(stage: Stage) -> None:
    """A cron job with a wrong path must not stay green."""
    found = stage.drift()

    assert (ExitCode.FAILED, ["empty-set"]) == (found.exit_code, [diagnostic.rule for diagnostic in found.diagnostics])


def test_contradicting_manifests_are_an_error(stage: Stage) -> None:
    """Which of the two is meant cannot be known."""
    stage.api("petstore", ONE)
    stage.write(manifest(), "1.yaml")
    stage.write(manifest(name="other"), "2.yaml")
    found = stage.drift()

    assert (ExitCode.FAILED, ["duplicate-method"]) == (
        found.exit_code,
        [diagnostic.rule for diagnostic in found.diagnostics],
    )
