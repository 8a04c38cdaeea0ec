"""What completes each word of a command line, through click's protocol."""

import os
from pathlib import Path

import pytest

from reconciler.cli.completion import values
from reconciler.cli.completion.shells import Zsh
from reconciler.cli.main import commands
from reconciler.invocation import VERBS
from reconciler.rules import GuardRule

MANIFEST = """
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: pets}
spec:
  api: {name: pets}
  deploy: {stages: [blue, green]}
  resources:
    /pets:
      GET:
        responses: {200: {}, 404: {}}
"""

CONFIGURATION = """
apiVersion: reconciler/v1
kind: Config
manifests: [manifests/]
environments: {dev: {}, prod: {}}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder is a project."""
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "pets.yaml").write_text(MANIFEST)
    (tmp_path / "manifests" / "notes.txt").write_text("")
    (tmp_path / ".hidden.yaml").write_text("")
    (tmp_path / "reconciler.yaml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def completed(*words: str) -> list[str]:
    """The completions of the last word."""
    completion = Zsh(commands, {}, "reconciler", "_RECONCILER_COMPLETE")
    return [item.value for item in completion.get_completions(list(words[:-1]), words[-1])]


def types(*words: str) -> list[str]:
    """Their types."""
    completion = Zsh(commands, {}, "reconciler", "_RECONCILER_COMPLETE")
    return [item.type for item in completion.get_completions(list(words[:-1]), words[-1])]


def test_commands() -> None:
    """All of them."""
    assert sorted(VERBS) == sorted(completed(""))


def test_words_of_an_unknown_command() -> None:
    """Nothing completes them."""
    assert [] == completed("nosuch", "")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["pla"], ["plan"]),
        (["plan", "--det"], ["--detailed-exitcode"]),
        (["report", ""], ["merge"]),
        (["plan", "--env", ""], ["dev", "prod", "all"]),
        (["plan", "--env", "prod,"], ["prod,dev", "prod,all"]),
        (["plan", "--env=p"], ["prod"]),
        (["runs", "--env", "d"], ["dev"]),
        (["plan", "--only", "pets"], ["pets: GET /pets 200", "pets: GET /pets 404"]),
        (["plan", "--env", "dev", "--only", "pets: GET /pets 4"], ["pets: GET /pets 404"]),
        (["plan", "manifests/pets.yaml", "--only", "pets: GET /pets 4"], ["pets: GET /pets 404"]),
        (["plan", "none.yaml", "--only", ""], []),
        (["plan", ""], ["manifests/", "reconciler.yaml"]),
        (["plan", "."], [".hidden.yaml"]),
        (["plan", "manifests/"], ["manifests/pets.yaml"]),
        (["plan", "none/"], []),
        (["deploy", "--stage", ""], ["blue", "green"]),
        (["select", "--manifest", ""], ["pets"]),
        (["plan", "--format", "j"], ["json", "junit"]),
        (["plan", "--force", "reverts"], ["revertsLive"]),
        (["plan", "--color", "al"], ["always"]),
        (["runs", ""], []),
        (["explain", "revertsL"], ["revertsLive"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["help", "dr"], ["drift"]),
        (["help", "report", ""], ["merge"]),
        (["help", "plan", ""], []),
    ],
)
def test_completes(words: list[str], expected: list[str]) -> None:
    """What is possible at this place."""
    assert expected == completed(*words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["plan", "--out", "x"], ["file"]),
        (["plan", "~/x"], ["file"]),
        (["plan", "--format", "json=x"], ["file"]),
        (["apply", "--journal", ""], ["dir"]),
        (["report", "merge", ""], ["file"]),
        (["plan", "man"], ["part"]),
    ],
)
def test_leaves_files_to_the_shell(words: list[str], expected: list[str]) -> None:
    """As it knows what ~ and variables stand for; after a folder there is more to come."""
    assert expected == types(*words)


def test_runs_of_the_journal(project: Path) -> None:
    """Newest first."""
    for name in ("20260101T000000Z-000001", "20260102T000000Z-000002", "notes"):
        (project / ".reconciler" / "runs" / name).mkdir(parents=True)

    assert ["latest", "20260102T000000Z-000002", "20260101T000000Z-000001"] == completed("rollback", "")


def test_names_that_a_terminal_would_execute_are_left_out(project: Path) -> None:
    """A file's name may hold terminal sequences."""
    (project / "x\x1b[2J.yaml").write_text("")
    (project / "xy.yaml").write_text("")

    assert ["xy.yaml"] == completed("plan", "x")


def test_names_of_environments_are_printable(project: Path) -> None:
    """Others are left out."""
    (project / "reconciler.yaml").write_text('environments: {dev: {}, "de\\u0007v": {}}')

    assert ["dev"] == completed("plan", "--env", "de")


def test_many_addresses_become_globs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each manifest."""
    monkeypatch.setattr(values, "MOST", 1)

    assert ["pets: *"] == completed("plan", "--only", "")


@pytest.mark.parametrize("content", ["", "{", "environments: [a]", "- a", "\xff", "environments: {}", "a: &a [*a]"])
def test_strange_configuration_completes_nothing(project: Path, content: str) -> None:
    """No error, no traceback."""
    (project / "reconciler.yaml").write_bytes(content.encode("latin-1"))

    assert [] == completed("plan", "--env", "")


def test_large_configuration_is_not_read(project: Path) -> None:
    """Nobody waits for it at a prompt."""
    (project / "reconciler.yaml").write_text(CONFIGURATION + "#" * values.MOST_CONFIGURED)

    assert [] == completed("plan", "--env", "")


def test_pipe_is_not_read(project: Path) -> None:
    """It might never end."""
    os.mkfifo(project / "pipe")

    assert [] == completed("plan", "--config", "pipe", "--env", "")


def test_rules_are_those_of_the_command() -> None:
    """`rollback` has others than `plan`."""
    assert str(GuardRule.CHANGED_SINCE) in completed("rollback", "latest", "--force", "")
    assert str(GuardRule.CHANGED_SINCE) not in completed("plan", "--force", "")
