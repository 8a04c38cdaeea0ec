"""Who starts a run, and from which commit."""

import os
import pwd
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.engine.load.request import Request
from reconciler.engine.run_origin import run_origin
from reconciler.models.targets import Coordinates
from reconciler.sandbox.gateway import InMemoryCloud
from support.repositories import repository

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_ACTOR": "kim",
    "GITHUB_SERVER_URL": "https://github.example",
    "GITHUB_REPOSITORY": "o/r",
    "GITHUB_RUN_ID": "7",
}


@pytest.fixture(autouse=True)
def _no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder is in no repository."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("process", "actor", "job"),
    [
        (GITHUB, "kim", "https://github.example/o/r/actions/runs/7"),
        ({**GITHUB, "GITHUB_TRIGGERING_ACTOR": "lee"}, "lee", "https://github.example/o/r/actions/runs/7"),
        ({**GITHUB, "GITHUB_RUN_ID": ""}, "kim", ""),
        (
            {"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "kim", "CI_JOB_URL": "https://gitlab.example/1"},
            "kim",
            "https://gitlab.example/1",
        ),
        ({"JENKINS_URL": "https://ci.example"}, "", ""),
        ({"BUILDKITE": "true", "BUILDKITE_BUILD_CREATOR": "k" * 999}, "k" * 300, ""),
    ],
)
def test_ci_systems_name_the_person_and_the_job(process: dict[str, str], actor: str, job: str) -> None:
    """As far as they are known, and no longer than a name is."""
    origin = run_origin(Request(process=process), ())

    assert (actor, job) == (origin.actor, origin.job)


def test_elsewhere_it_is_the_user_of_the_system() -> None:
    """Variables that anybody may set have no say."""
    origin = run_origin(Request(process={"GITHUB_ACTOR": "kim"}), ())

    assert (pwd.getpwuid(os.getuid()).pw_name, "", "") == (origin.actor, origin.job, origin.commit)


def test_a_user_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Containers run under numbers that no system knows."""
    monkeypatch.setattr(os, "getuid", lambda: 4_123_456)

    assert "uid 4123456" == run_origin(Request(), ()).actor


def test_each_principal_is_named_once() -> None:
    """Connections without one are left out."""
    connection = InMemoryCloud().connect(Coordinates())
    connections = [connection, *(replace(connection, principal=arn) for arn in ("arn:a", "arn:b", "arn:a"))]

    assert ("arn:a", "arn:b") == run_origin(Request(), connections).principals


def test_the_commit_of_the_manifests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short, with a plus if a file differs from it."""
    made = repository(tmp_path / "repository", monkeypatch)
    made.write("pets.yaml", "a")
    made.commit()
    request = Request((".",))
    clean = run_origin(request, ()).commit
    made.write("pets.yaml", "b")

    assert (True, f"{clean}+") == (len(clean) >= 7, run_origin(request, ()).commit)
