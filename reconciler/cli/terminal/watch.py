"""Do something again whenever one of some files changes.

Files are compared by size and time of their last change, four times a second: that works on every file system, for the
handful of files that a rendering is made of.
"""

import os
import sys
import time
from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeAlias

import click

from reconciler.cli.terminal.output import say
from reconciler.cli.terminal.signals import StopRequests
from reconciler.errors import ExitCode
from reconciler.render.style import plural, printable

POLL: Final = 0.25
"""Seconds between two looks at the files."""

_Stamp: TypeAlias = tuple[int, int, int]


def watch(work: Callable[[], object], files: Callable[[], Collection[str]]) -> ExitCode:
    """Do the work now and after each change, until the user or the system stops the process.

    `files` gives the names of the files that the work has read so far. One that does not exist counts as changed once
    it does.
    """
    stop = StopRequests()
    changed: list[str] = []
    try:
        with stop.listening():
            while True:
                _announce(changed)
                stamps = _stamps(files())
                work()
                # What changed while the work read it is worked on again
                stamps = {**_stamps(files()), **stamps}
                if sys.stderr.isatty():
                    say(f"\nWatching {plural(len(stamps), 'file')} until Ctrl-C.")
                changed = _wait_for_change(stamps)
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


def _wait_for_change(stamps: Mapping[str, _Stamp | None]) -> list[str]:
    while True:
        time.sleep(POLL)
        if changed := [file for file, stamp in _stamps(stamps).items() if stamp != stamps[file]]:
            return changed


def _stamps(files: Collection[str]) -> dict[str, _Stamp | None]:
    return {file: _stamp(file) for file in sorted(files)}


def _stamp(file: str) -> _Stamp | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - as in manifest.disk
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
