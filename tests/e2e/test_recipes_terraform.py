"""The recipe for Terraform and reconciler in one pipeline, run as it stands in `samples/ci/terraform`."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from e2e.running import SAMPLES, InProcess
from reconciler.sandbox.building import ApiBuilder
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server
from support.ci.apis import VARIABLES, program, set_source
from support.ci.github import GitHub, Job, Pull
from support.repositories import Repository, repository

pytestmark = pytest.mark.recipes

RECIPE: Final = SAMPLES / "ci" / "terraform"
WORKFLOW: Final = "reconciler-terraform.yml"
MANIFEST: Final = "manifests/orders.yaml"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with the recipe; main has not got POST yet."""
    made = repository(tmp_path / "repo", monkeypatch)
    shutil.copytree(SAMPLES / "ci" / "github", made.folder, dirs_exist_ok=True)
    shutil.copytree(RECIPE, made.folder, dirs_exist_ok=True)
    set_source(made.folder)
    whole = (made.folder / MANIFEST).read_text(encoding="utf-8")
    made.write(MANIFEST, whole[: whole.index("      POST:")])
    made.commit(message="begin")
    made.git("switch", "--quiet", "-c", "post")
    made.write(MANIFEST, whole)
    made.commit(message="POST")
    return made


@pytest.fixture
def orders(plane: ControlPlane) -> ApiBuilder:
    """The API as Terraform made it so far."""
    api = ApiBuilder(plane, "orders")
    method = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://orders.example/orders"}
    api.method("/orders", "GET", method, {"200": [], "502": []})
    return api


@pytest.fixture
def github(repo: Repository, sandbox: Server, orders: ApiBuilder, reconciler: InProcess, tmp_path: Path) -> GitHub:
    """GitHub, with that repository; AWS holds and serves what main says."""
    made = GitHub(tmp_path / "github", repo, VARIABLES, sandbox.environment_over({}))
    program(made.home / "bin", "terraform")
    repo.git("switch", "--quiet", "main")
    assert reconciler("apply", repo.folder / MANIFEST, "--yes").code == 0
    orders.deploy("live")
    sandbox.aws.plane().calls.clear()
    return made


def plan_of(github: GitHub, pull: Pull) -> Job:
    """What the job `plan` came to."""
    return github.on_pull(WORKFLOW, pull).jobs["plan"]


def test_method_and_responses_come_in_one_merge(github: GitHub, repo: Repository, reconciler: InProcess) -> None:
    """Planned before the method is there, applied and deployed once it is."""
    pull = github.pull("post")
    plan = plan_of(github, pull)
    run = github.on_push(WORKFLOW, github.merge(pull))

    assert ("success", ["plan.json", "tfplan"], True) == (
        plan.result, plan.artifacts["plans"], "deferred" in github.comments[0],
    )  # fmt: skip
    assert ({"plan": "skipped", "apply": "success"}, [0, 0]) == (
        run.results, [reconciler(command, repo.folder / MANIFEST).code for command in ("drift", "status")],
    )  # fmt: skip


def test_second_run_does_nothing(github: GitHub, plane: ControlPlane) -> None:
    """Neither writes nor deployments."""
    pull = github.pull("post")
    plan_of(github, pull)
    before = github.merge(pull)
    github.on_push(WORKFLOW, before)
    plane.calls.clear()
    run = github.on_push(WORKFLOW, before)

    assert ("success", []) == (run.conclusion, plane.calls.writes())


def test_method_that_terraform_did_not_make(github: GitHub, plane: ControlPlane) -> None:
    """Its responses cannot be written: the job says so, and nothing is deployed."""
    pull = github.pull("post")
    plan_of(github, pull)
    (github.home / "bin" / "terraform").write_text("#!/bin/sh\n")
    job = github.on_push(WORKFLOW, github.merge(pull)).jobs["apply"]

    assert ("failure", [], False) == (job.result, plane.calls.writes(), "Deploy" in job.ran)


def test_method_that_holds_something_else(github: GitHub, orders: ApiBuilder, plane: ControlPlane) -> None:
    """Somebody gave it a response that no reviewer has seen: refused, and nothing is deployed."""
    pull = github.pull("post")
    plan_of(github, pull)
    method = {"type": "HTTP", "integrationHttpMethod": "POST", "uri": "https://orders.example/orders"}
    orders.method("/orders", "POST", method, {"201": [], "502": []})
    orders.response("/orders", "POST", "201", {"responseTemplates": {"application/json": "surprise"}})
    plane.calls.clear()
    job = github.on_push(WORKFLOW, github.merge(pull)).jobs["apply"]

    assert ("4", [], False) == (job.steps["apply"]["outputs"]["exit-code"], plane.calls.writes(), "Deploy" in job.ran)
