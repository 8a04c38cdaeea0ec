"""Edits of manifests: what they look like in the text, and what is refused."""

from typing import Final

import pytest

from reconciler.yamlio.edit import Edit, apply_edits
from reconciler.yamlio.flow import Content
from reconciler.yamlio.nodes import Path

BLOCK: Final = """\
# first
responses:
    # the default
    200: {}

    404:   # not found
        selectionPattern: '404'  # why
        responseTemplates:
            a/b: |  # text
                one
                two

    500: {selectionPattern: "5", responseParameters: {a: 'x', b: y}}  # flow
use: [errors]
"""
FLOW: Final = """\
GET: {
  responses: {200: {},  # fine
    500: {}},
  use: [x]
}
"""
SHARED: Final = "one: &a {x: '1'}\ntwo: *a\nthree: &b '2'\n"
NOT_FOUND: Final = ("responses", "404")


def after(text: str, *edits: tuple[Path, Content | None]) -> str:
    """The text with edits that are all made."""
    made = apply_edits(text.encode(), [Edit(0, path, content) for path, content in edits])
    assert () == made.rejected
    return made.content.decode()


def reasons(text: str, *edits: tuple[Path, Content | None]) -> list[str]:
    """Why edits are refused; the text is as it was."""
    made = apply_edits(text.encode(), [Edit(0, path, content) for path, content in edits])
    assert text.encode() == made.content
    return [one.reason for one in made.rejected]


def test_quotes_stay() -> None:
    """A value keeps its quotes, and the comment after it."""
    wanted = BLOCK.replace("'404'  # why", "'4\\d\\d'  # why")

    assert wanted == after(BLOCK, ((*NOT_FOUND, "selectionPattern"), "4\\d\\d"))


def test_quotes_change_if_they_must() -> None:
    """A text that its quotes cannot hold gets others."""
    wanted = BLOCK.replace("'404'  # why", '"\\u0007"  # why')

    assert wanted == after(BLOCK, ((*NOT_FOUND, "selectionPattern"), "\a"))


def test_plain_values_stay_plain() -> None:
    """A plain value stays plain if the new text can be plain."""
    assert ("a: b.*\n", "a: '5'\n") == (after("a: 4.*\n", (("a",), "b.*")), after("a: 4.*\n", (("a",), "5")))


def test_blocks_stay_blocks() -> None:
    """A literal block keeps its indentation and the comment in its first line."""
    old = "|  # text\n                one\n                two\n"
    wanted = BLOCK.replace(old, "|-  # text\n                three\n")

    assert wanted == after(BLOCK, ((*NOT_FOUND, "responseTemplates", "a/b"), "three"))


def test_new_values_of_several_lines_are_blocks() -> None:
    """The comment behind a value that becomes a block moves into its first line."""
    wanted = BLOCK.replace("'404'  # why", "|-  # why\n            a\n            b")

    assert wanted == after(BLOCK, ((*NOT_FOUND, "selectionPattern"), "a\nb"))


def test_fields_have_an_order() -> None:
    """A new field is inserted at its place in the usual order."""
    wanted = BLOCK.replace("  # why\n", "  # why\n        contentHandling: CONVERT_TO_TEXT\n")

    assert wanted == after(BLOCK, ((*NOT_FOUND, "contentHandling"), "CONVERT_TO_TEXT"))


def test_new_entries_are_indented_as_the_file_is() -> None:
    """A file indented by four columns stays so."""
    new: Content = {"selectionPattern": "450", "responseTemplates": {"a/b": "x\ny"}}
    lines = (
        "    450:\n        selectionPattern: '450'\n        responseTemplates:\n            a/b: |-\n"
        "                x\n                y\n"
    )
    wanted = BLOCK.replace("two\n", f"two\n{lines}")

    assert wanted == after(BLOCK, (("responses", "450"), new))


def test_first_entries_stand_above_the_comment_of_the_next() -> None:
    """A comment stays with the entry below it."""
    assert BLOCK.replace("    # the", "    100: {}\n    # the") == after(BLOCK, (("responses", "100"), {}))


def test_empty_maps_become_blocks() -> None:
    """An empty map becomes a block where the rest is in block style."""
    wanted = BLOCK.replace("    200: {}", "    200:\n        selectionPattern: q")

    assert wanted == after(BLOCK, (("responses", "200", "selectionPattern"), "q"))


def test_empty_maps_in_braces_stay_there() -> None:
    """Inside `{...}` there are no blocks."""
    assert FLOW.replace("200: {}", "200: {a: b}") == after(FLOW, (("GET", "responses", "200", "a"), "b"))


def test_entries_go_with_their_lines() -> None:
    """An entry is removed with its line and the comment after it; blank lines around it stay."""
    gone = BLOCK[BLOCK.index("    404:") : BLOCK.index("\n    500:")]

    assert BLOCK.replace(gone, "") == after(BLOCK, (NOT_FOUND, None))


def test_entries_in_braces_go_with_their_comma() -> None:
    """The first and the last entry are removed with their commas."""
    path = ("responses", "500", "responseParameters")

    assert ("{b: y}", "{a: 'x'}") == tuple(
        after(BLOCK, ((*path, key), None)).partition("responseParameters: ")[2].partition("}}")[0] + "}" for key in "ab"
    )


def test_comments_of_emptied_maps_stay() -> None:
    """They do not belong to the removed entries."""
    assert "a: {}\n  # about b\n" == after("a:\n  # about b\n  b: c\n", (("a", "b"), None))


def test_new_entries_in_braces_on_several_lines() -> None:
    """A new entry gets a line of its own if its neighbours have one."""
    wanted = FLOW.replace("500: {}}", "500: {},\n    '600': {}}")

    assert wanted == after(FLOW, (("GET", "responses", "600"), {}))


def test_comments_in_braces_end_before_the_brace() -> None:
    """A comment after the last entry does not swallow the brace."""
    wanted = FLOW.replace("\n    500: {}}", "\n    }")

    assert wanted == after(FLOW, (("GET", "responses", "500"), None))


def test_missing_parents_are_added() -> None:
    """All missing parents of a new value are added, once for several values."""
    overlay = ("overlays", "prod", "GET", "responses")

    assert BLOCK + (
        "overlays:\n    prod:\n        GET:\n            responses:\n                404: absent\n"
        "                500: {}\n"
    ) == after(BLOCK, ((*overlay, "404"), "absent"), ((*overlay, "500"), {}))


def test_list_items_come_and_go() -> None:
    """List items are counted from 0; a new one is appended."""
    text = "list:\n  - id: a\n    x: {}\n  # about b\n  - {id: b}\n"

    assert "list:\n  # about b\n  - {id: b}\n  - id: c\n" == after(text, (("list", 0), None), (("list", 2, "id"), "c"))


def test_new_items_come_in_the_order_of_their_numbers() -> None:
    """The order of the edits does not matter."""
    edits: list[tuple[Path, Content]] = [(("list", 1, "id"), "b"), (("list", 0, "id"), "a"), (("list", 1, "x"), "c")]

    assert "a: b\nlist:\n  - id: a\n  - id: b\n    x: c\n" == after("a: b\n", *edits)


def test_placeholders_are_escaped() -> None:
    """A text that looks like a placeholder is written as text."""
    assert "a: '$${{ x }}'\n" == after("a: b\n", (("a",), "${{ x }}"))


def test_windows_line_ends() -> None:
    """New lines end as the others do."""
    made = after(BLOCK.replace("\n", "\r\n"), ((*NOT_FOUND, "responseTemplates", "c/d"), "x\ny\n"))

    assert made.count("\r\n") == made.count("\n")


def test_byte_order_mark_stays() -> None:
    """A byte order mark is kept."""
    assert "\ufeffa: c\n" == after("\ufeffa: b\n", (("a",), "c"))


def test_other_documents_stay() -> None:
    """Only the document of an edit changes."""
    made = apply_edits(b"a: 1\n--- # two\na: 2\n...\n---\na: 3\n", [Edit(1, ("a",), "x")])

    assert b"a: 1\n--- # two\na: x\n...\n---\na: 3\n" == made.content


def test_blocks_that_keep_blank_lines() -> None:
    """A text that ends with blank lines does not absorb those after it."""
    assert 'a: "x\\n\\n"\n\nb: c\n' == after("a: |\n  y\n\nb: c\n", (("a",), "x\n\n"))


def test_file_without_a_last_line_end() -> None:
    """A new entry begins on a line of its own."""
    assert "a: b\nc: d" == after("a: b", (("c",), "d"))


def test_nothing_to_remove() -> None:
    """Removing a missing value is allowed."""
    assert BLOCK == after(BLOCK, (("responses", "418"), None))


@pytest.mark.parametrize("path", [("one", "x"), ("two", "x"), ("one",), ("three",)])
def test_shared_values_are_rejected(path: Path) -> None:
    """A change in one place must not change another."""
    used = SHARED + "four: *b\n"

    assert 1 == len(reasons(used, (path, "new")))


def test_an_alias_itself_may_be_replaced() -> None:
    """The new value affects only the place of the alias."""
    assert SHARED.replace("*a", "{}") == after(SHARED, (("two",), {}))


def test_unused_anchors_do_not_matter() -> None:
    """An anchor without aliases shares nothing."""
    assert SHARED.replace("&b '2'", "'3'") == after(SHARED, (("three",), "3"))


def test_values_are_no_maps() -> None:
    """A key cannot be added to a text."""
    assert ["there is a single value where a map is needed"] == reasons("a: b\n", (("a", "c"), "d"))


def test_keys_with_placeholders_are_rejected() -> None:
    """Placeholders are allowed in values only, and cannot be escaped in keys."""
    assert ["a key in it cannot be written in a manifest"] == reasons("a: {}\n", (("a", "${{ x }}"), "d"))


def test_lone_surrogates_are_rejected() -> None:
    """UTF-8 cannot encode them."""
    assert ["it is not valid Unicode text"] == reasons("a: b\n", (("a",), "\ud800"))


def test_broken_files_are_rejected() -> None:
    """A file with errors is not changed."""
    assert ["the file has errors"] == reasons("a: b\na: c\n", (("a",), "d"))


def test_one_rejection_does_not_stop_others() -> None:
    """All other edits are made."""
    made = apply_edits(b"a: b\nc: d\n", [Edit(0, ("a", "x"), "y"), Edit(0, ("c",), "e")])

    assert (b"a: b\nc: e\n", 1) == (made.content, len(made.rejected))
