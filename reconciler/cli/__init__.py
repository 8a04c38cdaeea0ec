"""The command line. Each command parses, calls the engine, hands the result to its view, prints, and exits.

There is no logic here. A command is declared in `commands/` and carried out in `handlers/`; both are imported when
they are needed, so that `--help` and `--version` are quick. Every failure that a user can cause ends in one message on
stderr and the documented exit code; `--debug` adds the traceback.
"""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Final, NoReturn

_INTERRUPTED: Final = 130
_OWN_PROCESS: Final = os.getpid()


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the installed command and exit."""
    with suppress(ValueError):  # in another thread than the main one
        signal.signal(signal.SIGTERM, _interrupt)
    try:
        from reconciler.cli.main import run  # noqa: PLC0415 - a Ctrl-C while it is imported is handled too

        code = run(sys.argv[1:] if arguments is None else list(arguments))
    except KeyboardInterrupt:
        code = _INTERRUPTED  # before there was anything to interrupt, or after it
        with suppress(OSError, ValueError, AttributeError):  # nowhere to report it
            sys.stderr.write("error: interrupted\n")
    if leaves_calls_behind(code):
        os._exit(code)  # Python would wait for their threads
    sys.exit(code)


def leaves_calls_behind(code: int) -> bool:
    """Return whether a command that ends with this code may have abandoned calls."""
    deadline = sys.modules.get("reconciler.deadline")
    return code == _INTERRUPTED or bool(deadline and deadline.abandoned.is_set())


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does, until the command handles signals itself; a forked process ends as it would without this."""
    if os.getpid() != _OWN_PROCESS:
        os._exit(128 + number)
    raise KeyboardInterrupt
