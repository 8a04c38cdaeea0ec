"""Questions that boto3 asks a person: the code of an MFA device.

A question is asked on the terminal only, never on stdin, and says which environment asks. boto3's own `getpass` falls
back to stdin where there is no terminal, and eats what is piped there.
"""

import getpass
import os
from typing import Final

TERMINAL: Final = "/dev/tty"


class PromptUnavailable(Exception):  # noqa: N818 - read as "raise CannotAsk"
    """There is nobody to ask, or no answer came: one sentence."""


def has_terminal() -> bool:
    """Whether this process has a terminal, wherever stdin comes from."""
    try:
        os.close(os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def prompt(label: str, question: str) -> str:
    """The answer, typed without echo. Raises CannotAsk."""
    if not has_terminal():
        raise PromptUnavailable("an MFA code is needed, and there is no terminal to enter it")
    try:
        answer = getpass.getpass(f"{label}: {question}").strip()
    except EOFError:
        answer = ""
    if not answer:
        raise PromptUnavailable("an MFA code is needed, and none was entered")
    return answer
