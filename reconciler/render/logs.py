"""Logs of CI jobs: what their runners would take for a command is spelt in another way.

Promise: nothing that we print begins a line with `::`, white space aside, or holds `##[` or `##name[`, unless it is a
command of our own (the format `github`). What is changed means the same to whoever reads the format: an escape in JSON,
an entity in XML and HTML, an escape as `printable` writes them everywhere else.
"""

import re
from collections.abc import Mapping
from typing import Final

# Runners of GitHub Actions and of Azure Pipelines find the second sort anywhere in a line.
_AT_START: Final = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_ANYWHERE: Final = re.compile(r"(##\w*)\[")

_COLON: Final[Mapping[str, str]] = {"html": "&#58;", "junit": "&#58;"}
_BRACKET: Final[Mapping[str, str]] = {"html": "&#91;", "junit": "&#91;", "json": r"\u005b", "sarif": r"\u005b"}


def without_commands(text: str, format_: str = "text") -> str:
    """The text, which is whole lines of this format."""
    if "##" in text:
        bracket = _BRACKET.get(format_, r"\x5b")
        text = _ANYWHERE.sub(lambda found: found[1] + bracket, text)
    # With `github` each command of our own is a line of its own
    if "::" in text and format_ != "github":
        colon = _COLON.get(format_, r"\x3a")
        text = _AT_START.sub(lambda found: found[1] + colon, text)
    return text
