"""What is checked out, as the files of a repository say."""

import subprocess
from pathlib import Path

import pytest

from reconciler.git.head import Head, head_of

COMMIT = "4fe8345e02" + "0" * 30


def repository(folder: Path, head: str, **refs: str) -> Path:
    """A folder with the files that are read."""
    git = folder / ".git"
    for name in ("objects", "refs/heads"):
        (git / name).mkdir(parents=True)
    (git / "HEAD").write_text(head)
    for name, content in refs.items():
        (git / "refs/heads" / name).write_text(content)
    return folder


def test_a_branch(tmp_path: Path) -> None:
    """Its commit is in a file of its name."""
    assert Head(COMMIT, "main") == head_of(repository(tmp_path, "ref: refs/heads/main\n", main=f"{COMMIT}\n"))


def test_a_packed_branch(tmp_path: Path) -> None:
    """Its commit is a line of one file for all."""
    repository(tmp_path, "ref: refs/heads/a/b\n")
    (tmp_path / ".git/packed-refs").write_text(f"# pack-refs\n{'1' * 40} refs/heads/a\n{COMMIT} refs/heads/a/b\n")

    assert Head(COMMIT, "a/b") == head_of(tmp_path)


def test_a_detached_head(tmp_path: Path) -> None:
    """It names the commit, and no branch."""
    assert Head(COMMIT) == head_of(repository(tmp_path, f"{COMMIT}\n"))


@pytest.mark.parametrize("head", ["", "ref: refs/heads/../../../etc/passwd", "ref: refs/heads/a b", "x" * 40])
def test_what_git_never_writes(tmp_path: Path, head: str) -> None:
    """It is as good as nothing."""
    assert Head() == head_of(repository(tmp_path, head))


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing is known."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))

    assert Head() == head_of(tmp_path / "below")


def test_git_itself_says_the_same(tmp_path: Path) -> None:
    """In a linked worktree, too, whose branch is stored with the main one."""
    main, linked = tmp_path / "main", tmp_path / "linked"

    def git(*arguments: str, folder: Path = main) -> str:
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        return subprocess.run(
            ["git", *identity, *arguments],  # noqa: S607 - the user's git
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    main.mkdir()
    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "x")
    git("worktree", "add", "-q", "-b", "other", str(linked))

    assert Head(git("rev-parse", "HEAD", folder=linked), "other") == head_of(linked)
