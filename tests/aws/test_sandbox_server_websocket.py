"""The sandbox's server, as boto3's client for WebSocket and HTTP APIs and plain HTTP see it."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from reconciler.sandbox.model import faults
from reconciler.sandbox.model.plane import ControlPlane
from reconciler.sandbox.seed_chat import CHAT_ID, HISTORY_ID, PING_ID, WEB_ID
from reconciler.sandbox.server import Server

PING = {"ApiId": CHAT_ID, "IntegrationId": PING_ID}
AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=sandbox/20260101/eu-west-1/apigateway/aws4_request, SignedHeaders=host"


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Any]:
    """A client of the server; nothing of this machine's own settings is used."""
    with closing(
        boto3.client(
            "apigatewayv2",
            region_name="eu-west-1",
            endpoint_url=server.url,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",  # noqa: S106 - the sandbox takes any
            config=Config(retries={"total_max_attempts": 1}),
        )
    ) as made:
        yield made


@pytest.fixture
def response(client: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 - a client without stubs
    """A response of the ping, as long as the test lasts: the parameters that address it."""
    created = client.create_integration_response(
        **PING,
        IntegrationResponseKey="/4../",
        TemplateSelectionExpression="${request.body.a}",
        ResponseTemplates={"Aa": "1", "b": ""},
    )
    where = {**PING, "IntegrationResponseId": created["IntegrationResponseId"]}
    yield where
    client.delete_integration_response(**where)


def without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def status(answer: dict[str, Any]) -> int:
    """The HTTP status of an answer."""
    code: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return code


def refusal(error: ClientError) -> tuple[int, str]:
    """Status and code of an error answer."""
    answer: Any = error.response
    return status(answer), answer["Error"]["Code"]


class Made(NamedTuple):
    """An API that was made through the client, with the statuses of the answers."""

    api_id: str
    statuses: list[int]


def make(client: Any) -> Made:  # noqa: ANN401 - a client without stubs
    """A whole API and its end, by every kind of write."""
    api = client.create_api(Name="t", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.do")
    where = {"ApiId": api["ApiId"]}
    integration = client.create_integration(**where, IntegrationType="MOCK")
    at = {**where, "IntegrationId": integration["IntegrationId"]}
    route = client.create_route(**where, RouteKey="say", Target=f"integrations/{at['IntegrationId']}")
    to = {**where, "RouteId": route["RouteId"]}
    heard = client.create_route_response(**to, RouteResponseKey="$default")
    made = client.create_integration_response(**at, IntegrationResponseKey="$default")
    one = {**at, "IntegrationResponseId": made["IntegrationResponseId"]}
    stage = client.create_stage(**where, StageName="prod")
    deployed = client.create_deployment(**where, StageName="prod")
    answers = [
        *(api, integration, route, heard, made, stage, deployed),
        client.update_integration_response(**one, ContentHandlingStrategy="CONVERT_TO_TEXT"),
        client.update_route(**to, RouteResponseSelectionExpression="$default"),
        client.update_integration(**at, TimeoutInMillis=100),
        client.update_stage(**where, StageName="prod", Description="d"),
        client.delete_integration_response(**one),
        client.delete_route_response(**to, RouteResponseId=heard["RouteResponseId"]),
        client.delete_route(**to),
        client.delete_integration(**at),
        client.delete_stage(**where, StageName="prod"),
        client.delete_deployment(**where, DeploymentId=deployed["DeploymentId"]),
        client.delete_api(**where),
    ]
    return Made(api["ApiId"], [status(answer) for answer in answers])


def test_writes_have_the_statuses_of_the_service_model(client: Any) -> None:  # noqa: ANN401 - a client without stubs
    """Creates are 201, updates 200, deletes 204."""
    assert [201] * 7 + [200] * 4 + [204] * 7 == make(client).statuses


def test_deleted_api_is_not_listed(client: Any) -> None:  # noqa: ANN401 - a client without stubs
    """What was made and deleted is not there."""
    gone = make(client).api_id

    assert gone not in [api["ApiId"] for api in client.get_apis()["Items"]]


def test_every_member_arrives(client: Any, response: dict[str, str]) -> None:  # noqa: ANN401 - a client without stubs
    """Names of members are boto3's, names of templates the user's, as they were sent."""
    found = client.get_integration_response(**response)

    assert {
        "IntegrationResponseId": response["IntegrationResponseId"],
        "IntegrationResponseKey": "/4../",
        "TemplateSelectionExpression": "${request.body.a}",
        "ResponseParameters": {},
        "ResponseTemplates": {"Aa": "1", "b": ""},
    } == without_metadata(found)


def test_update_merges(client: Any, response: dict[str, str]) -> None:  # noqa: ANN401 - a client without stubs
    """What is not sent stays, "" clears."""
    client.update_integration_response(**response, TemplateSelectionExpression="", ResponseTemplates={"c": "2"})
    found = client.get_integration_response(**response)

    assert ({"Aa": "1", "b": "", "c": "2"}, False) == (
        found["ResponseTemplates"],
        "TemplateSelectionExpression" in found,
    )


@pytest.mark.parametrize(
    ("operation", "where", "key", "names"),
    [
        ("get_apis", {}, "Name", ["chat", "web"]),
        (
            "get_routes",
            {"ApiId": CHAT_ID},
            "RouteKey",
            ["$connect", "$disconnect", "sendMessage", "history", "ping", "typing"],
        ),
        ("get_integrations", {"ApiId": WEB_ID}, "IntegrationType", ["HTTP_PROXY"]),
        (
            "get_integration_responses",
            {"ApiId": CHAT_ID, "IntegrationId": HISTORY_ID},
            "IntegrationResponseKey",
            ["$default", r"/2\d\d/", r"/4\d\d/", r"/5\d\d/"],
        ),
    ],
)
def test_listings_come_in_pages(
    client: Any,  # noqa: ANN401 - a client without stubs
    operation: str,
    where: dict[str, str],
    key: str,
    names: list[str],
) -> None:
    """boto3's paginators get along with MaxResults and NextToken, and everything arrives once, in order."""
    paginator = client.get_paginator(operation)
    pages = list(paginator.paginate(**where, PaginationConfig={"PageSize": 1}))

    assert (names, len(names)) == ([item[key] for page in pages for item in page["Items"]], len(pages))


def test_dates_are_dates(client: Any) -> None:  # noqa: ANN401 - a client without stubs
    """Seconds of the model arrive as a time with its zone."""
    found = client.get_api(ApiId=CHAT_ID)["CreatedDate"]

    assert datetime.fromisoformat("2025-06-15T15:00:00Z") < found < datetime.fromisoformat("2025-06-16T00:00:00Z")


def test_wire_is_camel_case(server: Server) -> None:
    """On the wire members begin with a small letter, in listings too, and dates are ISO 8601."""
    request = urllib.request.Request(f"{server.url}/v2/apis", headers={"Authorization": AUTHORIZATION})  # noqa: S310 - http
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own URL
        chat = json.load(answer)["items"][0]

    assert (CHAT_ID, "T", "Z") == (chat["apiId"], chat["createdDate"][10], chat["createdDate"][-1])


@pytest.mark.parametrize("sent", [{"IntegrationResponseKey": "/x/"}, {"": "/x/"}, {"integrationResponseKey": None}])
def test_members_are_known_by_their_name_on_the_wire(server: Server, sent: dict[str, str]) -> None:
    """boto3's own names, none, and null are no key for a response."""
    path = f"/v2/apis/{CHAT_ID}/integrations/{PING_ID}/integrationresponses"
    request = urllib.request.Request(  # noqa: S310 - http
        f"{server.url}{path}",
        data=json.dumps(sent).encode(),
        method="POST",
        headers={"Authorization": AUTHORIZATION},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310 - our own URL
    with refused.value as answer:
        assert (400, "BadRequestException") == (answer.code, answer.headers["x-amzn-ErrorType"])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"IntegrationResponseKey": "$default"}, (409, "ConflictException")),
        ({"IntegrationResponseKey": "200"}, (400, "BadRequestException")),
        ({"IntegrationResponseKey": "/x/", "IntegrationId": "gone"}, (404, "NotFoundException")),
        ({"IntegrationResponseKey": "/x/", "ApiId": WEB_ID, "IntegrationId": "gone"}, (404, "NotFoundException")),
    ],
)
def test_refusal_arrives(client: Any, asked: dict[str, str], code: tuple[int, str]) -> None:  # noqa: ANN401 - a client without stubs
    """Status and code are those that the service model has."""
    with pytest.raises(ClientError) as refused:
        client.create_integration_response(**{**PING, **asked})

    assert code == refusal(refused.value)


def test_modelled_errors_have_their_class(client: Any) -> None:  # noqa: ANN401 - a client without stubs
    """boto3 recognises the error types of v2."""
    with pytest.raises(client.exceptions.NotFoundException):
        client.delete_integration_response(**PING, IntegrationResponseId="gone")


def test_calls_are_logged(client: Any, plane: ControlPlane) -> None:  # noqa: ANN401 - a client without stubs
    """The log has the operation and its parameters under boto3's names."""
    client.get_integration_responses(**PING, MaxResults="7")

    assert [("GetIntegrationResponses", {**PING, "MaxResults": "7"})] == [
        (call.operation, call.parameters) for call in plane.calls
    ]


def test_queued_refusal_arrives(client: Any, plane: ControlPlane) -> None:  # noqa: ANN401 - a client without stubs
    """Faults concern v2 calls as they do those of v1."""
    plane.faults.add(faults.throttled(), "GetRoutes")
    with pytest.raises(client.exceptions.TooManyRequestsException):
        client.get_routes(ApiId=CHAT_ID)


def test_lost_create_takes_effect(client: Any, plane: ControlPlane) -> None:  # noqa: ANN401 - a client without stubs
    """The connection breaks, and the response is there."""
    plane.faults.add(faults.LostAnswer(), "CreateIntegrationResponse")
    with pytest.raises(ConnectionClosedError):
        client.create_integration_response(**PING, IntegrationResponseKey="/lost/")
    found = {
        item["IntegrationResponseKey"]: item["IntegrationResponseId"]
        for item in client.get_integration_responses(**PING)["Items"]
    }
    client.delete_integration_response(**PING, IntegrationResponseId=found["/lost/"])

    assert {"$default", "/lost/"} == found.keys()


def test_unknown_operation_is_said_to_be_unknown(client: Any) -> None:  # noqa: ANN401 - a client without stubs
    """What the model does not have is refused by name, not answered wrongly."""
    with pytest.raises(ClientError) as refused:
        client.get_models(ApiId=CHAT_ID)

    assert "UnknownOperationException" == refusal(refused.value)[1]
