"""Input from the terminal."""

import select
import sys
from typing import Final

_POLL: Final = 0.2
"""Seconds between two checks for a signal while waiting for input."""


def read_line() -> str:
    """Return the next line of stdin, "" at its end.

    A signal that arrives right before a blocking read does not interrupt it: Python would handle it after the next line
    only. So this waits for a terminal, which is read line by line, in short turns.
    """
    if sys.stdin.isatty():
        while not select.select([sys.stdin], [], [], _POLL)[0]:
            pass
    return sys.stdin.readline()
