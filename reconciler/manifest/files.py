"""The disk, as a place that manifests are read from.

Promise: implements `reconciler.ports.Files`, and only reads. An absolute PATH below the folder that the command runs in
is called by its relative name, so that diagnostics stay short; links are followed only where a file is opened.
"""

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

_SUFFIXES: Final = (".yaml", ".yml")


class Disk:
    """Files on disk, as seen from the current folder."""

    def expand(self, path: str) -> Sequence[str]:
        """The files that a PATH means."""
        if Path(path).is_dir():
            return [_called(file) for file in _below(Path(path))]
        if glob.has_magic(path) and not Path(path).exists():
            matches = (Path(match) for match in sorted(glob.glob(path, recursive=True)))  # noqa: PTH207 - one that may be absolute
            return [_called(file) for file in matches if file.suffix in _SUFFIXES and file.is_file()]
        return [_called(Path(path))]

    def read(self, file: str, at_most: int) -> bytes:
        """The first so many bytes of a regular file: a pipe or a device could go on for ever."""
        path = Path(file)
        if path.exists() and not path.is_file():
            raise OSError(f"{file} is not a regular file")
        with path.open("rb") as opened:
            return opened.read(at_most)

    def real(self, file: str) -> str:
        """The absolute name, all links followed."""
        return os.path.realpath(file)  # Path.resolve raises for links in a circle, with which reading deals anyway

    def names(self, folder: str) -> Sequence[str]:
        """What is in a folder; nothing when there is no such folder, or no looking into it."""
        try:
            return sorted(entry.name for entry in Path(folder).iterdir())
        except OSError:
            return ()


def _below(folder: Path) -> Iterator[Path]:
    """The manifests of a folder; linked folders are not entered, so that no circle is."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _below(entry)
        elif entry.suffix in _SUFFIXES:
            yield entry


def _called(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
