"""What somebody types in answer to a question."""

import select
import sys
from typing import Final

_LOOK: Final = 0.2
"""Seconds after which it is looked whether somebody wants to stop."""


def typed() -> str:
    """The next line, "" at the end of the input.

    A signal that comes right before a read begins does not end it: Python would hear of it only with the next line. So
    a terminal, which gives one line at a time, is waited for in short turns.
    """
    if sys.stdin.isatty():
        while not select.select([sys.stdin], [], [], _LOOK)[0]:
            pass
    return sys.stdin.readline()
