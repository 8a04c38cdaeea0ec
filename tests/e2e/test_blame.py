"""drift --blame and --strict from the command line, against the sandbox."""

import json
from pathlib import Path

import pytest

from e2e.running import InProcess
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID

MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: health}
spec:
  api: {name: minimal}
  resources:
    /health: {GET: {responses: {200: {}, 503: {selectionPattern: '5..'}}}}
"""


@pytest.fixture
def manifest(folder: Path, plane: ControlPlane) -> None:
    """A manifest that wants another pattern than AWS has."""
    (folder / "health.yaml").write_text(MANIFEST)
    plane.calls.clear()


@pytest.mark.usefixtures("manifest")
def test_who_wrote_it_is_shown(reconciler: InProcess, plane: ControlPlane) -> None:
    """The sandbox has one user, and its history is as long as its life."""
    ran = reconciler("drift", "health.yaml", "--blame", "--format", "json", "--format", "text=report.txt")
    findings = json.loads(ran.out)["findings"]

    assert (2, "") == (ran.code, ran.err)
    assert all(finding["blame"]["changes"] for finding in findings)
    assert "by user/sandbox from 127.0.0.1" in Path("report.txt").read_text()
    assert 0 < len(plane.calls.of("LookupEvents")) <= 10


@pytest.mark.usefixtures("manifest")
def test_an_unlisted_method_is_drift_by_a_variable(
    reconciler: InProcess, plane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RECONCILER_STRICT, as a scheduled job sets it."""
    root = next(item for item in plane.call("GetResources", restApiId=MINIMAL_ID)["items"] if item["path"] == "/")
    where = {"restApiId": MINIMAL_ID, "resourceId": root["id"], "httpMethod": "POST"}
    plane.call("PutMethod", **where, authorizationType="NONE")
    plane.call("PutIntegration", **where, type="MOCK")
    plane.call("PutMethodResponse", **where, statusCode="200")
    plane.call("PutIntegrationResponse", **where, statusCode="200")
    lax = reconciler("drift", "health.yaml")
    monkeypatch.setenv("RECONCILER_STRICT", "1")
    strict = reconciler("drift", "health.yaml")

    assert "no manifest lists" not in lax.out
    assert "  POST /\n    + method  no manifest lists this method\n" in strict.out


@pytest.mark.usefixtures("manifest")
def test_its_policy_allows_lookups(reconciler: InProcess) -> None:
    """With `--blame` only."""
    policies = [json.loads(reconciler("iam-policy", "health.yaml", *more).out) for more in ((), ("--blame",))]
    actions = [{action for statement in policy["Statement"] for action in statement["Action"]} for policy in policies]

    assert {"cloudtrail:LookupEvents"} == actions[1] - actions[0]
