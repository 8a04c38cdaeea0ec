"""Values as pieces of YAML."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reconciler.yamlio import emit, parse
from reconciler.yamlio.emit import Commented, Raw, flow_list, flow_map, lines
from support.exports import AWKWARD, texts


def text_of(*entries: tuple[str, emit.Node], indent: int = 0) -> str:
    """A block map as a file would have it."""
    return "\n".join(lines(dict(entries), indent)) + "\n"


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


@given(texts(), texts(), texts())
def test_text_is_read_back(name: str, text: str, last: str) -> None:
    """Whatever a text holds, and wherever it stands, our reader gets that text."""
    node, found = nested(name or "x", text)

    assert [{"root": found, "last": emit.escaped(last)}] == as_we_read(text_of(("root", node), ("last", last)))


@given(texts(), texts())
def test_yaml_1_1_reads_the_same(name: str, text: str) -> None:
    """A reader of YAML 1.1, for which `on` is true and `12:30` a number, gets the same texts."""
    node, found = nested(f"{name}.", text)

    assert {"root": found} == yaml.safe_load(text_of(("root", node)))


@settings(max_examples=30)
@given(texts(), texts())
def test_yaml_1_2_reads_the_same(name: str, text: str) -> None:
    """A reader of YAML 1.2 by others gets the same texts."""
    node, found = nested(f"{name}.", text)

    assert {"root": found} == YAML(typ="safe", pure=True).load(text_of(("root", node)))


@given(st.lists(texts()), st.dictionaries(st.sampled_from(("id", "name", "file")), texts()))
def test_flow_style_is_read_back(items: list[str], entries: dict[str, str]) -> None:
    """Lists and maps on one line hold what they were given."""
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
    """The plainest style that keeps a text is taken: plain, quoted, a literal block, escapes."""
    assert expected == emit.value(text, 4)


def test_long_text_with_escapes_goes_on_line_by_line() -> None:
    """What a literal block cannot hold is still read, and compared, a line at a time."""
    text = "a" * 60 + "\r\n" + "  b" * 20 + "\r\n"

    assert ['"' + "a" * 60 + "\\r\\n\\", "    \\" + "  b" * 20 + '\\r\\n"'] == emit.value(text, 4).split("\n")


def test_key_beyond_what_yaml_takes_is_marked() -> None:
    """A key of more than 1024 characters is written with a `?`, without which YAML has none so long."""
    tree: dict[str, emit.Node] = {"k" * 2000: {"inner": ""}, "l" * 2000: "a\nb"}

    assert [tree] == as_we_read(text_of(*tree.items()))


@pytest.mark.parametrize("comment", [*AWKWARD, "a\nb: c", "x\ry"])
def test_comment_is_one_line(comment: str) -> None:
    """No text breaks out of a comment."""
    text = text_of(("a", Commented([comment], Raw("1"))))

    assert (2, [{"a": 1}]) == (len(text.splitlines()), as_we_read(text))


def test_empty_maps_and_lists_are_not_left_out() -> None:
    """What is empty is written as that, for nothing at all would be null."""
    assert "a: {}\nb: []\n" == text_of(("a", {}), ("b", ()))


def test_hidden_characters_show() -> None:
    """A character that turns text around, or that has no width, is never written as itself."""
    assert r'"a\u202eb\u200bc"' == emit.inline("a\u202eb\u200bc")
