"""What a pull request, or what it brings along, can lay out so that git runs a program when it is asked something.

Each trap creates the file `marker` once it springs. Manifests are in the folder `m`; `plain` is a git command that
springs the trap, which proves that it is one.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from support.repositories import Repository

MANIFESTS: Final = "m"


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain git command: in which folder, its words, and the environment of a runner where it is a trap."""

    folder: Path
    words: tuple[str, ...] = ("diff", "main")
    variables: Mapping[str, str] = field(default_factory=dict)
    without: Sequence[str] = ()

    def sprung(self, marker: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
        """Whether it leaves the marker, which is not there then. The environment is that of the runner from now on."""
        for name, value in self.variables.items():
            monkeypatch.setenv(name, value)
        for name in self.without:
            monkeypatch.delenv(name)
        marker.unlink(missing_ok=True)
        subprocess.run(["git", *self.words], cwd=self.folder, capture_output=True, check=False)  # noqa: S607
        is_sprung = marker.exists()
        marker.unlink(missing_ok=True)
        return is_sprung


Trap: TypeAlias = Callable[[Repository, Path], Plain]


def _springs(marker: Path) -> str:
    """A shell command that leaves the marker and fails."""
    return f"touch '{marker}'; false #"


def _program(file: Path, marker: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\ntouch '{marker}'\ncat\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def _data(repository: Repository, folder: Path) -> None:
    """All of a git directory: with its history, plain git answers whatever is asked."""
    for name in ("HEAD", "config", "objects", "refs"):
        source, target = repository.folder / ".git" / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
            (target / "kept").write_text("", encoding="utf-8")  # git tracks no empty folder
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def _configured(repository: Repository, file: Path, key: str, value: str) -> None:
    repository.git("config", "--file", str(file), key, value)


def look_alike(repository: Repository, marker: Path, folder: str = MANIFESTS) -> Plain:
    """Tracked files by which the folder of the manifests looks like a bare repository."""
    _data(repository, repository.folder / folder)
    config = repository.folder / folder / "config"
    _configured(repository, config, "core.worktree", ".")
    _configured(repository, config, "core.fsmonitor", _springs(marker))
    repository.commit()
    return Plain(repository.folder / folder)


def look_alike_above(repository: Repository, marker: Path) -> Plain:
    """The same of a folder below which the manifests are."""
    repository.git("mv", MANIFESTS, "moved")
    (repository.folder / MANIFESTS).mkdir()
    repository.git("mv", "moved", f"{MANIFESTS}/below")
    _data(repository, repository.folder / MANIFESTS)
    config = repository.folder / MANIFESTS / "config"
    _configured(repository, config, "core.worktree", ".")
    _configured(repository, config, "core.fsmonitor", _springs(marker))
    repository.commit()
    return Plain(repository.folder / MANIFESTS / "below")


def embedded(repository: Repository, marker: Path) -> Plain:
    """A whole repository in the folder of the manifests, as an artifact or a cache brings it."""
    git_dir = repository.folder / MANIFESTS / ".git"
    _data(repository, git_dir)
    _configured(repository, git_dir / "config", "core.fsmonitor", _springs(marker))
    return Plain(git_dir.parent)


def redirected(repository: Repository, marker: Path) -> Plain:
    """A file `.git` in the folder of the manifests, which leads to tracked files."""
    _data(repository, repository.folder / "data")
    _configured(repository, repository.folder / "data" / "config", "core.fsmonitor", _springs(marker))
    repository.commit()
    repository.write(f"{MANIFESTS}/.git", "gitdir: ../data\n")
    return Plain(repository.folder / MANIFESTS)


def submodule(repository: Repository, marker: Path) -> Plain:
    """A repository at a gitlink elsewhere in the checkout: git looks into it for changes."""
    inner = repository.folder / "vendor"
    shutil.copytree(repository.folder / ".git", inner / ".git")
    repository.git("-C", str(inner), "reset", "--hard")
    repository.git("add", "vendor")
    repository.commit()
    _configured(repository, inner / ".git" / "config", "core.fsmonitor", _springs(marker))
    return Plain(repository.folder, ("status",))


def included(repository: Repository, marker: Path) -> Plain:
    """A tracked file that the repository's own configuration includes, as many teams have it."""
    repository.git("config", "include.path", "../.gitconfig")
    repository.write(".gitconfig", f'[core]\n\tfsmonitor = "{_springs(marker)}"\n')
    repository.commit()
    return Plain(repository.folder)


def home(repository: Repository, marker: Path) -> Plain:
    """A tracked .gitconfig where the pipeline has the checkout as its HOME."""
    repository.write(".gitconfig", f'[core]\n\tfsmonitor = "{_springs(marker)}"\n')
    repository.commit()
    return Plain(repository.folder, variables={"HOME": str(repository.folder)}, without=("GIT_CONFIG_GLOBAL",))


def filtered(repository: Repository, marker: Path) -> Plain:
    """Tracked attributes that name a filter which the runner has, for a file that looks edited."""
    program = _program(marker.parent / "filter", marker)
    repository.git("config", "filter.lfs.clean", str(program))
    repository.write(".gitattributes", "* filter=lfs\n")
    repository.commit()
    look_edited(repository.folder, 1_000_000_000)
    return Plain(repository.folder)


def text_converted(repository: Repository, marker: Path) -> Plain:
    """Tracked attributes that name a converter and an external diff which the runner has."""
    program = _program(marker.parent / "converter", marker)
    repository.git("config", "diff.yaml.textconv", str(program))
    repository.git("config", "diff.external", str(program))
    repository.write(".gitattributes", "* diff=yaml\n")
    repository.commit()
    return Plain(repository.folder)


def hooked(repository: Repository, marker: Path) -> Plain:
    """A tracked hook, in the folder of hooks that a team shares, which runs when git renews its index."""
    repository.git("config", "core.hooksPath", ".hooks")
    _program(repository.folder / ".hooks" / "post-index-change", marker)
    repository.commit()
    look_edited(repository.folder, 1_000_000_000)
    return Plain(repository.folder, ("diff",))


def promised(repository: Repository, marker: Path) -> Plain:
    """A look-alike that lacks an object, and says to fetch it by a program."""
    plain = look_alike(repository, marker)
    config = plain.folder / "config"
    for key, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", "ssh://localhost/none"),
        ("core.sshCommand", _springs(marker)),
    ):
        _configured(repository, config, key, value)
    repository.git("config", "--file", str(config), "--unset", "core.fsmonitor")
    _lose(plain.folder / "objects", repository.git("rev-parse", f"main:{MANIFESTS}"))
    repository.commit()
    return Plain(plain.folder, ("cat-file", "-p", f"main:{MANIFESTS}/petstore.yaml"))


def promised_by_ours(repository: Repository, marker: Path) -> Plain:
    """The checkout itself is a partial clone, and its configuration includes a tracked file that names the program."""
    repository.write(".gitconfig", f'[core]\n\tsshCommand = "{_springs(marker)}"\n')
    repository.commit()
    for key, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", "ssh://localhost/none"),
        ("include.path", "../.gitconfig"),
    ):
        repository.git("config", key, value)
    lost = repository.git("rev-parse", f"main:{MANIFESTS}/petstore.yaml")
    _lose(repository.folder / ".git" / "objects", lost)
    return Plain(repository.folder, ("cat-file", "-p", lost))


def program(repository: Repository, marker: Path) -> Plain:
    """A tracked program named git, where PATH has the current folder in it."""
    _program(repository.folder / MANIFESTS / "git", marker)
    _program(repository.folder / "git", marker)
    repository.commit()
    path = f".{os.pathsep}{os.environ['PATH']}"
    return Plain(repository.folder / MANIFESTS, variables={"PATH": path})


def look_edited(folder: Path, time: int) -> None:
    """Give files other times than git's index knows, so that git looks into them."""
    for file in folder.rglob("*"):
        if ".git" not in file.parts and file.is_file():
            os.utime(file, (time, time))


def _lose(objects: Path, name: str) -> None:
    (objects / name[:2] / name[2:]).unlink()


TRAPS: Final[Mapping[str, Trap]] = {
    one.__name__: one
    for one in (
        *(look_alike, look_alike_above, embedded, redirected, submodule, included, home),
        *(filtered, text_converted, hooked, promised, promised_by_ours, program),
    )
}
