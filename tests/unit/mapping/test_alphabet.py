"""Sets of characters as bits."""

import pytest

from reconciler.mapping.alphabet import Alphabet


@pytest.mark.parametrize(
    ("python", "expected"),
    [("[x-z]", "x"), (r"\d", "0"), (r"[^\w]", " "), (r"[\u0100-\u0200]", "Ā"), ("[^\\x00-\\x7f]", "é")],
)
def test_a_set_shows_a_readable_character(python: str, expected: str) -> None:
    """Letters first, then digits, signs, and what cannot be printed last."""
    alphabet = Alphabet([python])

    assert expected == alphabet.readable(alphabet.mask(python))


def test_sets_that_differ_beyond_ascii_have_different_bits() -> None:
    """A bit for what both name, for what one of them names, and for what neither does."""
    alphabet = Alphabet([r"[\u0100-\u0200]", r"[\u0180-\u0300]", r"[^\u0100-\u0300]"])
    first, second, others = map(alphabet.mask, (r"[\u0100-\u0200]", r"[\u0180-\u0300]", r"[^\u0100-\u0300]"))

    assert first & second
    assert first & ~second
    assert second & ~first
    assert alphabet.all == first | second | others
    assert not others & (first | second)


def test_the_ends_of_unicode_have_no_neighbours() -> None:
    """Nor do surrogates belong to a text."""
    alphabet = Alphabet(["\U0010ffff", "\ud7ff"])

    assert "\ud7ff" in alphabet.characters
    assert "\ud800" not in alphabet.characters
    assert alphabet.characters.endswith("\U0010ffff")
