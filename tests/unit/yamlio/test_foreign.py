"""Edits of documents of other tools."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.yamlio import parse
from reconciler.yamlio.edit import Edit, EditResult
from reconciler.yamlio.foreign import edit_maps
from reconciler.yamlio.nodes import Path
from support.exports import texts

R = ("api", "responses")


def edited(content: str, *edits: Edit, path: Path = R) -> str:
    """The new text."""
    result = edit_maps(content.encode(), {path: edits})
    assert () == result.rejected
    return result.content.decode()


def test_yaml_keeps_all_else() -> None:
    """Comments, quotes, tags and order stay."""
    text = "# top\napi:\n  uri: !Sub '${X}'  # keep\n  responses:\n    a: {statusCode: 200}\n    b: {statusCode: 201}\n"

    assert text.replace("200", "'404'") == edited(text, Edit(0, (*R, "a", "statusCode"), "404"))


def test_placeholders_of_ours_are_plain_text_there() -> None:
    """They are neither escaped nor replaced, in what is written and in what was there."""
    text = "api:\n  other: ${{ x }}\n  responses:\n    a: b\n"

    assert text.replace("a: b", "a: '${{ y }}'") == edited(text, Edit(0, (*R, "a"), "${{ y }}"))


def test_json_keeps_its_look() -> None:
    """Indentation and the order of keys stay, and all that is outside of the map stays byte for byte."""
    lines = [
        "{",
        '    "z": [1, 2],',
        '    "api": {',
        '        "responses": {',
        '            "b": "1",',
        '            "a": "2"',
    ]
    text = "\n".join([*lines, "        }", "    }", "}", ""])

    assert text.replace('"2"', '"3"') == edited(text, Edit(0, (*R, "a"), "3"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"api":{"x":1}}', '{"api":{"x":1, "responses": {"a": "b"}}}'),
        ('{"api": {}}', '{"api": {"responses": {"a": "b"}}}'),
        (
            '{\r\n  "api": {\r\n    "x": 1\r\n  }\r\n}',
            '{\r\n  "api": {\r\n    "x": 1,\r\n    "responses": {\r\n      "a": "b"\r\n    }\r\n  }\r\n}',
        ),
        (
            '{\n\t"api": {\n\t\t"responses": {}\n\t}\n}',
            '{\n\t"api": {\n\t\t"responses": {\n\t\t\t"a": "b"\n\t\t}\n\t}\n}',
        ),
        ('{"api": {"responses": null}}', '{"api": {"responses": {"a": "b"}}}'),
    ],
)
def test_json_gets_a_missing_map(before: str, after: str) -> None:
    """On the same line or on lines of its own, as its neighbours are."""
    assert after == edited(before, Edit(0, (*R, "a"), "b"))


def test_json_in_ascii_stays_in_ascii() -> None:
    """Others keep their characters."""
    edit = Edit(0, (*R, "a"), "é")

    assert (r'{"api": {"responses": {"a": "\u00e9"}}}', '{"api": {"responses": {"a": "é", "ü": ""}}}') == (
        edited('{"api": {"responses": {}}}', edit),
        edited('{"api": {"responses": {"a": "", "ü": ""}}}', edit),
    )


def test_a_byte_order_mark_stays() -> None:
    """In both."""
    mark = "\ufeff"

    assert [mark, mark] == [
        edited(mark + text, Edit(0, (*R, "a"), "b"))[:1]
        for text in ('{"api": {"responses": {}}}', "api: {responses: {}}")
    ]


def test_entries_are_removed() -> None:
    """Also if there are none."""
    edits = (Edit(0, (*R, "a"), None), Edit(0, (*R, "none"), None))

    assert '{"api": {"responses": {"b": 1}}}' == edited('{"api": {"responses": {"a": 0, "b": 1}}}', *edits)


def test_what_aliases_share_is_not_changed() -> None:
    """The edit is rejected, and the file stays as it is."""
    content = b"api:\n  responses: &r {a: {b: c}}\nother: *r\n"
    edit = Edit(0, (*R, "a", "b"), "d${{")

    result: EditResult = edit_maps(content, {R: [edit]})
    assert (content, edit) == (result.content, result.rejected[0].edit)


def test_a_key_that_our_reader_would_refuse() -> None:
    """JSON takes longer keys than YAML; then the file stays as it is."""
    content = b'{"api": {"responses": {}}}'
    result = edit_maps(content, {R: [Edit(0, (*R, "k" * 1100), "b")]})

    assert (content, ["a key has more than 1,024 characters"]) == (
        result.content,
        [each.reason for each in result.rejected],
    )


@settings(max_examples=60)
@given(texts(), texts(), st.booleans())
def test_every_text_arrives(old: str, new: str, is_json: bool) -> None:
    """Whatever there was and whatever is written, the document then holds exactly that."""
    before: dict[str, Any] = {"api": {"responses": {"a": old, "b": "x"}}}
    content = json.dumps(before, indent=2) if is_json else f"api:\n  responses:\n    a: {json.dumps(old)}\n    b: x\n"
    if parse.read(content.encode(), "", functions=True).diagnostics:
        return
    before["api"]["responses"]["a"] = new

    changed = edited(content, Edit(0, (*R, "a"), new))
    assert before == (json.loads(changed) if is_json else parse.read(changed.encode(), "").documents[0].root)
