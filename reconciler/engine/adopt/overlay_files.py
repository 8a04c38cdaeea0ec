"""Files as they would be."""

from collections.abc import Collection, Mapping, Sequence

from reconciler.ports import Files


class Patched:
    """`ports.Files` in which some files, by their real names, hold something else."""

    def __init__(self, files: Files, contents: Mapping[str, bytes]) -> None:
        self._files = files
        self._contents = contents

    def expand(self, path: str) -> Sequence[str]:
        """As it is."""
        return self._files.expand(path)

    def start(self, path: str) -> str:
        """The folder that a PATH begins in."""
        return self._files.start(path)

    def read(self, file: str, at_most: int) -> bytes:
        """The other content, where there is one."""
        content = self._contents.get(self._files.real(file))
        return self._files.read(file, at_most) if content is None else content[:at_most]

    def real(self, file: str) -> str:
        """As it is."""
        return self._files.real(file)

    def names(self, folder: str) -> Sequence[str]:
        """As it is."""
        return self._files.names(folder)

    def ignored(self, files: Mapping[str, str]) -> Collection[str]:
        """As it is."""
        return self._files.ignored(files)
