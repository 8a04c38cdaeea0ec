"""Do something again whenever one of the files that it reads changes.

Files are compared by size and time of their last change, four times a second: that works on every file system, and
needs no library. A change is acted on when nothing has changed for a moment, so that a file is not read half-written.
"""

import os
import sys
import time
from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeAlias

import click

from reconciler.cli.terminal.output import say
from reconciler.cli.terminal.signals import StopRequests
from reconciler.errors import ExitCode, ReconcilerError
from reconciler.render.style import plural, printable

POLL: Final = 0.25
"""Seconds between two looks at the files."""

SETTLE: Final = 0.05
"""Seconds without a further change after which a change is complete."""

_MOST_TURNS: Final = 40
"""The largest number of times that a change is waited for to be complete: a log in a watched folder never is."""

_MOST_NAMED: Final = 5

_Stamp: TypeAlias = tuple[int, int, int]
_Listing: TypeAlias = Callable[[str], Sequence[str]]


class ReadFiles:
    """The files that some work reads, each as it was when it was read first; one may not exist."""

    def __init__(self) -> None:
        self._stamps: dict[str, _Stamp | None] = {}
        self._listings: dict[str, tuple[_Listing, Sequence[str]]] = {}

    def add(self, name: str) -> None:
        """Note a file that is about to be read."""
        self._stamps.setdefault(name, _stamp(name))

    def add_listing(self, path: str, listing: _Listing, files: Sequence[str]) -> None:
        """Note the files that `listing` returned for a PATH."""
        self._listings.setdefault(path, (listing, files))

    def clear(self) -> None:
        """Begin anew."""
        self._stamps.clear()
        self._listings.clear()

    def changed(self) -> list[str]:
        """Return the names of the files that are not as they were, new ones of a PATH included."""
        names = {name for name, stamp in self._stamps.items() if _stamp(name) != stamp}
        for path, (listing, files) in self._listings.items():
            names.update(set(_listed(path, listing)) ^ set(files))
        return sorted(names)

    def state(self) -> object:
        """Return a value that differs after each change."""
        stamps = [_stamp(name) for name in self._stamps]
        return stamps, [_listed(path, listing) for path, (listing, _) in self._listings.items()]

    def __len__(self) -> int:
        return len(self._stamps)


def watch(work: Callable[[], object], files: ReadFiles) -> ExitCode:
    """Do the work now and after each change, until the user or the system stops the process; return INTERRUPTED.

    The work adds to `files` whatever it reads.
    """
    stop = StopRequests()
    changed: list[str] = []
    try:
        with stop.listening():
            while True:
                _announce(changed)
                files.clear()
                _do(work)
                if sys.stderr.isatty():
                    say(f"\n{_now()} Watching {plural(len(files), 'file')} until Ctrl-C.")
                changed = _wait_for_change(files)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _do(work: Callable[[], object]) -> None:
    """Do the work; show an error instead of raising it, since the next change may be its remedy."""
    try:
        work()
    except ReconcilerError as failure:
        say(f"error: {printable(str(failure))}")


def _announce(changed: Collection[str]) -> None:
    """Begin a new screen, or where there is no screen, separate what comes from what was there."""
    if not changed:
        return
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        click.clear()
    else:
        names = ", ".join(map(printable, list(changed)[:_MOST_NAMED]))
        more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
        say(f"--- {_now()} changed: {names}{more} ---")


def _now() -> str:
    return time.strftime("%H:%M:%S")


def _wait_for_change(files: ReadFiles) -> list[str]:
    while True:
        time.sleep(POLL)
        if changed := files.changed():
            _settle(files)
            return files.changed() or changed


def _settle(files: ReadFiles) -> None:
    """Wait until nothing changes any more, two seconds at most."""
    before = files.state()
    for _ in range(_MOST_TURNS):
        time.sleep(SETTLE)
        state = files.state()
        if state == before:
            return
        before = state


def _listed(path: str, listing: _Listing) -> Sequence[str]:
    try:
        return listing(path)
    except OSError:  # a folder that vanishes meanwhile
        return ()


def _stamp(file: str) -> _Stamp | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - as in manifest.disk
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
