"""Models, request validators and gateway responses in the model, and what exports show of them."""

import json
from typing import Any

import pytest

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane

VALIDATORS = "x-amazon-apigateway-request-validators"
GATEWAY = "x-amazon-apigateway-gateway-responses"
URL = "https://apigateway.amazonaws.com/restapis/x/models/"


@pytest.fixture
def api(method: dict[str, Any]) -> str:
    """The API of the method."""
    return str(method["restApiId"])


def refused(plane: ControlPlane, operation: str, **parameters: Any) -> tuple[int, str]:  # noqa: ANN401 - JSON
    """Status and code of a refusal."""
    with pytest.raises(ModelError) as raised:
        plane.call(operation, **parameters)
    return raised.value.status, raised.value.code


def exported(plane: ControlPlane, api: str, style: str = "oas30") -> Any:  # noqa: ANN401 - JSON
    """The export of a new deployment."""
    plane.call("CreateDeployment", restApiId=api, stageName="prod")
    asked = {"stageName": "prod", "exportType": style, "parameters": {"extensions": "apigateway"}}
    return json.loads(plane.call("GetExport", restApiId=api, **asked)["body"])


def replacing(path: str, value: str, word: str = "replace") -> list[dict[str, str]]:
    """One patch operation."""
    return [{"op": word, "path": path, "value": value}]


def test_a_new_api_has_two_models(plane: ControlPlane, api: str) -> None:
    """AWS's own; no export shows one that no method uses."""
    assert ["Empty", "Error"] == [one["name"] for one in plane.call("GetModels", restApiId=api)["items"]]
    assert "components" not in exported(plane, api)


def test_a_model_lives(plane: ControlPlane, api: str) -> None:
    """Create, read, change, delete."""
    here = {"restApiId": api, "modelName": "Pet"}
    created = plane.call("CreateModel", restApiId=api, name="Pet", contentType="application/json", schema="{}")
    updated = plane.call("UpdateModel", **here, patchOperations=replacing("/schema", '{"type": "object"}'))

    assert (created["id"], '{"type": "object"}') == (updated["id"], plane.call("GetModel", **here)["schema"])
    assert {} == plane.call("DeleteModel", **here)
    assert (404, "NotFoundException") == refused(plane, "GetModel", **here)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": "Empty"}, (409, "ConflictException")),
        ({"name": "no name"}, (400, "BadRequestException")),
        ({"name": "Pet", "schema": "{"}, (400, "BadRequestException")),
        ({"name": 1}, (400, "SerializationException")),
    ],
)
def test_what_is_no_model_is_refused(
    plane: ControlPlane, api: str, fields: dict[str, Any], refusal: tuple[int, str]
) -> None:
    """A name that is taken or none, a schema that is no JSON."""
    assert refusal == refused(plane, "CreateModel", restApiId=api, contentType="application/json", **fields)


def test_a_model_in_use_stays(plane: ControlPlane, method: dict[str, Any], api: str) -> None:
    """A method response refers to it."""
    plane.call("PutMethodResponse", **method, statusCode="200", responseModels={"application/json": "Empty"})

    assert (409, "ConflictException") == refused(plane, "DeleteModel", restApiId=api, modelName="Empty")


@pytest.mark.parametrize(("style", "base"), [("oas30", "#/components/schemas/"), ("swagger", "#/definitions/")])
def test_an_export_has_the_models_in_use(
    plane: ControlPlane, method: dict[str, Any], api: str, style: str, base: str
) -> None:
    """With those that they refer to, without what only a draft has."""
    schema = {"$schema": "http://x", "type": "object", "properties": {"a": {"$ref": f"{URL}Part"}}}
    for name, content in (("Whole", schema), ("Part", {"type": "string"}), ("Loose", {})):
        plane.call("CreateModel", restApiId=api, name=name, contentType="a/b", schema=json.dumps(content))
    plane.call("UpdateMethod", **method, patchOperations=replacing("/requestModels/a~1b", "Whole", "add"))
    document = exported(plane, api, style)
    schemas = document["definitions"] if style == "swagger" else document["components"]["schemas"]

    assert {
        "Part": {"type": "string"},
        "Whole": {"type": "object", "properties": {"a": {"$ref": f"{base}Part"}}},
    } == schemas


def test_an_export_has_what_a_method_takes(plane: ControlPlane, method: dict[str, Any], api: str) -> None:
    """Parameters, request models, the name of the operation and of the validator."""
    validator = plane.call("CreateRequestValidator", restApiId=api, name="body", validateRequestBody=True)["id"]
    plane.call("CreateRequestValidator", restApiId=api, name="unused")
    for path, value, word in (
        ("/operationName", "List", "replace"),
        ("/requestValidatorId", validator, "replace"),
        ("/requestParameters/method.request.querystring.q", "true", "add"),
        ("/requestModels/application~1json", "Empty", "add"),
    ):
        plane.call("UpdateMethod", **method, patchOperations=replacing(path, value, word))
    document = exported(plane, api)
    operation = document["paths"]["/things"]["get"]

    assert ("List", "body", [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}]) == (
        operation["operationId"],
        operation["x-amazon-apigateway-request-validator"],
        operation["parameters"],
    )
    assert {"application/json"} == set(operation["requestBody"]["content"])
    assert {"body": {"validateRequestBody": True, "validateRequestParameters": False}} == document[VALIDATORS]


def test_a_validator_lives(plane: ControlPlane, api: str) -> None:
    """Create, read, change, delete; a name is not needed."""
    created = plane.call("CreateRequestValidator", restApiId=api)
    here = {"restApiId": api, "requestValidatorId": created["id"]}
    plane.call("UpdateRequestValidator", **here, patchOperations=replacing("/validateRequestBody", "true"))

    assert {**created, "validateRequestBody": True} == plane.call("GetRequestValidator", **here)
    assert [created["id"]] == [one["id"] for one in plane.call("GetRequestValidators", restApiId=api)["items"]]
    assert {} == plane.call("DeleteRequestValidator", **here)
    assert (404, "NotFoundException") == refused(plane, "GetRequestValidator", **here)


def test_a_validator_in_use_stays(plane: ControlPlane, method: dict[str, Any], api: str) -> None:
    """A method refers to it."""
    created = plane.call("CreateRequestValidator", restApiId=api, name="body")
    plane.call("UpdateMethod", **method, patchOperations=replacing("/requestValidatorId", created["id"]))

    assert (409, "ConflictException") == refused(
        plane, "DeleteRequestValidator", restApiId=api, requestValidatorId=created["id"]
    )


def test_gateway_responses_are_awss_own_until_they_are_put(plane: ControlPlane, api: str) -> None:
    """Every type is listed; a deleted one is AWS's own again."""
    here = {"restApiId": api, "responseType": "UNAUTHORIZED"}
    before = plane.call("GetGatewayResponse", **here)
    put = plane.call("PutGatewayResponse", **here, responseParameters={"gatewayresponse.header.X": "'1'"})
    listed = plane.call("GetGatewayResponses", restApiId=api)["items"]
    plane.call("DeleteGatewayResponse", **here)

    assert (True, False, "401", 21) == (
        before["defaultResponse"],
        put["defaultResponse"],
        put["statusCode"],
        len(listed),
    )
    assert before == plane.call("GetGatewayResponse", **here)
    assert (404, "NotFoundException") == refused(plane, "DeleteGatewayResponse", **here)


def test_a_gateway_response_is_patched(plane: ControlPlane, api: str) -> None:
    """From what it is, AWS's own included."""
    here = {"restApiId": api, "responseType": "THROTTLED"}
    patched = plane.call("UpdateGatewayResponse", **here, patchOperations=replacing("/statusCode", "503"))

    assert ("503", False, patched) == (
        patched["statusCode"],
        patched["defaultResponse"],
        plane.call("GetGatewayResponse", **here),
    )


def test_an_export_has_what_was_customised(plane: ControlPlane, api: str) -> None:
    """And nothing of AWS's own."""
    assert GATEWAY not in exported(plane, api)
    plane.call("PutGatewayResponse", restApiId=api, responseType="UNAUTHORIZED", statusCode="403")

    assert {"UNAUTHORIZED": {"statusCode": "403"}} == exported(plane, api)[GATEWAY]


def test_a_type_that_is_none_is_refused(plane: ControlPlane, api: str) -> None:
    """With the list of those that there are."""
    for operation in ("PutGatewayResponse", "GetGatewayResponse", "DeleteGatewayResponse"):
        assert (400, "ValidationException") == refused(plane, operation, restApiId=api, responseType="TEAPOT")


def test_a_copy_and_a_deployment_keep_theirs(plane: ControlPlane, api: str) -> None:
    """What is changed afterwards changes neither."""
    plane.call("PutGatewayResponse", restApiId=api, responseType="UNAUTHORIZED", statusCode="403")
    before, twin = exported(plane, api), plane.copy()
    plane.call("DeleteGatewayResponse", restApiId=api, responseType="UNAUTHORIZED")
    asked = {"stageName": "prod", "exportType": "oas30", "parameters": {"extensions": "apigateway"}}

    assert before == json.loads(plane.call("GetExport", restApiId=api, **asked)["body"])
    assert "403" == twin.call("GetGatewayResponse", restApiId=api, responseType="UNAUTHORIZED")["statusCode"]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"responseTransferMode": "STREAM"}, {"responseTransferMode": "STREAM"}),
        ({"responseTransferMode": "BUFFERED"}, {}),
        ({"tlsConfig": {"insecureSkipVerification": True}}, {"tlsConfig": {"insecureSkipVerification": True}}),
        ({"integrationTarget": "arn:x"}, {"integrationTarget": "arn:x"}),
        ({"cacheNamespace": "shared"}, {"cacheNamespace": "shared"}),
        ({"cacheKeyParameters": ["a"]}, {"cacheKeyParameters": ["a"]}),
    ],
)
def test_integrations_are_exported_whole(
    plane: ControlPlane, method: dict[str, Any], api: str, fields: dict[str, Any], shown: dict[str, Any]
) -> None:
    """But for defaults."""
    plane.call("PutIntegration", **method, type="MOCK", **fields)
    integration = exported(plane, api)["paths"]["/things"]["get"]["x-amazon-apigateway-integration"]

    assert {"type": "mock", "passthroughBehavior": "when_no_match", **shown} == integration
