"""Words for sentences."""

import shlex

import pytest

from reconciler.wording import did_you_mean, shown

KNOWN = ["selectionPattern", "contentHandling"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("selectionPatern", "did you mean `selectionPattern`?"),
        ("SELECTIONPATTERN", "did you mean `selectionPattern`?"),
        ("zzz", "look again"),
        ("", "look again"),
    ],
)
def test_the_most_similar_name_is_suggested(word: str, expected: str) -> None:
    """A remedy suggests the most similar name, capitals aside, and falls back where no name is similar."""
    assert expected == did_you_mean(word, KNOWN, "look again")


def test_several_names_are_suggested() -> None:
    """The most similar name comes first."""
    assert "did you mean `prod` or `prods`?" == did_you_mean("prodd", ["prods", "dev", "prod"], "look again", most=2)


def test_a_suggestion_is_quoted_as_it_has_to_be_written() -> None:
    """In YAML by default; in a command line as the shell needs it."""
    assert "did you mean `'a b'`?" == did_you_mean("a bb", ["a b"], "look again", shlex.quote)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain é", "plain é"), ("\x1b[31m", "\\x1b[31m"), ("a\nb", "a\\nb"), ("\u202eabc", "\\u202eabc")],
)
def test_what_does_not_print_is_escaped(text: str, expected: str) -> None:
    """Colours, line breaks and text that runs backwards never reach a terminal."""
    assert expected == shown(text)


def test_long_text_is_cut() -> None:
    """A diagnostic stays a line."""
    assert "x" * 60 + "..." == shown("x" * 1000)
