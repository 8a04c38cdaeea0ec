"""The members of an answer in JSON documents."""

import json

from reconciler.documents.answer import AnswerMembers, answer_members
from reconciler.mapping.answer.answer import Answer, AnswerError
from reconciler.mapping.rendering import Unknown


def members(answer: Answer) -> object:
    """Return the members as a program reads them."""
    document = AnswerMembers(**answer_members(answer))
    return json.loads(json.dumps(document.model_dump(mode="json", by_alias=True)))


def test_known_values_stand_under_their_names() -> None:
    """A complete answer has every value, and nothing in `unknown`."""
    answer = Answer("404", 404, {"X-Error": "NotFound"}, '{"a": 1}')

    assert members(answer) == {
        "selected": "404",
        "status": 404,
        "headers": {"X-Error": "NotFound"},
        "body": '{"a": 1}',
        "error": None,
        "delivered": True,
        "unknown": [],
    }


def test_each_unknown_value_is_null_and_listed() -> None:
    """Selection, status, a header, the body and the delivery are null when unknown, each with its reason."""
    answer = Answer(Unknown("a"), Unknown("b"), {"X": Unknown("c"), "Y": "1"}, Unknown("d"), is_delivered=Unknown("e"))

    assert members(answer) == {
        "selected": None,
        "status": None,
        "headers": {"X": None, "Y": "1"},
        "body": None,
        "error": None,
        "delivered": None,
        "unknown": [
            {"what": "selected", "why": "a"},
            {"what": "status", "why": "b"},
            {"what": "headers.X", "why": "c"},
            {"what": "body", "why": "d"},
            {"what": "delivered", "why": "e"},
        ],
    }


def test_an_error_has_its_message_and_its_reason() -> None:
    """An error of API Gateway itself is an object with `message` and `why`."""
    answer = Answer(None, 500, {}, "{}", AnswerError("Internal server error", "no response matches", 3, 4))

    assert members(answer) == {
        "selected": None,
        "status": 500,
        "headers": {},
        "body": "{}",
        "error": {"message": "Internal server error", "why": "no response matches"},
        "delivered": True,
        "unknown": [],
    }


def test_a_repeated_header_is_a_list() -> None:
    """The values of a header that is sent several times are a list of texts."""
    document = AnswerMembers(**answer_members(Answer("200", 200, {"Set-Cookie": ("a=1", "b=2")})))

    assert document.headers == {"Set-Cookie": ["a=1", "b=2"]}


def test_a_binary_body_is_base64() -> None:
    """Bytes are written in base64, under a key that says so."""
    document = AnswerMembers(**answer_members(Answer("200", 200, body=b"\x00\xff")))

    assert document.model_dump()["body"] == {"base64": "AP8="}


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    """A text that UTF-8 cannot encode is written as Java encodes it; other characters are kept."""
    answer = Answer("200", 200, {"X": "\ud800"}, "caf\u00e9 \U0001f600 \udc00")

    document = AnswerMembers(**answer_members(answer))

    assert (document.headers, document.body) == ({"X": "?"}, "caf\u00e9 \U0001f600 ?")
