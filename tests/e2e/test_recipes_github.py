"""The recipes for GitHub, run as they stand in `samples/ci/github`: pull request, merge, apply, drift, and what may come
between. A small GitHub runs the workflows of a repository; a role gives it the sandbox's credentials.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from e2e.running import SAMPLES, InProcess
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server
from support.ci.github import GitHub, Job
from support.repositories import Repository, repository

RECIPES: Final = SAMPLES / "ci" / "github"
VARIABLES: Final = {
    "AWS_REGION": "eu-west-1",
    "RECONCILER_PLAN_ROLE": "arn:aws:iam::123456789012:role/reconciler-plan",
    "RECONCILER_APPLY_ROLE": "arn:aws:iam::123456789012:role/reconciler-apply",
}
PLAN, APPLY, DRIFT = "reconciler-plan.yml", "reconciler-apply.yml", "reconciler-drift.yml"
PRODUCTION: Final = "(production)"

MANIFEST: Final = "manifests/health.yaml"
HEALTH: Final = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: health}
spec:
  api: {name: minimal}
  resources:
    /health:
      GET:
        responses:
          200: {}
          503:
            selectionPattern: '5\\d\\d'
            responseTemplates:
              application/json: |
                {"message": "NEWS"}
"""
CONFIGURATION: Final = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [manifests/]\n"

Changed = Callable[[str], None]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with the recipes and a manifest that was not applied yet, all of it on main."""
    made = repository(tmp_path / "repo", monkeypatch)
    shutil.copytree(RECIPES, made.folder, dirs_exist_ok=True)
    made.write("reconciler.yaml", CONFIGURATION)
    made.write(MANIFEST, HEALTH)
    made.commit(message="begin")
    return made


@pytest.fixture
def github(repo: Repository, sandbox: Server, tmp_path: Path) -> GitHub:
    """GitHub, with that repository and all its variables; AWS holds what main says."""
    credentials = {name: value for name, value in sandbox.environment_over({}).items() if name != "AWS_REGION"}
    return GitHub(tmp_path / "github", repo, VARIABLES, credentials)


@pytest.fixture
def in_sync(sandbox: Server, reconciler: InProcess, repo: Repository) -> None:
    """AWS holds what main says."""
    assert reconciler("apply", repo.folder / MANIFEST, "--yes").code == 0


def change(repo: Repository, news: str, branch: str = "change") -> None:
    """A commit on a branch that makes the response say something else."""
    repo.git("switch", "--quiet", *([branch] if branch in repo.git("branch") else ["-c", branch, "main"]))
    repo.write(MANIFEST, HEALTH.replace("NEWS", news))
    repo.commit(message=news)


def live(plane: ControlPlane) -> str:
    """What the response says in AWS."""
    return "TODO"


def plan_job(github: GitHub, repo: Repository, news: str) -> Job:
    """What the plan of a pull request came to."""
    change(repo, news)
    return github.on_pull(PLAN, github.pull("change")).jobs[f"plan {PRODUCTION}"]


@pytest.mark.usefixtures("in_sync")
def test_try(github: GitHub, repo: Repository) -> None:
    change(repo, "better")
    pull = github.pull("change")
    run = github.on_pull(PLAN, pull)
    for job in run.jobs.values():
        print("=====", job.name, job.result, job.ran)
        print(job.log)
        print("--- summary\n", job.summary)
        print("--- commands", job.commands, list(job.scans), job.artifacts, job.steps)
    print(github.comments)
    before = github.merge(pull)
    run = github.on_push(APPLY, before)
    for job in run.jobs.values():
        print("=====", job.name, job.result, job.ran)
        print(job.log)
        print("--- summary\n", job.summary)
        print("--- commands", job.commands, list(job.scans), job.artifacts, job.steps)
    assert 0
