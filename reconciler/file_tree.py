"""Expand PATHs to files, on a disk or in a revision of a repository.

Files, folders and globs mean the same everywhere; a disk and a revision only implement `FileTree`. A folder stands for
the manifests below it, without hidden files and linked folders; a glob for its matches, `**` for any number of visible
folders. A path below the current folder has its relative name.
"""

import fnmatch
import glob
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Final, Protocol

_SUFFIXES: Final = (".yaml", ".yml")


class FileTree(Protocol):
    """A tree of files and folders. All methods except `is_link` follow links."""

    def is_folder(self, path: PurePath) -> bool:
        """Whether the path is a folder."""

    def is_file(self, path: PurePath) -> bool:
        """Whether the path is a regular file."""

    def is_there(self, path: PurePath) -> bool:
        """Whether the path exists."""

    def is_link(self, path: PurePath) -> bool:
        """Whether the path is a link, broken or not."""

    def entries(self, folder: PurePath) -> Iterable[str]:
        """Return the names in a folder. Raises OSError if it cannot be read."""

    def real(self, file: str) -> str:
        """As `ports.Files.real`."""


def expand(path: str, tree: FileTree) -> Sequence[str]:
    """Return the files that a PATH stands for, as `ports.Files.expand`."""
    place = PurePath(path)
    if tree.is_folder(place):
        return [relative_name(file) for file in _manifests_below(place, tree)]
    if glob.has_magic(path) and not tree.is_there(place):
        matches = sorted(dict.fromkeys(_glob_matches(place, tree)), key=str)
        return [relative_name(file) for file in matches if file.suffix in _SUFFIXES and tree.is_file(file)]
    return [relative_name(place)]


def start_folder(path: str, tree: FileTree) -> PurePath:
    """Return the folder that a PATH starts from, as written."""
    place = PurePath(path)
    if tree.is_folder(place):
        return place
    parts = place.parts if glob.has_magic(path) and not tree.is_there(place) else ()
    fixed = next((number for number, part in enumerate(parts) if glob.has_magic(part)), None)
    return place.parent if fixed is None else PurePath(*parts[:fixed])


def has_parent_after_wildcard(path: str) -> bool:
    """Whether a glob has `..` after a wildcard, and so could match anything."""
    parts = PurePath(path).parts
    return any(part == ".." and any(map(glob.has_magic, parts[:number])) for number, part in enumerate(parts))


def relative_name(file: PurePath) -> str:
    """Return the relative name of a file below the current folder, and any other name unchanged."""
    current_folder = Path.cwd()
    return str(file.relative_to(current_folder) if file.is_relative_to(current_folder) else file)


def _manifests_below(folder: PurePath, tree: FileTree) -> Iterator[PurePath]:
    """Yield the manifests of a folder; linked folders are not entered, which avoids cycles."""
    waiting = [folder]
    while waiting:
        entry = waiting.pop()
        if entry != folder and not tree.is_folder(entry):
            if entry.suffix in _SUFFIXES:
                yield entry
        elif entry == folder or not tree.is_link(entry):
            names = sorted(tree.entries(entry), reverse=True)
            waiting += [entry / name for name in names if not name.startswith(".")]


def _glob_matches(pattern: PurePath, tree: FileTree) -> Iterator[PurePath]:
    start_folder = PurePath(pattern.anchor)
    return _GlobMatcher(tree).matches(start_folder, pattern.relative_to(start_folder).parts)


class _GlobMatcher:
    """One glob. A folder is read once for each part of the glob, even if links give it several names."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._seen: set[tuple[int, str]] = set()

    def matches(self, base: PurePath, parts: Sequence[str]) -> Iterator[PurePath]:
        """Yield what matches these parts of a pattern in and below a folder."""
        if not parts:
            yield base
            return
        part, rest = parts[0], parts[1:]
        if part == "**":
            # At the end of a pattern it matches files as well as folders
            for folder in self._visible(base, len(parts)):
                yield from self.matches(folder, rest or ("*",))
        elif not glob.has_magic(part):
            if rest or self._tree.is_there(base / part):
                yield from self.matches(base / part, rest)
        elif self._is_new(self._tree.real(str(base)), len(parts)):
            for name in fnmatch.filter(_readable_names(base, self._tree), part):
                is_shown = not name.startswith(".") or part.startswith(".")
                if is_shown and (not rest or self._tree.is_folder(base / name)):
                    yield from self.matches(base / name, rest)

    def _visible(self, top: PurePath, remaining: int) -> Iterator[PurePath]:
        """Yield a folder and the visible ones below it.

        A link is followed unless it leads to a folder that was visited with as many parts `remaining`, or out of `top`.
        """
        real_top = self._tree.real(str(top))
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            real = self._tree.real(str(folder))
            if not PurePath(real).is_relative_to(real_top) or not self._is_new(real, remaining):
                continue
            yield folder
            names = (name for name in _readable_names(folder, self._tree) if not name.startswith("."))
            inner = [folder / name for name in names if self._tree.is_folder(folder / name)]
            waiting += reversed(inner)

    def _is_new(self, real: str, remaining: int) -> bool:
        count = len(self._seen)
        self._seen.add((remaining, real))
        return len(self._seen) > count


def _readable_names(folder: PurePath, tree: FileTree) -> list[str]:
    """Return the names in a folder; a folder that cannot be read has none, as globs match only what is visible."""
    try:
        return sorted(tree.entries(folder))
    except OSError:
        return []
