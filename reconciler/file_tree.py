"""What a PATH means, wherever the files are.

Promise: one meaning of files, folders and globs for a disk and for a revision of a repository, which only have to say
what stands where (`FileTree`). A folder means the manifests below it, hidden ones and linked folders aside; a glob what
matches it, `**` any number of visible folders. A path below the current folder is called by its relative name.
"""

import fnmatch
import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Final, Protocol

_SUFFIXES: Final = (".yaml", ".yml")


class FileTree(Protocol):
    """What stands where. All but `is_link` follow links."""

    def is_folder(self, path: PurePath) -> bool:
        """Whether a folder is there."""

    def is_file(self, path: PurePath) -> bool:
        """Whether a regular file is there."""

    def is_there(self, path: PurePath) -> bool:
        """Whether anything is there."""

    def is_link(self, path: PurePath) -> bool:
        """Whether a link is there, wherever it leads."""

    def entries(self, folder: PurePath) -> Iterable[str]:
        """The names in a folder. Raises OSError when it cannot be looked into."""

    def real(self, file: str) -> str:
        """As `ports.Files` has it."""


def expanded(path: str, ground: FileTree) -> Sequence[str]:
    """The files that a PATH means, as `ports.Files` has it."""
    place = PurePath(path)
    if ground.is_folder(place):
        return [called(file) for file in _below(place, ground)]
    if glob.has_magic(path) and not ground.is_there(place):
        matches = sorted(dict.fromkeys(_matching(place, ground)), key=str)
        return [called(file) for file in matches if file.suffix in _SUFFIXES and ground.is_file(file)]
    return [called(place)]


def start(path: str, ground: FileTree) -> PurePath:
    """The folder that a PATH begins in, by its name as written: all that it means is found from there."""
    place = PurePath(path)
    if ground.is_folder(place):
        return place
    parts = place.parts if glob.has_magic(path) and not ground.is_there(place) else ()
    fixed = next((number for number, part in enumerate(parts) if glob.has_magic(part)), None)
    return place.parent if fixed is None else PurePath(*parts[:fixed])


def climbs_out_of_wildcard(path: str) -> bool:
    """Whether a glob has `..` after a wildcard, by which it would lead to anywhere."""
    parts = PurePath(path).parts
    return any(part == ".." and any(map(glob.has_magic, parts[:number])) for number, part in enumerate(parts))


def called(file: PurePath) -> str:
    """Its relative name when it is an absolute one below the current folder."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


def _below(folder: PurePath, ground: FileTree) -> Iterator[PurePath]:
    """The manifests of a folder; linked folders are not entered, so that no circle is."""
    waiting = [folder]
    while waiting:
        entry = waiting.pop()
        if entry != folder and not ground.is_folder(entry):
            if entry.suffix in _SUFFIXES:
                yield entry
        elif entry == folder or not ground.is_link(entry):
            names = sorted(ground.entries(entry), reverse=True)
            waiting += [entry / name for name in names if not name.startswith(".")]


def _matching(pattern: PurePath, ground: FileTree) -> Iterator[PurePath]:
    start = PurePath(pattern.anchor)
    return _Matching(ground).matches(start, pattern.relative_to(start).parts)


class _Matching:
    """One glob. A folder is looked into once for each part of the glob, by whatever names links give to it."""

    def __init__(self, ground: FileTree) -> None:
        self._ground = ground
        self._seen: set[tuple[int, str]] = set()

    def matches(self, around: PurePath, parts: Sequence[str]) -> Iterator[PurePath]:
        """What there is in and below a folder that matches these parts of a pattern."""
        if not parts:
            yield around
            return
        part, rest = parts[0], parts[1:]
        if part == "**":
            # At the end of a pattern it means files as well as folders
            for folder in self._visible(around, len(parts)):
                yield from self.matches(folder, rest or ("*",))
        elif not glob.has_magic(part):
            if rest or self._ground.is_there(around / part):
                yield from self.matches(around / part, rest)
        elif self._is_new(self._ground.real(str(around)), len(parts)):
            for name in fnmatch.filter(_names(around, self._ground), part):
                is_shown = not name.startswith(".") or part.startswith(".")
                if is_shown and (not rest or self._ground.is_folder(around / name)):
                    yield from self.matches(around / name, rest)

    def _visible(self, top: PurePath, left: int) -> Iterator[PurePath]:
        """A folder and the visible ones below it.

        A link is followed unless it leads to where one was with as many parts `left`, or out of `top`.
        """
        real_top = self._ground.real(str(top))
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            real = self._ground.real(str(folder))
            if not PurePath(real).is_relative_to(real_top) or not self._is_new(real, left):
                continue
            yield folder
            names = (name for name in _names(folder, self._ground) if not name.startswith("."))
            inner = [folder / name for name in names if self._ground.is_folder(folder / name)]
            waiting += reversed(inner)

    def _is_new(self, real: str, left: int) -> bool:
        count = len(self._seen)
        self._seen.add((left, real))
        return len(self._seen) > count


def _names(folder: PurePath, ground: FileTree) -> list[str]:
    """What is in a folder; nothing where there is no looking into it: a glob means what can be seen."""
    try:
        return sorted(ground.entries(folder))
    except OSError:
        return []
