"""Values in the style that they had.

Promise: a text that takes the place of another is written with the same quotes, or as a block where that was one, if it
can be read back as this text then; else in the style that `emit` gives it. Pure.
"""

import re
from dataclasses import dataclass
from typing import Final

from reconciler.yamlio import emit, scalars
from reconciler.yamlio.spans import Node, Scalar

_PLAIN: Final = re.compile(r"[A-Za-z0-9_/.(^\\$+](?:[A-Za-z0-9_/.()^\\$+*|?=<>~;@ -]*[A-Za-z0-9_/.()^\\$+*|?=<>~;@-])?")
"""What may go without quotes in a place that had none: no indicator of YAML's that would need a second look."""

_BLOCKS: Final = ("|", ">")


@dataclass(frozen=True, slots=True)
class Indentation:
    """The column in which the lines of a block begin, and how far that is from its key."""

    column: int
    step: int


def is_block(old: Node) -> bool:
    """Whether a value is a literal or folded block."""
    return isinstance(old, Scalar) and old.style in _BLOCKS


def block(text: str, old: Node, at: Indentation) -> str:
    """A value of a block map, instead of the old one; further lines are indented as said."""
    kept = emit.block(text, at.column, at.step) if is_block(old) else None
    if kept:
        return kept
    return emit.value(text, at.column, at.step) if "\n" in text else inline(text, old)


def inline(text: str, old: Node) -> str:
    """A value on one line, with the quotes that the old one had if it can be written with these."""
    style = old.style if isinstance(old, Scalar) and old.start < old.end else None
    escaped = emit.escaped(text)
    if style == '"':
        return emit.double_quoted(text)
    if style == "'" and text.isprintable():
        return "'{}'".format(escaped.replace("'", "''"))
    if style == "" and _PLAIN.fullmatch(escaped) and emit.is_safe(escaped) and scalars.value(escaped) == escaped:
        return escaped
    return emit.inline(text)
