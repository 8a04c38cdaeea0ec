"""What a change does to the answers that clients get, and which of it breaks them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mapping.answer.answer import Answer, AnswerError
from reconciler.mapping.answer.changes import MOST_CHANGES, AnswerChange, answer_changes
from reconciler.mapping.exchange import Payload
from reconciler.mapping.rendering import Unknown


def answer(body: object = None, *, text: Payload | None = None, **other: object) -> Answer:
    """Return a 200 with a JSON body, or with `text`."""
    values = {"selected": "200", "status": 200, "body": json.dumps(body) if text is None else text, **other}
    return Answer(**values)  # type: ignore[arg-type]


def broken(before: Answer, after: Answer) -> list[tuple[str, str]]:
    """Return path and reason of everything that breaks."""
    return [(change.path, change.breaks) for change in answer_changes(before, after) if change.breaks]


def test_same() -> None:
    """Equal answers have no changes."""
    assert answer_changes(answer({"a": 1}), answer({"a": 1})) == ()


def test_json_spacing() -> None:
    """A JSON body with other white space is the same body."""
    assert answer_changes(answer(text='{"a": 1}'), answer(text='{ "a":1 }')) == ()


def test_status() -> None:
    """Another status breaks clients."""
    changes = answer_changes(answer(), answer(status=201))
    assert changes == (AnswerChange("status", "200", "201", "the status changes"),)


def test_unknown_status() -> None:
    """A status that is unknown on one side is a change that is not said to break."""
    changes = answer_changes(answer(), answer(status=Unknown("two patterns match")))
    assert changes == (AnswerChange("status", "200", "unknown: two patterns match"),)


def test_new_error() -> None:
    """AWS's own error instead of an answer breaks clients; its body is not compared."""
    failed = answer(text='{"message": "Internal server error"}', status=500, error=AnswerError("x", "no match"))
    assert broken(answer({"a": 1}), failed) == [
        ("status", "the status changes"),
        ("error", "AWS answers with an error of its own"),
    ]


def test_error_goes_away() -> None:
    """An answer instead of AWS's own error breaks nobody."""
    failed = answer(text='{"message": "Internal server error"}', status=500, error=AnswerError("x", "no match"))
    assert broken(failed, answer({"a": 1})) == []


def test_lost_header() -> None:
    """A header that is lost breaks clients, one that is new or has another value does not."""
    before = answer(headers={"X-A": "1", "X-B": "1"})
    after = answer(headers={"x-b": ("1", "2"), "X-C": "1"})
    assert answer_changes(before, after) == (
        AnswerChange("headers.X-A", "1", None, "a header is lost"),
        AnswerChange("headers.x-b", "1", "1, 2"),
        AnswerChange("headers.X-C", None, "1"),
    )


def test_lost_field() -> None:
    """A JSON field that is lost breaks clients, a new one does not."""
    assert answer_changes(answer({"a": {"b": 1}}), answer({"a": {"c": 1}})) == (
        AnswerChange("body.a.b", "1", None, "a JSON field is lost"),
        AnswerChange("body.a.c", None, "1"),
    )


@pytest.mark.parametrize(
    ("before", "after", "breaks"),
    [
        (1, "1", "a number becomes a string"),
        ({}, [], "an object becomes an array"),
        (True, 1, "a boolean becomes a number"),
        (None, 1, "null becomes a number"),
    ],
)
def test_other_type(before: object, after: object, breaks: str) -> None:
    """A JSON field of another type breaks clients."""
    assert broken(answer({"a": [before]}), answer({"a": [after]})) == [("body.a[0]", breaks)]


@pytest.mark.parametrize(("before", "after"), [(1, 2.5), ("a", "b"), (True, False)])
def test_other_value(before: object, after: object) -> None:
    """Another value of the same type does not break clients."""
    changes = answer_changes(answer(before), answer(after))
    assert changes == (AnswerChange("body", json.dumps(before), json.dumps(after)),)


def test_no_json_any_more() -> None:
    """A body that is no JSON any more breaks clients."""
    assert broken(answer({}), answer(text="<a/>")) == [("body", "the body is no JSON any more")]


def test_text_and_bytes() -> None:
    """Bodies that were no JSON are compared as a whole."""
    assert answer_changes(answer(text="a"), answer(text=b"12")) == (AnswerChange("body", "a", "2 bytes"),)


def test_not_delivered() -> None:
    """An answer that does not arrive any more breaks clients."""
    assert broken(answer(), answer(is_delivered=False)) == [("delivered", "the client gets no answer")]


def test_many_changes() -> None:
    """Of a large body the first changes are listed, and everything that breaks."""
    before = {f"f{number}": number for number in range(2 * MOST_CHANGES)}
    after = {name: value + 1 for name, value in before.items()} | {"f399": "x"}
    changes = answer_changes(answer(before), answer(after))
    assert len(changes) == MOST_CHANGES + 1
    assert changes[-1].breaks == "a number becomes a string"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES, VALUES)
def test_any_json(before: object, after: object) -> None:
    """Two JSON bodies have changes exactly where they are not the same JSON."""
    changes = answer_changes(answer(before), answer(after))
    assert bool(changes) == (json.dumps(before, sort_keys=True) != json.dumps(after, sort_keys=True))


@given(VALUES)
def test_only_more(value: object) -> None:
    """A member that is only added never breaks."""
    assert broken(answer({"a": value}), answer({"a": value, "b": value})) == []


def test_constant_of_python() -> None:
    """A body that only Python takes for JSON is no JSON for clients."""
    assert broken(answer(text="[1]"), answer(text="[NaN]")) == [("body", "the body is no JSON any more")]
