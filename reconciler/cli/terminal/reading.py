"""The progress of reading many APIs, on stderr."""

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from reconciler.cli.options.format import DisplayOptions
from reconciler.cli.terminal.output import say, say_exactly
from reconciler.engine.read.watch import watched
from reconciler.models.targets import Target
from reconciler.ports import Clock, TargetReading, Usage
from reconciler.render.log_entries import run_entry, target_entry
from reconciler.render.style import plural, printable

_LONGEST: Final = 100


class ReadingProgress:
    """`ports.ReadProgress` on stderr: a line that is erased at the end on a terminal, lines with -v, else nothing.

    As `json`, it logs one JSON line for each API, whatever stderr is. Called from several threads. A stderr that cannot
    be written does not affect the run.
    """

    def __init__(self, clock: Clock, log_format: str = "text", *, verbose: bool = False, quiet: bool = False) -> None:
        self._clock = clock
        self._json = log_format == "json"
        self._verbose = verbose
        self._bar = sys.stderr.isatty() and not (quiet or verbose or self._json)
        self._lock = threading.Lock()
        self._total = 0
        self._done = 0
        self._what = "APIs"
        self._is_shown = False

    def begin(self, total: int, what: str = "APIs") -> None:
        """Expect so many APIs, or so many of something else."""
        with self._lock:
            self._total, self._done, self._what = total, 0, what

    def reading(self, target: Target) -> None:
        """Show how far the run is, with the environment of this API."""
        if self._bar:
            with self._lock:
                self._show(target.environment)

    def done(self, reading: TargetReading) -> None:
        """Count an API, and log it."""
        with self._lock:
            self._done += bool(reading.api_id)
            if self._json:
                say_exactly(json.dumps(target_entry(self._clock.now(), reading)))
            elif self._verbose:
                say(printable(_line(reading)))
            elif self._bar:
                self._show(reading.environment)

    def end(self) -> None:
        """Erase the line: what follows is the result, or a question."""
        with self._lock:
            if self._is_shown:
                self._is_shown = False
                say("\r\033[K", end="")

    def log_run(self, counts: Mapping[str, int], seconds: float, usage: Usage, stopped: str, exit_code: int) -> None:
        """Log the end of the run, as JSON only: people see the summary."""
        if self._json:
            say_exactly(json.dumps(run_entry(self._clock.now(), counts, seconds, usage, stopped, exit_code)))

    def _show(self, environment: str | None) -> None:
        place = f", {printable(environment)}" if environment else ""
        self._is_shown = True
        say(f"\r\033[K{f'reading {self._done:,}/{self._total:,} {self._what}{place}'[:_LONGEST]}", end="")


@contextmanager
def reading_shown(display: DisplayOptions, clock: Clock, log_format: str = "text") -> Iterator[ReadingProgress]:
    """Show the progress of whatever is read within."""
    progress = ReadingProgress(clock, log_format, verbose=display.verbose, quiet=display.quiet)
    with watched(progress):
        yield progress


def _line(reading: TargetReading) -> str:
    place = ", ".join(filter(None, (reading.environment, reading.region)))
    name = f"{', '.join(reading.manifests) or 'the list of APIs'} ({place})"
    if reading.error:
        return f"{name}: not read: {reading.error}"
    calls = f", {plural(reading.usage.calls, 'call')}" if reading.usage.calls else ""
    return f"{name}: read in {reading.seconds:.1f} s{calls}"
