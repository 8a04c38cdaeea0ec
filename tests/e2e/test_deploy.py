"""Deployments, drift and status of stages, by the command and against the sandbox."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from e2e.running import SAMPLES, InProcess
from reconciler.engine.schemas import schema_text
from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.faults import ErrorAnswer, LostAnswer, SlowDeployment
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed import MINIMAL_ID, PETSTORE_ID
from reconciler.sandbox.seed_chat import CHAT_ID
from support.repositories import repository

HOSTILE = "::error::\x1b[31m`</details>@someone"
APPLY = ("apply", "petstore", "--yes", "--deploy")


@pytest.fixture
def petstore(folder: Path, plane: ControlPlane) -> Path:
    """The sample in the current folder, with a stage to deploy to."""
    shutil.copytree(SAMPLES / "petstore", folder / "petstore")
    declare(folder / "petstore" / "petstore.yaml")
    plane.calls.clear()
    return folder


def declare(file: Path) -> None:
    """Declare the stage `prod`."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\nspec:\n", "\nspec:\n  deploy: {stages: [prod]}\n"), encoding="utf-8")


def edit(plane: ControlPlane, pattern: str = "5..") -> None:
    """Somebody else's edit of /health, which no manifest lists."""
    resources = plane.call("GetResources", restApiId=PETSTORE_ID, limit=500)["items"]
    resource = next(one["id"] for one in resources if one["path"] == "/health")
    where = {"restApiId": PETSTORE_ID, "resourceId": resource, "httpMethod": "GET"}
    plane.call("PutIntegrationResponse", **where, statusCode="503", selectionPattern=pattern)
    plane.calls.clear()


def document(text: str, name: str) -> dict[str, Any]:
    """A JSON document that fits its schema."""
    found: dict[str, Any] = json.loads(text)
    Draft202012Validator(json.loads(schema_text(name))).validate(found)
    return found


@pytest.mark.usefixtures("petstore")
def test_from_drift_to_in_sync(reconciler: InProcess) -> None:
    """The draft alone is not enough: drift and status go on saying so until it is deployed."""
    codes = [
        reconciler(*words).code
        for words in (
            ("apply", "petstore", "--yes"),
            ("drift", "petstore"),
            ("drift", "petstore", "--no-stages"),
            ("status", "petstore"),
            ("plan", "petstore", "--deploy", "--detailed-exitcode"),
            ("deploy", "petstore", "--yes"),
            ("drift", "petstore"),
            ("status", "petstore"),
            ("plan", "petstore", "--deploy", "--detailed-exitcode"),
            ("deploy", "petstore", "--yes"),
        )
    ]

    assert [0, 2, 0, 2, 2, 0, 0, 0, 0, 0] == codes


@pytest.mark.usefixtures("petstore")
def test_apply_and_deploy_at_once(reconciler: InProcess, plane: ControlPlane) -> None:
    """Eight writes, one deployment; its description names the run."""
    ran = reconciler(*APPLY)
    [made] = plane.calls.of("CreateDeployment")
    run = next(line.split()[1].rstrip(";") for line in ran.out.splitlines() if line.startswith("Run "))

    assert (0, "Apply complete: 8 applied; deployed to prod. Verified: AWS matches the manifests.") == (
        ran.code,
        ran.last,
    )
    assert str(made.parameters["description"]).startswith(f"reconciler run {run}")


def test_the_description_has_the_revision(
    reconciler: InProcess, plane: ControlPlane, petstore: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the repository in which the command runs, so that the console leads back to the change."""
    commit = repository(petstore, monkeypatch).commit()
    ran = reconciler(*APPLY)
    [made] = plane.calls.of("CreateDeployment")
    named, _, revision = str(made.parameters["description"]).rpartition(", git ")

    assert (0, True, True) == (ran.code, named.startswith("reconciler run "), commit.startswith(revision or "none"))


@pytest.mark.usefixtures("petstore")
def test_edits_of_others_are_shown_and_refused(reconciler: InProcess, plane: ControlPlane) -> None:
    """With their values, in text and JSON; exit 4, and nothing is written."""
    edit(plane)
    text, told = reconciler(*APPLY), reconciler("plan", "petstore", "--deploy", "--format", "json")
    [there] = document(told.out, "plan")["deployments"]
    lifted = reconciler(*APPLY, "--publish-all")

    assert (4, 4, 0) == (text.code, told.code, lifted.code)
    assert "outside the plan: no manifest lists the method" in text.out
    assert [("petstore: GET /health 503", "no manifest lists the method")] == [
        (one["address"], one["outside"]) for one in there["pending"] if one["outside"]
    ]
    assert "by --publish-all" in lifted.out


@pytest.mark.usefixtures("petstore")
def test_hostile_text_of_others_stays_text(reconciler: InProcess, plane: ControlPlane) -> None:
    """In every format."""
    edit(plane, HOSTILE)
    ran = reconciler("plan", "petstore", "--deploy", "--format", "markdown=plan.md", "--format", "html=plan.html")
    texts = [ran.out, *(Path(file).read_text(encoding="utf-8") for file in ("plan.md", "plan.html"))]

    assert [False] * 3 == ["\x1b" in text for text in texts]
    assert "<details>" in texts[1]
    assert "</details>@someone" not in texts[2]


@pytest.mark.usefixtures("petstore")
def test_a_saved_plan_says_it_all(reconciler: InProcess, plane: ControlPlane) -> None:
    """--deploy is implied, --stage and --publish-all belong to the plan; what was not reviewed is not published."""
    saved = reconciler("plan", "petstore", "--deploy", "--out", "plan.json")
    plain = reconciler("plan", "petstore", "--out", "plain.json")
    wrong = reconciler("apply", "--plan", "plan.json", "--yes", "--publish-all")
    late = reconciler("apply", "--plan", "plain.json", "--yes", "--deploy")
    edit(plane)
    stale = reconciler("apply", "--plan", "plan.json", "--yes")

    assert (0, 0, 64, 64, 4) == (saved.code, plain.code, wrong.code, late.code, stale.code)
    assert [] == plane.calls.writes()
    assert "a deployment would publish something other than the plan shows" in stale.text


@pytest.mark.usefixtures("petstore")
def test_a_failed_deployment(reconciler: InProcess, plane: ControlPlane) -> None:
    """Exit 3: the writes are good, and the next run makes it up."""
    plane.faults.add(ErrorAnswer(ModelError(400, "BadRequestException", "no")), "CreateDeployment")
    first, second = reconciler(*APPLY), reconciler(*APPLY, "--format", "json")
    told = document(second.out, "apply")

    assert (3, 0, True, []) == (first.code, second.code, told["deployed"], told["outcomes"])
    assert "The next run with --deploy deploys it" in first.out


@pytest.mark.usefixtures("petstore")
def test_a_lost_answer(reconciler: InProcess, plane: ControlPlane) -> None:
    """The deployment took effect: that is seen by what the stage serves, and none is made again."""
    plane.faults.add(LostAnswer(), "CreateDeployment")
    ran = reconciler(*APPLY)

    assert (0, 1) == (ran.code, len(plane.calls.of("CreateDeployment")))
    assert "the answer was lost; a second read shows that the call took effect" in ran.out


@pytest.mark.usefixtures("petstore")
def test_a_run_and_its_stage_go_back(reconciler: InProcess, plane: ControlPlane) -> None:
    """What was served before the run is served again; the command was told."""
    before = plane.call("GetStage", restApiId=PETSTORE_ID, stageName="prod")["deploymentId"]
    applied = reconciler(*APPLY)
    undo = next(line for line in applied.out.splitlines() if "to undo it: " in line).partition("to undo it: ")[2]
    assert undo == reconciler("runs", "latest").last.partition("to undo it: ")[2]
    rolled = reconciler(*undo.split()[1:], "--yes", "--format", "json")
    told = document(rolled.out, "rollback")

    assert (0, [before]) == (rolled.code, [one["after"] for one in told["deployments"]])
    assert before == plane.call("GetStage", restApiId=PETSTORE_ID, stageName="prod")["deploymentId"]


def test_a_rollback_on_failure_takes_stages_back(reconciler: InProcess, plane: ControlPlane, petstore: Path) -> None:
    """Those that were deployed to before a write to another API failed."""
    shutil.copy(SAMPLES / "minimal.yaml", petstore)
    before = plane.call("GetStage", restApiId=PETSTORE_ID, stageName="prod")["deploymentId"]
    refused = ErrorAnswer(ModelError(400, "BadRequestException", "no"))
    plane.faults.add(refused, "PutIntegrationResponse", when=lambda call: call["restApiId"] == MINIMAL_ID)
    ran = reconciler(*APPLY, "minimal.yaml", "--rollback-on-failure", "--format", "json")
    told = document(ran.out, "apply")

    assert (3, ["applied"], [("prod", "applied", before)]) == (
        ran.code,
        [one["outcome"] for one in told["deployments"]],
        [(one["stage"], one["outcome"], one["after"]) for one in told["rollback"]["deployments"]],
    )
    assert before == plane.call("GetStage", restApiId=PETSTORE_ID, stageName="prod")["deploymentId"]


@pytest.mark.usefixtures("petstore")
def test_a_rollback_without_the_stage_says_so(reconciler: InProcess, plane: ControlPlane) -> None:
    """Also of a run that did nothing but deploy; the list of runs tells of the stage."""
    reconciler("apply", "petstore", "--yes")
    reconciler("deploy", "petstore", "--yes")
    serves = plane.call("GetStage", restApiId=PETSTORE_ID, stageName="prod")["deploymentId"]
    ran = reconciler("rollback", "latest", "--yes")
    listed = reconciler("runs").out

    stays = "The run deployed to stage prod, which is not rolled back. To roll it back too: reconciler rollback"
    assert (0, stays, True) == (ran.code, ran.out.splitlines()[-2].rsplit(" ", 2)[0], "1 stage deployed" in listed)
    assert serves == plane.call("GetStage", restApiId=PETSTORE_ID, stageName="prod")["deploymentId"]


@pytest.mark.usefixtures("petstore")
def test_stages_that_are_not_there(reconciler: InProcess) -> None:
    """A deployment is refused (4), a report fails (1), and nothing is made."""
    codes = [
        reconciler(*words, "petstore", "--stage", "pord").code
        for words in (
            ("plan", "--deploy"),
            ("apply", "--yes", "--deploy"),
            ("deploy", "--yes"),
            ("drift",),
            ("status",),
        )
    ]

    assert [4, 4, 4, 1, 1] == codes


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plan", "--stage", "prod"), "--stage needs --deploy"),
        (("apply", "--yes", "--publish-all"), "--publish-all needs --deploy"),
        (("deploy", "--yes", "--stage", ""), "--stage is empty"),
        (("drift", "--stage", "prod", "--no-stages"), "--stage and --no-stages cannot be used together"),
        (("deploy",), "cannot ask for confirmation without a terminal"),
        (("plan", "--force", "publishesOthers"), "the guard rule publishesOthers cannot be forced"),
    ],
)
@pytest.mark.usefixtures("petstore")
def test_wrong_usage(reconciler: InProcess, words: tuple[str, ...], says: str) -> None:
    """Told before anything is read."""
    ran = reconciler(words[0], "petstore", *words[1:])

    assert (64, [says]) == (ran.code, ran.failures())


@pytest.mark.usefixtures("sandbox", "folder")
@pytest.mark.parametrize("words", [("plan", "--deploy"), ("apply", "--yes", "--deploy"), ("deploy", "--yes")])
def test_no_stage_is_declared(reconciler: InProcess, words: tuple[str, ...]) -> None:
    """It says what to declare."""
    ran = reconciler(words[0], SAMPLES / "petstore", *words[1:])

    assert (64, True) == (ran.code, "deploy: {stages: [prod]}" in ran.err)


def test_a_websocket_api(reconciler: InProcess, folder: Path, plane: ControlPlane) -> None:
    """What it serves cannot be told at first; after a deployment from here it can."""
    shutil.copytree(SAMPLES / "chat", folder / "chat")
    declare(folder / "chat" / "chat.yaml")
    plane.faults.add(SlowDeployment(2), "CreateDeployment")
    before = reconciler("status", "chat")
    applied = reconciler("apply", "chat", "--yes", "--deploy")
    after = reconciler("status", "chat", "--format", "json")
    drift = reconciler("drift", "chat")
    told = document(after.out, "status")

    assert (2, 0, 0, 0) == (before.code, applied.code, after.code, drift.code)
    assert "[deployed-unknown]" in before.out
    assert (0, 0) == (told["summary"]["differ"], told["summary"]["unknown"])
    assert plane.call("GetStage", ApiId=CHAT_ID, StageName="prod")["DeploymentId"] == told["stages"][0]["serves"]


@pytest.mark.usefixtures("petstore")
def test_drift_as_json(reconciler: InProcess) -> None:
    """Findings of the draft have no stage, those of a stage its name."""
    found = document(reconciler("drift", "petstore", "--format", "json").out, "drift")

    assert {None, "prod"} == {one["stage"] for one in found["findings"]}
    assert (1, 8) == (found["summary"]["stages"], found["summary"]["deployed"])


@pytest.mark.usefixtures("petstore")
def test_what_the_draft_says_already_is_not_said_twice(reconciler: InProcess) -> None:
    """One line for the stage."""
    ran = reconciler("drift", "petstore")

    assert "petstore: stage prod has the same 8 differences as the draft" in ran.out
    assert "Differences on stage prod" not in ran.out
