"""One revision of a git repository, as a place that manifests are read from.

Promise: implements `reconciler.ports.Files` without a checkout and changes nothing; one git process answers for
hundreds of files. Everything has the name that `Disk` gives it: relative to the current folder where it is below it.
There is what the revision holds and nothing else: links are followed inside of the tree only, a submodule is an
empty folder, and what is outside of the repository is not there. Contents are as git stores them.
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
from reconciler.file_tree import expanded, start
from reconciler.git.history import commit_of, repository
from reconciler.git.sealed import Repository
from reconciler.ports import Files

_MOST_LINKS: Final = 40
"""As many as Linux follows."""

_CHUNK: Final = 1024 * 1024
_FOLDER, _LINK, _SUBMODULE = "40000", "120000", "160000"
_GIT: Final = ".git"


def at_revision(revision: str, repo: Repository | None = None) -> Files:
    """The files of a revision of a repository; None: of the one around the current folder.

    Raises UsageError where there is no repository or no such revision, and says how to fetch what a shallow clone
    lacks.
    """
    repo = repo or repository()
    return Revision(repo.top, _Objects(repo, commit_of(revision, repo)))


@dataclass(frozen=True, slots=True)
class _TreeEntry:
    """What stands under a name: git's mode and object."""

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

    def __init__(self, top: Path, objects: "_Objects") -> None:
        self._top = top
        self._objects = objects

    def expand(self, path: str) -> Sequence[str]:
        """The files that a PATH means."""
        return expanded(path, self)

    def start(self, path: str) -> str:
        """The folder that a PATH begins in."""
        return str(start(path, self))

    def read(self, file: str, at_most: int) -> bytes:
        """The first so many bytes of a file of the tree."""
        entry = self._at(file)
        if entry is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), file)
        if entry.is_link:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), file)
        if entry.is_folder:
            raise OSError(errno.EINVAL, "not a regular file")
        return self._objects.content(entry.object, at_most)

    def real(self, file: str) -> str:
        """The absolute name, the links of the tree followed; outside of it, those of the disk."""
        return str(self._followed(file))

    def names(self, folder: str) -> Sequence[str]:
        """What is in a folder; `.git` too at the top, by which the top is known."""
        try:
            names = self.entries(PurePath(folder))
        except OSError:
            return ()
        return sorted([*names, *([_GIT] if self._followed(folder) == self._top else ())])

    def ignored(self, files: Mapping[str, str]) -> frozenset[str]:  # noqa: ARG002 - the port's signature
        """None: what is tracked is not ignored."""
        return frozenset()

    def is_folder(self, path: PurePath) -> bool:
        """Whether a folder is there."""
        entry = self._at(str(path))
        return entry is not None and entry.is_folder

    def is_file(self, path: PurePath) -> bool:
        """Whether a regular file is there."""
        entry = self._at(str(path))
        return entry is not None and not entry.is_folder and not entry.is_link

    def is_there(self, path: PurePath) -> bool:
        """Whether anything is there."""
        entry = self._at(str(path))
        return entry is not None and not entry.is_link

    def is_link(self, path: PurePath) -> bool:
        """Whether a link is there."""
        entry = self._entry(self._followed(str(path.parent)) / path.name)
        return entry is not None and entry.is_link

    def entries(self, folder: PurePath) -> Iterable[str]:
        """The names in a folder."""
        entry = self._at(str(folder))
        if entry is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
        if not entry.is_folder:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        return self._within(entry)

    def _at(self, name: str) -> _TreeEntry | None:
        """What is there, links followed; a link itself only when it is one of a circle."""
        place, is_sound = self._walked(name)
        return self._entry(place) if is_sound else None

    def _followed(self, name: str) -> Path:
        """The place that a name leads to; of links in a circle, one of them."""
        return self._walked(name)[0]

    def _walked(self, name: str) -> tuple[Path, bool]:
        """The place that a name leads to, and whether every `..` of it leads out of a folder that is there."""
        place, *parts = Path(Path.cwd(), name).parts
        at, rest, followed, is_sound = Path(place), parts[::-1], 0, True
        while rest:
            part = rest.pop()
            if part == os.pardir:
                is_sound = is_sound and self._is_way(at)
                at = at.parent
                continue
            at /= part
            target = self._target(at) if followed < _MOST_LINKS else None
            if target is not None:
                followed += 1
                at = Path(target.anchor) if target.is_absolute() else at.parent
                rest += [part for part in reversed(target.parts) if part != target.anchor]
        return at, is_sound

    def _is_way(self, path: Path) -> bool:
        """Whether there is a folder, in the tree or outside of it."""
        if not path.is_relative_to(self._top):
            return path.is_dir()
        entry = self._entry(path)
        return entry is not None and entry.is_folder

    def _target(self, path: Path) -> PurePath | None:
        """Where the link at this place leads to; None when there is no link."""
        if not path.is_relative_to(self._top) or path == self._top:
            return path.readlink() if path.is_symlink() else None
        entry = self._entry(path)
        if entry is None or not entry.is_link:
            return None
        return PurePath(os.fsdecode(self._objects.needed(entry.object)))

    def _entry(self, path: Path) -> _TreeEntry | None:
        """What stands at an absolute path whose folders are no links."""
        if not path.is_relative_to(self._top):
            return None
        entry = self._objects.top
        for part in path.relative_to(self._top).parts:
            found = self._within(entry).get(part) if entry.is_folder else None
            if found is None:
                return None
            entry = found
        return entry

    def _within(self, folder: _TreeEntry) -> Mapping[str, _TreeEntry]:
        return {} if folder.mode == _SUBMODULE else self._objects.folder(folder.object)


class _Objects:
    """git's objects by id, through one process that lives as long as this does."""

    def __init__(self, repo: Repository, commit: str) -> None:
        self.top = _TreeEntry(_FOLDER, f"{commit}^{{tree}}")
        self._folders: dict[str, Mapping[str, _TreeEntry]] = {}
        self._repository = repo  # git reads from its files as long as it runs
        self._process = repo.start("cat-file", "--batch")
        weakref.finalize(self, _end, self._process)

    def content(self, name: str, at_most: int) -> bytes:
        """The first so many bytes of an object. Raises OSError when git does not have it."""
        asking, answering = _pipes(self._process)
        try:
            asking.write(f"{name}\n".encode())
            asking.flush()
        except BrokenPipeError as failure:
            raise OSError(errno.EIO, "git has stopped") from failure
        head = answering.readline().split()
        if len(head) != _HEAD:
            raise OSError(errno.EIO, f"git does not have its content; to get it: {self._repository.fetch}")
        size = int(head[2])
        kept = answering.read(min(size, at_most))
        left = size - len(kept) + 1  # and the newline after it
        while left > 0 and (passed := answering.read(min(left, _CHUNK))):
            left -= len(passed)
        if left:
            raise OSError(errno.EIO, "git stopped in the middle of it")
        return kept

    def folder(self, name: str) -> Mapping[str, _TreeEntry]:
        """What a tree object holds."""
        if name not in self._folders:
            self._folders[name] = dict(_entries(self.needed(name), self._id_bytes))
        return self._folders[name]

    def needed(self, name: str) -> bytes:
        """The whole of an object without which nobody can tell what is where: a tree, a link."""
        try:
            return self.content(name, sys.maxsize)
        except OSError as failure:
            message = f"git cannot read all of the revision: {failure.strerror}"
            raise ReconcilerError(message, f"fetch what it lacks: {self._repository.fetch}") from failure

    @property
    def _id_bytes(self) -> int:
        """How long ids are: 20 bytes, or 32 in a repository of SHA-256."""
        return len(self.top.object.partition("^")[0]) // 2


_HEAD: Final = 3
"""Words in the line before a content: id, type, size. One that is missing has two."""


def _entries(content: bytes, id_bytes: int) -> Iterator[tuple[str, _TreeEntry]]:
    """A tree object: mode, space, name, NUL, id; again and again (gitformat-pack(5), "tree")."""
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


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let it end: it does when nothing more is to be asked."""
    for pipe in _pipes(process):
        with suppress(BrokenPipeError):  # it has ended, and what it was asked last was told to be unanswered then
            pipe.close()
    process.wait()
