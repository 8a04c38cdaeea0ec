"""Files that are there, with new contents: all of them or none.

Promise: every new content is on disk beside its place before the first file is replaced, each by one rename; a file
that is not as it was when it was read is not overwritten, and then nothing is. Permissions stay, and so do links.
"""

import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.atomic_write import AtomicWrite
from reconciler.errors import ReconcilerError


@dataclass(frozen=True, slots=True)
class FileReplacement:
    """A file, what it held when it was read, and what it is to hold."""

    file: str
    before: bytes
    after: bytes


def replace_all(replacements: Iterable[FileReplacement]) -> None:
    """Raises ReconcilerError, and leaves every file as it is, when one of them changed or the disk says no.

    Only a disk that fails between two renames can leave the first file written and the next not: that is told.
    """
    wanted = tuple(replacements)
    done: list[str] = []
    with _told(done), AtomicWrite() as placing:
        for one in wanted:
            file = Path(one.file)
            placing.add(file, one.after, stat.S_IMODE(file.stat().st_mode))
        for one in wanted:
            _check(one)
        for one, _ in zip(wanted, placing.put(), strict=True):
            done.append(one.file)


def _check(one: FileReplacement) -> None:
    if Path(one.file).read_bytes() != one.before:
        raise ReconcilerError(f"nothing was written: {one.file} changed meanwhile", "run it again")


@contextmanager
def _told(done: list[str]) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        so_far = f"only {', '.join(done)} was written" if done else "nothing was written"
        message = f"{so_far}: {failure.filename}: {failure.strerror}"
        raise ReconcilerError(message, "check the files and their permissions, and run it again") from failure
