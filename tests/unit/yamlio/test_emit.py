"""Values as pieces of YAML."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.yamlio import emit, parse
from reconciler.yamlio.emit import CommentedNode, flow_list, flow_map, lines
from support import plain_yaml
from support.exports import AWKWARD, texts


def text_of(*entries: tuple[str, emit.Node], indent: int = 0, step: int = emit.STEP) -> str:
    """A block map as a file would have it."""
    return "\n".join(lines(dict(entries), indent, step)) + "\n"


def as_we_read(text: str) -> Any:  # noqa: ANN401 - whatever YAML holds
    """The tree that our reader makes of it."""
    reading = parse.read(text.encode(), "written.yaml")
    return [document.root for document in reading.documents] or reading.diagnostics


def nested(name: str, text: str) -> tuple[emit.Node, Any]:
    """A text in maps and lists, and what a reader is to find there."""
    node: emit.Node = {
        name: text,
        "map": {name: text, "empty": {}},
        "list": ({name: text}, {"a": text, name: {"b": text}}),
    }
    value = emit.escaped(text)
    found = {name: value, "map": {name: value, "empty": {}}, "list": [{name: value}, {"a": value, name: {"b": value}}]}
    return node, found


@given(texts(), texts(), texts(), st.integers(0, 5), st.integers(1, 12))
def test_text_is_read_back(name: str, text: str, last: str, indent: int, step: int) -> None:
    """Our reader gets back any text, in any position and at any indentation."""
    node, found = nested(name or "x", text)
    content = text_of(("root", node), ("last", last), indent=indent, step=step)

    assert [{"root": found, "last": emit.escaped(last)}] == as_we_read(content)


@pytest.mark.parametrize("step", [1, 2, 4, 9, 10])
def test_every_pair_of_awkward_texts(step: int) -> None:
    """Blanks, control characters, line ends of all kinds, marks and quotes are read back in any order."""
    pairs = dict.fromkeys(first + second for first in AWKWARD for second in AWKWARD if len(first + second) < 1_000)
    entries = {f"k{number}": text for number, text in enumerate(pairs)}
    found = {key: emit.escaped(text) for key, text in entries.items()}
    content = text_of(*entries.items(), step=step)

    assert [found] == as_we_read(content)
    assert found == yaml.load(content, Loader=yaml.CSafeLoader)


@given(texts(), texts())
def test_yaml_1_1_reads_the_same(name: str, text: str) -> None:
    """Another YAML 1.1 reader, for which `on` is true and `12:30` a number, gets the same texts."""
    node, found = nested(f"{name}.", text)

    assert {"root": found} == yaml.safe_load(text_of(("root", node)))


@settings(max_examples=30)
@given(texts(), texts())
def test_yaml_1_2_reads_the_same(name: str, text: str) -> None:
    """A YAML 1.2 reader without the C parser gets the same texts."""
    node, found = nested(f"{name}.", text)

    assert {"root": found} == plain_yaml.document(text_of(("root", node)))


@given(st.lists(texts()), st.dictionaries(st.sampled_from(("id", "name", "file")), texts()))
def test_flow_style_is_read_back(items: list[str], entries: dict[str, str]) -> None:
    """Lists and maps on one line are read back."""
    text = text_of(("list", flow_list(items)), ("map", flow_map(entries)))
    expected = {
        "list": [emit.escaped(item) for item in items],
        "map": {name: emit.escaped(one) for name, one in entries.items()},
    }

    assert [expected] == as_we_read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("integration.response.body.error.code", "integration.response.body.error.code"),
        ("$default", "$default"),
        ("", "''"),
        ("'*'", "\"'*'\""),
        (r"4\d\d", r"'4\d\d'"),
        (r"it's \d", r"'it''s \d'"),
        ("200", "'200'"),
        ("on", "'on'"),
        ("a\tb", r'"a\tb"'),
        ("a\r\nb", r'"a\r\nb"'),
        ("\0\x7f\x85\u2028\ufeff", r'"\u0000\u007f\u0085\u2028\ufeff"'),
        ("😀", "'😀'"),
        ("a ${{ b }}", "'a $${{ b }}'"),
        ("a\nb", "|-\n    a\n    b"),
        ("a\nb\n", "|\n    a\n    b"),
        ("a\nb\n\n\n", "|+\n    a\n    b\n\n"),
        (" a\nb", "|2-\n     a\n    b"),
        ("\na", "|2-\n\n    a"),
        ("a  \n\n\tb", "|-\n    a  \n\n    \tb"),
        ("\n", r'"\n"'),
        ("a\n ", r'"a\n "'),
    ],
)
def test_style(text: str, expected: str) -> None:
    """The plainest style that can hold a text is used: plain, quoted, a literal block, escapes."""
    assert expected == emit.value(text, 4)


@pytest.mark.parametrize("step", [1, 4, 9])
@pytest.mark.parametrize("blank", [" ", "\t", "\n"])
def test_indentation_is_stated_if_the_first_line_hides_it(blank: str, step: int) -> None:
    """The header states the indentation of the block."""
    assert emit.value(f"{blank}a\nb", 12, step).startswith(f"|{step}-\n")


def test_indentation_that_a_block_cannot_state() -> None:
    """Beyond nine columns there are no blocks, and a text is still read back."""
    assert '"a\\nb"' == emit.value("a\nb", 12, 10)


def test_last_line_ends_need_no_mark_behind_the_document() -> None:
    """No `...` stands at the end of a file whose last text ends with empty lines."""
    assert "a: |+\n  b\n\n---\nc: |+\n  d\n\n" == emit.dump([{"a": "b\n\n"}, {"c": "d\n\n"}])


def test_long_line_is_not_folded() -> None:
    """A line stays one line at any length."""
    text = "word " * 500 + "end"

    assert [f"a: '{text}'", "b: |-", f"  {text}", "  x"] == list(lines({"a": text, "b": f"{text}\nx"}, 0))


def test_long_text_with_escapes_goes_on_line_by_line() -> None:
    """What a literal block cannot hold is still read, and compared, a line at a time."""
    text = "a" * 60 + "\r\n" + "  b" * 20 + "\r\n"

    assert ['"' + "a" * 60 + "\\r\\n\\", "    \\" + "  b" * 20 + '\\r\\n"'] == emit.value(text, 4).split("\n")


def test_key_beyond_what_yaml_takes_is_marked() -> None:
    """A key that might have more than 1,024 characters with its escapes is written with a `?`, for YAML has no such."""
    tree: dict[str, emit.Node] = {"k" * 2000: {"inner": ""}, "l" * 171: "a\nb", "\u200b" * 160: "x"}

    assert [tree] == as_we_read(text_of(*tree.items()))
    assert ["? k", "? l", '"\\u'] == [line[:3] for line in text_of(*tree.items()).splitlines() if line[0] in '?"']


def test_longest_key_without_a_question_mark() -> None:
    """A path of many parts is on one line with its colon."""
    path = f"/v1{'/{customerId}/orders' * 8}"

    assert [f"{path}: x"] == list(lines({path: "x"}, 0))


@pytest.mark.parametrize("comment", [*AWKWARD, "a\nb: c", "x\ry"])
def test_comment_is_one_line(comment: str) -> None:
    """No text breaks out of a comment."""
    text = text_of(("a", CommentedNode([comment], "x")))

    assert (2, [{"a": "x"}]) == (len(text.splitlines()), as_we_read(text))


def test_empty_maps_and_lists_are_not_left_out() -> None:
    """They are written as empty, because no value at all would be null."""
    assert "a: {}\nb: []\n" == text_of(("a", {}), ("b", ()))


def test_hidden_characters_show() -> None:
    """A character that reverses text or has no width is always escaped."""
    assert r'"a\u202eb\u200bc"' == emit.inline("a\u202eb\u200bc")
