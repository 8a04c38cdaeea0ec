"""What runners of CI jobs would take for commands."""

import json

import pytest

from reconciler.render.logs import without_commands


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("::error::x", r"\x3a:error::x"),
        ("a\n  ::error::x", "a\n  \\x3a:error::x"),
        ("\t::x", "\t\\x3a:x"),
        ("a ::error::x", "a ::error::x"),
        ("a::b", "a::b"),
        ("a ##[error]x", r"a ##\x5berror]x"),
        ("##vso[task.complete]", r"##\x5bvso[task.complete]".replace(r"\x5bvso[", r"vso\x5b")),
        ("## a [b]", "## a [b]"),
        ("\n::\n\n::a", "\n\\x3a:\n\n\\x3a:a"),
    ],
)
def test_commands_are_spelt_in_another_way(text: str, expected: str) -> None:
    """At the beginning of a line or anywhere in it; all else stays as it is."""
    assert expected == without_commands(text)


@pytest.mark.parametrize("format_", ["json", "sarif"])
def test_a_document_says_the_same(format_: str) -> None:
    """Programs read what was there."""
    text = json.dumps({"a": "##[error]x", "##vso[b": ["::c"]}, indent=2)
    made = without_commands(text, format_)

    assert (json.loads(text), False) == (json.loads(made), "##[" in made or "##vso[" in made)


@pytest.mark.parametrize("format_", ["html", "junit"])
def test_a_page_shows_the_same(format_: str) -> None:
    """As entities."""
    assert "<a>\n &#58;:x ##&#91;y</a>" == without_commands("<a>\n ::x ##[y</a>", format_)


def test_our_own_commands_stay() -> None:
    """Which are what the format is for; the other sort is still none of them."""
    assert "::error::a ##\\x5bb]" == without_commands("::error::a ##[b]", "github")
