"""YAML's complaints in words that help."""

import pytest

from reconciler.yamlio import events
from reconciler.yamlio.parse import read


def problem(text: str) -> str:
    """The one problem of a text."""
    (found,) = read(text.encode(), "m.yaml").diagnostics
    return str(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n\tb: 1", "m.yaml:2:1: error: YAML cannot be indented with tabs [syntax]; use spaces"),
        ("a:\n  b: 1\n  \tc: 2", "m.yaml:3:3: error: YAML cannot be indented with tabs"),
        ("a: {b: ${{ vars.x }}}", "m.yaml:1:9: error: a placeholder inside `{...}` or `[...]` needs quotes"),
        ("a: [b-${{ vars.x }}]", "m.yaml:1:8: error: a placeholder inside `{...}` or `[...]` needs quotes"),
        ("a: b: c", "m.yaml:1:5: error: a `:` is not allowed here"),
        ("a: 1\nb\nc: 2", "m.yaml:3:1: error: this is not `key: value`"),
        ("a: {b: 1", "m.yaml:1:4: error: a `{...}` that begins here is not closed"),
        ("a: [b", "m.yaml:1:4: error: a `[...]` that begins here is not closed"),
        ("a: 'b\nc: d\n", "m.yaml:1:4: error: the quoted text that begins here is not closed"),
        ("a:\n  b: c\n d: e", "m.yaml:3:2: error: this line fits neither the map above nor the surrounding one"),
        ("a: 'it's'", "m.yaml:1:8: error: this line fits neither the map above nor the surrounding one"),
        ("- a\nb: c", "m.yaml:2:1: error: a list item is not allowed here"),
        ("a: }", "m.yaml:1:4: error: a value is missing here"),
        ('a: ".*\\[x\\]"', "m.yaml:1:7: error: this is not a YAML escape; in double quotes"),
        ("!foo!bar a", "m.yaml:1:1: error: tags (`!name`) are not supported"),
        ("a: @b", "m.yaml:1:4: error: a text cannot begin with this character"),
        ("a: 1\nb: x\0", "m.yaml:2:5: error: the control character U+0000 is not allowed in YAML"),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", "m.yaml:2:1: error: a merge conflict is not resolved"),
        ("<<<<<<< a\r\na: 2\r\n=======\r\n>>>>>>> b\r\n", "m.yaml:1:1: error: a merge conflict is not resolved"),
        ("%YAML 9.0\n---\na: 1", "m.yaml:1:1: error: this is not YAML: found incompatible YAML document"),
    ],
)
def test_sentence_and_place(text: str, expected: str) -> None:
    """Each kind of mistake has its own sentence, at the place where it was made."""
    assert problem(text).startswith(expected)


@pytest.mark.parametrize(
    "text", ["a: b: c", "a: {b: 1", "a: 'b", "a:\n\tb: 1", "a: {b: ${{ x }}}", "a: }", "a: @b", "\0"]
)
def test_pure_python_says_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentences do not depend on which parser reads."""
    fast = read(text.encode(), "m.yaml").diagnostics[0]
    monkeypatch.setattr(events, "CParser", None)

    assert fast.message == read(text.encode(), "m.yaml").diagnostics[0].message
