"""Models, request validators and gateway responses, out of reads and out of exports."""

import json
from typing import Any

import pytest

from reconciler.definitions import of_draft, of_export

URL = "https://apigateway.amazonaws.com/restapis/a1b2c3d4e5/models/"
PET = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "id": "pet",
    "type": "object",
    "required": ["type", "name"],
    "properties": {"type": {"$ref": f"{URL}PetType"}, "name": {"type": "string", "maxLength": 5}},
}
EXPORTED = {
    "type": "object",
    "required": ["name", "type"],
    "properties": {"name": {"maxLength": 5.0, "type": "string"}, "type": {"$ref": "#/components/schemas/PetType"}},
}
AWS_TEMPLATE = {"application/json": '{"message":$context.error.messageString}'}


def model(schema: Any, name: str = "Pet") -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A model as GetModels has it."""
    text = schema if isinstance(schema, str) or schema is None else json.dumps(schema)
    return {"id": "m1", "name": name, "schema": text, "contentType": "application/json", "description": "a pet"}


@pytest.mark.parametrize("holder", [lambda one: {"components": {"schemas": one}}, lambda one: {"definitions": one}])
def test_a_model_and_its_export_are_alike(holder: Any) -> None:  # noqa: ANN401 - a function
    """References, order, what only the draft has and how numbers are written mean nothing."""
    draft, exported = of_draft([model(PET)], (), ()), of_export(holder({"Pet": EXPORTED}))

    assert (draft.models, draft.used_models) == (exported.models, exported.used_models)
    assert {"Pet": frozenset({"PetType"})} == draft.used_models


@pytest.mark.parametrize(
    "change",
    [
        {"type": "array"},
        {"required": ["name"]},
        {"title": "Pet"},
        {"properties": {"name": {"type": "string"}}},
        {"additionalProperties": False},
    ],
)
def test_another_schema_is_another(change: dict[str, Any]) -> None:
    """Any value counts."""
    assert of_draft([model(PET)], (), ()).models != of_draft([model({**PET, **change})], (), ()).models


@pytest.mark.parametrize(
    ("schema", "values"),
    [(None, {}), ("", {}), ("{}", {}), ("[]", None), ("no JSON", None), ("[" * 100_000, None)],
)
def test_a_schema_may_be_none(schema: str | None, values: dict[str, str] | None) -> None:
    """Or unreadable, which is another thing."""
    assert {"Pet": values} == of_draft([model(schema)], (), ()).models


def test_validators_are_known_by_name() -> None:
    """Methods of a draft know them by id; names that do not tell one from another are doubtful."""
    found = of_draft(
        (),
        [
            {"id": "v1", "name": "body", "validateRequestBody": True},
            {"id": "v2", "name": "twice"},
            {"id": "v3", "name": "twice"},
            {"id": "v4"},
        ],
        (),
    )

    assert {"v1": "body", "v2": "twice", "v3": "twice", "v4": ""} == found.validator_names
    assert frozenset({"twice", ""}) == found.doubtful
    assert {"validateRequestBody": "true", "validateRequestParameters": "false"} == found.validators["body"]


def test_validators_of_an_export() -> None:
    """What is false may be left out."""
    exported = of_export({"x-amazon-apigateway-request-validators": {"body": {"validateRequestBody": True}}})

    assert {"body": {"validateRequestBody": "true", "validateRequestParameters": "false"}} == exported.validators


@pytest.mark.parametrize(
    ("draft", "exported"),
    [
        ({"statusCode": "401", "responseTemplates": AWS_TEMPLATE}, {"responseParameters": {}}),
        ({"statusCode": "403"}, {"statusCode": 403, "responseTemplates": AWS_TEMPLATE}),
        (
            {"statusCode": "401", "responseParameters": {"gatewayresponse.header.X": "'1'"}},
            {"responseParameters": {"gatewayresponse.header.X": "'1'"}},
        ),
        ({"responseTemplates": {"text/plain": None}}, {"responseTemplates": {"text/plain": ""}}),
    ],
)
def test_gateway_responses_that_mean_the_same_are_equal(draft: dict[str, Any], exported: dict[str, Any]) -> None:
    """What is AWS's own of the type is unset."""
    raw = {"responseType": "UNAUTHORIZED", "defaultResponse": False, **draft}
    document = {"x-amazon-apigateway-gateway-responses": {"UNAUTHORIZED": exported}}

    assert of_draft((), (), [raw]).gateway_responses == of_export(document).gateway_responses


def test_what_nobody_customised_is_left_out() -> None:
    """GetGatewayResponses has every type."""
    raw = {"responseType": "UNAUTHORIZED", "defaultResponse": True, "statusCode": "401"}

    assert {} == of_draft((), (), [raw]).gateway_responses


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"components": []},
        {"components": {"schemas": 1}, "x-amazon-apigateway-request-validators": "body"},
        {"definitions": {"Pet": None}, "x-amazon-apigateway-gateway-responses": {"UNAUTHORIZED": []}},
    ],
)
def test_an_export_may_have_none(document: dict[str, Any]) -> None:
    """What is not an object counts as absent."""
    assert of_draft((), (), ()) == of_export(document)
