"""The disk, as a place that manifests are read from.

Promise: implements `reconciler.ports.Files`, and only reads. An absolute PATH below the folder that the command runs in
is called by its relative name, so that diagnostics stay short; links are followed only where a file is opened.
"""

import errno
import os
import stat
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Final

from reconciler.file_tree import expanded, start
from reconciler.git import history
from reconciler.git.discovery import GIT, nearest
from reconciler.git.sealed import Repository

_UNFOLLOWED: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class Disk:
    """Files on disk, as seen from the current folder."""

    def __init__(self) -> None:
        self._answers: dict[str, bool] = {}
        self._repositories: dict[Path, bool] = {}
        self._around: dict[str, Repository | None] = {}
        self._opened: dict[Path | None, Repository | None] = {}

    def expand(self, path: str) -> Sequence[str]:
        """The files that a PATH means."""
        return expanded(path, self)

    def start(self, path: str) -> str:
        """The folder that a PATH begins in."""
        return str(start(path, self))

    def read(self, file: str, at_most: int) -> bytes:
        """The first so many bytes of a regular file: a pipe or a device could go on for ever.

        Links are followed first and not while the file is opened, so that what was looked at is what is read.
        """
        found = os.stat(file)  # noqa: PTH116 - Path.stat is the same, and slower
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        descriptor = os.open(self.real(file), _UNFOLLOWED)
        with os.fdopen(descriptor, "rb") as opened:
            if not os.path.samestat(found, os.fstat(descriptor)):
                raise OSError(errno.EAGAIN, "it was replaced while it was opened")
            return opened.read(at_most)

    def real(self, file: str) -> str:
        """The absolute name, all links followed."""
        return os.path.realpath(file)  # Path.resolve raises for links in a circle, with which reading deals anyway

    def names(self, folder: str) -> Sequence[str]:
        """What is in a folder; nothing when there is no such folder, or no looking into it."""
        try:
            return sorted(self.entries(PurePath(folder)))
        except OSError:
            return ()

    def ignored(self, files: Mapping[str, str]) -> frozenset[str]:
        """Those of the files that git ignores; each is asked about once."""
        unknown: dict[Repository, dict[str, list[str]]] = {}
        for file, root in files.items():
            repository = self._repository(root)
            if repository and file not in self._answers and Path(file).is_relative_to(repository.top):
                for name in {file, unicodedata.normalize("NFC", file)}:  # as macOS finds it by either
                    asked = self._outermost(name, repository.top)
                    unknown.setdefault(repository, {}).setdefault(asked, []).append(file)
        for repository, names in unknown.items():
            ignored = history.ignored(repository, names)
            for name, asked_for in names.items():
                for file in asked_for:
                    self._answers[file] = name in ignored or self._answers.get(file, False)
        return frozenset(file for file in files if self._answers.get(file))

    def _repository(self, root: str) -> Repository | None:
        """The repository around a folder, opened once."""
        if root not in self._around:
            found = nearest(Path(root))
            top = found.top if found else None
            if top not in self._opened:
                self._opened[top] = history.ignoring(top) if top else None
            self._around[root] = self._opened[top]
        return self._around[root]

    def _outermost(self, file: str, top: Path) -> str:
        """What the repository at `top` can tell of a file: of one in a repository within it, the folder of that one."""
        between = [parent for parent in Path(file).parents if parent.is_relative_to(top) and parent != top]
        return next((str(one) for one in reversed(between) if self._is_repository(one)), file)

    def _is_repository(self, folder: Path) -> bool:
        if folder not in self._repositories:
            self._repositories[folder] = os.path.lexists(folder / GIT)
        return self._repositories[folder]

    def is_folder(self, path: PurePath) -> bool:
        """Whether a folder is there."""
        return Path(path).is_dir()

    def is_file(self, path: PurePath) -> bool:
        """Whether a regular file is there."""
        return Path(path).is_file()

    def is_there(self, path: PurePath) -> bool:
        """Whether anything is there."""
        return Path(path).exists()

    def is_link(self, path: PurePath) -> bool:
        """Whether a link is there."""
        return Path(path).is_symlink()

    def entries(self, folder: PurePath) -> Iterable[str]:
        """The names in a folder."""
        return [entry.name for entry in Path(folder).iterdir()]
