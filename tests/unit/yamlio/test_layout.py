"""The canonical layout of a YAML text."""

from typing import Final

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from reconciler.yamlio import emit, parse
from reconciler.yamlio.layout import LayoutError, layout
from reconciler.yamlio.layout_order import NO_ORDER, KeyOrder


class Ranked:
    """An order in which every map has its keys in this order."""

    def __init__(self, *keys: str) -> None:
        self.ranks = {key: rank for rank, key in enumerate(keys)}

    def below(self, _: str | int) -> KeyOrder:
        """The same everywhere."""
        return self


AS_IS: Final = NO_ORDER


def formatted(text: str | bytes, order: KeyOrder = AS_IS) -> str:
    """A text in canonical layout, in which nothing is left to do."""
    content = text.encode() if isinstance(text, str) else text
    reading = parse.read(content, "")
    assert () == reading.diagnostics
    new = layout(content, reading.documents, lambda _: order)
    assert layout(new, parse.read(new, "").documents, lambda _: order) == new
    return new.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a:\n    b:\n        c: 1\n", "a:\n  b:\n    c: 1\n", id="two columns for each level"),
        pytest.param("a:\n- b: 1\n  c: 2\n-   d\n", "a:\n  - b: 1\n    c: 2\n  - d\n", id="lists are indented"),
        pytest.param("a:\n  -\n      b: 1\n", "a:\n  -\n    b: 1\n", id="an item below its dash"),
        pytest.param("a: [ {b:   1 ,c: 2} , [] , ]\n", "a: [{b: 1, c: 2}, []]\n", id="braces on one line"),
        pytest.param("a:   1\nb :\t2\n", "a: 1\nb: 2\n", id="one blank after the colon"),
        pytest.param("a: 1  \n\n \nb: 2\n\n\n", "a: 1\n\n\nb: 2\n", id="no blanks at the end of lines and files"),
        pytest.param("a: 1", "a: 1\n", id="a final line end"),
        pytest.param("a: 'b'\nc: \"d e\"\n", "a: b\nc: 'd e'\n", id="quotes"),
        pytest.param("a: \"it's\"\nb: 'it''s'\n", "a: \"it's\"\nb: \"it's\"\n", id="apostrophes"),
        pytest.param('a: "b\\tc"\n', 'a: "b\\tc"\n', id="escapes stay"),
        pytest.param("a: b c\nd: .*x\n", "a: b c\nd: .*x\n", id="plain texts stay plain"),
        pytest.param("a: yes\nb: 007\nc: 1:3\n", "a: 'yes'\nb: '007'\nc: '1:3'\n", id="texts like numbers"),
        pytest.param("a: 7\nb: true\nc: ~\nd:\n", "a: 7\nb: true\nc: ~\nd:\n", id="numbers and constants stay"),
        pytest.param("a: '7'\nb: 'true'\n", "a: '7'\nb: 'true'\n", id="texts stay texts"),
        pytest.param("a: 2030-01-31\n", "a: 2030-01-31\n", id="dates stay plain"),
        pytest.param("'404': {}\n\"a/b\": {}\n", "404: {}\na/b: {}\n", id="keys"),
        pytest.param("on: 1\n'a b': {on: 1}\n", "'on': 1\n'a b': {'on': 1}\n", id="keys that need quotes"),
        pytest.param("a: '${{ b }}'\nc: ${{ d }}\n", "a: '${{ b }}'\nc: ${{ d }}\n", id="placeholders"),
        pytest.param("a:\n    b: |\n            x\n              y\n\n            z\n    c: 1\n",
                     "a:\n  b: |\n    x\n      y\n\n    z\n  c: 1\n", id="blocks are moved as they are"),
        pytest.param("a:\n    b: |4-\n         x\n        y\n", "a:\n  b: |2-\n     x\n    y\n", id="an indicator"),
        pytest.param("a: >\n   x\n   y\n\n   z\n", "a: >\n  x\n  y\n\n  z\n", id="folded blocks"),
        pytest.param("a: |\n  x", "a: |-\n  x\n", id="a block without a final line end"),
        pytest.param("a: |+\n  x\n\n\n", "a: |+\n  x\n\n\n", id="a block that keeps its line ends"),
        pytest.param("a: |  # why\n     x\n", "a: |  # why\n  x\n", id="a comment after a block's header"),
        pytest.param("a: one\n      two\nb: 'x\n y'\n", "a: one\n  two\nb: 'x\n  y'\n", id="texts on several lines"),
        pytest.param("a:\n    b: {c: 1,\n        d: 2}\n", "a:\n  b: {c: 1,\n      d: 2}\n", id="open braces"),
        pytest.param("a: &x {b: 1}\nc: *x\n", "a: &x {b: 1}\nc: *x\n", id="anchors and aliases"),
        pytest.param("a:   &x\n    b: 1\nc: *x\n", "a: &x\n  b: 1\nc: *x\n", id="an anchor before a block"),
        pytest.param("a: !!str 5\n", "a: !!str 5\n", id="tags"),
        pytest.param("? a\n:   b\n", "? a\n: b\n", id="explicit keys"),
        pytest.param("---\na:  1\n---\nb:  2\n...\n", "---\na: 1\n---\nb: 2\n...\n", id="several documents"),
        pytest.param("{a:  1}\n", "{a: 1}\n", id="a document in braces"),
        pytest.param('? "a\n     b"\n: 1\n', '? "a\n  b"\n: 1\n', id="a key on several lines"),
        pytest.param("&x a:  1\nb: {c:  2}\n", "&x a: 1\nb: {c: 2}\n", id="an anchor on a key"),
        pytest.param("a: ['b',\n  {'c': !!str d, ? e : ''}]\n", "a: [b,\n  {c: !!str d, ? e : ''}]\n",
                     id="values in open brackets"),
        pytest.param("a: [b: 1]\n", "a: [b: 1]\n", id="a pair in brackets"),
        pytest.param("a: {b: , c: &d 1}\n", "a: {b: , c: &d 1}\n", id="braces that are left alone"),
    ],
)  # fmt: skip
def test_layout(text: str, expected: str) -> None:
    """A text has one layout; what has no canon stays as it is."""
    assert expected == formatted(text)


def test_comments_stay() -> None:
    """A comment on its own line is indented like what follows, or like the level that it is written at."""
    text = """\
# top
a:   # after a
    # above b
    b: 1    # set apart
    # below b
# above c
c:
- w
# above x
- x
  # below x
      # end
"""
    expected = """\
# top
a:   # after a
  # above b
  b: 1    # set apart
  # below b
# above c
c:
  - w
  # above x
  - x
  # below x
  # end
"""

    assert expected == formatted(text)


def test_comments_in_a_column_stay_there() -> None:
    """A comment that is set apart keeps its distance from the margin when quotes before it go."""
    assert "a: b      # one\nc: d e    # two\n" == formatted("a: 'b'    # one\nc: d e    # two\n")


def test_line_ends_stay() -> None:
    """A file with CRLF, or with a byte order mark, keeps it; mixed line ends become those of most lines."""
    crlf = "\ufeffa:  1\r\nb: |\r\n   x\r\n   y\r\n"

    assert ("\ufeffa: 1\r\nb: |\r\n  x\r\n  y\r\n", "a: 1\nb: 2\nc: 3\n") == (
        formatted(crlf),
        formatted("a: 1\r\nb: 2\nc: 3\n"),
    )


# The order of keys


ORDER: Final = Ranked("a", "b", "c")


def test_keys_are_ordered() -> None:
    """Known keys come first, in their order; others follow as they are written."""
    text = "z: 1\nc: {x: 1, b: 2, a: 3}\nw: 1\na: 1\n"

    assert "a: 1\nc: {a: 3, b: 2, x: 1}\nz: 1\nw: 1\n" == formatted(text, ORDER)


def test_comments_move_with_their_entry() -> None:
    """A comment above an entry, behind it or below what is in it belongs to it; the top of the file stays."""
    text = """\
# about the file
b: 1  # of b
# above a
a:
  # above c
  c: 2
  # above b

  b: 3
  # below
# the end
"""
    expected = """\
# about the file
# above a
a:
  # above b

  b: 3
  # above c
  c: 2
  # below
b: 1  # of b
# the end
"""

    assert expected == formatted(text, ORDER)


def test_blank_lines_do_not_begin_a_map() -> None:
    """The blank line above an entry that becomes the first one goes."""
    assert "x:\n  a: 1\n  b: 2\n" == formatted("x:\n  b: 2\n\n  a: 1\n", ORDER)


def test_items_are_ordered() -> None:
    """The first entry of an item is on the line of the dash, whichever it is."""
    assert "x:\n  - a: 1\n    b: 2\n  - c: 3\n" == formatted("x:\n  - b: 2\n    a: 1\n  - c: 3\n", ORDER)


def test_items_below_their_dash_are_ordered() -> None:
    """An item, or a list in a list, may begin on the line after the dash."""
    text = "x:\n  -\n    # of b\n    b: 2\n    a: 1\n  -\n    -\n      b: 2\n      a: 1\n"
    expected = "x:\n  -\n    a: 1\n    # of b\n    b: 2\n  -\n    -\n      a: 1\n      b: 2\n"

    assert expected == formatted(text, ORDER)


def test_a_comment_keeps_an_item_as_it_is() -> None:
    """A comment above an entry cannot move to the line of the dash."""
    text = "x:\n  - b: 2\n    # why\n    a: 1\n"

    assert text == formatted(text, ORDER)


def test_anchors_stay_above_their_aliases() -> None:
    """Keys whose order would put an alias above its anchor stay where they are; all else is formatted."""
    assert "b: &x 1\na: *x\n" == formatted("b: &x 1\na:   *x\n", ORDER)


def test_what_cannot_be_laid_out_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that would mean something else is never returned."""
    monkeypatch.setattr("reconciler.yamlio.layout.arranged_lines", lambda *_: "a: 2\n")

    with pytest.raises(LayoutError):
        formatted("a: 1\n")


@pytest.mark.parametrize("text", ["a: [", "b: 1\n", "a: 1\n---\na: 1\n"])
def test_what_does_not_read_back_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Neither is a text that is not YAML, or has other documents."""
    monkeypatch.setattr("reconciler.yamlio.layout.arranged_lines", lambda *_: text)

    with pytest.raises(LayoutError):
        formatted("c: 1\na: 1\n", ORDER)


# Any text


WORDS: Final = st.sampled_from(
    ["a", "b", "on", "404", "x y", "it's", '"q"', "$default", "/p/{id}", "${{ vars.x }}", "a: b", "# no", "", " lead",
     "7", "true", "é", "a\nb\n", "a\n\n  b", "\n", "tab\there", "-", "null", "a/b", "x:", "*a", "{", "[]", "z ", "0x1"]
)  # fmt: skip
KEYS: Final = st.sampled_from(["a", "b", "c", "404", "'on'", '"x y"', "a/b", "? d\n", "'c d'", "e "])
GAPS: Final = st.sampled_from([" ", "  ", "   "])
NOTES: Final = st.sampled_from(["", "", "", "  # note", "     # far"])
BETWEEN: Final = st.sampled_from(["", "", "", "\n", "# c\n", "      # deep\n", "  # mid\n\n", "\n\n   # x\n"])


def quoted(text: str) -> st.SearchStrategy[str]:
    """Ways to write a text on one line."""
    single = "'{}'".format(text.replace("'", "''"))
    return st.sampled_from([emit.double_quoted(text), *([single] if "\n" not in text and "\t" not in text else [])])


@st.composite
def scalars(draw: st.DrawFn, column: int) -> str:
    """A value after its key, with its last line end."""
    kind = draw(st.sampled_from(["plain", "quoted", "quoted", "block", "empty", "multi", "anchor"]))
    text = draw(WORDS)
    if kind == "block" and text.strip():
        width = column + draw(st.integers(1, 5))
        header = draw(st.sampled_from(["|", "|-", "|+", ">", ">-", "|  # note"]))
        return "".join([header, "\n", *(f"{' ' * width}{line}\n" if line else "\n" for line in text.split("\n"))])
    if kind == "multi":
        return f"one\n{' ' * (column + draw(st.integers(1, 4)))}two{draw(NOTES)}\n"
    written = {"plain": "plain text", "empty": "", "anchor": "&n v", "quoted": draw(quoted(text)), "block": "x"}[kind]
    return f"{written}{draw(NOTES)}\n"


@st.composite
def flows(draw: st.DrawFn, depth: int) -> str:
    """A value in braces or brackets."""
    if depth == 0:
        return str(draw(st.one_of(st.sampled_from(["x", "7", "~"]), WORDS.flatmap(quoted))))
    items = draw(st.lists(flows(depth - 1), max_size=3))
    comma = draw(st.sampled_from([",", ", ", " , ", ",\n          ", ", # c\n          "]))
    if draw(st.booleans()):
        return f"[{comma.join(items)}]"
    return "{" + comma.join(f"k{number}: {item}" for number, item in enumerate(items)) + "}"


@st.composite
def blocks(draw: st.DrawFn, column: int, depth: int) -> str:
    """Lines of a map or list in this column."""
    pad = " " * column
    is_list = depth < 3 and draw(st.booleans())
    keys = range(draw(st.integers(1, 3))) if is_list else draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
    lines: list[str] = []
    for key in keys:
        lines.append(draw(BETWEEN))
        before = f"{pad}-" if is_list else f"{pad}{key}{pad if str(key).startswith('?') else ''}:"
        form = draw(st.sampled_from(["scalar", "scalar", "flow", "block"] if depth else ["scalar", "flow"]))
        if form == "scalar":
            lines.append(f"{before}{draw(GAPS)}{draw(scalars(column))}")
        elif form == "flow":
            lines.append(f"{before}{draw(GAPS)}{draw(flows(2))}{draw(NOTES)}\n")
        else:
            inner = draw(blocks(column + draw(st.integers(1, 5)), depth - 1))
            lines.append(f"{before}{draw(NOTES)}\n{inner}")
    return "".join(lines)


@given(st.lists(blocks(0, 3), min_size=1, max_size=2), st.booleans(), st.booleans())
@example(["a: |\n  x"], False, False)
def test_any_text(documents: list[str], crlf: bool, ordered: bool) -> None:
    """Formatting never changes what a text means, and formatting twice is formatting once."""
    text = "---\n".join(documents)
    content = (text.replace("\n", "\r\n") if crlf else text).encode()
    reading = parse.read(content, "")
    assume(not reading.diagnostics)
    new = formatted(content, ORDER if ordered else AS_IS)

    assert [places.root for places in reading.documents] == [
        places.root for places in parse.read(new.encode(), "").documents
    ]
