"""Where a line and column of a text is in the YAML that it is written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.diagnostics import Location
from reconciler.yamlio.content import content_location
from reconciler.yamlio.emit import inline
from reconciler.yamlio.nodes import SourceMap
from reconciler.yamlio.parse import read


def source(text: str) -> SourceMap:
    """The only document of a file."""
    (places,) = read(text.encode(), "a.yaml").documents
    return places


def place_of(text: str, mark: str = "@") -> tuple[int, int]:
    """Where the mark in the value of `a` is, by the place of the mark in that value."""
    places = source(text)
    value = places.node(("a",))
    assert isinstance(value, str)
    before, _, _ = value.partition(mark)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    found = content_location(places, ("a",), line, column)
    assert "a.yaml" == found.file
    return found.line, found.column


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n  x\n  y @\n",
        "a: |-\n    x\n      y @\n",
        "b: 1\na: |  # a comment\n\n\n  x\n  @\n",
        "a: |+2\n    x\n   @\n",
        "a: &name |\n  @\n",
        "a: !!str |\n  @\n",
        "a: |\r\n  x\r\n  y@\r\n",
        "a: x @\n",
        "{b: 1, a: x @}",
        "a: 'x @'\n",
        "a: 'it''s ''x'' @'\n",
        'a: "x @"\n',
        'a: "\\"x\\" \\u0041\\x41\\U00000041 @"\n',
        'a: "x\\ny\\tz @"\n',
        "a:\n  'x @'\n",
        "é: 1\na: ééé @\n",
        "a: |\n  ${{ vars.x }}\n  x @\n",
    ],
)
def test_the_place_is_exact(text: str) -> None:
    """In literal blocks and on one line, whatever quotes and escapes there are."""
    line = text[: text.index("@")].count("\n") + 1
    column = text.index("@") - text.rfind("\n", 0, text.index("@"))

    assert (line, column) == place_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: >\n  x\n  y @\n",
        "a: 'x\n  y @'\n",
        'a: "x\n  y @"\n',
        "a: x\n  y @\n",
        "a: x ${{ vars.x }} @\n",
    ],
)
def test_elsewhere_the_place_is_the_start_of_the_value(text: str) -> None:
    """Folded texts, and what a placeholder may have moved."""
    assert (1, 4) == place_of(text)


def test_an_alias_has_its_own_place() -> None:
    """The text is elsewhere, and so may be its other uses."""
    assert (2, 4) == place_of("b: &b x @\na: *b\n")


def test_a_column_behind_a_placeholder_in_a_block_is_that_of_its_line() -> None:
    """The text of a variable may have another length."""
    assert (3, 3) == place_of("a: |\n  x\n  ${{ vars.x }} @\n")


def test_a_place_beyond_the_text_is_the_start_of_the_value() -> None:
    """As for a text that a variable made longer."""
    for text in ("a: x\n", "a: |\n  x"):
        assert Location("a.yaml", 1, 4) == content_location(source(text), ("a",), 7, 1)


def test_a_tree_without_its_text_has_the_start_of_the_value() -> None:
    """A tree may be made without a file."""
    places = source("a: x\n")

    assert Location("a.yaml", 1, 4) == content_location(SourceMap("a.yaml", places.root, places.start), ("a",), 1, 1)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="$@"), max_size=30))
def test_every_text_on_one_line_has_exact_places(text: str) -> None:
    """However the emitter quotes it."""
    test_the_place_is_exact(f"a: {inline(text + '@')}\n")
