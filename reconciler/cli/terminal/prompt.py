"""Input from the terminal."""

import select
import sys
from collections.abc import Sequence
from typing import Final

from reconciler.cli.terminal.output import show
from reconciler.render.style import printable

_POLL: Final = 0.2
"""Seconds between two checks for a signal while waiting for input."""


def confirmed(question: str, protected: Sequence[str]) -> bool:
    """Ask a question on stderr; whether the answer is `yes`, or the name of each protected environment in turn.

    Raises ReconcilerError where the question cannot be shown.
    """
    if not protected:
        show(f"\n{question}\nEnter 'yes' to continue: ", end="")
        return read_line().strip() == "yes"
    for number, name in enumerate(protected):
        lead = "" if number else f"\n{question}\n"
        show(f"{lead}Enter the environment's name, {printable(name)}, to continue: ", end="")
        if read_line().strip() != name:
            return False
    return True


def read_line() -> str:
    """Return the next line of stdin, "" at its end.

    A signal that arrives right before a blocking read does not interrupt it: Python would handle it after the next line
    only. So this waits for a terminal, which is read line by line, in short turns.
    """
    if sys.stdin.isatty():
        while not select.select([sys.stdin], [], [], _POLL)[0]:
            pass
    return sys.stdin.readline()
