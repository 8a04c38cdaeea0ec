"""The files of a history in a folder.

Every file is written as a whole or not at all, so that runs at the same time, or one that is killed, leave no half
file. Links, pipes and devices are neither read nor written: whoever can write to the folder could point them anywhere.
"""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from reconciler.atomic_write import write_file
from reconciler.errors import HistoryError

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}", re.ASCII)

_REMEDY: Final = "check the folder and its permissions, or choose another one with --history"


class FolderHistory:
    """`ports.HistoryStore` in a folder, which the first write creates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    def names(self) -> Sequence[str]:
        """Return the names of the regular files, sorted. Raises HistoryError."""
        with self._reporting("read"), suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            return sorted(
                entry.name for entry in entries if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
            )
        return ()

    def read(self, name: str, at_most: int) -> bytes | None:
        """Return a file, None if there is none. Raises HistoryError."""
        with self._reporting("read", name):
            try:
                # A pipe would block without O_NONBLOCK, until somebody writes to it
                descriptor = os.open(self._path(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except FileNotFoundError:
                return None
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise HistoryError(f"{self._path(name)} is not a regular file", _REMEDY)
                content = file.read(at_most + 1)
        if len(content) > at_most:
            raise HistoryError(f"{self._path(name)} is larger than {at_most:,} bytes", _REMEDY)
        return content

    def write(self, name: str, content: bytes) -> None:
        """Create or replace a file. Raises HistoryError."""
        path = self._path(name)
        with self._reporting("written", name):
            self._folder.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or (path.exists() and not path.is_file()):
                raise HistoryError(f"{path} is not a regular file", _REMEDY)
            write_file(path, content, lasting=True)

    def delete(self, name: str) -> None:
        """Delete a file, if it is there: another run may have been faster. Raises HistoryError."""
        with self._reporting("deleted", name):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise HistoryError(f"{name!r} is not a name of a file of a history")
        return self._folder / name

    @contextmanager
    def _reporting(self, done: str, name: str = "") -> Iterator[None]:
        try:
            yield
        except OSError as failure:
            why = failure.strerror or type(failure).__name__
            raise HistoryError(f"{self._folder / name} cannot be {done}: {why}", _REMEDY) from failure
