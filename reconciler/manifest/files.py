"""The disk, as a place that manifests are read from.

Promise: implements `reconciler.ports.Files`, and only reads. An absolute PATH below the folder that the command runs in
is called by its relative name, so that diagnostics stay short; links are followed only where a file is opened.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from reconciler.manifest.walking import expanded


class Disk:
    """Files on disk, as seen from the current folder."""

    def expand(self, path: str) -> Sequence[str]:
        """The files that a PATH means."""
        return expanded(path, self)

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
            return sorted(self.entries(PurePath(folder)))
        except OSError:
            return ()

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
