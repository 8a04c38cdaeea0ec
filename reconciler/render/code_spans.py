"""Code within sentences: what stands between back-ticks, and commands of this program.

Promise: pure, and takes time in proportion to the text. Back-ticks open and close as in Markdown: a run of them is
closed by the next run of the same length. A command ends where an unquoted `;` or `)` stands, or with the text.
"""

import re
from collections.abc import Iterator
from typing import Final

from reconciler.invocation import VERBS

_TICKS: Final = re.compile("`+")
_WORD: Final = r"""(?:[^\s'"();`]|'[^']*'|"[^"]*")+"""
COMMAND: Final = re.compile(rf"(?<![\w./-])reconciler (?:{'|'.join(VERBS)}|--help)(?![\w.-])(?: {_WORD})*")
"""A command in a sentence, as `Invocation.command` writes it."""


def code_parts(text: str) -> Iterator[tuple[bool, str]]:
    """The parts of a sentence, and whether each of them is code; code comes without its back-ticks."""
    end = 0
    for start, inner, after in _spans(text):
        yield from _with_commands(text[end:start])
        yield True, inner
        end = after
    yield from _with_commands(text[end:])


def _with_commands(text: str) -> Iterator[tuple[bool, str]]:
    end = 0
    for found in COMMAND.finditer(text):
        if found.start() > end:
            yield False, text[end : found.start()]
        command = found[0].rstrip(".,:")
        yield True, command
        end = found.start() + len(command)
    if end < len(text):
        yield False, text[end:]


def _spans(text: str) -> Iterator[tuple[int, str, int]]:
    """Where each span begins, what it holds, and where it ends."""
    runs = [(found.start(), found.end()) for found in _TICKS.finditer(text)]
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
    """Without the blanks that keep back-ticks at its ends apart from those around it."""
    is_padded = inner.startswith(" ") and inner.endswith(" ") and "`" in (inner[1:2], inner[-2:-1])
    return inner[1:-1] if is_padded else inner
