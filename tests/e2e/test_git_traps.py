"""No command lets git run what a pull request brings along."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from e2e.running import SAMPLES, InProcess
from support.repositories import Repository, repository
from support.traps import MANIFESTS, TRAPS, look_edited

_SINCE: Final = ("--changed-since", "main")
_LIVE: Final = ("--yes", "--stage", "prod", "--publish-all")
COMMANDS: Final = {
    "validate": ("validate", MANIFESTS, *_SINCE),
    "review": ("review", MANIFESTS),
    "review of a commit": ("review", MANIFESTS, "--base", "main", "--head", "HEAD"),
    "plan": ("plan", MANIFESTS, *_SINCE),
    "plan with causes": ("plan", MANIFESTS, "--base", "main"),
    "drift": ("drift", MANIFESTS, *_SINCE),
    "status": ("status", MANIFESTS, "--stage", "prod", *_SINCE),
    "iam-policy": ("iam-policy", MANIFESTS, *_SINCE),
    "apply, then deploy": ("apply", MANIFESTS, "--deploy", *_LIVE),
    "rollback": ("rollback", "latest", "--yes", "--deploy"),
    "apply with causes": ("apply", MANIFESTS, "--yes", "--base", "main", *_SINCE),
    "apply": ("apply", MANIFESTS, "--yes"),
    "deploy": ("deploy", MANIFESTS, *_LIVE),
    "adopt": ("adopt", MANIFESTS, "--yes", *_SINCE),
    "init": ("init", f"{MANIFESTS}/new", "--ci", "github"),
}
_SIGNED: Final = ("apply, then deploy", "rollback", "deploy")
"""These only note the commit: they work, whatever git says."""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The sample is on main; a branch changes one response."""
    made = repository(tmp_path / "checkout", monkeypatch)
    shutil.copytree(SAMPLES / "petstore", made.folder / MANIFESTS)
    made.commit()
    made.git("checkout", "-b", "topic")
    text = (made.folder / MANIFESTS / "petstore.yaml").read_text(encoding="utf-8")
    made.write(f"{MANIFESTS}/petstore.yaml", f"{text}# edited\n")
    made.commit()
    return made


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("trap", TRAPS)
def test_trap(
    trap: str, checkout: Repository, reconciler: InProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain git springs it, and no command does."""
    marker = tmp_path / "SPRUNG"
    is_trap = TRAPS[trap](checkout, marker).sprung(marker, monkeypatch)
    sprung, codes = [], {}
    for time, (name, words) in enumerate(COMMANDS.items(), start=1_100_000_000):
        look_edited(checkout.folder, time)
        codes[name] = reconciler(*words).code
        if marker.exists():
            sprung.append(name)
            marker.unlink()

    assert (True, [], [0, 0, 0]) == (is_trap, sprung, [codes[name] for name in _SIGNED])


def test_history_that_the_pull_request_brings_along(checkout: Repository, reconciler: InProcess) -> None:
    """A review compares with the branch of the checkout, not with one of the same name in tracked files."""
    text = (checkout.folder / MANIFESTS / "petstore.yaml").read_text(encoding="utf-8")
    checkout.write(f"{MANIFESTS}/petstore.yaml", text.replace("500:", "502:"))
    checkout.commit()
    expected = reconciler("review", MANIFESTS).last
    forged = checkout.folder.parent / "forged"
    checkout.git("clone", ".", str(forged))
    for name in ("HEAD", "config", "objects", "refs", "packed-refs"):
        source = forged / ".git" / name
        copied = shutil.copytree if source.is_dir() else shutil.copy
        copied(source, checkout.folder / MANIFESTS / name)
    checkout.git("--git-dir", MANIFESTS, "config", "core.bare", "true")
    checkout.git("--git-dir", MANIFESTS, "update-ref", "refs/remotes/origin/main", checkout.git("rev-parse", "HEAD"))
    is_trap = checkout.git("-C", MANIFESTS, "rev-parse", "origin/main") == checkout.git("rev-parse", "HEAD")

    assert (True, True, expected) == (is_trap, expected.startswith("Change: "), reconciler("review", MANIFESTS).last)
