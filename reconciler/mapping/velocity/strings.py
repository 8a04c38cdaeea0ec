"""Resolve what stands for other characters in the strings of a template."""

import re
from typing import Final

from reconciler.mapping.velocity.source import Source

_HEX: Final = re.compile("[0-9A-Fa-f]{4}")


def unescaped(source: Source, raw: str, start: int, *, is_double: bool) -> tuple[str, list[int]]:
    r"""Resolve `""` (`''` in single quotes) and, in double quotes, `\u0041` in the content of a string.

    `start` is where the content starts in the source. Returns the offset of each character too, none if nothing is
    resolved. Raises TemplateSyntaxError for `\u` without its digits.
    """
    quote = '"' if is_double else "'"
    has_codes = is_double and "\\u" in raw
    if not has_codes and quote * 2 not in raw:
        return raw, []
    chars = _decoded(source, raw, start) if has_codes else [(char, start + at) for at, char in enumerate(raw)]
    kept: list[tuple[str, int]] = []
    is_second = False
    for char, offset in chars:
        is_second = char == quote and not is_second and bool(kept) and kept[-1][0] == quote
        if not is_second:
            kept.append((char, offset))
    end = start + len(raw)
    return "".join(char for char, _ in kept), [*(offset for _, offset in kept), end, end]


def _decoded(source: Source, raw: str, start: int) -> list[tuple[str, int]]:
    chars: list[tuple[str, int]] = []
    at = 0
    while at < len(raw):
        if not raw.startswith("\\u", at):
            chars.append((raw[at], start + at))
            at += 1
            continue
        code = _HEX.match(raw, at + 2)
        if code is None:
            raise source.error(r"\u without four hexadecimal digits in a string", start + at)
        chars.append((chr(int(code[0], 16)), start + at))
        at += 6
    return chars
