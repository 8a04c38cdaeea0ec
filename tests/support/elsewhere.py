"""Another revision of the current folder's files, kept in a folder of its own."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from reconciler.manifest import Disk


class Elsewhere:
    """A `ports.Files`: what is in `folder`, under the names that it would have in the current one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._here = Path.cwd()
        self._disk = Disk()

    def expand(self, path: str) -> Sequence[str]:
        """The files that a PATH means."""
        return [str(self._back(file)) for file in self._disk.expand(self._there(path))]

    def start(self, path: str) -> str:
        """The folder that a PATH begins in."""
        return str(self._back(self._disk.start(self._there(path))))

    def read(self, file: str, at_most: int) -> bytes:
        """The content."""
        return self._disk.read(self._there(file), at_most)

    def real(self, file: str) -> str:
        """The name in the current folder."""
        return self._disk.real(file)

    def names(self, folder: str) -> Sequence[str]:
        """What is in a folder."""
        return self._disk.names(self._there(folder))

    def ignored(self, files: Mapping[str, str]) -> Collection[str]:
        """What git ignores."""
        return self._disk.ignored(files)

    def _there(self, name: str) -> str:
        path = self._here / name
        return str(self._folder / path.relative_to(self._here) if path.is_relative_to(self._here) else path)

    def _back(self, file: str) -> Path:
        path = self._here / file
        return path.relative_to(self._folder) if path.is_relative_to(self._folder) else path
