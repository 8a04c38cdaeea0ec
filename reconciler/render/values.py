"""Field values and their differences, line by line.

Promise: a short value stays on its line; a text of several lines is shown as lines, a changed one as a line diff. What
is long is cut, with the count of what was left out, unless the style asks for all of it.
"""

import difflib
from collections.abc import Iterable, Iterator

from reconciler.diff import FieldChange
from reconciler.render.style import Style, Tone, counted, printable

_LINES = 12
_WIDTH = 140
_SHORT = 60
_CONTEXT = 2


def shown(path: str, value: str | None) -> str:
    """A value in one line: what is not set, and what an empty text stands for, in words."""
    if value is None:
        return "(default response)" if path == "selectionPattern" else "(not set)"
    if not value:
        return "(passthrough)" if path.startswith("responseTemplates.") else "(empty)"
    text = printable(value)
    return f'"{text}"' if text != text.strip() else text


def title(path: str) -> str:
    """What a path is called here: header and content type count, not the maps that hold them."""
    for prefix, word in _TITLES:
        if path.startswith(prefix):
            return printable(f"{word} {path.removeprefix(prefix)}")
    return printable(path)


_TITLES = (
    ("responseParameters.method.response.header.", "header"),
    ("responseTemplates.", "template"),
    ("methodResponse.method.response.header.", "method response header"),
)


def field_lines(change: FieldChange, style: Style) -> Iterator[str]:
    """One changed value, under its title."""
    # Every response has a pattern, if only the empty one: it changes, it does not come or go.
    if change.path != "selectionPattern" and (change.before is None or change.after is None):
        yield from _one_sided(change, style)
    elif _is_short(change.before or "") and _is_short(change.after or ""):
        arrow = f"{shown(change.path, change.before)} -> {shown(change.path, change.after)}"
        yield f"{style.paint('~', 'update')} {title(change.path)}: {arrow}"
    else:
        yield f"{style.paint('~', 'update')} {title(change.path)}:"
        yield from (f"    {line}" for line in _difference(change.before or "", change.after or "", style))


def whole_lines(change: FieldChange, style: Style) -> Iterator[str]:
    """One value of a response that comes or goes as a whole."""
    yield from _one_sided(change, style)


def _one_sided(change: FieldChange, style: Style) -> Iterator[str]:
    value = change.after if change.before is None else change.before
    sign, tone = ("+", "create") if change.before is None else ("-", "delete")
    path = title(change.path)
    if value is None or _is_short(value):
        yield f"{style.paint(sign, _tone(tone))} {path}: {shown(change.path, value)}"
        return
    lines = value.split("\n")
    size = counted(len(lines), "line") if len(lines) > 1 else counted(len(value), "character")
    yield f"{style.paint(sign, _tone(tone))} {path}: ({size})"
    yield from (f"    {line}" for line in _cut([f"{sign} {_narrow(line, style)}" for line in lines], style, tone))


def _tone(tone: str) -> Tone:
    return "create" if tone == "create" else "delete"


def _is_short(value: str) -> bool:
    return "\n" not in value and len(value) <= _SHORT


def _difference(before: str, after: str, style: Style) -> list[str]:
    old, new = before.split("\n"), after.split("\n")
    if len(old) == 1 and len(new) == 1 and not style.full:
        old, new = _windows(before, after)
    diff = list(difflib.unified_diff(old, new, n=_CONTEXT, lineterm=""))[2:]
    return list(_cut([_diff_line(line, style) for line in diff], style))


def _diff_line(line: str, style: Style) -> str:
    """With its sign apart; spaces at the end, which nobody sees but AWS stores, are spelt out where they change."""
    sign, text = line[:1], line[1:]
    if sign == "@":
        return line
    if sign == " ":
        return f"  {_narrow(text, style)}".rstrip()
    bare = text.rstrip(" ")
    return f"{sign} {_narrow(bare, style)}" + "\\x20" * (len(text) - len(bare))


def _windows(before: str, after: str) -> tuple[list[str], list[str]]:
    """Two long single lines, from a little before the place where they part."""
    start = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    start = max(0, min(start, len(before), len(after)) - _SHORT // 2)
    lead = f"(from character {start + 1}) " if start else ""
    return [lead + before[start:]], [lead + after[start:]]


def _narrow(line: str, style: Style) -> str:
    if style.full or len(line) <= _WIDTH:
        return printable(line)
    return f"{printable(line[:_WIDTH])} ... ({len(line) - _WIDTH:,} more characters)"


def _cut(lines: Iterable[str], style: Style, tone: str | None = None) -> Iterator[str]:
    every = list(lines)
    kept = every if style.full or len(every) <= _LINES + 1 else every[:_LINES]
    for line in kept:
        yield style.paint(line, _tone(tone)) if tone else _toned(line, style)
    if len(kept) < len(every):
        yield style.paint(f"... {counted(len(every) - len(kept), 'more line')} (-v shows all)", "faint")


def _toned(line: str, style: Style) -> str:
    match line[:1]:
        case "+":
            return style.paint(line, "create")
        case "-":
            return style.paint(line, "delete")
        case "@":
            return style.paint(line, "step")
        case _:
            return line
