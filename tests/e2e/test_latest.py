"""Which run is meant: one journal for several environments, and runs that did not go to AWS."""

import json
import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from e2e.running import SAMPLES, InProcess, Ran
from reconciler.sandbox.model.plane import ACCOUNT_ID
from reconciler.sandbox.seed import seed_apis
from reconciler.sandbox.server import Server

CONFIG: Final = """\
apiVersion: reconciler/v1
kind: Config
manifests: [pets.yaml]
journal: runs
environments:
  dev: {region: eu-west-1}
  prod: {region: us-east-1}
"""
ELSEWHERE: Final = "http://127.0.0.1:9"


@pytest.fixture
def project(folder: Path, sandbox: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a manifest for two environments, each with an API of its own, and one journal for both."""
    monkeypatch.delenv("RECONCILER_JOURNAL")
    seed_apis(sandbox.aws.plane(ACCOUNT_ID, "us-east-1"))
    (folder / "reconciler.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "pets.yaml").write_bytes((SAMPLES / "minimal.yaml").read_bytes())
    return folder


def runs(reconciler: InProcess, *options: str) -> list[str]:
    """The ids that `runs` lists, newest first."""
    listed = json.loads(reconciler("runs", "--format", "json", *options).out)["runs"]
    return [one["run"] for one in listed]


def rolled_back(ran: Ran) -> str:
    """Which run a rollback was about."""
    return str(json.loads(ran.out)["rollsBack"])


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("command", ["runs latest", "rollback latest --yes"])
def test_latest_of_several_environments_is_ambiguous(reconciler: InProcess, command: str) -> None:
    """It is refused as a missing --env is; each command that is suggested works."""
    for environment in ("dev", "prod"):
        reconciler("apply", "--env", environment, "--yes")
    newest = runs(reconciler)[0]
    ran = reconciler(*command.split())
    suggested = re.findall(r"reconciler (\w+ latest --env \w+)", ran.err)

    assert (64, [f"{command.split(maxsplit=1)[0]} latest --env {one}" for one in ("dev", "prod")], [newest]) == (
        ran.code,
        suggested,
        runs(reconciler)[:1],
    )
    assert [0, 0] == [reconciler(*shlex.split(one), *command.split()[2:]).code for one in suggested]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("way", ["option", "variable"])
def test_latest_of_an_environment(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """Is the newest of its own runs, not of the journal."""
    for environment in ("dev", "prod"):
        reconciler("apply", "--env", environment, "--yes")
    of_prod, of_dev = runs(reconciler)
    if way == "variable":
        monkeypatch.setenv("RECONCILER_ENV", "dev")
    options = ["--env", "dev"] if way == "option" else []
    ran = reconciler("rollback", "latest", "--yes", "--format", "json", *options)

    assert (0, of_dev, [of_prod]) == (ran.code, rolled_back(ran), runs(reconciler, "--env", "prod"))


@pytest.mark.usefixtures("project")
def test_latest_of_all_is_chosen_on_purpose(reconciler: InProcess) -> None:
    """`--env all` is the newest, whatever its environment."""
    for environment in ("dev", "prod"):
        reconciler("apply", "--env", environment, "--yes")
    of_prod, _ = runs(reconciler)

    assert of_prod == rolled_back(reconciler("rollback", "latest", "--env", "all", "--yes", "--format", "json"))


@pytest.mark.usefixtures("project")
def test_a_run_on_more_than_was_named_is_refused(reconciler: InProcess) -> None:
    """Nothing is undone in an environment that --env leaves out; the command that undoes all of it works."""
    reconciler("apply", "--env", "all", "--yes")
    (run,) = runs(reconciler)
    refused = reconciler("rollback", "latest", "--env", "prod", "--yes")
    after = runs(reconciler)
    (suggested,) = re.findall(r"reconciler (rollback .*)", refused.err)

    assert (4, [f"run {run} was for dev too, which --env does not select"], [run]) == (
        refused.code,
        refused.failures(),
        after,
    )
    assert 0 == reconciler(*shlex.split(suggested), "--yes").code


@pytest.mark.usefixtures("project")
def test_one_kind_of_run_needs_no_choice(reconciler: InProcess) -> None:
    """Where every run is of the same environments, latest is the newest."""
    reconciler("apply", "--env", "all", "--yes")
    (run,) = runs(reconciler)

    assert run == rolled_back(reconciler("rollback", "latest", "--yes", "--format", "json"))


@pytest.mark.usefixtures("project")
def test_a_run_that_is_named_is_checked(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against what is typed, not against what is exported."""
    reconciler("apply", "--env", "dev", "--yes")
    (run,) = runs(reconciler)
    wrong = reconciler("rollback", run, "--env", "prod", "--yes")
    monkeypatch.setenv("RECONCILER_ENV", "prod")

    assert (64, [f"run {run} was for dev, not for prod"], 0) == (
        wrong.code,
        wrong.failures(),
        reconciler("rollback", run, "--yes").code,
    )


@pytest.mark.usefixtures("project")
def test_an_environment_without_runs(reconciler: InProcess) -> None:
    """Which there are is said."""
    reconciler("apply", "--env", "dev", "--yes")
    ran = reconciler("rollback", "latest", "--env", "prod", "--yes")

    assert (64, True, True) == (ran.code, "was for prod; there are runs for dev" in ran.err, "there are" in ran.err)


@pytest.mark.usefixtures("project")
def test_a_run_on_a_sandbox_is_marked(reconciler: InProcess, sandbox: Server) -> None:
    """In text and in JSON."""
    reconciler("apply", "--env", "dev", "--yes")
    (run,) = json.loads(reconciler("runs", "--format", "json").out)["runs"]

    assert (sandbox.url, True) == (run["endpointUrl"], f"not on AWS: {sandbox.url}" in reconciler("runs").out)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_API_GATEWAY"])
def test_latest_is_on_the_endpoint_of_the_command(
    reconciler: InProcess, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A run on a sandbox is its own latest, and nobody else's."""
    reconciler("apply", "--env", "dev", "--yes")
    (run,) = runs(reconciler)
    here = reconciler("runs", "latest", "--format", "json")
    monkeypatch.setenv(variable, ELSEWHERE)
    there = [reconciler(*command.split()) for command in ("runs latest", "rollback latest --yes")]

    assert (run, [64, 64]) == (json.loads(here.out)["run"]["run"], [one.code for one in there])
    assert all(f"was on {ELSEWHERE}, only on http://127.0.0.1" in one.err for one in there)


def test_a_run_on_aws_is_latest_whatever_was_tried_on_a_sandbox(
    reconciler: InProcess, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two runs the older one went to AWS, and so do the calls of the command."""
    for _ in range(2):
        reconciler("apply", "--env", "dev", "--yes")
        text = (project / "pets.yaml").read_text(encoding="utf-8")
        (project / "pets.yaml").write_text(text.replace("not well", "ill"), encoding="utf-8")
    _, older = runs(reconciler)
    file = project / "runs" / older / "outcomes.jsonl"
    begin, *rest = file.read_text(encoding="utf-8").splitlines()
    on_aws = json.dumps({**json.loads(begin), "endpointUrl": None})
    file.write_text("\n".join([on_aws, *rest, ""]), encoding="utf-8")
    monkeypatch.delenv("AWS_ENDPOINT_URL")

    assert older == json.loads(reconciler("runs", "latest", "--format", "json").out)["run"]["run"]


def test_the_endpoint_of_a_profile_counts(
    reconciler: InProcess, project: Path, sandbox: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be set in AWS's own configuration file, too."""
    settings = project / "aws"
    settings.write_text(f"[profile local]\nendpoint_url = {sandbox.url}\n", encoding="utf-8")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(settings))
    monkeypatch.setenv("AWS_PROFILE", "local")
    reconciler("apply", "--env", "dev", "--yes")
    listed = json.loads(reconciler("runs", "--format", "json").out)["runs"]

    assert ([sandbox.url], 0) == (
        [one["endpointUrl"] for one in listed],
        reconciler("rollback", "latest", "--yes").code,
    )
