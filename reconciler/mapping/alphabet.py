r"""Sets of characters as numbers with a bit for each character that matters.

Two characters that the same sets contain need one bit. Every set here changes between neighbours of characters that its
Python form names, and within ASCII: `\d`, `\w`, `\s` and case mean ASCII (see `java_regex.FLAGS`). So ASCII has a bit
for each character, and the rest of Unicode one for each named character and its neighbours.

The lowest bits are those of the most readable characters.
"""

import re
import string
from collections.abc import Iterable
from typing import Final

from reconciler.mapping.java_regex import FLAGS

_READABLE: Final = string.ascii_lowercase + string.digits + string.ascii_uppercase + " " + string.punctuation
_ASCII: Final = (*_READABLE, *(character for character in map(chr, range(128)) if character not in _READABLE))
_NAMED: Final = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))|([^\x00-\x7f])")
_LAST_ASCII: Final = 0x7F
_LAST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)

_OTHER: Final = ord("é")
"""A readable one of the characters that no set names."""


class Alphabet:
    """The characters that matter to sets, given in Python's syntax for one character."""

    def __init__(self, sets: Iterable[str]) -> None:
        named = {point for each in set(sets) for point in _named(each)}
        points = {_OTHER, *(neighbour for point in named for neighbour in (point - 1, point, point + 1))}
        others = sorted(chr(point) for point in points if _is_other(point))
        self.characters = "".join((*_ASCII, *sorted(others, key=str.isprintable, reverse=True)))
        self.all = (1 << len(self.characters)) - 1
        self._bits = {character: 1 << place for place, character in enumerate(self.characters)}
        self._masks: dict[str, int] = {}

    def mask(self, python: str) -> int:
        """Return the bits of a set."""
        mask = self._masks.get(python)
        if mask is None:
            mask = self._masks[python] = sum(
                self._bits[each] for each in re.compile(python, FLAGS).findall(self.characters)
            )
        return mask

    def readable(self, mask: int) -> str:
        """Return the most readable character of a set that is not empty."""
        return self.characters[(mask & -mask).bit_length() - 1]


def _is_other(point: int) -> bool:
    return _LAST_ASCII < point <= _LAST and point not in _SURROGATES


def _named(python: str) -> Iterable[int]:
    for match in _NAMED.finditer(python):
        yield ord(match[3]) if match[3] else int(match[1] or match[2], 16)
