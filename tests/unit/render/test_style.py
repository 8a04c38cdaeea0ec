"""Text made harmless, and colours only where they are wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.diagnostics import Location
from reconciler.render.style import Style, file_line, plural, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, ümläute, 漢字, 🙂", "plain text, ümläute, 漢字, 🙂"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31mred", "\\x9b31mred"),
        ("bell\x07 back\x08 del\x7f nul\x00", "bell\\x07 back\\x08 del\\x7f nul\\x00"),
        ("tab\tcr\rlf\n", "tab\\tcr\\rlf\\n"),
        ("\u202etrap\u2066", "\\u202etrap\\u2066"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("no\u00a0break\u2028line", "no\\xa0break\\u2028line"),
        ("\ud800 lone \udcff", "\\ud800 lone \\udcff"),
        ("\U000e0041 tag", "\\U000e0041 tag"),
    ],
)
def test_what_is_not_visible_is_spelt_out(text: str, expected: str) -> None:
    """Controls, overrides, invisible characters, halves of pairs; what people write stays."""
    assert expected == printable(text)


@given(text=st.text(st.characters()))
def test_printable_text_is_printable(text: str) -> None:
    """Whatever it was; and what is printable is left alone."""
    shown = printable(text)

    assert (True, shown) == (shown.isprintable(), printable(shown))


def test_a_place_is_harmless_too() -> None:
    """File names come from outside."""
    assert "a\\x1b.yaml:7" == file_line(Location("a\x1b.yaml", 7, 3))


def test_without_colour_nothing_is_painted() -> None:
    """No escape sequence reaches a file or a pipe."""
    assert "text" == Style().paint("text", "error")


def test_with_colour_the_text_is_wrapped() -> None:
    """And reset afterwards."""
    assert "\x1b[32mtext\x1b[0m" == Style(colour=True).paint("text", "create")


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 responses"), (1, "1 response"), (2, "2 responses"), (12345, "12,345 responses")]
)
def test_counts_have_their_plural(number: int, expected: str) -> None:
    """One response, two responses."""
    assert expected == plural(number, "response")
