"""The documents of render."""

from decimal import Decimal

from reconciler.diagnostics import Location
from reconciler.documents.answer import AnsweringMethod
from reconciler.documents.render import answer_document, rendering_document
from reconciler.mapping.answer.answer import Answer, AnswerError
from reconciler.mapping.rendering import Overrides, Rendering, TemplateFault, Unknown

METHOD = AnsweringMethod("shop", "GET /a", ("dev",))


def test_rendering_has_the_members_of_its_contract() -> None:
    """Output, overrides, error and what is unknown, under these names."""
    rendering = Rendering("a", Overrides("404", {"X": 1}), None, (Unknown("nobody knows"),))

    assert rendering_document(rendering).model_dump(mode="json", by_alias=True) == {
        "formatVersion": "1.0",
        "kind": "Rendering",
        "output": "a",
        "overrides": {"status": "404", "headers": {"X": 1}},
        "error": None,
        "unknown": [{"what": "output", "why": "nobody knows"}],
    }


def test_error_of_a_rendering_has_its_position() -> None:
    """Line and column count from 1."""
    document = rendering_document(Rendering(fault=TemplateFault("it is wrong", 2, 3)))

    assert document.error is not None
    assert {"message": "it is wrong", "line": 2, "column": 3} == document.error.model_dump()


def test_overrides_are_json() -> None:
    """Whatever a template sets becomes a JSON value, or its text."""
    values = {
        "a": True,
        "b": 1.5,
        "c": Decimal("2.5"),
        "d": float("inf"),
        "e": {"k": [None, "\ud800"]},
        "f": object,
    }
    headers = rendering_document(Rendering("", Overrides(None, values))).overrides.headers

    assert {"a": True, "b": 1.5, "c": 2.5, "d": "inf", "e": {"k": [None, "?"]}, "f": str(object)} == headers


def test_answer_says_where_it_comes_from() -> None:
    """The method, the response, the template, and where that fails."""
    answer = Answer("200", 500, error=AnswerError("oops", "it is wrong", 2, 3), template="text/plain")
    document = answer_document(
        answer, METHOD, Location("a.yaml", 7, 3), Location("t.vtl"), Location("t.vtl", 2, 3)
    ).model_dump(mode="json", by_alias=True)

    assert {
        "kind": "Answer",
        "manifest": "shop",
        "environments": ["dev"],
        "method": "GET /a",
        "source": {"file": "a.yaml", "line": 7},
        "template": {"key": "text/plain", "source": {"file": "t.vtl", "line": 0}},
        "errorPosition": {"file": "t.vtl", "line": 2, "column": 3},
    }.items() <= document.items()


def test_limit_of_ours_is_an_unknown() -> None:
    """The error is that of this program: what API Gateway gives is not known."""
    document = rendering_document(Rendering(fault=TemplateFault("it is too much", 1, 1, is_certain=False)))

    assert [("output", "it is too much; API Gateway may render it")] == [
        (each.what, each.why) for each in document.unknown
    ]
