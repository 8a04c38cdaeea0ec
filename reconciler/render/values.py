"""Field values and their differences, line by line.

A short value stays on its line; a text of several lines is shown as lines, a changed one as a line diff. Long texts are
cut, with the number of lines left out, unless the style is full.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from reconciler.diff import FieldChange
from reconciler.line_diff import line_diff
from reconciler.render.style import Style, plural, printable

_LINES = 12
_WIDTH = 140
_RUN = 5
_SHORT = 60
_CONTEXT = 2


def value_text(path: str, value: str | None) -> str:
    """Return a value on one line; a value that is not set and an empty text are put in words."""
    if path == "selectionPattern" and not value:
        return "(default response)"
    if value is None:
        return "(not set)"
    if not value:
        return "(passthrough)" if path.startswith("responseTemplates.") else "(empty)"
    text = printable(value)
    return f'"{text}"' if text != text.strip() or text in _WORDS else text


_WORDS = frozenset({"(default response)", "(not set)", "(passthrough)", "(empty)"})
"""A value that reads like one of these is quoted."""


def field_title(path: str) -> str:
    """Return what a path is called: by header or content type, without the map that contains it."""
    for prefix, word in _TITLES:
        if path.startswith(prefix):
            return printable(f"{word} {path.removeprefix(prefix)}")
    return printable(path)


_TITLES = (
    ("responseParameters.method.response.header.", "header"),
    ("responseTemplates.", "template"),
    ("methodResponse.method.response.header.", "method response header"),
)


MOST_LINES: Final = 20_000
"""The most lines of one value that the full style shows. Painting a line takes some 10 µs, and nobody reads more."""


def field_lines(change: FieldChange, style: Style) -> Iterator[str]:
    """Yield one changed value, under its title."""
    # Every response has a pattern, if only the empty one: it can change, but not be added or removed
    if change.path != "selectionPattern" and (change.before is None or change.after is None):
        yield from _one_sided(change, style)
    elif is_short(change.before or "") and is_short(change.after or ""):
        arrow = f"{value_text(change.path, change.before)} -> {value_text(change.path, change.after)}"
        yield f"{style.paint('~', 'update')} {field_title(change.path)}: {arrow}"
    elif not change.before or not change.after:
        arrow = f"{_brief(change.path, change.before)} -> {_brief(change.path, change.after)}"
        yield f"{style.paint('~', 'update')} {field_title(change.path)}: {arrow}"
        yield from _all_lines("+" if change.after else "-", change.after or change.before or "", style)
    else:
        yield f"{style.paint('~', 'update')} {field_title(change.path)}:"
        yield from (f"    {line}" for line in difference_lines(change.before, change.after, style))


def brief_change(change: FieldChange) -> str:
    """Return a changed value on one line; only the size of a long one."""
    return f"{field_title(change.path)}: {_brief(change.path, change.before)} -> {_brief(change.path, change.after)}"


def whole_lines(change: FieldChange, style: Style) -> Iterator[str]:
    """Yield one value of a response that is created or deleted as a whole."""
    yield from _one_sided(change, style)


def _one_sided(change: FieldChange, style: Style) -> Iterator[str]:
    value = change.after if change.before is None else change.before
    sign = "+" if change.before is None else "-"
    yield f"{_toned(sign, style)} {field_title(change.path)}: {_brief(change.path, value)}"
    if value and not is_short(value):
        yield from _all_lines(sign, value, style)


def _brief(path: str, value: str | None) -> str:
    """A value on one line; only its size if it is long."""
    if not value or is_short(value):
        return value_text(path, value)
    lines = value.count("\n") + 1
    return f"({plural(lines, 'line') if lines > 1 else plural(len(value), 'character')})"


def _all_lines(sign: str, value: str, style: Style) -> Iterator[str]:
    lines = [_diff_line(sign + line, style) if line else sign for line in value.split("\n")]
    return (f"    {line}" for line in _cut([(_toned(line, style), 1) for line in lines], style))


def is_short(value: str) -> bool:
    """Whether a value fits on the line of its title."""
    return "\n" not in value and len(value) <= _SHORT


def difference_lines(before: str, after: str, style: Style) -> Iterator[str]:
    """Yield the line diff of two texts, cut to what a reviewer reads first unless the style is full."""
    old, new = before.split("\n"), after.split("\n")
    if len(old) == 1 and len(new) == 1 and not style.full:
        old, new = _windows(before, after)
    diff = line_diff(old, new, context=_CONTEXT)
    lines = [_diff_line(line, style) for line in diff.lines]
    if not diff.is_matched:
        yield style.paint(_TOO_DIFFERENT, "faint")
    if style.full or len(lines) <= _LINES + 1:
        yield from _cut([(_toned(line, style), 1) for line in lines], style)
    else:
        yield from _cut(list(_runs(lines, style)), style)


_TOO_DIFFERENT = "(too different for a line diff: everything from the first to the last difference is shown)"


def _diff_line(line: str, style: Style) -> str:
    """With a space after its sign; trailing spaces, which AWS stores but nobody sees, are escaped where they change."""
    sign, text = line[:1], line[1:]
    if sign == "@":
        return line
    if sign == " ":
        return f"  {_narrow(text, style)}".rstrip()
    if not text:
        return f"{sign} (empty line)"
    bare = text.rstrip(" ")
    return f"{sign} {_narrow(bare, style)}" + "\\x20" * (len(text) - len(bare))


def _windows(before: str, after: str) -> tuple[list[str], list[str]]:
    """Two long single lines, from a little before their first difference."""
    start = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
    start = max(0, min(start, len(before), len(after)) - _SHORT // 2)
    prefix = f"(from character {start + 1}) " if start else ""
    return [prefix + before[start:]], [prefix + after[start:]]


def _narrow(line: str, style: Style) -> str:
    if style.full or len(line) <= _WIDTH:
        return printable(line)
    return f"{printable(line[:_WIDTH])} ... ({len(line) - _WIDTH:,} more characters)"


_Shown: TypeAlias = tuple[str, int]
"""A line, and how many lines of the text it stands for."""


def _runs(lines: Iterable[str], style: Style) -> Iterator[_Shown]:
    """The first lines of every run with the same sign, so that both removed and added lines are seen."""
    for _, run in groupby(lines, key=lambda line: line[:1]):
        members = list(run)
        kept = members if len(members) <= _RUN + 1 else members[:_RUN]
        yield from ((_toned(line, style), 1) for line in kept)
        if len(kept) < len(members):
            yield _omitted(len(members) - len(kept), style), len(members) - len(kept)


def _cut(lines: Sequence[_Shown], style: Style) -> Iterator[str]:
    most = MOST_LINES if style.full else _LINES
    kept = lines if len(lines) <= most + 1 else lines[:most]
    if len(kept) < len(lines) and kept[-1][1] > 1:
        kept = kept[:-1]  # it says already that lines are left out
    yield from (line for line, _ in kept)
    if len(kept) < len(lines):
        yield _omitted(sum(count for _, count in lines[len(kept) :]), style)


def _omitted(count: int, style: Style) -> str:
    if style.full:
        return style.paint(f"... {plural(count, 'more line')} (--format json shows them)", "faint")
    hint = "" if style.marked else " (-v shows all)"  # an option helps on a terminal only
    return style.paint(f"... {plural(count, 'more line')}{hint}", "faint")


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
