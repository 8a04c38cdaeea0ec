"""The responses of a definition."""

import pytest

from reconciler.models.responses import RestResponse
from support.definitions import defined, problems_read, responses_read


def method(responses: str, kind: str = "http") -> str:
    """A definition with one method that has these responses."""
    return defined(f"/pets: {{get: {{x-amazon-apigateway-integration: {{type: {kind}, responses: {{{responses}}}}}}}}}")


def test_a_key_is_a_pattern() -> None:
    """`default` stands for the response without one; the status may be a number."""
    text = method("default: {statusCode: 200}, '4..': {statusCode: '404', contentHandling: CONVERT_TO_TEXT}")

    assert {"200": RestResponse(), "404": RestResponse("4..", "CONVERT_TO_TEXT")} == responses_read(text)["GET /pets"]


def test_maps_are_taken_over() -> None:
    """A template that is null passes the body through."""
    text = method("default: {statusCode: 200, responseParameters: {b: \"'1'\", a: x}, responseTemplates: {t/j: null}}")

    assert RestResponse("", None, {"a": "x", "b": "'1'"}, {"t/j": ""}) == responses_read(text)["GET /pets"]["200"]


def test_functions_are_evaluated() -> None:
    """With the given values."""
    text = method("default: {statusCode: 200, responseParameters: {a: {Fn::Sub: \"'${Origin}'\"}}}")

    assert {"a": "'x'"} == responses_read(text, Origin="x")["GET /pets"]["200"].response_parameters


def test_one_status_under_two_patterns() -> None:
    """The error names both patterns and their places; other methods are read."""
    text = defined(
        """
        /pets:
          get:
            x-amazon-apigateway-integration:
              type: http
              responses:
                'a.*': {statusCode: 400}
                'b.*': {statusCode: '400'}
          post: {x-amazon-apigateway-integration: {type: http, responses: {default: {statusCode: 200}}}}
        """
    )

    message = (
        "api.yaml:11:11: error: GET /pets: status 400 has two selection patterns: `a.*` at api.yaml:10:11, and `b.*` "
        "here [response-clash]; join them into one pattern, as in `(A)|(B)`, or give one of them another status"
    )
    assert ([message], ["POST /pets"]) == (problems_read(text), list(responses_read(text)))


@pytest.mark.parametrize("kind", ["aws_proxy", "HTTP_PROXY"])
def test_responses_of_a_proxy_are_left_out(kind: str) -> None:
    """They are ignored at run time, so this is a warning."""
    text = method("default: {statusCode: 200}", kind)

    (message,) = problems_read(text)
    assert ({}, True) == (responses_read(text)["GET /pets"], "integrations ignore integration responses" in message)


def test_a_proxy_without_responses_is_fine() -> None:
    """As most are."""
    assert [] == problems_read(method("", "aws_proxy"))


@pytest.mark.parametrize(
    ("responses", "problem"),
    [
        ("default: 200", "the response `default` is not a map"),
        ("default: {}", "the response has no `statusCode`"),
        ("default: {statusCode: true}", "`statusCode` is not text [openapi]; put it in quotes"),
        ("default: {statusCode: 200, contentHandling: ZIP}", "`contentHandling` is not one of CONVERT_TO_BINARY"),
        ("default: {statusCode: 200, responseTemplates: x}", "`responseTemplates` is not a map"),
        ("default: {statusCode: 200, responseTemplates: {t/j: {a: 1}}}", "`t/j` is not text"),
        ("default: {statusCode: 200, responseParameters: {a: 7}}", "`a` is not text"),
        (
            "default: {statusCode: !Ref Code}",
            "parameter `Code` is not known [function]; give it: --parameter Code=VALUE",
        ),
        ("default: !If [a, b, c]", "`Fn::If` is not evaluated here"),
    ],
)
def test_what_cannot_be_read_is_left_out(responses: str, problem: str) -> None:
    """The method is left out, and the error has its place."""
    text = method(responses)

    messages = problems_read(text)
    assert ({}, True, True) == (
        responses_read(text),
        any(problem in message for message in messages),
        all(message.startswith("api.yaml:4:") for message in messages),
    )


def test_responses_that_are_no_map() -> None:
    """As text, say."""
    text = defined("/pets: {get: {x-amazon-apigateway-integration: {type: http, responses: text}}}")

    assert "`responses` of the integration is not a map" in problems_read(text)[0]
