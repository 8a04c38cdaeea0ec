"""Code within sentences: text between backticks, and commands of this program.

Pure, in time linear in the length of the text. Backticks open and close as in Markdown: a run of them is closed by the
next run of the same length. A command ends before an unquoted `;` or `)`, or at the end of the text.
"""

import re
from collections.abc import Iterator
from typing import Final

from reconciler.invocation import VERBS

_TICKS: Final = re.compile("`+")
_WORD: Final = r"""(?:[^\s'"();`]|'[^']*'|"[^"]*")+"""
COMMAND: Final = re.compile(rf"(?<![\w./-])reconciler (?:{'|'.join(VERBS)}|--help)(?![\w.-])(?: {_WORD})*")
"""A command in a sentence, in the form in which `Invocation.command` writes it."""


def code_parts(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a sentence, each with whether it is code; code comes without its backticks."""
    end = 0
    for start, inner, after in _spans(text):
        yield from _with_commands(text[end:start])
        yield True, inner
        end = after
    yield from _with_commands(text[end:])


def _with_commands(text: str) -> Iterator[tuple[bool, str]]:
    end = 0
    for match in COMMAND.finditer(text):
        if match.start() > end:
            yield False, text[end : match.start()]
        command = match[0].rstrip(".,:")
        yield True, command
        end = match.start() + len(command)
    if end < len(text):
        yield False, text[end:]


def _spans(text: str) -> Iterator[tuple[int, str, int]]:
    """The start, content and end of each span."""
    runs = [(match.start(), match.end()) for match in _TICKS.finditer(text)]
    closing: dict[int, int] = {}  # length of a run -> the next one of that length
    partner: dict[int, int] = {}
    for at in range(len(runs) - 1, -1, -1):
        length = runs[at][1] - runs[at][0]
        if length in closing:
            partner[at] = closing[length]
        closing[length] = at
    at = 0
    while at < len(runs):
        if at in partner:
            (start, inner), (close, after) = runs[at], runs[partner[at]]
            yield start, _unpadded(text[inner:close]), after
            at = partner[at]
        at += 1


def _unpadded(inner: str) -> str:
    """Without the spaces that separate backticks at its ends from those around it."""
    is_padded = inner.startswith(" ") and inner.endswith(" ") and "`" in (inner[1:2], inner[-2:-1])
    return inner[1:-1] if is_padded else inner
