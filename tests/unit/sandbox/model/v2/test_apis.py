"""WebSocket and HTTP APIs, their routes and integrations in the model."""

from typing import Any

import pytest

from reconciler.sandbox.model.errors import ModelError
from reconciler.sandbox.model.plane import ControlPlane

FUNCTION = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations"
QUEUE = "arn:aws:apigateway:eu-west-1:sqs:action/SendMessage"


def route(plane: ControlPlane, mock: dict[str, Any], key: str = "say", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - each field has its own
    """A route to the mock; the parameters that address it."""
    target = f"integrations/{mock['IntegrationId']}"
    created = plane.call("CreateRoute", ApiId=mock["ApiId"], RouteKey=key, Target=target, **fields)
    return {"ApiId": mock["ApiId"], "RouteId": created["RouteId"]}


def refused(plane: ControlPlane, operation: str, **parameters: Any) -> tuple[int, str, str]:  # noqa: ANN401 - each operation has its own
    """Status, code and text of a refusal."""
    with pytest.raises(ModelError) as error:
        plane.call(operation, **parameters)
    return error.value.status, error.value.code, error.value.message


@pytest.mark.usefixtures("mock", "web")
def test_apis_of_both_protocols_are_listed(plane: ControlPlane) -> None:
    """GetApis has WebSocket and HTTP APIs, and no REST API."""
    plane.call("CreateRestApi", name="rest")

    assert [("talk", "WEBSOCKET"), ("web", "HTTP")] == [
        (api["Name"], api["ProtocolType"]) for api in plane.call("GetApis")["Items"]
    ]


def test_versions_do_not_mix(plane: ControlPlane, mock: dict[str, Any], method: dict[str, Any]) -> None:
    """An operation that both versions have is of v2 when it has an ApiId."""
    assert ("MOCK", "MOCK") == (
        plane.call("GetIntegration", **mock)["IntegrationType"],
        plane.call("GetIntegration", **method)["type"],
    )


@pytest.mark.parametrize(
    "sent",
    [
        {"Name": "a"},
        {"Name": "a", "ProtocolType": "REST"},
        {"Name": "a", "ProtocolType": "WEBSOCKET"},
        {"Name": "", "ProtocolType": "HTTP"},
    ],
)
def test_malformed_api_is_refused(plane: ControlPlane, sent: dict[str, str]) -> None:
    """An API needs a name, a protocol, and as a WebSocket API a route selection expression."""
    assert (400, "BadRequestException") == refused(plane, "CreateApi", **sent)[:2]


def test_deleted_api_is_gone(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """An API goes with all that is in it."""
    plane.call("DeleteApi", ApiId=mock["ApiId"])

    assert 404 == refused(plane, "GetIntegration", **mock)[0]


@pytest.mark.parametrize(
    ("fields", "expression"),
    [
        ({"IntegrationType": "AWS", "IntegrationUri": FUNCTION}, "${integration.response.body.errorMessage}"),
        ({"IntegrationType": "AWS", "IntegrationUri": QUEUE}, "${integration.response.statuscode}"),
        ({"IntegrationType": "HTTP", "IntegrationUri": "http://a.example"}, "${integration.response.statuscode}"),
        ({"IntegrationType": "MOCK"}, "${integration.response.statuscode}"),
        ({"IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION}, None),
    ],
)
def test_responses_are_selected_by_what_the_backend_is(
    plane: ControlPlane, mock: dict[str, Any], fields: dict[str, str], expression: str | None
) -> None:
    """Lambda functions by their error message, everything else by its status, proxies not at all."""
    created = plane.call("CreateIntegration", ApiId=mock["ApiId"], **fields)

    assert expression == created.get("IntegrationResponseSelectionExpression")


def test_selection_expression_cannot_be_set(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """It is AWS's own, whatever is sent."""
    updated = plane.call("UpdateIntegration", **mock, IntegrationResponseSelectionExpression="mine")

    assert "${integration.response.statuscode}" == updated["IntegrationResponseSelectionExpression"]


@pytest.mark.parametrize(
    "sent", [{}, {"IntegrationType": "LAMBDA"}, {"IntegrationType": "HTTP"}, {"IntegrationType": "AWS"}]
)
def test_malformed_integration_is_refused(plane: ControlPlane, mock: dict[str, Any], sent: dict[str, str]) -> None:
    """An integration needs a known type and, unless it is a mock, a backend."""
    assert 400 == refused(plane, "CreateIntegration", ApiId=mock["ApiId"], **sent)[0]


def test_http_api_takes_only_proxies(plane: ControlPlane, web: dict[str, Any]) -> None:
    """An HTTP API with any other integration is refused in AWS's words."""
    said = refused(plane, "CreateIntegration", ApiId=web["ApiId"], IntegrationType="MOCK")

    assert "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations" in said[2]


def test_request_parameters_merge(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """An update keeps entries that are not sent and takes away those that are sent as ""."""
    plane.call("UpdateIntegration", **mock, RequestParameters={"a": "1", "b": "2"})
    updated = plane.call("UpdateIntegration", **mock, RequestParameters={"a": "", "c": "3"})

    assert {"b": "2", "c": "3"} == updated["RequestParameters"]


def test_update_keeps_responses(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """Changing an integration leaves its responses alone."""
    plane.call("CreateIntegrationResponse", **mock, IntegrationResponseKey="$default")
    plane.call("UpdateIntegration", **mock, TimeoutInMillis=100)

    assert 1 == len(plane.call("GetIntegrationResponses", **mock)["Items"])


def test_target_of_a_route_is_not_deleted(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """An integration that routes lead to has to stay; the refusal names them."""
    route_id = route(plane, mock)["RouteId"]
    said = refused(plane, "DeleteIntegration", **mock)

    text = f"Cannot delete Integration because it is referenced by the following Routes with Ids: [{route_id}]"
    assert (409, "ConflictException", text) == said


def test_integration_without_routes_is_deleted(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """When its route is gone, an integration can go, with its responses."""
    plane.call("DeleteRoute", **route(plane, mock))
    plane.call("DeleteIntegration", **mock)

    assert 404 == refused(plane, "GetIntegrationResponses", **mock)[0]


def test_route_key_is_unique(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A second route with one key is a conflict."""
    route(plane, mock)
    said = refused(plane, "CreateRoute", ApiId=mock["ApiId"], RouteKey="say")

    assert (409, "ConflictException", "Route with key say already exists for this API") == said


@pytest.mark.parametrize("sent", [{"RouteKey": ""}, {"Target": "integrations/gone"}, {"Target": "gone"}, {"Target": 1}])
def test_malformed_route_is_refused(plane: ControlPlane, mock: dict[str, Any], sent: dict[str, Any]) -> None:
    """A route needs a key, and a target is an integration of its API."""
    where = route(plane, mock)

    assert 400 == refused(plane, "UpdateRoute", **where, **sent)[0]


def test_target_needs_its_prefix(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """The id of an integration alone is no target."""
    where = route(plane, mock)

    assert 400 == refused(plane, "UpdateRoute", **where, Target=mock["IntegrationId"])[0]


def test_route_update_merges(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """What is not sent of a route stays, "" takes the response selection away."""
    where = route(plane, mock, RouteResponseSelectionExpression="$default")
    updated = plane.call("UpdateRoute", **where, OperationName="n", RouteResponseSelectionExpression="")

    assert ("say", "n", None) == (
        updated["RouteKey"],
        updated["OperationName"],
        updated.get("RouteResponseSelectionExpression"),
    )


@pytest.mark.parametrize(("key", "status"), [("$default", 201), ("ok", 400), ("", 400)])
def test_route_response_is_the_default(plane: ControlPlane, mock: dict[str, Any], key: str, status: int) -> None:
    """$default is the one key that a route response may have."""
    where, got = route(plane, mock), 201
    try:
        plane.call("CreateRouteResponse", **where, RouteResponseKey=key)
    except ModelError as error:
        got = error.status

    assert status == got


def test_second_route_response_conflicts(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A route has one response."""
    where = route(plane, mock)
    plane.call("CreateRouteResponse", **where, RouteResponseKey="$default")

    assert 409 == refused(plane, "CreateRouteResponse", **where, RouteResponseKey="$default")[0]


def test_route_responses_are_read_and_deleted(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """A route response is found by its id and in the list, until it is deleted."""
    where = route(plane, mock)
    created = plane.call("CreateRouteResponse", **where, RouteResponseKey="$default")
    one = {**where, "RouteResponseId": created["RouteResponseId"]}
    before = (plane.call("GetRouteResponse", **one), plane.call("GetRouteResponses", **where)["Items"])
    plane.call("DeleteRouteResponse", **one)

    assert ((created, [created]), []) == (before, plane.call("GetRouteResponses", **where)["Items"])


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("GetApi", "ApiId"),
        ("DeleteApi", "ApiId"),
        ("GetRoutes", "ApiId"),
        ("GetIntegrations", "ApiId"),
        ("GetRoute", "RouteId"),
        ("UpdateRoute", "RouteId"),
        ("DeleteRoute", "RouteId"),
        ("GetRouteResponses", "RouteId"),
        ("GetRouteResponse", "RouteResponseId"),
        ("DeleteRouteResponse", "RouteResponseId"),
        ("GetIntegration", "IntegrationId"),
        ("UpdateIntegration", "IntegrationId"),
        ("DeleteIntegration", "IntegrationId"),
        ("GetIntegrationResponses", "IntegrationId"),
        ("GetStage", "StageName"),
        ("UpdateStage", "StageName"),
        ("DeleteStage", "StageName"),
        ("GetDeployment", "DeploymentId"),
        ("DeleteDeployment", "DeploymentId"),
    ],
)
def test_what_is_not_there_is_not_found(plane: ControlPlane, mock: dict[str, Any], operation: str, name: str) -> None:
    """Each kind of missing thing is a 404 that names it."""
    said = refused(plane, operation, **{**mock, **route(plane, mock), name: "gone"})

    assert (404, "NotFoundException", "gone") == (*said[:2], said[2].rpartition(" ")[2])


def test_reads_and_writes_are_told_apart_in_the_log(plane: ControlPlane, mock: dict[str, Any]) -> None:
    """The log has v2 calls as it has those of v1."""
    plane.calls.clear()
    plane.call("GetIntegrations", ApiId=mock["ApiId"])
    plane.call("CreateIntegrationResponse", **mock, IntegrationResponseKey="$default")

    assert (["GetIntegrations"], ["CreateIntegrationResponse"]) == (
        [call.operation for call in plane.calls.reads()],
        [call.operation for call in plane.calls.writes()],
    )


@pytest.mark.parametrize(
    ("operation", "sent"),
    [
        ("CreateStage", {"StageName": "prod", "AutoDeploy": "false"}),
        ("CreateDeployment", {"StageName": 5}),
        ("CreateRoute", {"RouteKey": "say", "ApiKeyRequired": "no"}),
        ("CreateIntegration", {"IntegrationType": "MOCK", "TimeoutInMillis": "100"}),
        ("CreateIntegration", {"IntegrationType": "MOCK", "TimeoutInMillis": True}),
        ("CreateIntegration", {"IntegrationType": "MOCK", "RequestTemplates": []}),
    ],
)
def test_json_of_the_wrong_type_is_refused(
    plane: ControlPlane, mock: dict[str, Any], operation: str, sent: dict[str, Any]
) -> None:
    """Texts are no booleans and no numbers, and the other way round."""
    assert (400, "SerializationException") == refused(plane, operation, ApiId=mock["ApiId"], **sent)[:2]
