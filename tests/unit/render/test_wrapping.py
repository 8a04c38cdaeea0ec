"""Long lines on a terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.render.wrapping import wrapped

COMMAND = "reconciler plan manifests --env prod --force maxDelete"
WORDS = st.lists(st.text("abc.;-+", min_size=1, max_size=20), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short", "short"),
        ("  warning: a sentence that is long", "  warning: a sentence that is\n    long"),
        ("a" * 40, "a" * 40),
        ("    + " + "x" * 30, "    + " + "x" * 24 + "\n      " + "x" * 6),
        ("one two three four five six seven\nb", "one two three four five six\n  seven\nb"),
    ],
)
def test_lines_keep_their_indent(text: str, expected: str) -> None:
    """What follows is two columns deeper; a long word stays whole, a value does not."""
    assert expected == wrapped(text, 30)


def test_a_command_can_be_copied() -> None:
    """It begins a line of its own, and the full stop stays with it."""
    text = f"Applied to the draft. To deploy: {COMMAND}; to undo it: {COMMAND}."

    assert f"Applied to the draft. To deploy:\n  {COMMAND};\n  to undo it:\n  {COMMAND}." == wrapped(text, 40)


def test_colours_have_no_width() -> None:
    """And stay where they are."""
    line = "\x1b[31mrefused:\x1b[0m twenty-two columns"

    assert line == wrapped(line, 30 + 1)


def test_a_value_is_cut_between_characters() -> None:
    """Not within a colour."""
    cut = wrapped(f"+ {'x' * 20}\x1b[32m{'y' * 20}\x1b[0m", 30)

    assert [30, 14] == [len(re.sub("\x1b.*?m", "", line)) for line in cut.splitlines()]


def test_a_narrow_terminal_is_left_alone() -> None:
    """There is no room for an indent."""
    assert "word " * 20 == wrapped("word " * 20, 20)


@given(WORDS, st.integers(30, 80), st.integers(0, 15))
def test_nothing_is_lost(words: list[str], columns: int, indent: int) -> None:
    """Only white space changes, and the first line keeps its indent."""
    line = " " * indent + " ".join(words)
    text = wrapped(line, columns)

    assert ("".join(words), True) == ("".join(text.split()), text.startswith(" " * indent))
