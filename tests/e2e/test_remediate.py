"""`drift --remediate`, from the command line to AWS."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from e2e.running import ROOT, InProcess
from reconciler.sandbox.server import Server
from support.health import HEALTH_CONFIG, HEALTH_TEST
from support.repositories import Repository, repository


@pytest.fixture
def drifted(sandbox: Server, reconciler: InProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The seeded API as committed; somebody then changes a template in AWS."""
    made = repository(tmp_path / "work", monkeypatch)
    reconciler("export", "--rest-api", "petstore", "--out", ".")
    made.write("reconciler.yaml", HEALTH_CONFIG)
    made.write(".gitignore", ".reconciler/\n")
    made.commit()
    text = (made.folder / "petstore.yaml").read_text()
    made.write("petstore.yaml", text.replace('{"status": "up"}', '{"status": "up", "load": 1}'))
    assert reconciler("apply", "--yes").code == 0
    made.git("checkout", "petstore.yaml")
    sandbox.aws.plane().calls.clear()
    return made


def remediation(ran_out: str) -> dict[str, object]:
    """What the document says of it."""
    document = json.loads(ran_out)
    schema = json.loads((ROOT / "schemas/drift.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    found: dict[str, object] = document["remediation"]
    return found


@pytest.mark.usefixtures("drifted")
def test_drift_is_reverted(sandbox: Server, reconciler: InProcess) -> None:
    """One write, a journal, the command that undoes it, exit 0; the next run finds nothing."""
    ran = reconciler("drift", "--remediate")
    written = len(sandbox.aws.plane().calls.writes())
    again = reconciler("drift")

    assert (0, 1, 0) == (ran.code, written, again.code)
    assert "~ 200" in ran.out
    assert "Remediated: wrote 1 response, run " in ran.out
    assert reconciler("rollback", "latest", "--yes").code == 0
    assert reconciler("drift").code == 2


@pytest.mark.usefixtures("drifted")
def test_off_by_default(sandbox: Server, reconciler: InProcess) -> None:
    """Drift only reads."""
    assert reconciler("drift").code == 2
    assert not sandbox.aws.plane().calls.writes()


@pytest.mark.usefixtures("drifted")
def test_document_says_what_was_done(reconciler: InProcess) -> None:
    """The run, the number of responses and the APIs that match again; the findings stay in the document."""
    ran = reconciler("drift", "--remediate", "--format", "json")
    found = remediation(ran.out)

    assert (1, 0, [], []) == (found["written"], found["exitCode"], found["left"], found["refusals"])
    assert found["run"]
    assert len(json.loads(ran.out)["findings"]) == 1
    assert json.loads(reconciler("runs", "--format", "json").out)["runs"][0]["command"] == "drift --remediate"


@pytest.mark.usefixtures("drifted")
def test_nothing_to_do(sandbox: Server, reconciler: InProcess) -> None:
    """In sync, nothing is locked, journaled or written."""
    assert reconciler("apply", "--yes").code == 0
    runs = reconciler("runs").out
    sandbox.aws.plane().calls.clear()

    assert reconciler("drift", "--remediate").code == 0
    assert not sandbox.aws.plane().calls.writes()
    assert runs == reconciler("runs").out


def edited(made: Repository) -> None:
    """Change a manifest without a commit."""
    with (made.folder / "petstore.yaml").open("a", encoding="utf-8") as file:
        file.write("# a note\n")


def behind(made: Repository) -> None:
    """Check out a commit that `main` has left behind."""
    edited(made)
    made.commit()
    made.git("checkout", "HEAD~1")


def removed(made: Repository) -> None:
    """Remove a manifest that the revision has."""
    made.write("other.yaml", (made.folder / "petstore.yaml").read_text().replace("petstore", "other"))
    made.commit()
    (made.folder / "other.yaml").unlink()


@pytest.mark.parametrize("change", [edited, behind, removed])
def test_another_revision_is_refused(
    drifted: Repository, sandbox: Server, reconciler: InProcess, change: Callable[[Repository], None]
) -> None:
    """Exit 4, the files that differ are named, nothing is written, and the drift is reported."""
    change(drifted)
    ran = reconciler("drift", "--remediate", "--expect-revision", "main")

    assert 4 == ran.code
    assert "the manifests are not those of main: " in ran.out
    assert ".yaml differs; check out main without local changes, and run it again" in ran.out
    assert "~ 200" in ran.out
    assert not sandbox.aws.plane().calls.writes()


@pytest.mark.usefixtures("drifted")
def test_expected_revision(reconciler: InProcess) -> None:
    """The manifests of the revision are applied; files that they do not need may differ."""
    Path("notes.txt").write_text("a note", encoding="utf-8")

    assert reconciler("drift", "--remediate", "--expect-revision", "main").code == 0


@pytest.mark.usefixtures("drifted")
def test_unknown_revision(sandbox: Server, reconciler: InProcess) -> None:
    """A revision that git does not know is a refusal, and nothing is written."""
    ran = reconciler("drift", "--remediate", "--expect-revision", "nowhere")

    assert 4 == ran.code
    assert "git does not know the revision 'nowhere'" in ran.out
    assert not sandbox.aws.plane().calls.writes()


def test_breaking_clients_is_refused(drifted: Repository, sandbox: Server, reconciler: InProcess) -> None:
    """A field that clients get only since the change stays where a response test shows it."""
    drifted.write("health.test.yaml", HEALTH_TEST)
    ran = reconciler("drift", "--remediate", "--format", "json")

    assert 4 == ran.code
    assert "[breaking]" in str(remediation(ran.out)["refusals"])
    assert not sandbox.aws.plane().calls.writes()


def test_guard_holds(drifted: Repository, sandbox: Server, reconciler: InProcess) -> None:
    """`revertsLive: refuse` holds, for this reverts what was changed in AWS; the command that keeps it is named."""
    drifted.write("reconciler.yaml", HEALTH_CONFIG + "guard: {revertsLive: refuse}\n")
    ran = reconciler("drift", "--remediate")

    assert 4 == ran.code
    assert "[revertsLive]; to keep the version in AWS, run reconciler adopt" in ran.out
    assert not sandbox.aws.plane().calls.writes()


@pytest.mark.parametrize("option", [("--expect-revision", "main"), ("--max-age", "1d"), ("--journal", "runs")])
def test_limits_need_remediate(reconciler: InProcess, option: tuple[str, str]) -> None:
    """An option without effect is wrong usage."""
    ran = reconciler("drift", *option)

    assert (64, True) == (ran.code, f"{option[0]} needs --remediate" in ran.err)


@pytest.mark.usefixtures("drifted")
def test_a_journal_for_all_commands_is_no_wrong_usage(reconciler: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """RECONCILER_JOURNAL is for `apply` too."""
    monkeypatch.setenv("RECONCILER_JOURNAL", "runs")

    assert reconciler("drift").code == 2


def test_max_age_needs_history(reconciler: InProcess) -> None:
    """Without a history nothing knows how old a finding is."""
    ran = reconciler("drift", "--remediate", "--max-age", "1d")

    assert (64, True) == (ran.code, "--max-age needs --history" in ran.err)
