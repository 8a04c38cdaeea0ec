"""One of the response templates is rendered."""

import pytest

from reconciler.mapping.answer.answer import Answer
from reconciler.models.responses import WebSocketResponse
from support.answering import default, function, http, why

JSON, XML, HTML = "application/json", "application/xml", "text/html"


def chosen(accept: str | None, templates: dict[str, str]) -> Answer:
    """What a client gets that accepts this."""
    return http(default(response_templates=templates), 200, "body", accept=accept)


@pytest.mark.parametrize(
    ("accept", "key"),
    [
        (XML, XML),
        ("application/xml;q=0.5", XML),
        ("application/xml, application/json", XML),
        (JSON, JSON),
        ("text/csv, application/xml", JSON),
        ("*/*", JSON),
        (None, JSON),
        ("", JSON),
    ],
)
def test_the_first_accepted_type_chooses(accept: str | None, key: str) -> None:
    """Only the first media type of Accept counts, without parameters; without a match JSON is used."""
    answer = chosen(accept, {JSON: "of JSON", XML: "of XML"})

    assert key == answer.template
    assert f"of {key.removeprefix('application/').upper()}" == answer.body


def test_a_lone_template_is_used() -> None:
    """Without a match and without JSON, the only template there is is used."""
    assert XML == chosen(HTML, {XML: "of XML"}).template


def test_the_first_of_several_is_not_defined() -> None:
    """Without a match and without JSON, which of several templates comes first is not defined."""
    answer = chosen("text/csv", {XML: "one", HTML: "two"})

    assert 'which of "application/xml" and "text/html" AWS takes is not defined' in why(answer.body)
    assert answer.template is None


def test_templates_that_give_the_same_are_known() -> None:
    """If every template that may be used gives the same, that is known."""
    assert "same" == chosen("text/csv", {XML: "same", HTML: "same"}).body


@pytest.mark.parametrize("key", ["application/xml; charset=utf-8", "Application/XML"])
def test_keys_that_are_alike_are_unknown(key: str) -> None:
    """Whether case and parameters of a template's key matter is not documented."""
    assert f'Accept application/xml chooses the template "{key}"' in why(chosen(XML, {key: "one", JSON: "two"}).body)


def test_an_empty_template_passes_the_body() -> None:
    """An empty template passes the body unmapped, and no template is rendered."""
    answer = chosen(JSON, {JSON: "", XML: "of XML"})

    assert ("body", None) == (answer.body, answer.template)


def test_no_templates_pass_the_body() -> None:
    """Without templates the body passes unmapped."""
    assert ("body", None) == (chosen(JSON, {}).body, chosen(JSON, {}).template)


def framed(expression: str, templates: dict[str, str]) -> Answer:
    """What a WebSocket client gets."""
    response = WebSocketResponse(template_selection_expression=expression, response_templates=templates)
    return http({"$default": response}, 200, "body")


def test_a_static_expression_names_the_template() -> None:
    """A static expression always uses the template of that name."""
    assert ("of b", "b") == (framed("b", {"a": "of a", "b": "of b"}).body, framed("b", {"a": "", "b": "x"}).template)


def test_an_empty_template_passes_a_frame() -> None:
    """An empty template passes the frame unmapped."""
    assert ("body", None) == (framed("a", {"a": ""}).body, framed("a", {"a": ""}).template)


def test_no_templates_pass_a_frame() -> None:
    """Without templates the frame passes, whatever the expression."""
    assert "body" == framed("a", {}).body


def test_no_expression_is_not_documented() -> None:
    """Which template is used without an expression is not documented."""
    assert "without a templateSelectionExpression" in why(framed("", {"a": "x"}).body)


def test_an_expression_without_template_is_not_documented() -> None:
    """What AWS does if no template has the key is not documented."""
    assert 'gives "b", and what AWS does without that template' in why(framed("b", {"a": "x"}).body)


def test_the_answer_of_a_function_has_status_200() -> None:
    """The status code of a function's answer is 200."""
    response = WebSocketResponse(
        template_selection_expression="${integration.response.statuscode}", response_templates={"200": "x"}
    )

    assert "200" == function({"$default": response}, "{}").template
