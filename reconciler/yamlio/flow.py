"""Maps and lists in braces and brackets: `{a: 1, b: 2}`.

Promise: `rebuilt` keeps every entry that stays as it is written, with its own line break and the comment behind it; new
ones are written as their neighbours are, on the same line or on lines of their own. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.yamlio import emit

Content: TypeAlias = str | Mapping[str, "Content"] | tuple[Mapping[str, "Content"], ...]
"""What is to be written: texts as they are meant, placeholders in them not escaped yet."""


@dataclass(frozen=True, slots=True)
class FlowItem:
    """An entry that is there: from where to where between the braces, and what it is now; None: it goes."""

    start: int
    end: int
    text: str | None


@dataclass(slots=True)
class _Piece:
    """An entry that will be there. `before` is its own line break, `after` the comma and the comment behind it."""

    text: str
    before: str = ""
    after: str | None = None


def written(content: Content) -> str:
    """A value on one line."""
    match content:
        case str():
            return emit.inline(content)
        case tuple():
            return f"[{', '.join(map(written, content))}]"
        case _:
            return f"{{{', '.join(entry(key, value) for key, value in content.items())}}}"


def entry(step: str | int, content: Content) -> str:
    """`key: value`, or an item of a list."""
    return written(content) if isinstance(step, int) else f"{_key(step)}: {written(content)}"


def _key(text: str) -> str:
    key = emit.key(text)
    # Without quotes, a brace would end the map
    return emit.inline(text) if "{" in key or "}" in key else key


def rebuilt(inner: str, parts: Sequence[FlowItem], new: Sequence[tuple[int, str]], eol: str) -> str:
    """What is to stand between the braces, where `inner` stands now.

    `new` has for each new entry how many of the parts are to come before it. At least one entry is left.
    """
    edges = [0, *(edge for part in parts for edge in (part.start, part.end)), len(inner)]
    gaps = [_split(inner[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    (head, _), (_, tail) = gaps[0], gaps[-1]
    line = next((eol + before.rpartition("\n")[2] for _, before in gaps[:-1] if before), "")
    pieces: list[_Piece] = []
    for number, part in enumerate(parts):
        pieces += [_Piece(one, line) for place, one in new if place == number]
        if part.text is not None:
            pieces.append(_Piece(part.text, gaps[number][1], gaps[number + 1][0]))
    pieces += [_Piece(one, line) for place, one in new if place == len(parts)]
    padding = "" if line else gaps[-1][0].replace(",", "")
    all_but_last = "".join(piece.before + piece.text + _separator(piece.after, line, eol) for piece in pieces[:-1])
    last = pieces[-1]
    ending = (last.after or "") if line else padding
    if "#" in ending and not tail:
        ending += line  # else the brace would be part of the comment
    return head + all_but_last + last.before + last.text + ending + tail


def _split(gap: str) -> tuple[str, str]:
    """What belongs to the entry before: comma and comment; and to the one after: the line break and what follows."""
    at = gap.find("\n")
    if at < 0:
        return gap, ""
    at -= gap[:at].endswith("\r")
    return gap[:at], gap[at:]


def _separator(after: str | None, line: str, eol: str) -> str:
    """The comma behind an entry that is not the last, and what else stands there."""
    if after is None:
        return "," if line else ", "
    if "," in after.partition("#")[0]:
        return after
    return f",{after}" if line else f", {after.strip()}{eol if '#' in after else ''}"
