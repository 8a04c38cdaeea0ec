"""A revision of a repository reads as the disk does."""

import os
from pathlib import Path
from typing import Final

import pytest

from reconciler.errors import ReconcilerError, UsageError
from reconciler.git.discovery import RepositorySearch
from reconciler.git.history import open_repository as around
from reconciler.git.revision import open_revision
from reconciler.manifest import Disk
from reconciler.ports import Files
from support.repositories import Repository, repository

_FILES: Final = (
    "b.yaml",
    "a.yml",
    "x[1].yaml",
    "é ü.yaml",
    "notes.txt",
    ".hidden.yaml",
    ".dot/d.yaml",
    "sub/c.yaml",
    "sub/e.json",
    "sub/deep/f.yaml",
    "sub/deep/.dot/g.yaml",
    "other/h.yaml",
)

_LINKS: Final = {
    "linked.yaml": "sub/c.yaml",
    "broken.yaml": "nowhere.yaml",
    "circle.yaml": "circle.yaml",
    "folder": "sub/deep",
    "sub/up": "..",
    "sub/chain.yaml": "../folder/f.yaml",
}

_PATHS: Final = (
    *(".", "sub", "sub/", "./sub", "sub/..", "folder", "folder/f.yaml", "other/../sub", "", "sub/up/sub"),
    *("*.yaml", "**/*.yaml", "**", "*", "sub/**/*.yaml", "*/*.yaml", ".*/*.yaml", "none-*.yaml", "[ab].y*ml"),
    *("notes.txt", ".hidden.yaml", "./b.yaml", "missing.yaml", "x[1].yaml", "sub/*/../c.yaml", "no/*.yaml"),
    *("linked.yaml", "circle.yaml", "broken.yaml", "b.yaml/*.yaml", "fol*/*.yaml"),
)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with files, links and hidden ones of every sort, all committed."""
    made = repository(tmp_path / "repository", monkeypatch)
    for name in _FILES:
        made.write(name, name)
    for name, target in _LINKS.items():
        (made.folder / name).symlink_to(target)
    made.commit()
    return made


def read_or_error(files: Files, name: str) -> bytes | type[OSError]:
    """Return the content of a file, or the error that reading it raises."""
    try:
        return files.read(name, 1000)
    except OSError as failure:
        return type(failure)


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("folder", [".", "sub", "sub/deep"])
@pytest.mark.parametrize("path", _PATHS)
def test_a_path_means_what_it_means_on_disk(path: str, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders, globs, links and hidden files expand as on disk, wherever the command runs."""
    monkeypatch.chdir(folder)

    assert list(Disk().expand(path)) == list(open_revision("HEAD").expand(path))


@pytest.mark.parametrize("path", [".", "sub", "*/*.yaml", "b.yaml"])
def test_absolute_path(path: str, tree: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets the same name as on disk, below the current folder and elsewhere."""
    monkeypatch.chdir("sub")

    assert list(Disk().expand(f"{tree.folder}/{path}")) == list(open_revision("HEAD").expand(f"{tree.folder}/{path}"))


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    "name",
    [
        *_FILES,
        *_LINKS,
        "sub",
        "missing.yaml",
        "sub/up/b.yaml",
        "folder/../c.yaml",
        "sub/up/sub/up/b.yaml",
        ".",
        "no/..",
    ],
)
def test_names_and_contents(name: str) -> None:
    """Each file has the content and the real name that it has on disk."""
    revision, disk = open_revision("HEAD"), Disk()

    assert (read_or_error(disk, name), disk.real(name)) == (read_or_error(revision, name), revision.real(name))


@pytest.mark.parametrize("target", ["../elsewhere.yaml", "/etc/hostname", "sub/../../elsewhere.yaml"])
def test_link_out_of_the_tree(target: str, tree: Repository) -> None:
    """It has the same real name as on disk, but its target does not exist."""
    (tree.folder.parent / "elsewhere.yaml").write_text("elsewhere", encoding="utf-8")
    (tree.folder / "out.yaml").symlink_to(target)
    tree.commit()
    revision = open_revision("HEAD")

    assert (FileNotFoundError, Disk().real("out.yaml")) == (
        read_or_error(revision, "out.yaml"),
        revision.real("out.yaml"),
    )


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("folder", [".", "sub", "folder", "sub/up", "missing", "b.yaml"])
def test_names_in_a_folder(folder: str) -> None:
    """They are those on disk, with `.git` at the top, by which the top is recognized."""
    assert list(Disk().names(folder)) == list(open_revision("HEAD").names(folder))


def test_read_as_it_was(tree: Repository) -> None:
    """Files edited, deleted or added since have no effect."""
    tree.write("b.yaml", "edited")
    tree.write("new.yaml", "new")
    (tree.folder / "sub" / "c.yaml").unlink()
    revision = open_revision("main")

    assert (b"b.yaml", FileNotFoundError, b"sub/c.yaml") == tuple(
        read_or_error(revision, name) for name in ("b.yaml", "new.yaml", "sub/c.yaml")
    )


def test_read_at_most(tree: Repository) -> None:
    """At most the requested bytes are read, and the next file is read correctly."""
    tree.write("long.yaml", "0123456789" * 1000)
    tree.commit()
    revision = open_revision("HEAD")

    assert (b"0123", b"b.yaml") == (revision.read("long.yaml", 4), revision.read("b.yaml", 100))


def test_nothing_changes(tree: Repository) -> None:
    """Reading leaves the working tree, the index and the branches as they are."""
    tree.write("b.yaml", "edited")
    before = [(path, path.lstat().st_mtime_ns) for path in sorted(tree.folder.rglob("*"))]
    revision = open_revision("HEAD")
    for file in revision.expand("**/*.yaml"):
        read_or_error(revision, file)

    assert before == [(path, path.lstat().st_mtime_ns) for path in sorted(tree.folder.rglob("*"))]


def test_submodule_is_an_empty_folder(tree: Repository) -> None:
    """The files of a submodule belong to another repository."""
    tree.git("update-index", "--add", "--cacheinfo", f"160000,{tree.git('rev-parse', 'HEAD')},module")
    tree.git("commit", "-m", "a submodule")
    revision = open_revision("HEAD")

    assert ([], (), FileNotFoundError, OSError) == (
        revision.expand("module"),
        tuple(revision.names("module")),
        read_or_error(revision, "module/b.yaml"),
        read_or_error(revision, "module"),
    )


def test_repository_of_a_path(tree: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The repository is the one around the PATH, wherever the command runs."""
    monkeypatch.chdir("/")
    place = f"{tree.folder}/sub"
    called = os.path.relpath(f"{place}/c.yaml", "/")

    assert (b"sub/c.yaml", called) == (
        open_revision("main", around(RepositorySearch((place,)))).read(f"{place}/c.yaml", 100),
        open_revision("main", around(RepositorySearch((place,)))).expand(place)[0],
    )


@pytest.mark.usefixtures("tree")
def test_in_a_hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The repository around the PATH is read even if git's variables for hooks name another one."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "no-index"))

    assert ["sub/c.yaml", "sub/chain.yaml", "sub/deep/f.yaml"] == list(
        open_revision("HEAD", around(RepositorySearch(("sub",)))).expand("sub")
    )


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("revision", ["nope", "--help", "main~5", "main:b.yaml"])
def test_no_such_revision(revision: str) -> None:
    """A text that git does not know as a commit is refused, and never taken for an option."""
    with pytest.raises(UsageError, match=f"git does not know the revision '{revision}'; check the name"):
        open_revision(revision)


def lose(tree: Repository, name: str) -> None:
    """Take an object from the repository, as a partial clone or a broken disk may lack it."""
    found = tree.git("rev-parse", name)
    (tree.folder / ".git" / "objects" / found[:2] / found[2:]).unlink()


def test_content_that_git_lacks(tree: Repository) -> None:
    """It is a failure of that file alone."""
    lose(tree, "HEAD:b.yaml")
    revision = open_revision("HEAD")

    assert (OSError, b"a.yml") == (read_or_error(revision, "b.yaml"), read_or_error(revision, "a.yml"))


def test_folder_that_git_lacks(tree: Repository) -> None:
    """It is an error, not an empty folder."""
    lose(tree, "HEAD:sub")

    with pytest.raises(ReconcilerError, match=r"git cannot read the whole revision: .*; fetch the missing objects"):
        open_revision("HEAD").expand("sub")


def test_git_that_ends(tree: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git process that ends early is reported without waiting for it."""
    program = tree.folder.parent / "bin" / "git"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\ncase "$1" in cat-file) exit 1;; esac\nPATH=$REAL_PATH exec git "$@"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("REAL_PATH", os.environ["PATH"])
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    revision = open_revision("HEAD")

    with pytest.raises(ReconcilerError, match="git cannot read the whole revision"):
        revision.expand(".")


def test_shallow_clone(tree: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error for a missing revision says how to fetch it."""
    tree.git("branch", "release")
    tree.write("b.yaml", "edited")
    tree.commit()
    tree.git("clone", "--depth", "1", f"file://{tree.folder}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    expected = "this clone is shallow: git fetch --unshallow, or git fetch origin release; in a checkout action, "

    with pytest.raises(UsageError, match=f"{expected}fetch-depth: 0"):
        open_revision("origin/release")
