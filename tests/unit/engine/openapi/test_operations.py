"""The methods of a definition, and references in it."""

import pytest

from support.definitions import defined, problems_read, responses_read

SHARED = """
components:
  x-amazon-apigateway-integrations:
    a/b: {type: mock, responses: {default: {$ref: '#/components/ok'}}}
    round: {$ref: '#/components/x-amazon-apigateway-integrations/round'}
  ok: {statusCode: 204}
  item: {delete: {x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}}}
"""


def of_get(integration: str) -> str:
    """A definition with one method."""
    return defined(f"/pets:\n  get:\n    x-amazon-apigateway-integration: {integration}\n", SHARED)


def test_any_is_a_method() -> None:
    """It has a key of its own; keys that are no verbs belong to all methods."""
    text = defined(
        "/pets: {parameters: [], x-amazon-apigateway-any-method: {x-amazon-apigateway-integration: {type: mock}}}"
    )

    assert ["ANY /pets"] == list(responses_read(text))


def test_a_method_without_integration_is_left_out() -> None:
    """An import gives it none."""
    assert ({}, []) == (
        responses_read(defined("/pets: {get: {}}\nx-other: {get: {}}")),
        problems_read("openapi: 3\npaths: {}"),
    )


def test_references_are_followed() -> None:
    """To integrations and responses, with escapes for `/`."""
    text = of_get("{$ref: '#/components/x-amazon-apigateway-integrations/a~1b'}")

    assert ["204"] == list(responses_read(text)["GET /pets"])


def test_a_path_may_be_a_reference() -> None:
    """Then its methods are those of the other place."""
    assert ["DELETE /pets"] == list(responses_read(defined("/pets: {$ref: '#/components/item'}", SHARED)))


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("other.yaml#/a", "the reference `other.yaml#/a` leads out of this document"),
        ("http://127.0.0.1/a", "the reference `http://127.0.0.1/a` leads out of this document"),
        ("#/components/none", "nothing is at `#/components/none`"),
        ("#/components/x-amazon-apigateway-integrations/round", "more than 32 references follow each other"),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "/pets: {get: {x-amazon-apigateway-integration: {$ref: 'REF'}}}",
        "/pets: {$ref: 'REF'}",
        "/pets: {get: {x-amazon-apigateway-integration: {type: mock, responses: {a: {$ref: 'REF'}}}}}",
    ],
)
def test_a_reference_that_leads_nowhere(text: str, reference: str, problem: str) -> None:
    """Files and URLs are never opened, and a cycle ends."""
    (message,) = problems_read(defined(text.replace("REF", reference), SHARED))

    assert (problem in message, ":" in message.partition(" error")[0]) == (True, True)


def test_a_definition_without_paths() -> None:
    """It is no definition of a REST API."""
    (message,) = problems_read("openapi: 3.0.1\npaths: 7")

    assert "the definition has no `paths`" in message


@pytest.mark.parametrize(
    "text",
    ["/pets: !If [a, b, c]", "/pets: {get: !If [a, b, c]}", "/pets: {get: {x-amazon-apigateway-integration: !If [a]}}"],
)
def test_what_a_function_decides_is_not_passed_over(text: str) -> None:
    """A method may be in it."""
    (message,) = problems_read(defined(text))

    assert ("api.yaml:4:", True) == (message[:11], "is not evaluated here" in message)


def test_an_integration_that_is_no_map() -> None:
    """Text, say."""
    (message,) = problems_read(defined("/pets: {get: {x-amazon-apigateway-integration: text}}"))

    assert "GET /pets: the integration is not a map" in message
