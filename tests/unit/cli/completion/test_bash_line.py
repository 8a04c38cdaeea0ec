"""A line as bash splits it, and completions as readline inserts them."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cli.completion.bash_line import split

BREAKS = " \t\n\"'><=;|&(:"


@pytest.mark.parametrize(
    ("line", "words", "last"),
    [
        ("", (), ""),
        ("a b", ("a",), "b"),
        ("a b ", ("a", "b"), ""),
        ("a 'b c' d", ("a", "b c"), "d"),
        ("a 'b c", ("a",), "b c"),
        ('a "b \\" \\x', ("a",), 'b " \\x'),
        ("a b\\ c", ("a",), "b c"),
        ("a b\\", ("a",), "b"),
        ('a ""', ("a",), ""),
    ],
)
def test_splits_like_a_shell(line: str, words: tuple[str, ...], last: str) -> None:
    """Quotes may be open, as the word is not finished."""
    found, rest = split(line, BREAKS)

    assert (words, last) == (found, rest.text)


@pytest.mark.parametrize(
    ("typed", "inserted"),
    [
        ("", "'pets: GET /it'\"'\"'s'"),
        ("pe", "'pets: GET /it'\"'\"'s'"),
        ("pets:", "\\ GET\\ /it\\'s"),
        ("pets:\\ G", "\\ GET\\ /it\\'s"),
        ("'pets: G", "pets: GET /it'\\''s"),
        ('"pets: G', "pets: GET /it's"),
        ("'pets: 'G", "GET\\ /it\\'s"),
    ],
)
def test_inserts_what_readline_replaces(typed: str, inserted: str) -> None:
    """All of a plain word; else what follows the open quote or the last break."""
    _, last = split(f"reconciler {typed}", BREAKS)

    assert inserted == last.replacement("pets: GET /it's")


def test_escapes_in_double_quotes() -> None:
    """What a shell expands there."""
    _, last = split('a "', BREAKS)

    assert '\\$x \\`y\\` \\"z\\" \\\\' == last.replacement('$x `y` "z" \\')


@given(st.sampled_from(["", "'", "x:", "x:\\ "]), st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_completed_word_is_one_word(typed: str, rest: str) -> None:
    """Whatever it contains, and however it begins, a shell reads it back."""
    _, last = split(f"a {typed}", BREAKS)
    word = last.text + rest
    # Readline closes an open quote; `kept` is all that was typed, or up to the colon
    line = typed[: typed.find(":") + 1] + last.quote + last.replacement(word) + last.quote

    assert [word] == shlex.split(line)
