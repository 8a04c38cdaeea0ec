"""Prompts that boto3 needs: the code of an MFA device.

The prompt appears on the terminal, never on stdin, and names the environment. boto3's own `getpass` falls back to stdin
without a terminal, and consumes what is piped there.
"""

import getpass
import os
from typing import Final

TERMINAL: Final = "/dev/tty"


class PromptUnavailable(Exception):  # noqa: N818 - read as "raise PromptUnavailable"
    """There is no terminal, or nothing was entered."""


def has_terminal() -> bool:
    """Whether this process has a terminal, whatever stdin is."""
    try:
        os.close(os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def prompt(label: str, question: str) -> str:
    """Prompt without echo and return what was entered. Raises PromptUnavailable."""
    if not has_terminal():
        raise PromptUnavailable("an MFA code is required, but there is no terminal to enter it on")
    try:
        code = getpass.getpass(f"{label}: {question}").strip()
    except EOFError:
        code = ""
    if not code:
        raise PromptUnavailable("an MFA code is required, but none was entered")
    return code
