"""Read manifests from the disk.

Implements `reconciler.ports.Files`, and only reads. An absolute PATH below the current folder is shown by its relative
name, which keeps diagnostics short; links are followed only when a file is opened.
"""

import errno
import os
import stat
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Final

from reconciler.file_tree import expand, start_folder
from reconciler.git import history
from reconciler.git.discovery import GIT_ENTRY, nearest_checkout
from reconciler.git.sealed import Repository

_OPEN_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class Disk:
    """The files on disk, relative to the current folder."""

    def __init__(self) -> None:
        self._is_ignored: dict[str, bool] = {}
        self._has_git: dict[Path, bool] = {}
        self._by_folder: dict[str, Repository | None] = {}
        self._by_top: dict[Path | None, Repository | None] = {}

    def expand(self, path: str) -> Sequence[str]:
        """Return the files that a PATH stands for."""
        return expand(path, self)

    def start(self, path: str) -> str:
        """Return the folder that a PATH starts from."""
        return str(start_folder(path, self))

    def read(self, file: str, at_most: int) -> bytes:
        """Return at most `at_most` bytes of a regular file; a pipe or a device might never end.

        Links are followed before the file is opened and not while it is, so that the file that was checked is the file
        that is read.
        """
        status = os.stat(file)  # noqa: PTH116 - Path.stat is the same, and slower
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        descriptor = os.open(self.real(file), _OPEN_FLAGS)
        with os.fdopen(descriptor, "rb") as opened:
            if not os.path.samestat(status, os.fstat(descriptor)):
                raise OSError(errno.EAGAIN, "it was replaced while it was opened")
            return opened.read(at_most)

    def real(self, file: str) -> str:
        """Return the absolute name, with all links followed."""
        return os.path.realpath(file)  # Path.resolve raises for a cycle of links, which reading reports anyway

    def names(self, folder: str) -> Sequence[str]:
        """Return the names in a folder; empty if it does not exist or cannot be read."""
        try:
            return sorted(self.entries(PurePath(folder)))
        except OSError:
            return ()

    def ignored(self, files: Mapping[str, str]) -> frozenset[str]:
        """Return those of the files that git ignores; git is asked about each once."""
        unknown: dict[Repository, dict[str, list[str]]] = {}
        for file, root in files.items():
            repository = self._repository(root)
            if repository and file not in self._is_ignored and Path(file).is_relative_to(repository.top):
                for name in {file, unicodedata.normalize("NFC", file)}:  # macOS finds it under both names
                    asked = self._outermost(name, repository.top)
                    unknown.setdefault(repository, {}).setdefault(asked, []).append(file)
        for repository, names in unknown.items():
            ignored = history.ignored_files(repository, names)
            for name, asked_for in names.items():
                for file in asked_for:
                    self._is_ignored[file] = name in ignored or self._is_ignored.get(file, False)
        return frozenset(file for file in files if self._is_ignored.get(file))

    def _repository(self, root: str) -> Repository | None:
        """Return the repository around a folder, opened once."""
        if root not in self._by_folder:
            checkout = nearest_checkout(Path(root))
            top = checkout.top if checkout else None
            if top not in self._by_top:
                self._by_top[top] = history.open_nearest(top) if top else None
            self._by_folder[root] = self._by_top[top]
        return self._by_folder[root]

    def _outermost(self, file: str, top: Path) -> str:
        """Return what the repository at `top` knows of a file: the folder of an inner repository that contains it."""
        inner = [parent for parent in Path(file).parents if parent.is_relative_to(top) and parent != top]
        return next((str(folder) for folder in reversed(inner) if self._is_repository(folder)), file)

    def _is_repository(self, folder: Path) -> bool:
        if folder not in self._has_git:
            self._has_git[folder] = os.path.lexists(folder / GIT_ENTRY)
        return self._has_git[folder]

    def is_folder(self, path: PurePath) -> bool:
        """Whether the path is a folder."""
        return Path(path).is_dir()

    def is_file(self, path: PurePath) -> bool:
        """Whether the path is a regular file."""
        return Path(path).is_file()

    def is_there(self, path: PurePath) -> bool:
        """Whether the path exists."""
        return Path(path).exists()

    def is_link(self, path: PurePath) -> bool:
        """Whether the path is a link."""
        return Path(path).is_symlink()

    def entries(self, folder: PurePath) -> Iterable[str]:
        """Return the names in a folder. Raises OSError if it cannot be read."""
        return [entry.name for entry in Path(folder).iterdir()]
