"""Live values as text to edit, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.adopt.edited_values import editable_text, edited_values
from reconciler.errors import ReconcilerError
from support.exports import texts

VALUES = {"selectionPattern": "4..", "responseTemplates.application/json": "#if($x)\n# one\n#end\n"}


@given(st.dictionaries(st.sampled_from(["selectionPattern", "responseTemplates.a/b", "x y"]), texts(), min_size=1))
def test_values_come_back(values: dict[str, str]) -> None:
    """A file that is saved as it is holds the live values."""
    assert values == edited_values(editable_text("petstore: GET /pets 404", values).encode(), "f", values)


def test_lines_of_templates_are_no_comments() -> None:
    """Velocity's directives begin with `#`: they are in a block, where YAML has no comments."""
    shown = editable_text("petstore: GET /pets 404", VALUES)

    assert shown.startswith("# petstore: GET /pets 404\n#")
    assert shown.endswith("responseTemplates.application/json: |\n  #if($x)\n  # one\n  #end\n")


@pytest.mark.parametrize("content", ["", "# nothing\n", "\n"])
def test_an_empty_file_is_no_edit(content: str) -> None:
    """As with git: a commit message without text is no commit."""
    assert edited_values(content.encode(), "f", VALUES) is None


def test_removed_fields_stay_live() -> None:
    """Only fields that are there are edited."""
    assert {"selectionPattern": "5.."} == edited_values(b"selectionPattern: 5..\n", "f", VALUES)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [\n", "f:2:1: "),
        ("selectionPattern: 5\n", "f:1:19: the value must be text; put it in quotes"),
        ("selectionPatern: x\n", "f:1:1: selectionPatern is not a field of this change"),
        ("- a\n", "f: this is not a map from fields to values"),
        ("selectionPattern: x\n---\nselectionPattern: y\n", "f: this is not a map"),
    ],
)
def test_mistakes_have_a_place(content: str, message: str) -> None:
    """The user can find them and edit again."""
    with pytest.raises(ReconcilerError) as raised:
        edited_values(content.encode(), "f", VALUES)

    assert str(raised.value).startswith(message)
