"""Any text is a template or an error with a place; any rendering ends in a result or a fault."""

from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.mapping.velocity.source import TemplateSyntaxError
from reconciler.mapping.velocity.template import parse
from reconciler.mapping.velocity.tree import walk
from support.velocity import rendered

FRAGMENTS = st.sampled_from(
    [
        *("$", "#", "\\", "!", "{", "}", "[", "]", "(", ")", '"', "'", ".", "..", ",", ":", " ", "\n", "\t", "\r\n"),
        *("$x", "$!x", "${x}", "$m.a", "$l[0]", "$missing", ".a", ".get(0)", ".put('a', 1)", "[0]", "$foreach.index"),
        *("#if(true)", "#if($x)", "#if(", "#elseif($m)", "#else", "#{else}", "#end", "#{end}", "#set($z = ", "#set("),
        *("#foreach($i in $l)", "#foreach($i in [1..3])", "#foreach(", "$i", "#break", "#stop", "#define($d)", "$d"),
        *("#macro(a)", "#a()", "#@a()", "#parse('a')", "#literal()", "#evaluate(", "##", "#*", "*#", "#[[", "]]#"),
        *("1", "-1", "1.5", "true", "null", "a", '"$x"', '"a', "=", "==", "!=", "<", "&&", "||", "+", "-", "*", "/"),
        *("%", "and", "not", "é", "\x00", "\U0001f600", "\\u0041"),
    ]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(FRAGMENTS, max_size=25).map("".join))


def error_of(text: str) -> TemplateSyntaxError | None:
    """Return why a text does not parse, None if it does."""
    try:
        parse(text)
    except TemplateSyntaxError as error:
        return error
    return None


@given(TEXTS)
def test_any_text_parses_or_has_an_error_with_a_place(text: str) -> None:
    """An error is on a line of the text, at most one character behind its last."""
    error = error_of(text)
    lines = text.split("\n")

    assert error is None or error.message
    assert error is None or 1 <= error.line <= len(lines)
    assert error is None or 1 <= error.column <= len(lines[error.line - 1]) + 1


@given(TEXTS)
def test_any_rendering_ends(text: str) -> None:
    """A rendering gives a text, or a fault with a place; the branches it takes exist."""
    assume(error_of(text) is None)
    template = parse(text)
    result = rendered(text, x="X", m={"a": {"b": 1}}, l=["p", "q", 2])

    assert result.fault is None or (not result.output and result.fault.line >= 1 and result.fault.column >= 1)
    assert result.branches <= template.branches


@given(TEXTS)
def test_every_node_has_its_place(text: str) -> None:
    """The offset, line and column of a node say the same."""
    assume(error_of(text) is None)

    for node in walk(parse(text).tree):
        before = text[: node.offset]
        assert (before.count("\n") + 1, len(before) - before.rfind("\n")) == (node.line, node.column)


@given(st.text(alphabet=st.characters(exclude_characters="$#\\"), max_size=100))
def test_text_prints_as_it_is(text: str) -> None:
    """A text without `$`, `#` and backslashes prints as it is."""
    assert text == rendered(text).output
