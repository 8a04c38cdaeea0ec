"""Counts and names in summaries say what they seem to say."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from e2e.running import SAMPLES, InProcess
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID, PETSTORE_ID

CONFIG: Final = """\
apiVersion: reconciler/v1
kind: Config
manifests: [m]
environments:
  dev: {vars: {api: minimal}}
  prod: {vars: {api: petstore}}
"""
MANIFEST: Final = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: health}
spec:
  api: {name: "${{ vars.api }}"}
  methodResponses: ensure
  deploy: {stages: [prod]}
  resources:
    /health:
      GET:
        responses:
          200: {}
          503: {selectionPattern: '5\\d\\d'}
"""
ONLY: Final = ("--only", "petstore: GET /pets *")


@pytest.fixture
def project(folder: Path, plane: ControlPlane) -> Path:
    """Two environments, whose APIs have a stage `prod` each."""
    (folder / "m").mkdir()
    (folder / "reconciler.yaml").write_text(CONFIG)
    (folder / "m" / "health.yaml").write_text(MANIFEST)
    stages = {one["stageName"] for one in plane.call("GetStages", restApiId=MINIMAL_ID)["item"]}
    if "prod" not in stages:
        plane.call("CreateDeployment", restApiId=MINIMAL_ID, stageName="prod")
    return folder


def summary(text: str) -> dict[str, Any]:
    """The counts of a JSON document."""
    found: dict[str, Any] = json.loads(text)["summary"]
    return found


@pytest.mark.usefixtures("sandbox")
def test_what_only_leaves_out_is_not_selected(reconciler: InProcess) -> None:
    """Neither unmanaged nor gone: all that is compared otherwise is compared now, or counted as not selected."""
    words = ("plan", SAMPLES / "petstore", "--format", "json")
    whole, part = summary(reconciler(*words).out), summary(reconciler(*words, *ONLY).out)
    compared = [sum(one[name] for name in ("create", "update", "delete", "unchanged")) for one in (whole, part)]

    assert (0, whole["unmanaged"], whole["unmanagedMethods"]) == (
        whole["notSelected"],
        part["unmanaged"],
        part["unmanagedMethods"],
    )
    assert compared[0] == compared[1] + part["notSelected"]
    assert part["notSelected"] > 0


@pytest.mark.usefixtures("sandbox")
def test_not_selected_in_words(reconciler: InProcess) -> None:
    """In the last line of a plan and of drift."""
    number = summary(reconciler("plan", SAMPLES / "petstore", "--format", "json", *ONLY).out)["notSelected"]
    lines = [reconciler(verb, SAMPLES / "petstore", *ONLY).last for verb in ("plan", "drift")]

    assert [True, True] == [f", {number} not selected, " in line for line in lines], lines


@pytest.mark.usefixtures("project")
def test_stages_of_other_apis_are_not_counted(reconciler: InProcess) -> None:
    """Where `--only` names no response of an API, its stages are not compared."""
    other = (
        MANIFEST.replace("name: health}", "name: other}")
        .replace("${{ vars.api }}", "petstore")
        .replace("/health", "/pets")
    )
    Path("m", "other.yaml").write_text(other.replace("metadata: {", "metadata: {environments: [dev], "))
    every, one = (
        summary(reconciler("drift", "--env", "dev", "--format", "json", *words).out)
        for words in ((), ("--only", "other: *"))
    )

    assert (2, 1) == (every["stages"], one["stages"])


@pytest.mark.usefixtures("project")
def test_pending_changes_name_the_environment(reconciler: InProcess, plane: ControlPlane) -> None:
    """Two stages of one manifest have a warning each, and a reader can tell them apart."""
    reconciler("apply", "--env", "all", "--yes", "--deploy", "--publish-all")
    for api in (MINIMAL_ID, PETSTORE_ID):
        resources = plane.call("GetResources", restApiId=api)["items"]
        (health,) = (resource["id"] for resource in resources if resource["path"] == "/health")
        patch = {"op": "replace", "path": "/timeoutInMillis", "value": "3000"}
        plane.call("UpdateIntegration", restApiId=api, resourceId=health, httpMethod="GET", patchOperations=[patch])
    text = reconciler("drift", "--env", "all").out

    assert [True, True] == [
        f"health ({name}, eu-west-1): stage prod: a deployment would also publish: GET /health integration" in text
        for name in ("dev", "prod")
    ], text


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_lines_of_stages_name_the_environment(reconciler: InProcess, format_: str) -> None:
    """The same manifest and stage in two environments are two lines that a reader can tell apart."""
    text = reconciler("drift", "--env", "all", "--format", format_).out
    plain = text.replace("`", "").replace("<code>", "").replace("</code>", "")

    assert [True, True] == [
        f"health ({name}, eu-west-1): stage prod has the same" in plain for name in ("dev", "prod")
    ], text


@pytest.mark.usefixtures("project")
def test_findings_of_stages_name_the_environment(reconciler: InProcess) -> None:
    """In JSON, those of stages as those of drafts."""
    found = json.loads(reconciler("drift", "--env", "all", "--format", "json").out)["findings"]

    assert {("dev", None), ("dev", "prod"), ("prod", None), ("prod", "prod")} == {
        (one["environment"], one["stage"]) for one in found
    }


@pytest.mark.usefixtures("project")
def test_an_environment_whose_stage_differs_is_not_in_sync(reconciler: InProcess) -> None:
    """The line of an environment counts what its stages serve as well."""
    assert 0 == reconciler("apply", "--env", "dev", "--yes").code
    lines = reconciler("drift", "--env", "all").out.splitlines()

    assert [True] == ["on stages" in line for line in lines if line.startswith("  dev, eu-west-1: ")], lines


@pytest.mark.usefixtures("project")
def test_where_nothing_is_written_the_other_apis_are_left_out(reconciler: InProcess, plane: ControlPlane) -> None:
    """`--only` with `--deploy` publishes nothing of an API of which it names no response."""
    Path("m", "other.yaml").write_text(
        MANIFEST.replace("name: health}", "environments: [dev], name: other}").replace("${{ vars.api }}", "petstore")
    )
    reconciler("apply", "--env", "dev", "--yes")
    plane.calls.clear()
    ran = reconciler("apply", "--env", "dev", "--yes", "--deploy", "--only", "health: *")

    made = [call.parameters["restApiId"] for call in plane.calls if call.operation == "CreateDeployment"]
    assert (0, [MINIMAL_ID], False) == (ran.code, made, PETSTORE_ID in made), ran.text
