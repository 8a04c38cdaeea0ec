"""One run per machine and configuration at a time.

The lock is the kernel's (`flock`), not the file's existence: it is released when the process ends, however it ends, so
a crash never leaves a stale lock behind. The file names the holder. Several locks are taken in one fixed order and none
is waited for. Locks hold on one machine only: runs on different machines have to be serialised by the CI (a concurrency
group), because a lock across machines needs a service that everybody would have to run, and can be left behind.
"""

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from reconciler.errors import JournalError, Refused
from reconciler.journal.writing import make_folder

_MOST_READ: Final = 4096
_TAKEN: Final = (errno.EAGAIN, errno.EACCES)


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock: the folder that holds its file, and the real name of what is locked."""

    folder: Path
    subject: str

    @property
    def file(self) -> Path:
        """The lock file. A folder may hold runs of several configurations, each with a lock file of its own."""
        return self.folder / f".lock-{hashlib.sha256(os.fsencode(self.subject)).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a lock; `run` is empty until the run has begun."""

    pid: int
    host: str
    since: str
    command: str
    run: str = ""


class Held:
    """Locks that this process holds."""

    def __init__(self, holder: Holder, descriptors: Iterable[int]) -> None:
        self._holder = holder
        self._descriptors = tuple(descriptors)

    def name(self, run: str) -> None:
        """Record the run in the lock files; a file that cannot be written is left as it is."""
        for descriptor in self._descriptors:
            with suppress(OSError):
                _sign(descriptor, replace(self._holder, run=run))


@contextmanager
def locked(locks: Iterable[Lock], holder: Holder) -> Iterator[Held]:
    """Hold all locks or none. Raises Refused if another run holds one, JournalError if a file cannot be locked."""
    in_order = sorted(set(locks), key=lambda lock: (str(lock.folder), lock.subject))
    with ExitStack() as stack:
        yield Held(holder, [stack.enter_context(_held(lock, holder)) for lock in in_order])


@contextmanager
def _held(lock: Lock, holder: Holder) -> Iterator[int]:
    make_folder(lock.folder)
    try:
        # Never through a symbolic link: the file is written to
        descriptor = os.open(lock.file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as failure:
        raise _unusable(lock, failure) from failure
    try:
        _take(lock, descriptor)
        try:
            _sign(descriptor, holder)
        except OSError as failure:
            raise _unusable(lock, failure) from failure
        yield descriptor
        with suppress(OSError):  # the lock is what counts, and a run that wrote is not to fail on this
            os.ftruncate(descriptor, 0)  # the file stays, as others may have it open
    finally:
        os.close(descriptor)


def _take(lock: Lock, descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as failure:
        if failure.errno not in _TAKEN:
            raise _unusable(lock, failure) from failure
        message = f"another run is in progress on {lock.subject}{_who(descriptor)}"
        raise Refused(message, "wait until it has finished, then make a new plan") from failure


def _unusable(lock: Lock, failure: OSError) -> JournalError:
    message = f"{lock.file} cannot be locked: {failure.strerror}"
    return JournalError(message, "choose another folder for the journal: --journal DIR")


def _sign(descriptor: int, holder: Holder) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{json.dumps(asdict(holder))}\n".encode("ascii"), 0)


def under_way(folder: Path) -> frozenset[str]:
    """Return the runs in a folder that are in progress; a lock file that cannot be read does not count."""
    with suppress(OSError):
        return frozenset(filter(None, map(_held_for, folder.glob(".lock-*"))))
    return frozenset()


def _held_for(file: Path) -> str:
    """Return the run that holds a lock, "" for none."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe would wait for a writer
        try:
            run = str(_holder(descriptor)["run"])
            # Only a signed lock is tried, so that this look never gets in the way of a run that is about to start
            return run if run and _is_taken(descriptor) else ""
        finally:
            os.close(descriptor)
    return ""


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as failure:
        return failure.errno in _TAKEN
    return False


def _holder(descriptor: int) -> Any:  # noqa: ANN401 - whatever is in the file
    return json.loads(os.pread(descriptor, _MOST_READ, 0))


def _who(descriptor: int) -> str:
    """Describe the holder that the file names, "" if the file makes no sense (yet)."""
    try:
        holder = _holder(descriptor)
        run = f" {holder['run']}" if holder["run"] else ""
        process = f"process {holder['pid']} on {holder['host']} since {holder['since']}"
        return f" (reconciler {holder['command']}{run}, {process})"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
