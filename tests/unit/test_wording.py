"""Words for sentences."""

import pytest

from reconciler.suggest import nearest
from reconciler.wording import did_you_mean, shown


@pytest.mark.parametrize(
    ("word", "expected"),
    [("selectionPatern", "selectionPattern"), ("SELECTIONPATTERN", "selectionPattern"), ("zzz", None), ("", None)],
)
def test_nearest(word: str, expected: str | None) -> None:
    """The word that is most like it, capitals aside, if any is."""
    assert expected == nearest(word, ["selectionPattern", "contentHandling"])


def test_remedy_of_its_own() -> None:
    """Where nothing is near, the other remedy stands."""
    assert "look again" == did_you_mean("zzz", ["abc"], "look again")


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
