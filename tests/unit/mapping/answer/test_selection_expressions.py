r"""Template selection expressions give a key: static text with variables in it."""

from collections.abc import Mapping

import pytest

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.answer.respond import respond
from reconciler.mapping.exchange import ClientRequest, Exchange, HttpResult
from reconciler.models.responses import WebSocketResponse
from support.answering import why

HEADERS: Mapping[str, str | tuple[str, ...]] = {"X-Kind": ("old", "new"), "X-One": "single"}
REQUEST = '{"action": "join", "room": {"id": 7, "tags": ["a"]}, "nothing": null, "cost": "$5"}'


def answer_by(expression: str, key: str = "", request: str = REQUEST) -> Answer:
    """What a client gets if the expression chooses among one template."""
    response = WebSocketResponse(template_selection_expression=expression, response_templates={key: "found"})
    return respond({"$default": response}, Exchange(HttpResult(404, HEADERS), ClientRequest(body=request)))


@pytest.mark.parametrize(
    ("expression", "key"),
    [
        ("static", "static"),
        (r"\$default", "$default"),
        ("${request.body.action}", "join"),
        ("$request.body.action", "join"),
        ("${request.body.room.id}", "7"),
        ("${request.body.room.tags[0]}", "a"),
        ("${request.body.cost}", "$5"),
        ("v2-${request.body.action}-$integration.response.statuscode", "v2-join-404"),
        ("${integration.response.statuscode}", "404"),
        ("${integration.response.header.X-Kind}", "new"),
        ("${integration.response.multivalueheader.X-Kind}", "old,new"),
        ("${integration.response.header.X-One}", "single"),
        (r"a\b", r"a\b"),
    ],
)
def test_an_expression_gives_a_key(expression: str, key: str) -> None:
    """Variables are replaced once, in braces or not; a backslash escapes the dollar sign."""
    assert "found" == answer_by(expression, key).body


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("$default", r"the key $default is written \$default"),
        ("${request.header.X}", 'the undocumented variable "request.header.X"'),
        ("${integration.response.body.kind}", 'the undocumented variable "integration.response.body.kind"'),
        ("$", "undocumented variable"),
        ("${request.body.missing}", "request.body.missing has no value"),
        ("${integration.response.header.x-kind}", "integration.response.header.x-kind has no value"),
        ("${request.body.room}", "an object"),
        ("${request.body.nothing}", "null"),
    ],
)
def test_what_no_source_describes_is_unknown(expression: str, reason: str) -> None:
    """Variables that are not documented or have no text leave open which template is used."""
    assert reason in why(answer_by(expression).body)


def test_a_request_that_is_text_has_no_values() -> None:
    """The body of a request that is plain text has no values."""
    assert "has no value" in why(answer_by("${request.body.action}", request="hello").body)


def test_a_request_that_is_broken_json_is_unknown() -> None:
    """Which template is used for a request that is broken JSON is not documented."""
    assert "is not JSON" in why(answer_by("${request.body.action}", request="{hello").body)
