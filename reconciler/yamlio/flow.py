"""Write and rebuild maps and lists in braces and brackets: `{a: 1, b: 2}`.

`rebuild` keeps every unchanged entry as written, with its own line break and the comment after it; new entries are
written as their neighbours are, on the same line or on lines of their own. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.yamlio import emit

Content: TypeAlias = str | Mapping[str, "Content"] | tuple[Mapping[str, "Content"], ...]
"""Content to write: literal texts, in which placeholders are not escaped yet."""


@dataclass(frozen=True, slots=True)
class FlowItem:
    """An existing entry: its span between the braces, and its new text, None to remove it."""

    start: int
    end: int
    text: str | None


@dataclass(slots=True)
class _Piece:
    """An entry of the result. `before` is its own line break, `after` the comma and comment that follow it."""

    text: str
    before: str = ""
    after: str | None = None


def format_inline(content: Content) -> str:
    """Return a value on one line."""
    match content:
        case str():
            return emit.inline(content)
        case tuple():
            return f"[{', '.join(map(format_inline, content))}]"
        case _:
            return f"{{{', '.join(format_entry(key, value) for key, value in content.items())}}}"


def format_entry(step: str | int, content: Content) -> str:
    """Return `key: value`, or an item of a list."""
    return format_inline(content) if isinstance(step, int) else f"{_key(step)}: {format_inline(content)}"


def _key(text: str) -> str:
    key = emit.key(text)
    # Without quotes, a brace would end the map
    return emit.inline(text) if "{" in key or "}" in key else key


def rebuild(inner: str, parts: Sequence[FlowItem], new: Sequence[tuple[int, str]], eol: str) -> str:
    """Return the new text between the braces, which now is `inner`.

    `new` holds each new entry with the number of parts that come before it. At least one entry must be left.
    """
    edges = [0, *(edge for part in parts for edge in (part.start, part.end)), len(inner)]
    gaps = [_split(inner[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    (head, _), (_, tail) = gaps[0], gaps[-1]
    line = next((eol + before.rpartition("\n")[2] for _, before in gaps[:-1] if before), "")
    pieces: list[_Piece] = []
    for number, part in enumerate(parts):
        pieces += [_Piece(text, line) for index, text in new if index == number]
        if part.text is not None:
            pieces.append(_Piece(part.text, gaps[number][1], gaps[number + 1][0]))
    pieces += [_Piece(text, line) for index, text in new if index == len(parts)]
    padding = "" if line else gaps[-1][0].replace(",", "")
    all_but_last = "".join(piece.before + piece.text + _separator(piece.after, line, eol) for piece in pieces[:-1])
    last = pieces[-1]
    ending = (last.after or "") if line else padding
    if "#" in ending and not tail:
        ending += line  # otherwise the brace would be part of the comment
    return head + all_but_last + last.before + last.text + ending + tail


def _split(gap: str) -> tuple[str, str]:
    """Split what is between two entries: comma and comment of the first, line break and indentation of the second."""
    at = gap.find("\n")
    if at < 0:
        return gap, ""
    at -= gap[:at].endswith("\r")
    return gap[:at], gap[at:]


def _separator(after: str | None, line: str, eol: str) -> str:
    """Return the comma after an entry that is not the last, with the comment there."""
    if after is None:
        return "," if line else ", "
    if "," in after.partition("#")[0]:
        return after
    return f",{after}" if line else f", {after.strip()}{eol if '#' in after else ''}"
