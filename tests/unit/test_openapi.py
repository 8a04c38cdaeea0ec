"""What a stage serves, out of documents as AWS exports them, and out of others."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.models.keys import MethodKey
from reconciler.models.live import LiveMethod
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import Target
from reconciler.models.views import live_methods
from reconciler.openapi import BadExport, deployed

TARGET = Target("123456789012", "eu-west-1", "a1b2c3d4e5")
INTEGRATION = "x-amazon-apigateway-integration"
ANY = "x-amazon-apigateway-any-method"
BACKEND = {"type": "http", "httpMethod": "GET", "uri": "http://backend.example", "passthroughBehavior": "when_no_match"}
GET_PETS = MethodKey("/pets", "GET")


def document(paths: Any, **members: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """An export with these paths."""
    return {"openapi": "3.0.1", "info": {"title": "petstore", "version": "1.0.0"}, "paths": paths, **members}


def of_responses(responses: Any, **members: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """An export of GET /pets whose integration has these responses."""
    return document({"/pets": {"get": {INTEGRATION: {**BACKEND, "responses": responses, **members}}}})


def responses_of(exported: Mapping[str, Any]) -> Mapping[str, RestResponse]:
    """The responses of GET /pets."""
    return live_methods(deployed(TARGET, exported))[GET_PETS].responses


def test_responses_are_keyed_by_status_again() -> None:
    """The key in an export is the pattern, `default` for none; the status is inside."""
    exported = of_responses(
        {
            "5\\d\\d": {"statusCode": "500", "responseTemplates": {"application/json": "{}"}},
            "default": {"statusCode": "200", "responseParameters": {"method.response.header.A": "'x'"}},
            "4\\d\\d": {"statusCode": "404", "contentHandling": "CONVERT_TO_TEXT"},
        }
    )

    assert [
        ("200", RestResponse(response_parameters={"method.response.header.A": "'x'"})),
        ("404", RestResponse("4\\d\\d", "CONVERT_TO_TEXT")),
        ("500", RestResponse("5\\d\\d", response_templates={"application/json": "{}"})),
    ] == list(responses_of(exported).items())


def test_method_is_as_a_bulk_read_has_it() -> None:
    """Types are in upper case, what is default is left out, and what is declared has its full name."""
    operation = {
        "responses": {
            "200": {"description": "200 response", "headers": {"X-A": {"schema": {"type": "string"}}}, "content": {}},
            "404": {"description": "404 response", "content": {}},
        },
        INTEGRATION: {
            **BACKEND,
            "type": "aws_proxy",
            "passthroughBehavior": "when_no_templates",
            "requestTemplates": {"application/json": "{}"},
        },
    }

    assert {
        GET_PETS: LiveMethod(
            "",
            "AWS_PROXY",
            "http://backend.example",
            {"200": MethodResponse(frozenset({"method.response.header.X-A"})), "404": MethodResponse()},
            settings={
                "httpMethod": "GET",
                "passthroughBehavior": "WHEN_NO_TEMPLATES",
                "requestTemplates": {"application/json": "{}"},
            },
        )
    } == deployed(TARGET, document({"/pets": {"get": operation}})).methods


def test_swagger_says_the_same() -> None:
    """The older style differs in what is not read."""
    operation = {
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "responses": {"200": {"headers": {"X-A": {"type": "string"}}, "schema": {"$ref": "#/definitions/Empty"}}},
        INTEGRATION: BACKEND,
    }
    paths = {"/pets": {"get": operation}}
    older = {"swagger": "2.0", "host": "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com", "paths": paths}

    assert deployed(TARGET, document(paths)) == deployed(TARGET, older)


def test_every_verb_is_a_method_and_nothing_else_is() -> None:
    """ANY has a key of its own; what a path says of all its methods is no method."""
    verbs = ("get", "put", "post", "delete", "options", "head", "patch", ANY)
    item = {**{key: {INTEGRATION: BACKEND} for key in verbs}, "parameters": [], "summary": "x", "servers": []}

    assert {"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "ANY"} == {
        scope.method for scope in live_methods(deployed(TARGET, document({"/pets": item})))
    }


def test_extensions_in_the_places_of_names_are_none() -> None:
    """A path begins with a slash, a status has three digits; what OpenAPI puts beside them is no path and no status."""
    declared = {"default": {"description": "x"}, "x-note": "text", "2XX": {}, "404": {"description": "404 response"}}
    operation = {"responses": declared, INTEGRATION: BACKEND}
    [method] = live_methods(deployed(TARGET, document({"x-note": "text", "/pets": {"get": operation}}))).values()

    assert {"404": MethodResponse()} == method.method_responses


@pytest.mark.parametrize("pattern", ["x-a", "$ref", "statusCode", "404"])
def test_a_pattern_may_look_like_a_key(pattern: str) -> None:
    """Every key of an integration's responses is a pattern, but `default`."""
    assert {"404": RestResponse(pattern)} == responses_of(of_responses({pattern: {"statusCode": "404"}}))


def test_validators_and_models_of_methods() -> None:
    """A method without a validator has the API's own; models are named once."""
    content = {"a/b": {"schema": {"$ref": "#/components/schemas/Pet"}}, "c/d": {"schema": {"type": "string"}}}
    own = {"x-amazon-apigateway-request-validator": "strict", "responses": {"200": {"content": content}}}
    paths = {"/pets": {"get": {**own, INTEGRATION: BACKEND}, "put": {INTEGRATION: BACKEND}}}
    exported = document(paths, **{"x-amazon-apigateway-request-validator": "body"})
    found = live_methods(deployed(TARGET, exported))

    assert {"GET": "strict", "PUT": "body"} == {scope.method: one.validator for scope, one in found.items()}
    assert {"200": MethodResponse(models="Pet")} == found[GET_PETS].method_responses


@pytest.mark.parametrize("member", [{"cacheKeyParameters": "a"}, {"tlsConfig": "a"}, {"responseTransferMode": 1}])
def test_members_of_another_type_are_refused(member: dict[str, Any]) -> None:
    """The document is none of AWS's."""
    with pytest.raises(BadExport):
        deployed(TARGET, of_responses({}, **member))


def test_the_root_is_always_there() -> None:
    """An API has its root resource, methods or not."""
    assert (
        frozenset({"/", "/pets", "/empty"})
        == deployed(TARGET, document({"/pets": {"get": {INTEGRATION: BACKEND}}, "/empty": {}})).paths
    )


def test_a_method_may_lack_its_integration() -> None:
    """One among others is as it is."""
    methods = live_methods(deployed(TARGET, document({"/pets": {"get": {INTEGRATION: BACKEND}, "put": {}}})))

    assert LiveMethod("") == methods[MethodKey("/pets", "PUT")]


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"servers": []},
        {"servers": [{"url": "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/{basePath}"}]},
        {"servers": [{"url": "https://api.example.com/v1"}]},
        {"servers": [{"url": "https://vpce-1-2.execute-api.eu-west-1.vpce.amazonaws.com"}, "text"]},
        {"servers": [{"url": "https://["}, {}]},
        {
            "servers": [
                {"url": "https://other.execute-api.eu-west-1.amazonaws.com"},
                {"url": "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"},
            ]
        },
    ],
)
def test_export_of_this_api(members: dict[str, Any]) -> None:
    """The host may be the API's own, or one that says nothing of whose it is."""
    exported = document({"/pets": {"get": {INTEGRATION: BACKEND}}}, **members)

    assert [GET_PETS] == list(deployed(TARGET, exported).methods)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({}, "not an OpenAPI document"),
        ({"message": "hello"}, "not an OpenAPI document"),
        ({"openapi": {}}, "not an OpenAPI document"),
        ({"openapi": "3.0.1"}, "paths is not an object"),
        (document([]), "paths is not an object"),
        (document({}), "no methods"),
        (document({"/pets": {}}), "no methods"),
        (document({"/pets": "text"}), "/pets is not an object"),
        (document({"/pets": {"get": "text"}}), "get is not an object"),
        (document({"/pets": {"get": {"responses": {}}, "put": {}}}), "no integrations"),
        (document({"/pets": {"get": {INTEGRATION: "text"}}}), f"{INTEGRATION} is not an object"),
        (document({"/pets": {"get": {INTEGRATION: {"uri": "x"}}}}), "GET /pets has no type"),
        (document({"/pets": {"get": {INTEGRATION: BACKEND, "responses": {"200": 5}}}}), "200 is not an object"),
        (document({"/pets": {"get": {INTEGRATION: BACKEND, "responses": {"200": {"headers": []}}}}}), "headers is no"),
        (of_responses([]), "responses is not an object"),
        (of_responses({"default": {}}), "a response of GET /pets has no status"),
        (of_responses({"default": {"statusCode": 200}}), "a response of GET /pets has no status"),
        (
            of_responses({"default": {"statusCode": "200"}, "4..": {"statusCode": "200"}}),
            "two responses of GET /pets have status 200",
        ),
        (
            of_responses({"default": {"statusCode": "200", "responseTemplates": "x"}}),
            "responseTemplates is not an object",
        ),
        (of_responses({"default": {"statusCode": "200", "responseTemplates": {"a/b": {}}}}), "that is not text"),
        (of_responses({"default": {"statusCode": "200", "responseParameters": {"a": 1}}}), "that is not text"),
        (of_responses({}, requestParameters={"a": True}), "that is not text"),
        (of_responses({}, requestTemplates=[]), "requestTemplates is not an object"),
        (of_responses({}, uri=["x"]), "uri of GET /pets contains a value that is not text"),
        (
            of_responses({"default": {"statusCode": "200", "contentHandling": {}}}),
            "contentHandling of GET /pets contains",
        ),
        (
            document(
                {"/pets": {"get": {INTEGRATION: BACKEND}}},
                servers=[{"url": "https://other.execute-api.x.amazonaws.com"}],
            ),
            "of another API: other",
        ),
        (document({"/pets": {"get": {INTEGRATION: BACKEND}}}, host="other.execute-api.x.amazonaws.com"), "another API"),
    ],
)
def test_what_is_no_export_is_refused(bad: dict[str, Any], why: str) -> None:
    """Whatever is not a whole export of this API is no API without anything in it."""
    with pytest.raises(BadExport, match=why):
        deployed(TARGET, bad)


_LEAVES = st.none() | st.booleans() | st.integers() | st.sampled_from(["", "200", "mock", "text"])
_NAMES = st.sampled_from(
    ["responses", "default", "statusCode", "type", "uri", "headers", "responseTemplates", "contentHandling", "url"]
)
_JSON = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=4))


@given(anything=_JSON)
def test_any_json_is_an_export_or_is_refused(anything: Any) -> None:  # noqa: ANN401 - JSON
    """Nothing but BadExport comes of a document, whatever is in it."""
    with_integration = {"/pets": {"get": {INTEGRATION: anything, "responses": anything}}}
    for one in (
        {"openapi": "3.0.1", "paths": anything},
        document(with_integration, servers=anything, host=anything),
        document({"/pets": {"get": {INTEGRATION: {**BACKEND, "responses": anything}}}}),
        document({"/pets": {"get": {INTEGRATION: {"type": "mock", "timeoutInMillis": anything}}}}),
    ):
        try:
            read = deployed(TARGET, one)
        except BadExport:
            continue
        assert read.methods
