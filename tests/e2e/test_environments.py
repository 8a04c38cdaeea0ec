"""Configurations and environments from the command line."""

import json
import subprocess
from pathlib import Path

import pytest

from e2e.running import SAMPLES, InProcess
from reconciler.sandbox.building import ApiBuilder
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server

HEAD = "apiVersion: reconciler/v1\nkind: Config\n"
MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: health, labels: {team: ops}}
spec:
  api: {name: "${{ vars.api }}"}
  resources:
    /health:
      GET:
        responses:
          200: {}
          503: {selectionPattern: '5\\d\\d'}
"""
ENVIRONMENTS = "environments:\n  dev: {vars: {api: minimal}}\n  prod: {vars: {api: petstore}}\n"


@pytest.fixture
def project(folder: Path) -> Path:
    """A configuration of two environments, and a manifest."""
    (folder / "reconciler.yaml").write_text(f"{HEAD}manifests: [manifests]\n{ENVIRONMENTS}")
    (folder / "manifests").mkdir()
    (folder / "manifests" / "health.yaml").write_text(MANIFEST)
    return folder


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder is that of the sample with two environments."""
    monkeypatch.chdir(SAMPLES / "environments")


@pytest.mark.usefixtures("sample", "sandbox")
def test_sample_goes_to_both_environments(reconciler: InProcess) -> None:
    """It differs, is applied to both, and is in sync then."""
    codes = [
        reconciler(*line.split()).code
        for line in (
            "drift --env all",
            "apply --env all --yes",
            "plan --env all --detailed-exitcode",
            "drift --env prod",
        )
    ]

    assert [2, 0, 0, 0] == codes


@pytest.mark.usefixtures("sample", "sandbox")
def test_summary_tells_environments_apart(reconciler: InProcess) -> None:
    """Each has its line above the total."""
    lines = reconciler("plan", "--env", "dev", "--env", "prod").out.splitlines()
    counts = "1 to create, 0 to update, 0 to delete (1 extra step)"

    assert [f"  dev, eu-west-1: {counts}", f"  prod, eu-west-1: {counts}"] == lines[-3:-1]


@pytest.mark.usefixtures("project", "sandbox")
def test_documents_name_the_environment(reconciler: InProcess) -> None:
    """In the target of a plan."""
    document = json.loads(reconciler("plan", "--env", "dev", "--format", "json").out)

    assert ["dev"] == [one["environment"] for one in document["targets"]]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("command", ["plan", "apply --yes", "drift"])
def test_environment_has_to_be_chosen(reconciler: InProcess, command: str, plane: ControlPlane) -> None:
    """Commands that ask AWS list them, and ask nothing."""
    ran = reconciler(*command.split())

    assert (
        64,
        "",
        "error: no environment is chosen; there are dev, prod; add --env dev, or --env all for every environment\n",
        [],
    ) == (
        ran.code,
        ran.out,
        ran.err,
        plane.calls.names(),
    )


@pytest.mark.usefixtures("project")
def test_validate_needs_no_environment(reconciler: InProcess) -> None:
    """It looks at all of them."""
    ran = reconciler("validate")

    assert (0, "Valid: 1 manifest, 2 responses.") == (ran.code, ran.last)


@pytest.mark.usefixtures("project")
def test_undefined_variable(reconciler: InProcess, project: Path, plane: ControlPlane) -> None:
    """It is told where it is missing and who defines it; nothing is asked of AWS."""
    (project / "reconciler.yaml").write_text(
        f"{HEAD}environments:\n  dev: {{}}\n  qa: {{vars: {{api: x}}}}\n  prod: {{vars: {{api: y}}}}\n"
    )
    ran = reconciler("apply", "--env", "dev", "--yes")

    assert (1, [("manifests/health.yaml:5:15", "undefined-variable")], []) == (
        ran.code,
        ran.problems(),
        plane.calls.names(),
    )
    assert "qa and prod define it" in ran.out


@pytest.mark.parametrize("command", ["plan", "apply --yes", "drift"])
def test_wrong_account(reconciler: InProcess, project: Path, plane: ControlPlane, command: str) -> None:
    """Exit 4, and API Gateway is asked nothing."""
    (project / "reconciler.yaml").write_text(
        f"{HEAD}environments: {{dev: {{accountId: 000000000001, vars: {{api: minimal}}}}}}\n"
    )
    ran = reconciler(*command.split(), "--env", "dev")

    assert (4, ["environment dev is for account 000000000001, but the credentials are for 123456789012"], []) == (
        ran.code,
        ran.failures(),
        plane.calls.names(),
    )


@pytest.mark.parametrize("command", ["plan", "apply --yes", "drift"])
def test_one_target_of_two_environments(
    reconciler: InProcess, project: Path, plane: ControlPlane, command: str
) -> None:
    """Exit 4, nothing is read of it and nothing written."""
    (project / "reconciler.yaml").write_text(
        f"{HEAD}environments:\n  dev: {{vars: {{api: minimal}}}}\n  prod: {{vars: {{api: minimal}}}}\n"
    )
    ran = reconciler(*command.split(), "--env", "all")

    assert (4, {"GetRestApis"}) == (ran.code, set(plane.calls.names()))
    assert "is the target of environment dev of reconciler.yaml" in ran.failures()[0]


def test_assumed_role_leads_to_its_account(reconciler: InProcess, project: Path, sandbox: Server) -> None:
    """An environment of another account is applied there."""
    api = ApiBuilder(sandbox.aws.plane("210987654321"), "minimal", "theirs0001")
    api.method("/health", "GET", {"type": "MOCK"}, {"200": (), "503": ()})
    (project / "reconciler.yaml").write_text(
        f"{HEAD}environments:\n  prod:\n    assumeRole: arn:aws:iam::210987654321:role/ci\n"
        '    accountId: "210987654321"\n    vars: {api: minimal}\n'
    )
    ran = reconciler("apply", "--env", "prod", "--yes", "--format", "json")

    assert (0, ["theirs0001"]) == (ran.code, [load["apiId"] for load in json.loads(ran.out)["plan"]["targets"]])


@pytest.mark.usefixtures("project", "sandbox")
def test_only_one_response(reconciler: InProcess) -> None:
    """The rest is left alone."""
    ran = reconciler("plan", "--env", "dev", "--only", "health: GET /health 503", "--format", "json")

    assert ["health: GET /health 503"] == [load["address"] for load in json.loads(ran.out)["actions"]]


@pytest.mark.usefixtures("project", "sandbox")
def test_only_that_names_nothing(reconciler: InProcess) -> None:
    """It is wrong usage, with the closest addresses."""
    ran = reconciler("plan", "--env", "dev", "--only", "health: GET /helth 503")

    assert (64, True) == (ran.code, "did you mean `'health: GET /health 503'`" in ran.err)


@pytest.mark.usefixtures("project", "sandbox")
def test_options_of_the_environment(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """RECONCILER_ENV, _ONLY, _SELECTOR and _VAR do what the options do; addresses and values keep their blanks."""
    monkeypatch.setenv("RECONCILER_ENV", "dev")
    monkeypatch.setenv("RECONCILER_ONLY", "health: GET /health 503\nhealth: GET /health 200")
    monkeypatch.setenv("RECONCILER_SELECTOR", "team=ops")
    monkeypatch.setenv("RECONCILER_VAR", "api=petstore\nother=a b")
    document = json.loads(reconciler("plan", "--format", "json").out)

    assert ["petstore01"] == [one["apiId"] for one in document["targets"]]


def test_configuration_of_the_environment(
    reconciler: InProcess, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RECONCILER_CONFIG names it."""
    (project / "other.yml").write_text(f"{HEAD}manifests: [manifests]\n")
    monkeypatch.setenv("RECONCILER_CONFIG", "other.yml")
    ran = reconciler("validate")

    assert (1, [("manifests/health.yaml:5:15", "undefined-variable")]) == (ran.code, ran.problems())


def test_folder_with_the_configuration_in_it(reconciler: InProcess, project: Path) -> None:
    """A PATH may hold the configuration: it is no manifest."""
    assert 0 == reconciler("validate", project).code


def test_changed_since(reconciler: InProcess, project: Path) -> None:
    """Only what a branch touches is looked at; nothing is fine."""
    for line in ("init -b main", "add .", "-c user.name=a -c user.email=a@example.com commit -m first"):
        subprocess.run(["git", *line.split()], cwd=project, check=True, capture_output=True)  # noqa: S607 - whichever
    before = reconciler("validate", "--changed-since", "main")
    (project / "manifests" / "health.yaml").write_text(MANIFEST.replace("503:", "504:"))
    after = reconciler("validate", "--changed-since", "main")

    assert ((0, "Valid: 0 manifests, 0 responses."), (0, "Valid: 1 manifest, 2 responses.")) == (
        (before.code, before.last),
        (after.code, after.last),
    )


def test_ignored_difference_is_no_drift(reconciler: InProcess, project: Path, plane: ControlPlane) -> None:
    """An ignore rule counts in drift; once its day is past, it is told and counts no more."""
    rule = "ignore: [{match: 'health: GET /health 503', reason: ours later"
    configuration = f"{HEAD}{ENVIRONMENTS}{rule}"
    (project / "reconciler.yaml").write_text(f"{configuration}, until: 2999-01-01}}]\n")
    ignored = reconciler("drift", "--env", "dev")
    (project / "reconciler.yaml").write_text(f"{configuration}, until: 2000-01-01}}]\n")
    expired = reconciler("drift", "--env", "dev")

    assert (0, 2, True) == (ignored.code, expired.code, "[expired-ignore]" in expired.out)
    assert [] == plane.calls.writes()
