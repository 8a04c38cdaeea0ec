"""Java counts characters beyond U+FFFF twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.budget import LimitExceeded
from reconciler.mapping.java.code_units import characters, code_units


def test_a_character_beyond_ffff_has_two_units() -> None:
    """An emoji is a surrogate pair; other characters are left alone."""
    assert "a\ud83d\ude00b" == code_units("a😀b")
    assert "é" == code_units("é")


def test_long_texts_are_not_taken_apart() -> None:
    """Only a long text with characters beyond U+FFFF is refused."""
    assert 300_000 == len(code_units("é" * 300_000))
    with pytest.raises(LimitExceeded, match="200,000"):
        code_units("😀" * 200_001)


@given(st.text())
def test_units_and_characters_are_one_text(text: str) -> None:
    """Splitting into units and joining them gives the text back, with the length that UTF-16 has."""
    assert text == characters(code_units(text))
    assert len(text.encode("utf-16-le")) == 2 * len(code_units(text))
