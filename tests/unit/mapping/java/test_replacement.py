r"""Replacements of regular expressions: `$1`, `${name}` and `\`."""

from contextlib import suppress

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.java.budget import EvaluationFault
from reconciler.mapping.java.replacement import read_replacement


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [
        ("", []),
        ("a b", ["a b"]),
        ("[$1]", ["[", 1, "]"]),
        ("$12", [1, "2"]),
        ("$0$1", [0, 1]),
        ("$01", [1]),
        (r"\$1", ["$", "1"]),
        (r"\\", ["\\"]),
        ("${n}!", [1, "!"]),
    ],
)
def test_pieces_of_a_replacement(replacement: str, expected: list[str | int]) -> None:
    """A number takes as many digits as there are groups for; a backslash takes the next character literally."""
    reading = read_replacement(replacement, 1, {"n": 1})

    assert expected == list(reading.pieces)
    assert len(expected) == len(reading)


@pytest.mark.parametrize("replacement", ["$", "$x", "a\\", "$5", "${n", "${}", "${1n}", "${zz}"])
def test_replacements_that_java_refuses(replacement: str) -> None:
    """A group that the pattern does not have, and a sign without its meaning, throw."""
    with pytest.raises(EvaluationFault, match="replacement"):
        read_replacement(replacement, 1, {"n": 1})


@given(st.text())
def test_every_text_is_read_or_refused(replacement: str) -> None:
    """No text makes the reading fail in another way."""
    match = regex.search("(a)", "a")
    assert match is not None
    with suppress(EvaluationFault):
        assert all(isinstance(part, str) for part in read_replacement(replacement, 1, {}).parts(match))
