"""A changed value on a page: the two texts next to each other, or one below the other on a narrow screen.

Lines are matched as in the other formats; what differs within a line is marked from the first to the last difference.
Every line is a `span`, so that the elements of a page do not depend on the texts. Both the number of lines and the
length of a line are limited.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, Literal, TypeAlias

from reconciler.line_diff import line_diff
from reconciler.render.html_parts import text
from reconciler.render.style import plural
from reconciler.render.values import field_title, value_text

MOST_LINES: Final = 400
"""How many lines of a value a page shows."""

_LONGEST: Final = 1_000
"""How many characters of a line a page shows."""

_BEFORE: Final = 60
_LEAST_COMMON: Final = 0.3
"""Lines with less in common are not marked within."""

_Line: TypeAlias = tuple[str, int, int]
"""A line, and where in it the difference starts and ends."""

_ROLES: Final = {"old": ' role="deletion"', "new": ' role="insertion"', "same": "", "twin": ' aria-hidden="true"'}
"""A screen reader hears the lines that are on both sides once."""


def value_diff(path: str, old: str | None, new: str | None) -> str:
    """Return one field with its two values; None stands for one that is not set."""
    return _field(path, _runs(_lines(path, old), _lines(path, new)))


def lone_value(path: str, value: str, side: Literal["old", "new"]) -> str:
    """Return one field of a response that only one side has."""
    lines = _lines(path, value)
    return _field(path, (_run("lone", _side(side, [(each, 0, 0) for each in lines[:MOST_LINES]])), _rest(lines)))


def _field(path: str, runs: Iterable[str]) -> str:
    return f'<div class="field"><h4>{text(field_title(path))}</h4><div class="diff">{"".join(runs)}</div></div>'


def _lines(path: str, value: str | None) -> list[str]:
    return value.split("\n") if value else [value_text(path, value)]


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    left = MOST_LINES
    is_one_line = len(old) == len(new) == 1
    for kind, members in groupby(line_diff(old, new).lines, key=lambda each: each[0] if each[0] in "@ " else "-+"):
        run = list(members)
        if not left:
            yield _note("the rest is not shown here: --format json shows it")
            return
        if kind == "@":
            yield "" if is_one_line else _place(run[0])
            continue
        yield from _same(run[:left]) if kind == " " else _changed(run, left)
        left -= min(left, len(run))


_HUNK: Final = re.compile(r"@@ -(\d+)")


def _place(hunk: str) -> str:
    """Where the lines are in the old text; nothing at its start."""
    match = _HUNK.match(hunk)
    return _note(f"line {match[1]}") if match and match[1] not in {"0", "1"} else ""


def _same(run: Sequence[str]) -> Iterator[str]:
    lines = [(each[1:], 0, 0) for each in run]
    yield _run("pair", _side("same", lines), _side("twin", lines))


def _changed(run: Sequence[str], most: int) -> Iterator[str]:
    old = [_visible(each[1:]) for each in run if each[0] == "-"]
    new = [_visible(each[1:]) for each in run if each[0] == "+"]
    pairs = [_marked(before, after) for before, after in zip(old[:most], new[:most], strict=False)]
    old_lines = [before for before, _ in pairs] + [(each, 0, 0) for each in old[len(pairs) : most]]
    new_lines = [after for _, after in pairs] + [(each, 0, 0) for each in new[len(pairs) : most]]
    yield _run("pair", _side("old", old_lines), _side("new", new_lines))
    yield _rest(max(old, new, key=len), most)


def _rest(lines: Sequence[str], most: int = MOST_LINES) -> str:
    more = len(lines) - most
    return _note(f"{plural(more, 'more line')}: --format json shows them") if more > 0 else ""


def _visible(line: str) -> str:
    """With trailing spaces escaped, which AWS stores but nobody sees."""
    bare = line.rstrip(" ")
    return bare + "\\x20" * (len(line) - len(bare))


def _marked(old: str, new: str) -> tuple[_Line, _Line]:
    """Two lines with what differs, in whole words; nothing is marked if they have little in common."""
    start = _common(old, new)
    after = _common(old[start:][::-1], new[start:][::-1])
    if start + after < _LEAST_COMMON * max(len(old), len(new)):
        return (old, 0, 0), (new, 0, 0)
    while start and old[start - 1].isalnum():
        start -= 1
    while after and old[-after].isalnum():
        after -= 1
    return (old, start, len(old) - after), (new, start, len(new) - after)


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their start."""
    least = min(len(one), len(other))
    return next((at for at in range(least) if one[at] != other[at]), least)


def _run(kind: str, *sides: str) -> str:
    return f'<span class="{kind}">{"".join(sides)}</span>'


def _side(kind: str, lines: Iterable[_Line]) -> str:
    return f'<span class="{kind}"{_ROLES[kind]}>{"".join(map(_shown, lines))}</span>'


def _note(content: str) -> str:
    return f'<span class="hunk">{content}</span>'


def _shown(line: _Line) -> str:
    """One line; of a long one, the part around the difference."""
    content, start, end = line
    first = max(0, start - _BEFORE) if len(content) > _LONGEST else 0
    last = first + _LONGEST
    parts = [content[first:start], content[start : min(end, last)], content[max(start, end) : last]]
    marked = f'<span class="mark">{text(parts[1])}</span>' if parts[1] else ""
    before = f"(from character {first + 1:,}) " if first else ""
    more = f" ... ({len(content) - last:,} more characters)" if len(content) > last else ""
    return f'<span class="line">{before}{text(parts[0])}{marked}{text(parts[2])}{more}</span>'
