"""Files written whole or not at all: one, or several together.

Every content is first written next to its file, under another name; only when all are there, each is renamed into
place, and what is not renamed leaves nothing behind. A symbolic link stays one, and its target is replaced; nothing is
written through a link that others put in the way.

    write_file     one file, or a pipe or device; errors of the disk are OSErrors
    create_files   new files in a folder: all or none
    write_files    files in any folders, new or not: all or none
    replace_files  new contents of existing files: all or none
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from reconciler.errors import ReconcilerError, nothing_written

_TOKEN: Final = 4
"""Random bytes in the name of a file that is not in its place yet."""

_MOST_NAMED: Final = 10


def write_file(path: Path, content: bytes, mode: int | None = None, *, lasting: bool = False) -> None:
    """Write one file; a pipe or device is written to, as it has to stay what it is. Arguments as of `AtomicWrite.add`.

    Raises OSError.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(content)
        return
    with AtomicWrite(lasting=lasting) as writes:
        writes.add(path, content, mode)
        tuple(writes.put())


def create_files(folder: Path, files: Mapping[str, str], remedy: str, *, force: bool = False) -> None:
    """Write files (name relative to the folder -> content), making folders as needed. `force` replaces existing ones.

    Raises ReconcilerError for files that exist already, with this remedy, and where the disk fails.
    """
    contents = {folder / name: text for name, text in files.items()}
    existing = [path for path in contents if os.path.lexists(path)]
    if existing and not force:
        with nothing_written():
            raise ReconcilerError(f"{_named(existing)}", remedy)
    write_files({path: text.encode() for path, text in contents.items()})


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files, making folders as needed. Raises ReconcilerError where the disk fails."""
    with _all_or_none() as written, AtomicWrite() as writes:
        for path, content in contents.items():
            real = Path(os.path.realpath(path))
            if real.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            _make_folder(real.parent)
            writes.add(path, content)
        written.extend(writes.put())


def _make_folder(folder: Path) -> None:
    with _about(folder):
        folder.mkdir(parents=True, exist_ok=True)


def _named(existing: list[Path]) -> str:
    names = ", ".join(str(path) for path in existing[:_MOST_NAMED])
    more = f" and {len(existing) - _MOST_NAMED} more" if len(existing) > _MOST_NAMED else ""
    return f"{names}{more} already {'exists' if len(existing) == 1 else 'exist'}"


@dataclass(frozen=True, slots=True)
class FileReplacement:
    """A file, its content when it was read, and its new content."""

    file: str
    before: bytes
    after: bytes


def replace_files(replacements: Iterable[FileReplacement]) -> None:
    """Replace the contents of files; their permissions stay.

    Raises ReconcilerError, and leaves every file as it is, where one of them changed since it was read or the disk
    fails. Only a disk that fails between two renames can leave some files written: the error names them.
    """
    wanted = tuple(replacements)
    with _all_or_none() as written, AtomicWrite() as writes:
        for replacement in wanted:
            file = Path(replacement.file)
            writes.add(file, replacement.after, stat.S_IMODE(file.stat().st_mode))
        for replacement in wanted:
            _check_unchanged(replacement)
        for replacement, _ in zip(wanted, writes.put(), strict=True):
            written.append(Path(replacement.file))


def _check_unchanged(replacement: FileReplacement) -> None:
    if Path(replacement.file).read_bytes() != replacement.before:
        with nothing_written():
            raise ReconcilerError(f"{replacement.file} changed since it was read", "run it again")


@contextmanager
def _all_or_none() -> Iterator[list[Path]]:
    """Turn an OSError into a ReconcilerError that says which of several files were written."""
    written: list[Path] = []
    try:
        yield written
    except OSError as failure:
        error = ReconcilerError(
            f"{failure.filename} cannot be written: {failure.strerror}", "check the folder and its permissions"
        )
        if not written:
            with nothing_written():
                raise error from failure
        error.message = f"{error.message}; only {', '.join(map(str, written))} was written"
        raise error from failure


class AtomicWrite:
    """Contents on their way into their files. `lasting`: they, and their names, survive when the machine stops."""

    def __init__(self, *, lasting: bool = False) -> None:
        self._lasting = lasting
        self._waiting: dict[Path, Path] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for draft in self._waiting:
            draft.unlink(missing_ok=True)

    def add(self, path: Path, content: bytes, mode: int | None = None) -> None:
        """Write a content next to its file. `mode`: its permissions; None: those of new files. Raises OSError."""
        real = Path(os.path.realpath(path))
        draft = real.with_name(f".reconciler-{os.urandom(_TOKEN).hex()}")
        with _about(path):
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600)
            self._waiting[draft] = real
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                if self._lasting:
                    file.flush()
                    os.fsync(descriptor)
            if mode is not None:
                draft.chmod(mode)

    def put(self) -> Iterator[Path]:
        """Rename the contents into place, in the order in which they were added; yield each path. Raises OSError."""
        for draft, real in tuple(self._waiting.items()):
            with _about(real):
                draft.replace(real)
                del self._waiting[draft]
                if self._lasting:
                    sync_folder(real.parent)
            yield real


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """Name the file in an OSError, not the draft next to it, of which nobody has heard."""
    try:
        yield
    except OSError as failure:
        failure.filename, failure.filename2 = str(path), None
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive when the machine stops. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
