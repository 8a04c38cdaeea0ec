"""Do something again whenever one of the files that it reads changes.

Files are compared by size and time of their last change, four times a second: that works on every file system, for the
handful of files that a rendering is made of.
"""

import os
import sys
import time
from collections.abc import Callable, Collection
from typing import Final, TypeAlias

import click

from reconciler.cli.terminal.output import say
from reconciler.cli.terminal.signals import StopRequests
from reconciler.errors import ExitCode
from reconciler.render.style import plural, printable

POLL: Final = 0.25
"""Seconds between two looks at the files."""

_Stamp: TypeAlias = tuple[int, int, int]


class ReadFiles:
    """The files that some work reads, each as it was when it was read first; one may not exist."""

    def __init__(self) -> None:
        self._stamps: dict[str, _Stamp | None] = {}

    def add(self, name: str) -> None:
        """Note a file that is about to be read."""
        self._stamps.setdefault(name, _stamp(name))

    def clear(self) -> None:
        """Begin anew."""
        self._stamps.clear()

    def changed(self) -> list[str]:
        """Return the names of the files that are not as they were."""
        return sorted(name for name, stamp in self._stamps.items() if _stamp(name) != stamp)

    def __len__(self) -> int:
        return len(self._stamps)


def watch(work: Callable[[], object], files: ReadFiles) -> ExitCode:
    """Do the work now and after each change, until the user or the system stops the process.

    The work adds to `files` whatever it reads.
    """
    stop = StopRequests()
    changed: list[str] = []
    try:
        with stop.listening():
            while True:
                _announce(changed)
                files.clear()
                work()
                if sys.stderr.isatty():
                    say(f"\nWatching {plural(len(files), 'file')} until Ctrl-C.")
                changed = _wait_for_change(files)
    except KeyboardInterrupt:
        return ExitCode.OK


def _announce(changed: Collection[str]) -> None:
    """Begin a new screen, or where there is no screen, separate what comes from what was there."""
    if not changed:
        return
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        click.clear()
    else:
        say(f"--- {time.strftime('%H:%M:%S')} changed: {', '.join(map(printable, changed))} ---")


def _wait_for_change(files: ReadFiles) -> list[str]:
    while True:
        time.sleep(POLL)
        if changed := files.changed():
            return changed


def _stamp(file: str) -> _Stamp | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - as in manifest.disk
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
