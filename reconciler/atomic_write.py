"""Files put into place, whole or not at all.

Promise: every content is written beside its place first; only then are files put into place, each by one rename, and
what is not put leaves nothing behind. A link stays one, and what it leads to is replaced; nobody else's link is written
through on the way. What the disk says is an OSError, in which the caller knows what to say.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_TOKEN: Final = 4
"""Bytes of chance in the name of a file that is not yet in its place."""


class AtomicWrite:
    """Contents on their way. `lasting`: they, and their names, stay when the machine stops."""

    def __init__(self, *, lasting: bool = False) -> None:
        self._lasting = lasting
        self._waiting: dict[Path, Path] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._waiting:
            one.unlink(missing_ok=True)

    def add(self, place: Path, content: bytes, mode: int | None = None) -> None:
        """Write a content beside its place. `mode`: its permissions; None: those that new files get. Raises OSError."""
        real = Path(os.path.realpath(place))
        beside = real.with_name(f".reconciler-{os.urandom(_TOKEN).hex()}")
        with _about(place):
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600)
            self._waiting[beside] = real
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                if self._lasting:
                    file.flush()
                    os.fsync(descriptor)
            if mode is not None:
                beside.chmod(mode)

    def put(self) -> Iterator[Path]:
        """Put the contents into their places, in the order in which they came; gives each as it is. Raises OSError."""
        for beside, real in tuple(self._waiting.items()):
            with _about(real):
                beside.replace(real)
                del self._waiting[beside]
                if self._lasting:
                    sync_folder(real.parent)
            yield real


@contextmanager
def _about(place: Path) -> Iterator[None]:
    """Whatever the disk says, it is about this file: of the one beside it nobody has heard."""
    try:
        yield
    except OSError as failure:
        failure.filename, failure.filename2 = str(place), None
        raise


def place(path: Path, content: bytes, mode: int | None = None, *, lasting: bool = False) -> None:
    """One file; but straight into a pipe or device, which has to stay what it is. Raises OSError."""
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(content)
        return
    with AtomicWrite(lasting=lasting) as placing:
        placing.add(path, content, mode)
        tuple(placing.put())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder stay when the machine stops. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
