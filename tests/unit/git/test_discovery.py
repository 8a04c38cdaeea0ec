"""Which repository is used, and which ones are refused."""

import shutil
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.git.discovery import RepositorySearch
from reconciler.git.history import changed_since, describe_head
from reconciler.git.history import open_repository as around
from support.repositories import Repository, repository


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a file in the folder `m`."""
    made = repository(tmp_path / "checkout", monkeypatch)
    made.write("m/a.yaml", "a")
    made.commit()
    return made


def inside(checkout: Repository, name: str) -> Path:
    """Another repository, in a folder of the checkout."""
    folder = checkout.folder / name
    shutil.copytree(checkout.folder / ".git", folder / ".git")
    return folder


def as_submodule(checkout: Repository, name: str) -> Path:
    """A submodule, as git makes it."""
    source = checkout.folder.parent / "source"
    checkout.git("clone", "--bare", ".", str(source))
    checkout.git("-c", "protocol.file.allow=always", "submodule", "add", str(source), name)
    checkout.git("commit", "-m", "a submodule")
    return checkout.folder / name


@pytest.mark.parametrize("path", ["m", "m/a.yaml", "m/*.yaml", ".", "none/at/all"])
def test_repository_around_a_path(path: str, checkout: Repository) -> None:
    """A file, a folder, a glob and a path that does not exist belong to the repository around them."""
    assert checkout.folder == around(RepositorySearch((path,))).top


@pytest.mark.parametrize("folder", ["m", "m/below"])
def test_clone_inside_the_checkout(folder: str, checkout: Repository) -> None:
    """It is not used for a PATH inside it: the author of the checkout could have put it there."""
    (checkout.folder / "m" / "below").mkdir()
    inner = inside(checkout, "m")
    remedy = f"if it is your own clone: export GIT_CEILING_DIRECTORIES={checkout.folder}"

    with pytest.raises(UsageError, match=f"the git repository {inner}: it is inside another one, .*; {remedy}"):
        around(RepositorySearch((folder,)))


def test_current_folder_in_a_clone_inside(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone inside the checkout is not used for the current folder either."""
    monkeypatch.chdir(inside(checkout, "m"))

    with pytest.raises(UsageError, match="it is inside another one"):
        around()


def test_clone_inside_with_a_ceiling(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is used if GIT_CEILING_DIRECTORIES names the outer folder, which a pull request cannot set."""
    inner = inside(checkout, "m")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(checkout.folder))

    assert inner == around(RepositorySearch(("m",))).top


@pytest.mark.parametrize("content", ["gitdir: ../.git", "gitdir: ../data", "gitdir: /nowhere", "anything"])
def test_git_file_in_a_folder(content: str, checkout: Repository) -> None:
    """A `.git` file is not followed, not even to the repository's own git directory."""
    inside(checkout, "data")
    (checkout.folder / "data" / ".git").rename(checkout.folder / "real")
    (checkout.folder / "data").rmdir()
    (checkout.folder / "real").rename(checkout.folder / "data")
    checkout.write("m/.git", f"{content}\n")

    with pytest.raises(UsageError, match="it is inside another one"):
        around(RepositorySearch(("m",)))


def test_git_file_of_another_linked_worktree(checkout: Repository) -> None:
    """A worktree is refused if git's data names another folder for it."""
    checkout.git("worktree", "add", "../linked")
    checkout.write("m/.git", f"gitdir: {checkout.folder}/.git/worktrees/linked\n")

    with pytest.raises(UsageError, match="it is inside another one"):
        around(RepositorySearch(("m",)))


def test_git_file_of_another_submodule(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A submodule is refused if git's data names another folder for it."""
    as_submodule(checkout, "sub")
    checkout.write("m/.git", "gitdir: ../.git/modules/sub\n")
    monkeypatch.chdir("m")

    with pytest.raises(UsageError, match="git opens another folder instead"):
        around()


@pytest.mark.parametrize("place", ["../linked", "linked"])
def test_linked_worktree(place: str, checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is used wherever it is, also inside its own repository, and has its own branch."""
    checkout.git("worktree", "add", "-b", "other", place)
    folder = (checkout.folder / place).resolve()
    (folder / "m" / "a.yaml").write_text("edited", encoding="utf-8")
    monkeypatch.chdir(folder / "m")

    assert {str(folder / "m" / "a.yaml")} == changed_since("other")


def test_worktrees_of_a_bare_clone(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worktree next to a bare clone is used, if a `.git` file around both names the clone."""
    project = checkout.folder.parent / "project"
    checkout.git("clone", "--bare", ".", str(project / ".bare"))
    (project / ".git").write_text("gitdir: ./.bare\n", encoding="utf-8")
    checkout.git("-C", str(project), "worktree", "add", "main")
    monkeypatch.chdir(project / "main")

    assert project / "main" == around().top


def test_submodule_in_which_the_command_runs(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a repository of its own."""
    sub = as_submodule(checkout, "sub")
    (sub / "m" / "a.yaml").write_text("edited", encoding="utf-8")
    monkeypatch.chdir(sub / "m")

    assert {str(sub / "m" / "a.yaml")} == changed_since("main")


def test_submodule_from_outside(checkout: Repository) -> None:
    """It is refused: the pull request may have chosen its history."""
    sub = as_submodule(checkout, "sub")

    with pytest.raises(UsageError, match=f"the submodule {sub} from outside: .*; run the command inside it: cd {sub}"):
        around(RepositorySearch(("sub/m",)))


def test_link_out_of_the_checkout(checkout: Repository, tmp_path: Path) -> None:
    """A tracked symbolic link does not choose another repository."""
    other = tmp_path / "other"
    checkout.git("clone", ".", str(other))
    (checkout.folder / "linked").symlink_to(other / "m")

    with pytest.raises(UsageError, match=f"it leaves .* through a symbolic link; pass the real path: {other}/m"):
        around(RepositorySearch(("linked",)))


def test_link_to_the_checkout(checkout: Repository, tmp_path: Path) -> None:
    """A link to the checkout from outside is only another name for it."""
    (tmp_path / "elsewhere").symlink_to(checkout.folder / "m")

    assert checkout.folder == around(RepositorySearch((str(tmp_path / "elsewhere"),))).top


@pytest.mark.parametrize("is_repository", [True, False])
def test_paths_of_several_places(checkout: Repository, tmp_path: Path, *, is_repository: bool) -> None:
    """All PATHs must be in the same repository, or none of them in any."""
    other = tmp_path / "other"
    other.mkdir()
    if is_repository:
        checkout.git("init", str(other))

    with pytest.raises(UsageError, match=f"needs one git repository, but m is in {checkout.folder} and .*other is in"):
        around(RepositorySearch(("m", str(other))))


def test_repository_below_its_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of manifests without a repository does not get one from its contents."""
    sources = tmp_path / "sources"
    sources.mkdir()
    repository(sources / "m", monkeypatch)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(sources)
    Path("reconciler.yaml").touch()

    with pytest.raises(UsageError, match=r"sources/reconciler.yaml is outside it; move the configuration into the rep"):
        around(RepositorySearch(("m",)))


def test_top_that_looks_like_a_bare_repository(checkout: Repository) -> None:
    """It is not used, even if its `.git` is broken."""
    for name in ("HEAD", "config", "objects", "refs"):
        (checkout.folder / ".git" / name).rename(checkout.folder / name)

    assert "." == checkout.git("rev-parse", "--git-dir")
    with pytest.raises(UsageError, match="git does not open this one"):
        around()


def test_git_directory_in_its_own_working_tree(checkout: Repository) -> None:
    """It is refused: it is among the files of the checkout."""
    (checkout.folder / ".git").rename(checkout.folder / "data")
    checkout.write(".git", "gitdir: data\n")

    with pytest.raises(UsageError, match=r"its git directory is in its working tree; move it to .*/\.git, or out of"):
        around()


def test_working_tree_that_is_configured_elsewhere(checkout: Repository, tmp_path: Path) -> None:
    """A repository is refused if git configures another working tree for it."""
    checkout.git("config", "core.worktree", str(tmp_path))

    with pytest.raises(UsageError, match="git opens another folder instead"):
        around(RepositorySearch(("m",)))


def test_deployment_from_a_refused_repository(checkout: Repository) -> None:
    """It records no commit."""
    inside(checkout, "m")

    assert describe_head(RepositorySearch(("m",))) is None
