"""Texts as Java counts them: in units of UTF-16, of which a character beyond U+FFFF has two."""

import struct
from typing import Final

from reconciler.mapping.java.budget import LimitExceeded

LONGEST_IN_UNITS: Final = 200_000
"""Characters of a text that is taken apart into units; that is slow."""


def code_units(text: str) -> str:
    """Return `text` with two halves of a surrogate pair for each character beyond U+FFFF; most texts as they are.

    Raises LimitExceeded for a long text with such characters.
    """
    if text.isascii():
        return text
    data = text.encode("utf-16-le", "surrogatepass")
    if len(data) == 2 * len(text):
        return text
    if len(text) > LONGEST_IN_UNITS:
        raise LimitExceeded(f"a text of more than {LONGEST_IN_UNITS:,} characters has some beyond U+FFFF")
    return "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data)))


def concatenated(first: str, second: str) -> str:
    """Return both texts as one, with the halves of a surrogate pair joined where they meet."""
    whole = first + second
    return characters(whole) if "\ud800" <= first[-1:] <= "\udbff" and "\udc00" <= second[:1] <= "\udfff" else whole


def characters(units: str) -> str:
    """Return the text of code units, with the halves of surrogate pairs joined; a lone half stays."""
    if units.isascii():
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
