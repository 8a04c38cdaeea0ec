"""`--show-effect` and `guard: {breaking: refuse}`, from the command line to AWS."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from e2e.running import ROOT, InProcess
from reconciler.sandbox.server import Server
from support.health import HEALTH_CONFIG, HEALTH_TEST
from support.repositories import Repository, repository


@pytest.fixture
def branch(sandbox: Server, reconciler: InProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The seeded API as exported, with a test; the branch renames a field that clients read."""
    made = repository(tmp_path / "work", monkeypatch)
    reconciler("export", "--rest-api", "petstore", "--out", ".")
    made.write("reconciler.yaml", HEALTH_CONFIG)
    made.write("health.test.yaml", HEALTH_TEST)
    made.commit()
    text = (made.folder / "petstore.yaml").read_text()
    made.write("petstore.yaml", text.replace('{"status": "up"}', '{"state": "up"}'))
    sandbox.aws.plane().calls.clear()
    return made


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize("command", [("plan",), ("review", "--base", "HEAD")])
def test_show_effect(command: tuple[str, ...], reconciler: InProcess) -> None:
    """Plan and review show what clients lose, and how many tests show it."""
    ran = reconciler(*command, "--show-effect")

    assert 0 == ran.code
    assert '! - body.status: "up"  (a JSON field is lost)' in ran.out
    assert "Clients: 1 of 1 test of the changed methods" in ran.out


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize("command", [("plan",), ("review", "--base", "HEAD")])
def test_document(command: tuple[str, ...], reconciler: InProcess) -> None:
    """The JSON document has the effect, and fits its schema."""
    document = json.loads(reconciler(*command, "--show-effect", "--format", "json").out)
    schema = json.loads((ROOT / "schemas" / f"{command[0]}.schema.json").read_text(encoding="utf-8"))

    Draft202012Validator(schema).validate(document)
    [effect] = document["effects"]["effects"]
    assert ("health: all is well", True) == (effect["test"], effect["breaking"])


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize("command", [("plan",), ("review", "--base", "HEAD")])
def test_not_asked(command: tuple[str, ...], reconciler: InProcess) -> None:
    """Without the option, documents say null."""
    assert json.loads(reconciler(*command, "--format", "json").out)["effects"] is None


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize("form", ["markdown", "html", "sarif", "github"])
def test_formats(form: str, reconciler: InProcess) -> None:
    """Every format flags the field that is lost."""
    assert "body.status" in reconciler("plan", "--show-effect", "--format", form).out


def test_no_calls_more(branch: Repository, sandbox: Server, reconciler: InProcess) -> None:
    """Effects are worked out from what a plan reads anyway."""
    reconciler("plan")
    without = sandbox.aws.plane().calls.names()
    sandbox.aws.plane().calls.clear()
    reconciler("plan", "--show-effect")

    assert without == sandbox.aws.plane().calls.names()
    assert branch.folder.exists()


def test_guard(branch: Repository, sandbox: Server, reconciler: InProcess) -> None:
    """`breaking: refuse` stops plan and apply with 4, before any write; --force waives it."""
    branch.write("reconciler.yaml", HEALTH_CONFIG + "guard: {breaking: refuse}\n")
    planned, applied = reconciler("plan"), reconciler("apply", "--yes")
    written = len(sandbox.aws.plane().calls.writes())
    forced = reconciler("apply", "--yes", "--force", "breaking")

    assert (4, 4, 0, 0) == (planned.code, applied.code, written, forced.code)
    assert "[breaking]" in planned.out
    assert "add --force breaking" in planned.out


def test_saved_plan(branch: Repository, reconciler: InProcess) -> None:
    """A saved plan that was forced to break clients is applied as it was reviewed."""
    branch.write("reconciler.yaml", HEALTH_CONFIG + "guard: {breaking: refuse}\n")
    planned = reconciler("plan", "--force", "breaking", "--out", "plan.json")
    applied = reconciler("apply", "--plan", "plan.json", "--yes")

    assert (0, 0) == (planned.code, applied.code)


def test_new_test_after_plan(branch: Repository, reconciler: InProcess) -> None:
    """An apply of a saved plan heeds the tests of the manifests as they are now."""
    branch.write("reconciler.yaml", HEALTH_CONFIG + "guard: {breaking: refuse}\n")
    (branch.folder / "health.test.yaml").unlink()
    planned = reconciler("plan", "--out", "plan.json")
    branch.write("health.test.yaml", HEALTH_TEST)
    applied = reconciler("apply", "--plan", "plan.json", "--yes")

    assert (0, 4) == (planned.code, applied.code)
