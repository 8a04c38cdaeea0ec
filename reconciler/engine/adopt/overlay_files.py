"""Show files with their proposed contents before these are written."""

from collections.abc import Collection, Mapping, Sequence

from reconciler.ports import Files


class OverlayFiles:
    """`ports.Files` in which some files, by their real names, have other contents."""

    def __init__(self, files: Files, contents: Mapping[str, bytes]) -> None:
        self._files = files
        self._contents = contents

    def expand(self, path: str) -> Sequence[str]:
        """Return the files that a PATH means on disk."""
        return self._files.expand(path)

    def start(self, path: str) -> str:
        """Return the folder that a PATH begins in."""
        return self._files.start(path)

    def read(self, file: str, at_most: int) -> bytes:
        """Return the proposed content of a file if it has one, else the content on disk."""
        content = self._contents.get(self._files.real(file))
        return self._files.read(file, at_most) if content is None else content[:at_most]

    def real(self, file: str) -> str:
        """Return the real name of a file on disk."""
        return self._files.real(file)

    def names(self, folder: str) -> Sequence[str]:
        """Return the names in a folder on disk."""
        return self._files.names(folder)

    def ignored(self, files: Mapping[str, str]) -> Collection[str]:
        """Return the files that git ignores on disk."""
        return self._files.ignored(files)
