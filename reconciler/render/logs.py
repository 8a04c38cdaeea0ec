"""Logs of CI jobs: text that a runner would read as a command is escaped.

No line of our output begins with `::`, apart from white space, or contains `##[` or `##name[`, unless it is a command
of our own (the format `github`). The escapes mean the same to readers of the format: an escape in JSON, an entity in
XML and HTML, and elsewhere an escape in the form that `printable` uses.
"""

import re
from collections.abc import Mapping
from typing import Final

# Runners of GitHub Actions and Azure Pipelines find the second kind anywhere in a line.
_AT_START: Final = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_ANYWHERE: Final = re.compile(r"(##\w*)\[")

_COLON: Final[Mapping[str, str]] = {"html": "&#58;", "junit": "&#58;", "prometheus": r"\\x3a"}
_BRACKET: Final[Mapping[str, str]] = {
    "html": "&#91;",
    "junit": "&#91;",
    "json": r"\u005b",
    "sarif": r"\u005b",
    "prometheus": r"\\x5b",
}


def without_commands(text: str, format_: str = "text") -> str:
    """Return the text, whole lines in this format, with commands escaped."""
    if "##" in text:
        bracket = _BRACKET.get(format_, r"\x5b")
        text = _ANYWHERE.sub(lambda match: match[1] + bracket, text)
    # The lines of `github` are our own commands
    if "::" in text and format_ != "github":
        colon = _COLON.get(format_, r"\x3a")
        text = _AT_START.sub(lambda match: match[1] + colon, text)
    return text
