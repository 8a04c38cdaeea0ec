"""`--base REV`: what a branch changes, told from what was changed in AWS."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from e2e.running import InProcess, execute
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.server import Server
from support.repositories import Repository, repository

CONFIG = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [petstore.yaml]\n"
NOT_FOUND = "petstore: GET /pets 400"


@pytest.fixture
def branch(sandbox: Server, reconciler: InProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The seeded API as exported is on main; the branch changes one response, and somebody deleted another."""
    made = repository(tmp_path / "work", monkeypatch)
    reconciler("export", "--rest-api", "petstore", "--out", ".")
    made.write("reconciler.yaml", CONFIG)
    made.commit()
    made.git("checkout", "-b", "branch")
    text = (made.folder / "petstore.yaml").read_text()
    made.write("petstore.yaml", text.replace('{"status": "up"}', '{"status": "fine"}'))
    plane = sandbox.aws.plane()
    resources = plane.call("GetResources", restApiId="petstore01", limit=500)["items"]
    (pets,) = [resource["id"] for resource in resources if resource["path"] == "/pets"]
    where = {"restApiId": "petstore01", "resourceId": pets, "httpMethod": "GET"}
    plane.call("DeleteIntegrationResponse", **where, statusCode="400")
    plane.calls.clear()
    return made


def causes(text: str) -> dict[str, Any]:
    """The causes of a plan in JSON, by address."""
    return {action["address"]: action["cause"] for action in json.loads(text)["actions"]}


@pytest.mark.usefixtures("branch")
def test_causes_are_told(reconciler: InProcess) -> None:
    """In JSON with each action, as text in a section; no call more than without."""
    ran = reconciler("plan", "--base", "main", "--format", "json")
    text = reconciler("plan", "--base", "main")

    assert (0, {"petstore: GET /health 200": "manifest", NOT_FOUND: "drift"}) == (ran.code, causes(ran.out))
    assert (1, 1) == (
        text.out.count("Reverts changes made directly in AWS:"),
        text.last.count("of which 1 reverts a change made directly in AWS"),
    )


@pytest.mark.usefixtures("branch")
def test_without_a_base_nothing_is_told(reconciler: InProcess) -> None:
    """The key is there, and null."""
    assert {None} == set(causes(reconciler("plan", "--format", "json").out).values())


@pytest.mark.usefixtures("branch")
def test_calls_are_those_of_any_plan(reconciler: InProcess, plane: ControlPlane) -> None:
    """A base costs AWS nothing."""
    reconciler("plan")
    without = plane.calls.names()
    plane.calls.clear()
    reconciler("plan", "--base", "main")

    assert without == plane.calls.names()


def test_guard_refuses_saves_and_waives(reconciler: InProcess, branch: Repository) -> None:
    """A refused plan is saved as such and never applied; a waived one is, and shows what it undoes."""
    branch.write("reconciler.yaml", CONFIG + "guard: {revertsLive: refuse}\n")
    refused = reconciler("plan", "--base", "main", "--out", "plan.json").code
    kept = reconciler("apply", "--plan", "plan.json", "--yes")
    waived = reconciler("plan", "--base", "main", "--out", "plan.json", "--force", "revertsLive").code
    applied = reconciler("apply", "--plan", "plan.json", "--yes")

    assert [4, 4, 0, 0] == [refused, kept.code, waived, applied.code]
    assert "the plan was refused when it was made (revertsLive)" in kept.out
    assert ("Reverts changes made directly in AWS" in applied.out, "[revertsLive], by --force" in applied.out) == (
        True,
        True,
    )


def test_apply_knows_a_base_too(reconciler: InProcess, branch: Repository) -> None:
    """Without a saved plan; one that is given says all there is to say."""
    branch.write("reconciler.yaml", CONFIG + "guard: {revertsLive: refuse}\n")
    warned = reconciler("plan")
    refused = reconciler("apply", "--base", "main", "--yes")
    reconciler("plan", "--out", "plan.json", "-q")
    misused = reconciler("apply", "--plan", "plan.json", "--base", "main", "--yes")

    assert ([0, 4, 64], True) == ([warned.code, refused.code, misused.code], "[no-base]" in warned.out)
    assert ["--base and --plan cannot be used together"] == misused.failures()


def test_installed_command_tells_them(branch: Repository) -> None:
    """In a process of its own."""
    ran = execute("plan", "--base", "main", "--detailed-exitcode", folder=branch.folder)

    assert (2, True, "") == (ran.code, "of which 1 reverts a change made directly in AWS" in ran.last, ran.err)


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("plan", "--base", "nowhere"), "git does not know the revision 'nowhere'"),
        (("plan", "--base", ""), "git does not know the revision ''"),
        (("plan", "--base", "--output=x"), "git does not know the revision '--output=x'"),
        (("apply", "--base", "nowhere", "--yes"), "git does not know the revision 'nowhere'"),
    ],
)
def test_revision_that_does_not_exist(
    reconciler: InProcess, plane: ControlPlane, arguments: tuple[str, ...], message: str
) -> None:
    """Wrong usage, before AWS is asked anything."""
    ran = reconciler(*arguments)

    assert (64, [message], []) == (ran.code, ran.failures(), plane.calls.names())


def test_no_repository(reconciler: InProcess, branch: Repository) -> None:
    """Is said as such."""
    shutil.rmtree(branch.folder / ".git")
    ran = reconciler("plan", "--base", "main")

    assert (64, ["--base needs a git repository, but there is none here"]) == (ran.code, ran.failures())


def test_shallow_clone_says_how_to_fetch(
    reconciler: InProcess, branch: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As CI systems make it."""
    branch.commit()
    shallow = branch.folder.parent / "shallow"
    branch.git("clone", "--depth", "1", "--branch", "branch", f"file://{branch.folder}", str(shallow))
    monkeypatch.chdir(shallow)
    ran = reconciler("plan", "--base", "origin/main")

    assert (64, True) == (ran.code, "git fetch --unshallow" in ran.err)


def test_histories_that_do_not_meet(reconciler: InProcess, branch: Repository) -> None:
    """The last commit of the revision is the base then, which is said."""
    branch.git("checkout", "--orphan", "alone")
    branch.commit()
    ran = reconciler("plan", "--base", "main")

    assert (0, True) == (ran.code, "git finds no common history with main" in ran.out)


def test_base_that_does_not_validate_is_no_error(reconciler: InProcess, branch: Repository) -> None:
    """It is said, and the plan is whole."""
    text = (branch.folder / "petstore.yaml").read_text()
    branch.git("stash")
    branch.git("checkout", "main")
    branch.write("petstore.yaml", "nonsense: [")
    branch.commit()
    branch.git("checkout", "-b", "mended")
    branch.write("petstore.yaml", text)
    ran = reconciler("plan", "--base", "main", "--format", "json")

    assert (0, {None}, 1) == (
        ran.code,
        set(causes(ran.out).values()),
        sum(load["rule"] == "unknown-cause" for load in json.loads(ran.out)["diagnostics"]),
    )
