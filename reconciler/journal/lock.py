"""One run per machine and configuration at a time.

Promise: whoever holds a lock is named in its file, and loses it when the process ends, however it ends: the kernel
keeps it, not the file. Several locks are taken in one order, so that no two runs wait for each other; none is waited
for. Locks are of one machine: across machines nothing of this helps.
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
    """A lock: the folder of runs that its file is in, and what is locked, by its real name."""

    folder: Path
    subject: str

    @property
    def file(self) -> Path:
        """Beside the runs; one folder may hold the runs of several configurations."""
        return self.folder / f".lock-{hashlib.sha256(os.fsencode(self.subject)).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock; `run` is known once there is one."""

    pid: int
    host: str
    since: str
    command: str
    run: str = ""


class Held:
    """Locks that are held."""

    def __init__(self, holder: Holder, descriptors: Iterable[int]) -> None:
        self._holder = holder
        self._descriptors = tuple(descriptors)

    def name(self, run: str) -> None:
        """Say which run it is, to whom it may concern; where that cannot be written, it is not said."""
        for descriptor in self._descriptors:
            with suppress(OSError):
                _sign(descriptor, replace(self._holder, run=run))


@contextmanager
def locked(locks: Iterable[Lock], holder: Holder) -> Iterator[Held]:
    """Hold all of them, or none. Raises Refused where somebody else is at work, JournalError where none can be had."""
    in_order = sorted(set(locks), key=lambda lock: (str(lock.folder), lock.subject))
    with ExitStack() as stack:
        yield Held(holder, [stack.enter_context(_held(one, holder)) for one in in_order])


@contextmanager
def _held(lock: Lock, holder: Holder) -> Iterator[int]:
    make_folder(lock.folder)
    try:
        # Never through a link: it is written to
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
        message = f"another run is at work on {lock.subject}{_who(descriptor)}"
        raise Refused(message, "wait until it has ended, then look at a new plan") from failure


def _unusable(lock: Lock, failure: OSError) -> JournalError:
    message = f"{lock.file} cannot be locked: {failure.strerror}"
    return JournalError(message, "name another folder for the journal: --journal DIR")


def _sign(descriptor: int, holder: Holder) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{json.dumps(asdict(holder))}\n".encode("ascii"), 0)


def under_way(folder: Path) -> frozenset[str]:
    """The runs of a folder whose processes are at work now; those whose locks cannot be looked at are none of them."""
    with suppress(OSError):
        return frozenset(filter(None, map(_held_for, folder.glob(".lock-*"))))
    return frozenset()


def _held_for(file: Path) -> str:
    """The run that holds a lock, "" for none."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe would wait for a writer
        try:
            run = str(_said(descriptor)["run"])
            # Who is about to start is in nobody's way: only a lock that somebody has signed is tried
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


def _said(descriptor: int) -> Any:  # noqa: ANN401 - whatever is in the file
    return json.loads(os.pread(descriptor, _MOST_READ, 0))


def _who(descriptor: int) -> str:
    """What the file says of its holder, in words; "" while it says nothing that makes sense."""
    try:
        found = _said(descriptor)
        run = f" {found['run']}" if found["run"] else ""
        return (
            f" (reconciler {found['command']}{run}, process {found['pid']} on {found['host']} since {found['since']})"
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
