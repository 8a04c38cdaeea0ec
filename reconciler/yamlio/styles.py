"""Write new values in the style of the old ones.

A text that replaces another gets the same quotes, or a block if the old one was a block, provided that it reads back as
the same text; otherwise it gets the style that `emit` chooses. Pure.
"""

import re
from dataclasses import dataclass
from typing import Final

from reconciler.yamlio import emit, scalars
from reconciler.yamlio.spans import Node, Scalar

_PLAIN: Final = re.compile(r"[A-Za-z0-9_/.(^\\$+](?:[A-Za-z0-9_/.()^\\$+*|?=<>~;@ -]*[A-Za-z0-9_/.()^\\$+*|?=<>~;@-])?")
"""Matches what may replace a plain scalar without quotes: nothing that YAML could take for an indicator."""

_BLOCKS: Final = ("|", ">")


@dataclass(frozen=True, slots=True)
class Indentation:
    """The column in which the lines of a block begin, and its distance from the column of the key."""

    column: int
    step: int


def is_block(old: Node) -> bool:
    """Whether a value is a literal or folded block."""
    return isinstance(old, Scalar) and old.style in _BLOCKS


def block(text: str, old: Node, at: Indentation) -> str:
    """Return a value of a block map that replaces the old one."""
    literal = emit.block(text, at.column, at.step) if is_block(old) else None
    if literal:
        return literal
    return emit.value(text, at.column, at.step) if "\n" in text else inline(text, old)


def inline(text: str, old: Node) -> str:
    """Return a value on one line, with the quotes of the old one if they can hold it."""
    style = old.style if isinstance(old, Scalar) and old.start < old.end else None
    escaped = emit.escaped(text)
    if style == '"':
        return emit.double_quoted(text)
    if style == "'" and text.isprintable():
        return "'{}'".format(escaped.replace("'", "''"))
    if style == "" and _PLAIN.fullmatch(escaped) and emit.is_safe(escaped) and scalars.value(escaped) == escaped:
        return escaped
    return emit.inline(text)
