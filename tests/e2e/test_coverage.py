"""coverage and the metrics, by the command and against the sandbox."""

import json
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from e2e.running import SAMPLES, InProcess
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane

PETSTORE = str(SAMPLES / "petstore")
CONFIG = ("--config", str(SAMPLES / "environments" / "reconciler.yaml"))


def families(text: str) -> set[str]:
    """The names of the metrics in a text, as Prometheus' parser reads them."""
    return {family.name for family in text_string_to_metric_families(text)}


@pytest.mark.usefixtures("plane")
def test_apis_without_a_manifest_are_listed(reconciler: InProcess) -> None:
    """Exit 2; the last line counts, and the suggested command is one."""
    ran = reconciler("coverage", PETSTORE)
    (suggested,) = (line for line in ran.out.splitlines() if "reconciler export" in line)

    assert (2, "", "Not covered: 1 of 4 APIs has a manifest.") == (ran.code, ran.err, ran.last)
    assert suggested.endswith(
        "reconciler export --rest-api ledger0001 --rest-api minimal001 --websocket-api chat000001 --out manifests "
        "--region eu-west-1"
    )


@pytest.mark.usefixtures("plane")
def test_a_threshold_is_enough(reconciler: InProcess) -> None:
    """Exit 0, and no word of it when quiet."""
    ran = reconciler("coverage", PETSTORE, "-q", "--min-apis", "25%", "--min-methods", "90%")

    assert (0, "") == (ran.code, ran.text)


def test_what_cannot_be_listed_is_next_to_what_is_uncovered(reconciler: InProcess, plane: ControlPlane) -> None:
    """Exit 1, and a recipe sees both in the document."""
    plane.faults.add(faults.access_denied("GET", "/apis"), "GetApis")
    ran = reconciler("coverage", *CONFIG, "--env", "all", "--format", "json")
    made = json.loads(ran.out)

    assert (1, 1, ["ledger"], ["WebSocketApi"]) == (
        ran.code,
        made["summary"]["errors"],
        [api["apiName"] for api in made["uncovered"]],
        [part["kind"] for part in made["unread"]],
    )


@pytest.mark.usefixtures("plane")
def test_drift_knows_the_coverage_of_named_apis(reconciler: InProcess) -> None:
    """Of REST APIs without asking, of all with `--coverage`."""
    free = reconciler("drift", *CONFIG, "--env", "all", "-q")
    asked = reconciler("drift", *CONFIG, "--env", "all", "--coverage", "--format", "json")

    assert "Coverage: 2 of 3 REST APIs have a manifest." in free.out.splitlines()
    assert {"apis": 4, "covered": 2, "ignored": 0, "kinds": ["RestApi", "WebSocketApi"]} == json.loads(asked.out)[
        "coverage"
    ]


@pytest.mark.usefixtures("plane")
def test_metrics_are_written_as_a_whole(reconciler: InProcess, folder: Path) -> None:
    """A second run replaces the file, goes on counting calls, and leaves nothing else in the folder."""
    for _ in range(2):
        reconciler("drift", PETSTORE, "-q", "--format", "prometheus=drift.prom")
        reconciler("coverage", PETSTORE, "-q", "--format", "prometheus=coverage.prom")
    texts = [(folder / f"{name}.prom").read_text("utf-8") for name in ("drift", "coverage")]
    drift, coverage = map(families, texts)

    assert {"reconciler_aws_calls", "reconciler_aws_throttles"} == drift & coverage
    assert {"reconciler_drift_findings", "reconciler_drift_last_success_timestamp_seconds"} <= drift
    assert ["coverage.prom", "drift.prom"] == sorted(file.name for file in folder.iterdir())
    assert [
        'reconciler_aws_calls_total{command="drift",run=""} 4.0',
        'reconciler_aws_calls_total{command="coverage",run=""} 4.0',
    ] == [line for text in texts for line in text.splitlines() if line.startswith("reconciler_aws_calls_total")]


@pytest.mark.usefixtures("plane")
@pytest.mark.parametrize("command", ["drift", "coverage"])
def test_metrics_that_cannot_be_written_are_an_error(reconciler: InProcess, command: str) -> None:
    """Exit 1; the result is printed all the same."""
    ran = reconciler(command, PETSTORE, "-q", "--format", "prometheus=/dev/full")

    assert (1, ["/dev/full cannot be written: No space left on device"]) == (ran.code, ran.failures())
    assert ran.out


@pytest.mark.usefixtures("plane")
def test_a_broken_file_of_metrics_is_replaced(reconciler: InProcess, folder: Path) -> None:
    """With a warning, as totals begin anew."""
    (folder / "a.prom").write_text("reconciler_aws_calls_total{ 1\n", encoding="utf-8")
    ran = reconciler("drift", PETSTORE, "-q", "--format", "prometheus=a.prom")

    assert ran.err.startswith("warning: the metrics of the run before cannot be read from a.prom: ")
    assert "reconciler_drift_findings" in families((folder / "a.prom").read_text("utf-8"))


@pytest.mark.usefixtures("plane")
def test_metrics_go_to_stdout_too(reconciler: InProcess) -> None:
    """A pushing job takes them from there."""
    assert "reconciler_drift_errors" in families(reconciler("drift", PETSTORE, "--format", "prometheus").out)


@pytest.mark.usefixtures("plane")
def test_iam_policy_grants_coverage(reconciler: InProcess) -> None:
    """If asked to."""
    ran = reconciler("iam-policy", PETSTORE, "--coverage")

    assert "arn:aws:apigateway:eu-west-1::/apis" in ran.out
