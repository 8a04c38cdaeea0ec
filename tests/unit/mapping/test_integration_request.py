"""What a backend is sent, and which status a mock integration answers with."""

import pytest

from reconciler.mapping.exchange import ClientRequest, MockResult
from reconciler.mapping.integration_request import (
    IntegrationRequest,
    RequestMapping,
    integration_request,
    mock_result,
)
from reconciler.mapping.rendering import TemplateInputs

TEMPLATES = {"application/json": "json template", "text/csv": "csv template", "text/html": ""}


def sent(mapping: RequestMapping, content_type: str = "") -> IntegrationRequest:
    """Return what a backend is sent for the body `the body`, with a Content-Type if one is given."""
    headers = {"content-type": content_type} if content_type else {}
    return integration_request(mapping, TemplateInputs("the body", ClientRequest(headers=headers, body="the body")))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", "json template"),
        ("application/json", "json template"),
        ("Text/CSV; charset=utf-8", "csv template"),
        ("text/html", "the body"),
        ("text/plain", "the body"),
    ],
)
def test_the_content_type_chooses_the_template(content_type: str, body: str) -> None:
    """Without a Content-Type it is JSON; an empty template and a type without one pass the body through."""
    assert body == sent(RequestMapping(TEMPLATES), content_type).body


@pytest.mark.parametrize(
    ("templates", "passthrough", "refused"),
    [
        (TEMPLATES, "WHEN_NO_MATCH", False),
        (TEMPLATES, "WHEN_NO_TEMPLATES", True),
        ({}, "WHEN_NO_TEMPLATES", False),
        (TEMPLATES, "NEVER", True),
        ({}, "NEVER", True),
    ],
)
def test_a_content_type_without_a_template(templates: dict[str, str], passthrough: str, *, refused: bool) -> None:
    """The passthrough behavior decides between the body as it is and 415."""
    request = sent(RequestMapping(templates, passthrough), "text/plain")
    failure = request.failure and (request.failure.status, request.failure.body)

    assert (("", (415, '{"message": "Unsupported Media Type"}')) if refused else ("the body", None)) == (
        request.body,
        failure,
    )


def test_a_template_that_does_not_parse() -> None:
    """The backend is not called, and the error says where in the template."""
    failure = sent(RequestMapping({"application/json": "a\n#if($x)"})).failure
    assert failure
    assert failure.error

    assert (500, "Internal server error", 2) == (failure.status, failure.error.message, failure.error.line)


def test_the_state_of_the_template_is_kept() -> None:
    """What it sets in `$context` is there for the response template."""
    request = sent(RequestMapping({"application/json": "#set($context.responseOverride.status = 444)"}))

    assert {"status": 444, "header": {}} == request.state["responseOverride"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"statusCode": 200}', 200),
        ("{statusCode: 204}", 204),
        ('{"statusCode": "200"}', None),
        ('{"statusCode": true}', None),
        ('{"statusCode": 200.5}', None),
        ("{}", None),
        ("[200]", None),
        ("", None),
        ("{a", None),
        (b"\xff", None),
        (b'{"statusCode": 200}', 200),
    ],
)
def test_status_of_a_mock(body: str | bytes, status: int | None) -> None:
    """It is an integer, in JSON that need not be strict; anything else is none."""
    result = mock_result(IntegrationRequest(body))

    assert ((status, True) if status else (500, False)) == (result.status, isinstance(result, MockResult))
