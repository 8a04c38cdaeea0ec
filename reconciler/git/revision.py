"""Read manifests from one revision of a git repository.

Implements `reconciler.ports.Files` without a checkout, and changes nothing; one git process answers for hundreds of
files. Files have the names that `Disk` gives them: relative to the current folder if they are below it. Only what the
revision holds exists: links are followed inside the tree only, a submodule is an empty folder, and nothing outside the
repository exists. Contents are as git stores them.
"""

import errno
import os
import subprocess
import sys
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Final

from reconciler.errors import ReconcilerError
from reconciler.file_tree import expand, start_folder
from reconciler.git.history import commit_of, open_repository
from reconciler.git.sealed import Repository
from reconciler.ports import Files

_MAX_LINKS: Final = 40
"""The limit of Linux."""

_CHUNK: Final = 1024 * 1024
_FOLDER, _LINK, _SUBMODULE = "40000", "120000", "160000"
_GIT: Final = ".git"


def open_revision(revision: str, repo: Repository | None = None) -> Files:
    """Return the files of a revision; without a repository, of the one around the current folder.

    Raises UsageError if there is no repository or no such revision, and says how to fetch what a shallow clone lacks.
    """
    repo = repo or open_repository()
    return Revision(repo.top, _ObjectReader(repo, commit_of(revision, repo)))


@dataclass(frozen=True, slots=True)
class _TreeEntry:
    """An entry of a git tree: its mode and object id."""

    mode: str
    object: str

    @property
    def is_folder(self) -> bool:
        return self.mode in {_FOLDER, _SUBMODULE}

    @property
    def is_link(self) -> bool:
        return self.mode == _LINK


class Revision:
    """The files of one commit, as if they were on disk in the repository's working tree."""

    def __init__(self, top: Path, objects: "_ObjectReader") -> None:
        self._top = top
        self._objects = objects

    def expand(self, path: str) -> Sequence[str]:
        """Return the files that a PATH stands for."""
        return expand(path, self)

    def start(self, path: str) -> str:
        """Return the folder that a PATH starts from."""
        return str(start_folder(path, self))

    def read(self, file: str, at_most: int) -> bytes:
        """Return at most `at_most` bytes of a file in the tree."""
        entry = self._target_entry(file)
        if entry is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), file)
        if entry.is_link:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), file)
        if entry.is_folder:
            raise OSError(errno.EINVAL, "not a regular file")
        return self._objects.content(entry.object, at_most)

    def real(self, file: str) -> str:
        """Return the absolute name, with links followed: those of the tree inside it, those of the disk outside."""
        return str(self._real_path(file))

    def names(self, folder: str) -> Sequence[str]:
        """Return the names in a folder, with `.git` at the top, by which the top is recognized."""
        try:
            names = self.entries(PurePath(folder))
        except OSError:
            return ()
        return sorted([*names, *([_GIT] if self._real_path(folder) == self._top else ())])

    def ignored(self, files: Mapping[str, str]) -> frozenset[str]:  # noqa: ARG002 - the port's signature
        """Return nothing: tracked files are not ignored."""
        return frozenset()

    def is_folder(self, path: PurePath) -> bool:
        """Whether the path is a folder."""
        entry = self._target_entry(str(path))
        return entry is not None and entry.is_folder

    def is_file(self, path: PurePath) -> bool:
        """Whether the path is a regular file."""
        entry = self._target_entry(str(path))
        return entry is not None and not entry.is_folder and not entry.is_link

    def is_there(self, path: PurePath) -> bool:
        """Whether the path exists."""
        entry = self._target_entry(str(path))
        return entry is not None and not entry.is_link

    def is_link(self, path: PurePath) -> bool:
        """Whether the path is a link."""
        entry = self._entry(self._real_path(str(path.parent)) / path.name)
        return entry is not None and entry.is_link

    def entries(self, folder: PurePath) -> Iterable[str]:
        """Return the names in a folder."""
        entry = self._target_entry(str(folder))
        if entry is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
        if not entry.is_folder:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        return self._entries_of(entry)

    def _target_entry(self, name: str) -> _TreeEntry | None:
        """Return the entry of a path with links followed; a link itself only if it is part of a cycle."""
        place, is_sound = self._walk(name)
        return self._entry(place) if is_sound else None

    def _real_path(self, name: str) -> Path:
        """Return the path with links followed; one of the links if they form a cycle."""
        return self._walk(name)[0]

    def _walk(self, name: str) -> tuple[Path, bool]:
        """Return the path with links followed, and whether every `..` on the way leaves a folder that exists."""
        place, *parts = Path(Path.cwd(), name).parts
        at, rest, followed, is_sound = Path(place), parts[::-1], 0, True
        while rest:
            part = rest.pop()
            if part == os.pardir:
                is_sound = is_sound and self._is_existing_folder(at)
                at = at.parent
                continue
            at /= part
            target = self._link_target(at) if followed < _MAX_LINKS else None
            if target is not None:
                followed += 1
                at = Path(target.anchor) if target.is_absolute() else at.parent
                rest += [part for part in reversed(target.parts) if part != target.anchor]
        return at, is_sound

    def _is_existing_folder(self, path: Path) -> bool:
        """Whether a folder exists at the path, inside the tree or outside."""
        if not path.is_relative_to(self._top):
            return path.is_dir()
        entry = self._entry(path)
        return entry is not None and entry.is_folder

    def _link_target(self, path: Path) -> PurePath | None:
        """Return the target of the link at the path, None if there is no link."""
        if not path.is_relative_to(self._top) or path == self._top:
            return path.readlink() if path.is_symlink() else None
        entry = self._entry(path)
        if entry is None or not entry.is_link:
            return None
        return PurePath(os.fsdecode(self._objects.require(entry.object)))

    def _entry(self, path: Path) -> _TreeEntry | None:
        """Return the entry at an absolute path whose folders are not links."""
        if not path.is_relative_to(self._top):
            return None
        entry = self._objects.top
        for part in path.relative_to(self._top).parts:
            child = self._entries_of(entry).get(part) if entry.is_folder else None
            if child is None:
                return None
            entry = child
        return entry

    def _entries_of(self, folder: _TreeEntry) -> Mapping[str, _TreeEntry]:
        return {} if folder.mode == _SUBMODULE else self._objects.folder(folder.object)


class _ObjectReader:
    """Reads git objects by id, through one process that lives as long as this reader."""

    def __init__(self, repo: Repository, commit: str) -> None:
        self.top = _TreeEntry(_FOLDER, f"{commit}^{{tree}}")
        self._folders: dict[str, Mapping[str, _TreeEntry]] = {}
        self._repository = repo  # keeps the temporary git directory while git runs
        self._process = repo.start("cat-file", "--batch")
        weakref.finalize(self, _stop, self._process)

    def content(self, name: str, at_most: int) -> bytes:
        """Return at most `at_most` bytes of an object. Raises OSError if git does not have it."""
        requests, answers = _pipes(self._process)
        try:
            requests.write(f"{name}\n".encode())
            requests.flush()
        except BrokenPipeError as failure:
            raise OSError(errno.EIO, "git has stopped") from failure
        header = answers.readline().split()
        if len(header) != _HEADER_WORDS:
            raise OSError(errno.EIO, f"git does not have its content; to fetch it: {self._repository.fetch}")
        size = int(header[2])
        kept = answers.read(min(size, at_most))
        remaining = size - len(kept) + 1  # and the newline after it
        while remaining > 0 and (skipped := answers.read(min(remaining, _CHUNK))):
            remaining -= len(skipped)
        if remaining:
            raise OSError(errno.EIO, "git stopped before the end of the file")
        return kept

    def folder(self, name: str) -> Mapping[str, _TreeEntry]:
        """Return the entries of a tree object."""
        if name not in self._folders:
            self._folders[name] = dict(_parse_tree(self.require(name), self._id_bytes))
        return self._folders[name]

    def require(self, name: str) -> bytes:
        """Return a whole object on which others depend: a tree or a link. Raises ReconcilerError if it is missing."""
        try:
            return self.content(name, sys.maxsize)
        except OSError as failure:
            message = f"git cannot read the whole revision: {failure.strerror}"
            raise ReconcilerError(message, f"fetch the missing objects: {self._repository.fetch}") from failure

    @property
    def _id_bytes(self) -> int:
        """The length of ids: 20 bytes, or 32 in a SHA-256 repository."""
        return len(self.top.object.partition("^")[0]) // 2


_HEADER_WORDS: Final = 3
"""Words in the line before a content: id, type, size. The line for a missing object has two."""


def _parse_tree(content: bytes, id_bytes: int) -> Iterator[tuple[str, _TreeEntry]]:
    """Yield the entries of a tree object, each mode, space, name, NUL, id (gitformat-pack(5), "tree")."""
    at = 0
    while at < len(content):
        space = content.index(b" ", at)
        end = content.index(b"\0", space)
        after = end + 1 + id_bytes
        yield (
            os.fsdecode(content[space + 1 : end]),
            _TreeEntry(content[at:space].decode(), content[end + 1 : after].hex()),
        )
        at = after


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise TypeError("the process has no pipes")
    return process.stdin, process.stdout


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Close the pipes, which makes the process end, and wait for it."""
    for pipe in _pipes(process):
        with suppress(BrokenPipeError):  # the process has ended already, which its last reader has reported
            pipe.close()
    process.wait()
