"""Which repository is used, and which ones are refused."""

import shutil
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.git.discovery import Near
from reconciler.git.history import changed_since, head
from reconciler.git.history import repository as around
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
    """A file, a folder, a glob and what is not there are in it."""
    assert checkout.folder == around(Near((path,))).top


@pytest.mark.parametrize("folder", ["m", "m/below"])
def test_clone_inside_of_the_checkout(folder: str, checkout: Repository) -> None:
    """Is not used by a PATH in it: whoever fills the checkout could have put it there."""
    (checkout.folder / "m" / "below").mkdir()
    inner = inside(checkout, "m")
    remedy = f"if it is a clone of your own: export GIT_CEILING_DIRECTORIES={checkout.folder}"

    with pytest.raises(UsageError, match=f"the git repository {inner}: it is inside another one, .*; {remedy}"):
        around(Near((folder,)))


def test_current_folder_in_a_clone_inside(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is no reason to use it either."""
    monkeypatch.chdir(inside(checkout, "m"))

    with pytest.raises(UsageError, match="it is inside another one"):
        around()


def test_clone_inside_that_the_environment_vouches_for(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is used: a pull request cannot set the variable."""
    inner = inside(checkout, "m")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(checkout.folder))

    assert inner == around(Near(("m",))).top


@pytest.mark.parametrize("content", ["gitdir: ../.git", "gitdir: ../data", "gitdir: /nowhere", "anything"])
def test_git_file_in_a_folder(content: str, checkout: Repository) -> None:
    """It leads nowhere, not even to the repository's own git directory."""
    inside(checkout, "data")
    (checkout.folder / "data" / ".git").rename(checkout.folder / "real")
    (checkout.folder / "data").rmdir()
    (checkout.folder / "real").rename(checkout.folder / "data")
    checkout.write("m/.git", f"{content}\n")

    with pytest.raises(UsageError, match="it is inside another one"):
        around(Near(("m",)))


def test_git_file_that_leads_to_a_linked_worktree(checkout: Repository) -> None:
    """Of another folder: git's data names the folder, and it is not this one."""
    checkout.git("worktree", "add", "../linked")
    checkout.write("m/.git", f"gitdir: {checkout.folder}/.git/worktrees/linked\n")

    with pytest.raises(UsageError, match="it is inside another one"):
        around(Near(("m",)))


def test_git_file_that_leads_to_a_submodule(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of another folder: git's data names the folder, and it is not this one."""
    as_submodule(checkout, "sub")
    checkout.write("m/.git", "gitdir: ../.git/modules/sub\n")
    monkeypatch.chdir("m")

    with pytest.raises(UsageError, match="git uses another working tree"):
        around()


@pytest.mark.parametrize("place", ["../linked", "linked"])
def test_linked_worktree(place: str, checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is used wherever it is, inside of its own repository too; its branch is its own."""
    checkout.git("worktree", "add", "-b", "other", place)
    folder = (checkout.folder / place).resolve()
    (folder / "m" / "a.yaml").write_text("edited", encoding="utf-8")
    monkeypatch.chdir(folder / "m")

    assert {str(folder / "m" / "a.yaml")} == changed_since("other")


def test_worktrees_of_a_bare_clone(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside it in a folder whose `.git` names it, as many have it."""
    project = checkout.folder.parent / "project"
    checkout.git("clone", "--bare", ".", str(project / ".bare"))
    (project / ".git").write_text("gitdir: ./.bare\n", encoding="utf-8")
    checkout.git("-C", str(project), "worktree", "add", "main")
    monkeypatch.chdir(project / "main")

    assert project / "main" == around().top


def test_submodule_in_which_the_command_runs(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a repository of its own."""
    sub = as_submodule(checkout, "sub")
    (sub / "m" / "a.yaml").write_text("edited", encoding="utf-8")
    monkeypatch.chdir(sub / "m")

    assert {str(sub / "m" / "a.yaml")} == changed_since("main")


def test_submodule_from_outside(checkout: Repository) -> None:
    """Is refused: the pull request may have chosen its history."""
    sub = as_submodule(checkout, "sub")

    with pytest.raises(UsageError, match=f"the submodule {sub} from outside: .*; run the command in it: cd {sub}"):
        around(Near(("sub/m",)))


def test_link_out_of_the_checkout(checkout: Repository, tmp_path: Path) -> None:
    """A tracked symbolic link does not choose another repository."""
    other = tmp_path / "other"
    checkout.git("clone", ".", str(other))
    (checkout.folder / "linked").symlink_to(other / "m")

    with pytest.raises(UsageError, match=f"a symbolic link in it leaves .*; use the real path: {other}/m"):
        around(Near(("linked",)))


def test_link_to_the_checkout(checkout: Repository, tmp_path: Path) -> None:
    """From outside it is only another name."""
    (tmp_path / "elsewhere").symlink_to(checkout.folder / "m")

    assert checkout.folder == around(Near((str(tmp_path / "elsewhere"),))).top


@pytest.mark.parametrize("is_repository", [True, False])
def test_paths_of_several_places(checkout: Repository, tmp_path: Path, *, is_repository: bool) -> None:
    """One repository is used for all PATHs, or none."""
    other = tmp_path / "other"
    other.mkdir()
    if is_repository:
        checkout.git("init", str(other))

    with pytest.raises(UsageError, match=f"needs one git repository: m is in {checkout.folder}, and .*other is in"):
        around(Near(("m", str(other))))


def test_repository_below_its_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of manifests without a repository gets none by what is in it."""
    sources = tmp_path / "sources"
    sources.mkdir()
    repository(sources / "m", monkeypatch)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(sources)
    Path("reconciler.yaml").touch()

    with pytest.raises(UsageError, match=r"sources/reconciler.yaml is not in it; keep the configuration in the rep"):
        around(Near(("m",)))


def test_top_that_looks_like_a_bare_repository(checkout: Repository) -> None:
    """Is not used, though its `.git` is broken."""
    for name in ("HEAD", "config", "objects", "refs"):
        (checkout.folder / ".git" / name).rename(checkout.folder / name)

    assert "." == checkout.git("rev-parse", "--git-dir")
    with pytest.raises(UsageError, match="git does not open this one"):
        around()


def test_git_directory_in_its_own_working_tree(checkout: Repository) -> None:
    """Is not used: it is among the files of the checkout."""
    (checkout.folder / ".git").rename(checkout.folder / "data")
    checkout.write(".git", "gitdir: data\n")

    with pytest.raises(UsageError, match=r"its data is in its own working tree; keep it in .*/\.git, or outside"):
        around()


def test_working_tree_that_is_configured_elsewhere(checkout: Repository, tmp_path: Path) -> None:
    """Is not the one around the PATH."""
    checkout.git("config", "core.worktree", str(tmp_path))

    with pytest.raises(UsageError, match="git uses another working tree"):
        around(Near(("m",)))


def test_deployment_from_a_refused_repository(checkout: Repository) -> None:
    """Notes no commit."""
    inside(checkout, "m")

    assert head(Near(("m",))) is None
