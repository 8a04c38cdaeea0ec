"""Members of integrations and methods, out of reads and out of exports."""

from typing import Any

import pytest

from reconciler.members import Members, of_integration, of_method, of_operation


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"passthroughBehavior": "when_no_match", "timeoutInMillis": 29000, "connectionType": "internet"}),
        ({}, {"cacheNamespace": "x1y2z3", "cacheKeyParameters": []}),
        ({}, {"responseTransferMode": "BUFFERED", "integrationTarget": ""}),
        ({}, {"tlsConfig": {"insecureSkipVerification": False}}),
        ({}, {"tlsConfig": {}, "requestTemplates": None, "unknown": None, "unheardOf": False, "empty": []}),
        ({"responseTransferMode": "stream"}, {"responseTransferMode": "STREAM"}),
        ({}, {"connectionType": "INTERNET", "connectionId": "left-over"}),
        ({"cacheKeyParameters": ["b", "a"]}, {"cacheKeyParameters": ["a", "b"]}),
        ({"timeoutInMillis": 50.0}, {"timeoutInMillis": "50"}),
    ],
)
def test_settings_that_mean_the_same_are_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Defaults are unset, order and case mean nothing where AWS's do not."""
    assert of_integration(one, "x1y2z3") == of_integration(other, "x1y2z3")


@pytest.mark.parametrize(
    ("raw", "known"),
    [
        ({"responseTransferMode": "STREAM"}, {"responseTransferMode": "STREAM"}),
        ({"tlsConfig": {"insecureSkipVerification": True}}, {"tlsConfig": {"insecureSkipVerification": "true"}}),
        ({"tlsConfig": {"serverName": "a"}}, {"tlsConfig": {"serverName": "a"}}),
        ({"integrationTarget": "arn:x"}, {"integrationTarget": "arn:x"}),
        ({"cacheKeyParameters": ["method.request.path.a"]}, {"cacheKeyParameters": "method.request.path.a"}),
        ({"cacheNamespace": "shared"}, {"cacheNamespace": "shared"}),
        (
            {"connectionType": "VPC_LINK", "connectionId": "l1"},
            {"connectionType": "VPC_LINK", "connectionId": "l1"},
        ),
    ],
)
def test_settings_that_count(raw: dict[str, Any], known: dict[str, Any]) -> None:
    """Each of what AWS added since the first integrations."""
    assert Members(known) == of_integration(raw, "x1y2z3")


def test_what_is_not_known_is_kept_under_its_name() -> None:
    """Of an integration and of a method, with its value as text."""
    raw = {"type": "HTTP", "fooMode": "A", "barConfig": {"b": 1, "a": [True]}}

    assert {"integration.barConfig": '{"a": [true], "b": 1}', "integration.fooMode": "A"} == of_integration(raw).foreign
    assert {"method.fooMode": "A"} == of_method({"httpMethod": "GET", "fooMode": "A"}).foreign
    assert {"method.x-foo": "A"} == of_operation({"responses": {}, "x-foo": "A"}).foreign


def test_a_method_and_its_operation_are_alike() -> None:
    """What a method takes, under AWS's names and under OpenAPI's; path parameters are OpenAPI's own."""
    method = {
        "httpMethod": "POST",
        "operationName": "CreatePet",
        "requestParameters": {
            "method.request.querystring.page.x": True,
            "method.request.header.X-A": False,
            "method.request.path.id": True,
        },
        "requestModels": {"application/json": "NewPet", "application/xml": "NewPet"},
        "authorizerId": "a1",
        "authorizationScopes": ["a"],
    }
    operation = {
        "operationId": "CreatePet",
        "parameters": [
            {"name": "page.x", "in": "query", "required": True, "schema": {"type": "string"}},
            {"name": "X-A", "in": "header", "schema": {"type": "string"}},
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "other", "in": "path", "required": True},
        ],
        "requestBody": {
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/NewPet"}},
                "application/xml": {"schema": {"$ref": "#/components/schemas/NewPet"}},
            },
            "required": True,
        },
        "security": [{"auth": ["a"]}],
        "summary": "documented",
    }

    assert of_method(method) == of_operation(operation)
    assert {
        "operationName": "CreatePet",
        "requestParameters": {"method.request.header.X-A": "false", "method.request.querystring.page.x": "true"},
        "requestModels": "NewPet",
    } == of_method(method).known


@pytest.mark.parametrize(
    "operation",
    [
        {"parameters": {}, "requestBody": []},
        {"parameters": [1, {"in": "query"}, {"name": "a", "in": "cookie"}], "requestBody": {"content": []}},
        {"requestBody": {"content": {"a/b": 1, "c/d": {"schema": {"type": "string"}}, "e/f": {"schema": {"$ref": 1}}}}},
    ],
)
def test_what_is_no_parameter_or_model_is_none(operation: dict[str, Any]) -> None:
    """Documents that AWS would not write do no harm."""
    assert Members() == of_operation(operation)
