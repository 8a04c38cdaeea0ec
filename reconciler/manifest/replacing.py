"""Files that are there, with new contents: all of them or none.

Promise: every new content is on disk beside its place before the first file is replaced, each by one rename; a file
that is not as it was when it was read is not overwritten, and then nothing is. Permissions stay, and so do links.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import ReconcilerError


@dataclass(frozen=True, slots=True)
class Replacement:
    """A file, what it held when it was read, and what it is to hold."""

    file: str
    before: bytes
    after: bytes


def replace_all(replacements: Iterable[Replacement]) -> None:
    """Raises ReconcilerError, and leaves every file as it is, when one of them changed or the disk says no.

    Only a disk that fails between two renames can leave the first file written and the next not: that is told.
    """
    drafts: list[tuple[Path, Path, Replacement]] = []
    done: list[str] = []
    try:
        with _told(done):
            for one in replacements:
                real = Path(os.path.realpath(one.file))
                draft = real.with_name(f".{real.name}.{os.getpid()}")
                drafts.append((draft, real, one))
                draft.write_bytes(one.after)
                draft.chmod(stat.S_IMODE(real.stat().st_mode))
            for _, real, one in drafts:
                _check(real, one)
            for draft, real, one in drafts:
                draft.replace(real)
                done.append(one.file)
    finally:
        for draft, *_ in drafts:
            draft.unlink(missing_ok=True)


def _check(real: Path, one: Replacement) -> None:
    if real.read_bytes() != one.before:
        raise ReconcilerError(f"nothing was written: {one.file} changed meanwhile", "run it again")


@contextmanager
def _told(done: list[str]) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        so_far = f"only {', '.join(done)} was written" if done else "nothing was written"
        message = f"{so_far}: {failure.filename}: {failure.strerror}"
        raise ReconcilerError(message, "check the files and their permissions, and run it again") from failure
