"""The text of a template, and the places in it; interpolated strings are texts within a text."""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

_LINE_END: Final = re.compile("\n")

MOST_TOKENS: Final = 75_000
"""Tokens of a template, those of its strings included; API Gateway takes templates of up to 300 KB."""


class TemplateSyntaxError(Exception):
    """A template that Velocity does not parse; `line` and `column` count from 1, in characters.

    `is_certain`: False for a template that is not parsed here, as when it nests too deeply, and that AWS may parse.
    """

    def __init__(self, message: str, line: int, column: int, *, is_certain: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.is_certain = is_certain


class Source:
    """A text that is parsed; `outer` gives the offset in the template of an offset in the text.

    `tokens` is how many tokens of the template were read, strings included.
    """

    __slots__ = ("_line_starts", "_outer", "_whole", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self._line_starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._whole = self
        self.tokens = 0
        self._outer: Callable[[int], int] | None = None

    def inner(self, text: str, outer: Callable[[int], int]) -> "Source":
        """Return `text`, a part of this one, as a source of its own."""
        source = object.__new__(Source)
        source.text = text
        source._line_starts = []
        source._whole = self._whole
        above = self._outer
        source._outer = outer if above is None else lambda offset: above(outer(offset))
        return source

    def count_token(self, offset: int) -> None:
        """Count a token of the template. Raises TemplateSyntaxError beyond the most."""
        whole = self._whole
        whole.tokens += 1
        if whole.tokens > MOST_TOKENS:
            raise self.error(f"the template has more than {MOST_TOKENS:,} tokens", offset, is_certain=False)

    def place(self, offset: int) -> tuple[int, int, int]:
        """Return the offset in the template, the line and the column of an offset in this text."""
        if self._outer is not None:
            return self._whole.place(self._outer(offset))
        starts = self._line_starts
        line = bisect_right(starts, offset)
        return offset, line, offset - starts[line - 1] + 1

    def error(self, message: str, offset: int, *, is_certain: bool = True) -> TemplateSyntaxError:
        """Return an error at an offset of this text."""
        _, line, column = self.place(offset)
        return TemplateSyntaxError(message, line, column, is_certain=is_certain)
