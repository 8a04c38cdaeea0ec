"""Answer one request of a shell: silent, limited in time, and never a failure."""

import os
import signal
import sys
from types import FrameType
from typing import Final

import click
from click.shell_completion import shell_complete

from reconciler.cli.completion.shells import register

VARIABLE: Final = "_RECONCILER_COMPLETE"
"""The variable of click's protocol: the shell, and what it wants."""

_PROCESSOR_SECONDS: Final = 3
_SECONDS: Final = 8


def complete(commands: click.Group) -> int:
    """Write the completions to stdout and return 0. Too late, or after any error, there are none."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - of the system
        sys.stderr = nowhere
        for number, timer, seconds in (
            (signal.SIGPROF, signal.ITIMER_PROF, _PROCESSOR_SECONDS),
            (signal.SIGALRM, signal.ITIMER_REAL, _SECONDS),
        ):
            signal.signal(number, _give_up)
            signal.setitimer(timer, seconds)
        try:
            register()
            shell_complete(commands, {}, "reconciler", VARIABLE, os.environ[VARIABLE])
            sys.stdout.flush()
        except (Exception, SystemExit, KeyboardInterrupt):  # noqa: BLE001 - nobody could read what it says
            _give_up(0, None)
    return 0


def _give_up(_number: int, _frame: FrameType | None) -> None:
    os._exit(0)
