"""Which files changed."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import ReconcilerError, UsageError
from reconciler.git.discovery import RepositorySearch
from reconciler.git.history import BaseCommit, changed_since, default_branch, describe_head, merge_base
from reconciler.git.history import open_repository as around
from support.repositories import repository


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Git in a repository with one commit on `main`, of a.yaml and b.yaml; it knows no settings of this machine."""
    made = repository(tmp_path, monkeypatch)
    made.write("a.yaml", "a")
    made.write("b.yaml", "b")
    made.commit(message="first")
    return made.git


def names(found: frozenset[str], folder: Path) -> set[str]:
    """The files relative to a folder."""
    return {str(Path(one).relative_to(folder)) for one in found}


@pytest.mark.usefixtures("git")
def test_nothing_changed() -> None:
    """Without changes, no file is reported."""
    assert frozenset() == changed_since("main")


def test_changed_on_the_branch(git: Callable[..., str], tmp_path: Path) -> None:
    """Committed, staged, edited and new files are reported; changes on the other branch and ignored files are not."""
    git("checkout", "-b", "topic")
    (tmp_path / "a.yaml").write_text("committed")
    (tmp_path / ".gitignore").write_text("ignored")
    git("commit", "-a", "-m", "second")
    (tmp_path / "c d.yaml").write_text("staged")
    git("add", "c d.yaml")
    (tmp_path / "é.yaml").write_text("new")
    (tmp_path / "ignored").write_text("ignored")
    git("checkout", "main")
    (tmp_path / "b.yaml").write_text("elsewhere")
    git("commit", "-m", "third", "b.yaml")
    git("checkout", "topic")

    assert {"a.yaml", "c d.yaml", "é.yaml", ".gitignore"} == names(changed_since("main"), tmp_path)


@pytest.mark.usefixtures("git")
def test_repository_of_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PATH decides, not the current folder; it may be a glob or not exist."""
    (tmp_path / "a.yaml").write_text("edited")
    monkeypatch.chdir("/")

    assert {"a.yaml"} == names(changed_since("main", RepositorySearch((f"{tmp_path}/x/*.yaml",))), tmp_path)


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("revision", ["nope", "--help", "main~5", "main:a.yaml"])
def test_no_such_revision(revision: str) -> None:
    """A text that git does not know as a commit is refused, and never taken for an option."""
    with pytest.raises(UsageError, match=f"git does not know the revision '{revision}'; check the name"):
        changed_since(revision)


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a repository, the command fails."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(UsageError, match="needs a git repository, but there is none here; omit it"):
        changed_since("main", RepositorySearch((str(tmp_path),)))


@pytest.mark.usefixtures("git")
def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git, the error says that it is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ReconcilerError, match="git cannot be run: No such file or directory; install git"):
        changed_since("main", RepositorySearch((str(tmp_path),)))


def git_output(folder: Path, *arguments: str) -> str:
    """Return what git prints."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S607
    return done.stdout.strip()


def test_merge_base(git: Callable[..., str], tmp_path: Path) -> None:
    """It is the last commit that both have, of the current branch or of a given one."""
    first = git_output(tmp_path, "rev-parse", "HEAD")
    git("branch", "topic")
    git("commit", "--allow-empty", "-m", "second")

    assert (git_output(tmp_path, "rev-parse", "HEAD"), first) == (
        merge_base("main", around()).commit,
        merge_base("main", around(), "topic").commit,
    )


def test_no_common_history(git: Callable[..., str], tmp_path: Path) -> None:
    """Without common history, for example in a shallow clone, the base is the revision itself."""
    git("checkout", "--orphan", "other")
    git("commit", "-m", "another beginning")

    assert BaseCommit("main", git_output(tmp_path, "rev-parse", "main"), is_tip=True) == merge_base("main", around())


def test_default_branch_of_the_remote(git: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a clone it is the remote's default branch."""
    git("branch", "-m", "trunk")
    git("clone", ".", f"{tmp_path}-clone")
    monkeypatch.chdir(f"{tmp_path}-clone")

    assert "refs/remotes/origin/trunk" == default_branch(around())


@pytest.mark.parametrize("name", ["main", "master"])
def test_default_branch_without_a_remote(name: str, git: Callable[..., str]) -> None:
    """Without a remote it is main, else master."""
    git("branch", "-m", name)

    assert f"refs/heads/{name}" == default_branch(around())


def test_branch_named_like_that_of_the_remote(
    git: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull request whose branch is called origin/main is not compared with itself."""
    git("clone", ".", f"{tmp_path}-clone")
    monkeypatch.chdir(f"{tmp_path}-clone")
    for words in (("checkout", "-b", "origin/main"), ("commit", "--allow-empty", "-m", "theirs")):
        git_output(Path.cwd(), *words)
    plain = git_output(Path.cwd(), "rev-parse", "origin/main") == git_output(Path.cwd(), "rev-parse", "HEAD")
    left = merge_base(default_branch(around()), around()).commit

    assert (True, git_output(tmp_path, "rev-parse", "main")) == (plain, left)
    with pytest.raises(UsageError, match="'origin/main' is ambiguous: it names refs/heads/origin/main and refs/remote"):
        merge_base("origin/main", around())
    with pytest.raises(UsageError, match="use a full name, such as refs/remotes/origin/main"):
        merge_base("origin/main~0", around())


def test_names_of_one_commit(git: Callable[..., str], tmp_path: Path) -> None:
    """Several names of one commit are not ambiguous."""
    git("tag", "-a", "main", "-m", "one")

    assert git_output(tmp_path, "rev-parse", "HEAD") == merge_base("main", around()).commit


def test_no_default_branch(git: Callable[..., str]) -> None:
    """Without a default branch, main and master, a revision must be given."""
    git("branch", "-m", "topic")

    with pytest.raises(UsageError, match="no main, no master; pass one: --base REV"):
        default_branch(around())


def test_repository_that_git_does_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason that git gives is passed on."""
    (tmp_path / ".git").write_text("gitdir: /nowhere", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match="git does not open this one: not a git repository: /nowhere"):
        default_branch(around())


@pytest.mark.usefixtures("git")
def test_head_shows_whether_files_differ(tmp_path: Path) -> None:
    """A `+` follows if a tracked file differs; other files do not count."""
    clean = describe_head()
    (tmp_path / "plan.json").write_text("{}")
    with_artifact = describe_head()
    (tmp_path / "a.yaml").write_text("changed")

    assert (clean, f"{clean}+") == (with_artifact, describe_head(RepositorySearch((str(tmp_path / "a.yaml"),))))
    assert clean


def test_there_is_no_head_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is none without git either: it is only a note."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    without_repository = describe_head()
    monkeypatch.setenv("PATH", str(tmp_path))

    assert (None, None) == (without_repository, describe_head())
