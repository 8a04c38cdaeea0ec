"""Commands that texts suggest, run as they are in the situations in which they are suggested.

Paths have blanks and quotes, there are several environments, and the way to AWS is given on the command line.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from e2e.running import COMMAND, InProcess, Ran
from reconciler.render.code_spans import COMMAND as SUGGESTED
from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import PETSTORE_ID
from reconciler.sandbox.server import Server
from support.processes import PATIENCE
from support.repositories import repository

FOLDER: Final = "it's a folder"
CONFIG: Final = """\
apiVersion: reconciler/v1
kind: Config
manifests: ["m'n/*.yaml"]
environments:
  dev: {vars: {api: minimal}}
  prod: {vars: {api: petstore}}
"""
MANIFEST: Final = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: health, labels: {team: ops}}
spec:
  api: {name: "${{ vars.api }}"}
  prune: false
  methodResponses: ensure
  resources:
    /health:
      GET:
        responses:
          200: {}
          503: {selectionPattern: '5\\d\\d'}
"""
CHAT: Final = """\
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: chat}
spec:
  api: {name: chat}
  deploy: {stages: [prod]}
  routes:
    sendMessage: {responses: {$default: {}}}
"""
WRITING: Final = ("apply", "deploy", "rollback", "adopt")


@pytest.fixture
def place(folder: Path, plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration of two environments with blanks and quotes in its paths, and no variable that leads to AWS."""
    root = folder / FOLDER
    (root / "m'n").mkdir(parents=True)
    (root / "re conciler.yaml").write_text(CONFIG)
    (root / "m'n" / "health.yaml").write_text(MANIFEST)
    plane.calls.clear()
    monkeypatch.delenv("RECONCILER_JOURNAL")
    for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
        monkeypatch.delenv(name)
    return folder


@pytest.fixture
def asked(place: Path, sandbox: Server) -> tuple[str, ...]:
    """How a command is told what it is about."""
    config = os.path.relpath(place / FOLDER / "re conciler.yaml", place)
    return (f"{FOLDER}/m'n", "--config", config, "--env", "dev", "--env", "prod", *reaching(sandbox))


def reaching(sandbox: Server) -> tuple[str, ...]:
    """The options that lead to the sandbox."""
    return ("--endpoint-url", sandbox.url, "--region", "eu-west-1")


def suggested(text: str, verb: str) -> str:
    """The one command of this verb that a text suggests."""
    (command,) = dict.fromkeys(one[0] for one in SUGGESTED.finditer(text) if one[0].split()[1] == verb)
    return command


def carried_out(command: str, reconciler: InProcess, stage: str = "prod") -> Ran:
    """What came of it; where somebody would be asked, they say yes, and know a stage where NAME stands for one."""
    words = [stage if word == "NAME" else word for word in shlex.split(command.partition(" > ")[0])[1:]]
    return reconciler(*words, *(["--yes"] if words[0] in WRITING else []))


def test_from_an_apply_to_a_deployment_and_back(asked: tuple[str, ...], reconciler: InProcess) -> None:
    """What follows an apply: deploy to a stage, undo the run, or undo that."""
    applied = reconciler("apply", *asked, "--yes")
    deployed = carried_out(suggested(applied.text, "deploy"), reconciler)
    undone = carried_out(suggested(applied.text, "rollback"), reconciler)
    redone = carried_out(suggested(undone.text, "rollback"), reconciler)

    assert [0, 0, 0, 0] == [applied.code, deployed.code, undone.code, redone.code], deployed.text + undone.text


@pytest.mark.parametrize(
    ("command", "operation"),
    [
        ("apply", "PutIntegrationResponse"),
        ("apply --deploy --stage prod", "CreateDeployment"),
        ("deploy --stage prod", "CreateDeployment"),
    ],
)
def test_a_run_that_failed_goes_on(
    asked: tuple[str, ...], reconciler: InProcess, plane: ControlPlane, command: str, operation: str
) -> None:
    """With the command of its kind, and the stages that it was to deploy to."""
    verb, *words = command.split()
    if verb == "deploy":
        reconciler("apply", *asked, "--yes")
    plane.faults.always(faults.quota_exceeded(), operation)
    failed = reconciler(verb, *asked, *words, "--yes")
    plane.faults.clear()
    gone_on = carried_out(suggested(failed.text, verb), reconciler)
    status = reconciler("status", *asked, *words[-2:]) if words else None

    assert (3, 0, 0) == (failed.code, gone_on.code, status.code if status else 0), failed.text + gone_on.text


def test_a_rollback_says_how_manifests_follow(asked: tuple[str, ...], reconciler: InProcess) -> None:
    """The manifests still ask for what was undone: they can be changed to what is live."""
    applied = reconciler("apply", *asked, "--yes")
    undone = carried_out(suggested(applied.text, "rollback"), reconciler)
    adopted = carried_out(f"{suggested(undone.text, 'adopt')} --accept-missing", reconciler)

    assert (0, "Nothing was written" in adopted.out) == (undone.code, False), adopted.text


def test_a_stage_goes_back_with_a_command(asked: tuple[str, ...], reconciler: InProcess) -> None:
    """Where a rollback left a stage as the run made it."""
    applied = reconciler("apply", *asked, "--yes", "--deploy", "--stage", "prod")
    run = suggested(applied.text, "rollback")
    undone = carried_out(run.replace(" --deploy", ""), reconciler)
    back = carried_out(next(one[0] for one in SUGGESTED.finditer(undone.text) if "--deploy" in one[0]), reconciler)

    assert (0, 0, 0) == (applied.code, undone.code, back.code), back.text


@pytest.mark.parametrize(("verb", "first"), [("apply", "plan"), ("deploy", "status"), ("adopt", "drift")])
def test_without_a_terminal(asked: tuple[str, ...], reconciler: InProcess, verb: str, first: str) -> None:
    """What to look at before saying yes is a command about the same."""
    further = {
        "apply": ("--force", "maxUpdate", "--deploy", "--stage", "prod", "--publish-all"),
        "deploy": ("--stage", "prod"),
    }.get(verb, ())
    refused = reconciler(verb, *asked, *further)
    looked = carried_out(suggested(refused.err, first), reconciler)

    assert (64, True, True) == (
        refused.code,
        suggested(refused.err, first).endswith(" ".join(further)),
        looked.code in {0, 2},
    ), looked.text


def test_a_rollback_without_a_terminal(asked: tuple[str, ...], reconciler: InProcess) -> None:
    """The run is shown by the command that is suggested."""
    words = shlex.split(suggested(reconciler("apply", *asked, "--yes").text, "rollback"))[1:]
    shown = carried_out(suggested(reconciler(*words).err, "runs"), reconciler)

    assert (0, True) == (shown.code, "rollback" in shown.out), shown.text


def test_runs_are_listed_where_one_is_not_there(asked: tuple[str, ...], reconciler: InProcess) -> None:
    """The folder of the journal is named."""
    words = shlex.split(suggested(reconciler("apply", *asked, "--yes").text, "rollback"))
    journal = words[words.index("--journal") + 1] if "--journal" in words else f"{FOLDER}/.reconciler/runs"
    listed = carried_out(suggested(reconciler("runs", "nope", "--journal", journal).err, "runs"), reconciler)

    assert (0, True) == (listed.code, "applied" in listed.out), listed.text


def test_status_leads_to_a_plan(asked: tuple[str, ...], reconciler: InProcess, plane: ControlPlane) -> None:
    """What else a deployment would publish is shown by the plan for that stage and environment."""
    resources = plane.call("GetResources", restApiId=PETSTORE_ID, limit=500)["items"]
    resource = next(one["id"] for one in resources if one["path"] == "/pets")
    plane.call(
        "PutIntegrationResponse",
        restApiId=PETSTORE_ID,
        resourceId=resource,
        httpMethod="GET",
        statusCode="500",
        selectionPattern="changed",
    )
    told = reconciler("status", *asked, "--stage", "prod")
    planned = carried_out(suggested(told.out, "plan"), reconciler)

    assert (True, True) == ("--env prod" in suggested(told.out, "plan"), "outside the plan" in planned.out), told.text


def test_a_saved_plan_without_deployments(asked: tuple[str, ...], reconciler: InProcess) -> None:
    """To deploy all the same, the command is about what the plan is about."""
    planned = reconciler("plan", *asked, "--out", "a plan.json")
    refused = reconciler("apply", "--plan", "a plan.json", "--yes", "--deploy", *asked[-4:])
    applied = reconciler("apply", "--plan", "a plan.json", "--yes", *asked[-4:])
    words = (suggested(refused.err, "deploy") + " --stage prod", suggested(applied.text, "deploy"))
    ran = [carried_out(word, reconciler) for word in words]

    assert [0, 64, 0, 0, 0] == [planned.code, refused.code, applied.code, *(one.code for one in ran)], ran[0].text


def test_a_stage_of_which_nothing_is_known(place: Path, sandbox: Server, reconciler: InProcess) -> None:
    """Of a WebSocket API it is known after a deployment by the command that is suggested."""
    (place / "chat it's.yaml").write_text(CHAT)
    given = ("chat it's.yaml", *reaching(sandbox))
    reconciler("apply", *given, "--yes")
    before = reconciler("drift", *given)
    made = carried_out(f"{suggested(before.text, 'deploy')} --publish-all", reconciler)
    after = reconciler("drift", *given)

    assert (True, 0, False) == ("is unknown" in before.text, made.code, "is unknown" in after.text), made.text


def test_what_reverts_changes_can_be_kept(
    place: Path,
    asked: tuple[str, ...],
    reconciler: InProcess,
    plane: ControlPlane,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A refusal says how to write what somebody changed into the manifests, for the environment that it is about."""
    root = place / FOLDER
    (root / "re conciler.yaml").write_text(f"{CONFIG}guard: {{revertsLive: refuse}}\n")
    repository(root, monkeypatch).commit()
    monkeypatch.chdir(place)
    assert 0 == reconciler("apply", *asked, "--yes").code
    resources = plane.call("GetResources", restApiId=PETSTORE_ID, limit=500)["items"]
    resource = next(one["id"] for one in resources if one["path"] == "/health")
    where = {"restApiId": PETSTORE_ID, "resourceId": resource, "httpMethod": "GET"}
    plane.call("DeleteIntegrationResponse", **where, statusCode="503")
    refused = reconciler("plan", *asked, "--base", "main")
    adopted = carried_out(f"{suggested(refused.out, 'adopt')} --accept-missing", reconciler)

    assert (4, 1, 0) == (refused.code, refused.out.count("deleted in AWS"), adopted.code), adopted.text


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (("frobnicate",), "--help"),
        (("plan", "--nope"), "plan"),
        (("plan",), "init"),
        (("schema", "--update", "."), "schema"),
    ],
)
@pytest.mark.usefixtures("place")
def test_usage(reconciler: InProcess, words: tuple[str, ...], verb: str) -> None:
    """What a wrong command line leads to can be run."""
    told = reconciler(*words)
    ran = carried_out(suggested(told.err, verb), reconciler)

    assert (True, 0) == (told.code in {1, 64}, ran.code), told.text


@pytest.mark.usefixtures("folder")
def test_a_new_folder_is_valid(reconciler: InProcess) -> None:
    """The first command after `init`."""
    made = reconciler("init", "it's new")

    assert 0 == carried_out(suggested(made.out, "validate"), reconciler).code


def test_a_shell_takes_it(asked: tuple[str, ...], reconciler: InProcess) -> None:
    """Copied into a shell as it is, with the installed command."""
    applied = reconciler("apply", *asked, "--yes")
    command = f"{suggested(applied.text, 'rollback')} --yes"
    path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [str(shutil.which("sh")), "-c", command],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert 0 == ran.returncode, ran.stdout + ran.stderr
