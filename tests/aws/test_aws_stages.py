"""Stages, deployments and exports through real boto3: requests, checks of responses, retries."""

import json
from typing import Any

import pytest

from reconciler import errors
from reconciler.models.keys import MethodKey
from reconciler.models.live import Access, LiveMethod
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.stages import Deployment, Stage
from reconciler.models.targets import Target
from reconciler.normal import as_exported
from reconciler.ports import Connection, Reader, Writer
from support.clock import FakeClock
from support.stub import (
    CHAT,
    DROPPED,
    GET_PETS,
    PAGE,
    TARGET,
    Scripted,
    Stub,
    refused,
    said,
)

pytestmark = pytest.mark.usefixtures("settings")

KINDS = pytest.mark.parametrize("target", [TARGET, CHAT], ids=["rest", "websocket"])
BASES = {TARGET: "/restapis/a1b2c3", CHAT: "/v2/apis/chat1"}
THERE = {TARGET: PAGE, CHAT: said({"items": []})}
"""Return the response that shows that the API exists."""

STAGES: dict[Target, dict[str, Any]] = {
    TARGET: {"stageName": "prod", "deploymentId": "d1"},
    CHAT: {"stageName": "prod", "deploymentId": "d1", "autoDeploy": False},
}
DEPLOYMENTS = {
    TARGET: {"id": "d1", "description": "run 1"},
    CHAT: {"deploymentId": "d1", "description": "run 1", "deploymentStatus": "DEPLOYED"},
}
NO_STAGE = refused(404, "NotFoundException", "Invalid stage identifier specified")
HTML = Scripted(200, "<html><body>Please log in</body></html>")
EXPORT_CALL = "GET /restapis/a1b2c3/stages/prod/exports/oas30?extensions=apigateway"
EXPORTED = {
    "openapi": "3.0.1",
    "info": {"title": "petstore", "version": "1"},
    "servers": [{"url": "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/{basePath}"}],
    "paths": {
        "/pets": {
            "get": {
                "responses": {"404": {"description": "404 response", "headers": {"X": {"schema": {"type": "string"}}}}},
                "x-amazon-apigateway-integration": {
                    "type": "mock",
                    "passthroughBehavior": "when_no_match",
                    "responses": {"default": {"statusCode": "404", "responseTemplates": {"application/json": None}}},
                },
            }
        }
    },
}
EXPORT = said(EXPORTED)


@KINDS
def test_stage(stub: Stub, reader: Reader, target: Target) -> None:
    """One call reads what a stage serves."""
    stub.answers = [said(STAGES[target])]

    assert Stage("prod", "d1") == reader.stage(target, "prod")
    assert [f"GET {BASES[target]}/stages/prod"] == stub.gateway_calls


def test_stages_of_a_rest_api(stub: Stub, reader: Reader) -> None:
    """One page has them all, in any order."""
    stub.answers = [
        said({"item": [{"stageName": "prod", "deploymentId": "d1"}, {"stageName": "a", "deploymentId": "d2"}]})
    ]

    assert [Stage("a", "d2"), Stage("prod", "d1")] == reader.stages(TARGET)
    assert ["GET /restapis/a1b2c3/stages"] == stub.gateway_calls


def test_stages_of_a_websocket_api(stub: Stub, reader: Reader) -> None:
    """All pages are read."""
    stub.answers = [
        said({"items": [{"stageName": "prod", "deploymentId": "d1"}], "nextToken": "t"}),
        said({"items": [{"stageName": "a", "autoDeploy": True}]}),
    ]

    assert [Stage("a", auto_deploys=True), Stage("prod", "d1")] == reader.stages(CHAT)
    assert 2 == len(stub.gateway_calls)


@pytest.mark.parametrize("answer", [{}, {"item": []}])
def test_an_api_without_stages(stub: Stub, reader: Reader, answer: dict[str, Any]) -> None:
    """Nothing was deployed yet."""
    stub.answers = [said(answer)]

    assert [] == reader.stages(TARGET)


@KINDS
def test_a_list_that_was_not_found_is_no_empty_list(stub: Stub, reader: Reader, target: Target) -> None:
    """Whether or not the API can be read."""
    stub.answers = [NO_STAGE, THERE[target]]

    with pytest.raises((errors.NotFound, errors.ApiNotFound)):
        reader.stages(target)


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        (TARGET, {"item": [{"stageName": "prod"}]}),
        (TARGET, {"item": [{"deploymentId": "d1"}]}),
        (CHAT, {"items": [{"deploymentId": "d1"}]}),
    ],
)
def test_a_stage_without_its_name_is_not_believed(
    stub: Stub, reader: Reader, target: Target, answer: dict[str, Any]
) -> None:
    """Neither is one of a REST API without a deployment."""
    stub.answers = [said(answer)] * 5

    with pytest.raises(errors.UnreadableAnswer):
        reader.stages(target)


def test_stage_with_a_canary(stub: Stub, reader: Reader) -> None:
    """A canary is shown, whatever its share of the traffic."""
    stub.answers = [said({**STAGES[TARGET], "canarySettings": {"percentTraffic": 0.0, "deploymentId": "d2"}})]

    assert Stage("prod", "d1", has_canary=True) == reader.stage(TARGET, "prod")


def test_stage_that_deploys_by_itself(stub: Stub, reader: Reader) -> None:
    """A stage with AutoDeploy has the message of its last deployment."""
    stub.answers = [said({"stageName": "prod", "autoDeploy": True, "lastDeploymentStatusMessage": "no routes"})]

    assert Stage("prod", auto_deploys=True, message="no routes") == reader.stage(CHAT, "prod")


@KINDS
def test_deployment(stub: Stub, reader: Reader, target: Target) -> None:
    """One call reads a deployment."""
    stub.answers = [said(DEPLOYMENTS[target])]

    assert Deployment("d1", "run 1") == reader.deployment(target, "d1")
    assert [
        f"GET {BASES[target]}/deployments/d1{'?embed=apisummary' if target is TARGET else ''}"
    ] == stub.gateway_calls


def test_deployment_tells_who_may_call_what(stub: Stub, reader: Reader) -> None:
    """A deployment of a REST API has a summary of its methods, which an export does not show."""
    summary = {
        "/pets": {
            "GET": {"authorizationType": "AWS_IAM", "apiKeyRequired": True},
            "ANY": {"authorizationType": "NONE"},
        },
        "/": {},
    }
    stub.answers = [said({**DEPLOYMENTS[TARGET], "apiSummary": summary})]
    found = reader.deployment(TARGET, "d1")

    assert found
    assert {GET_PETS: Access("AWS_IAM", needs_key=True), MethodKey("/pets", "ANY"): Access()} == found.access


@pytest.mark.parametrize(("status", "message"), [("PENDING", ""), ("FAILED", "no such luck")])
def test_deployment_that_is_not_deployed(stub: Stub, reader: Reader, status: str, message: str) -> None:
    """A deployment of a WebSocket API may be pending, or have failed with a reason."""
    told = {"deploymentStatusMessage": message} if message else {}
    stub.answers = [said({"deploymentId": "d1", "deploymentStatus": status, **told})]
    found = reader.deployment(CHAT, "d1")

    assert found
    assert (status, message) == (found.status, found.message)


@KINDS
@pytest.mark.parametrize("what", ["stage", "deployment"])
def test_what_is_not_there_while_its_api_is(stub: Stub, reader: Reader, target: Target, what: str) -> None:
    """After a 404 another call decides what is missing."""
    stub.answers = [NO_STAGE, THERE[target]]

    assert None is getattr(reader, what)(target, "prod")
    assert 2 == len(stub.gateway_calls)


@KINDS
@pytest.mark.parametrize("what", ["stage", "deployment"])
def test_what_is_not_there_because_its_api_is_not(stub: Stub, reader: Reader, target: Target, what: str) -> None:
    """A missing API is an error, not an API without stages."""
    stub.answers = [NO_STAGE, refused(404, "NotFoundException", "Invalid API identifier specified")]

    with pytest.raises(errors.ApiNotFound, match=target.api_id):
        getattr(reader, what)(target, "prod")


@KINDS
@pytest.mark.parametrize("what", ["stage", "deployment"])
@pytest.mark.parametrize(
    "broken",
    [
        HTML,
        DROPPED,
        Scripted(404, "<html><body>Not found</body></html>"),
        Scripted(200, '{"stageName": "prod"', cut=True),
        Scripted(200, ""),
        said({}),
        said({"message": "hello"}),
        said({"stageName": "other", "deploymentId": "d2", "id": "d2", "deploymentStatus": "DEPLOYED"}),
        refused(500, "InternalFailure"),
    ],
)
def test_broken_answers_are_no_stage_that_is_missing(
    stub: Stub, reader: Reader, target: Target, what: str, broken: Scripted
) -> None:
    """A truncated or foreign response, or one about something else, is retried and finally an error."""
    stub.answers = [broken] * 5
    with pytest.raises(errors.AnswerLost):
        getattr(reader, what)(target, "prod" if what == "stage" else "d1")

    assert 5 == len(stub.gateway_calls)


@pytest.mark.parametrize(
    ("target", "what", "answer"),
    [
        (TARGET, "stage", {"stageName": "prod"}),
        (CHAT, "deployment", {"deploymentId": "prod"}),
        (CHAT, "deployment", {"deploymentId": "prod", "deploymentStatus": "NEW"}),
    ],
)
def test_half_an_answer_is_not_believed(
    stub: Stub, reader: Reader, target: Target, what: str, answer: dict[str, str]
) -> None:
    """Stages of REST APIs without a deployment and deployments without a known status are errors."""
    stub.answers = [said(answer)] * 5

    with pytest.raises(errors.UnreadableAnswer):
        getattr(reader, what)(target, "prod")


def test_what_a_stage_serves(stub: Stub, reader: Reader) -> None:
    """One export with integrations reads the API that a stage serves."""
    stub.answers = [EXPORT]
    served = reader.deployed(TARGET, "prod")

    assert [EXPORT_CALL] == stub.gateway_calls
    assert frozenset({"/", "/pets"}) == served.paths
    assert {
        GET_PETS: LiveMethod(
            "",
            "MOCK",
            method_responses={"404": MethodResponse(frozenset({"method.response.header.X"}))},
            responses={"404": RestResponse(response_templates={"application/json": ""})},
        )
    } == served.methods


def test_draft_and_export_compare(stub: Stub, reader: Reader) -> None:
    """An API that was deployed unchanged equals the draft."""
    stub.answers = [PAGE, EXPORT]

    assert as_exported(reader.rest_api(TARGET)) == as_exported(reader.deployed(TARGET, "prod"))


def without(*path: str) -> Any:  # noqa: ANN401 - JSON
    """Return the export without one of its members."""
    document: Any = json.loads(json.dumps(EXPORTED))
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return said(document)


@pytest.mark.parametrize(
    "broken",
    [
        Scripted(200, json.dumps(EXPORTED), cut=True),
        Scripted(200, json.dumps(EXPORTED)[:-100]),
        Scripted(200, ""),
        Scripted(200, "[]"),
        Scripted(200, "openapi: 3.0.1\npaths: {}\n"),
        HTML,
        said({}),
        said({"message": "hello"}),
        said({**EXPORTED, "paths": {}}),
        said({**EXPORTED, "servers": [{"url": "https://zzz.execute-api.eu-west-1.amazonaws.com"}]}),
        without("openapi"),
        without("paths"),
        without("paths", "/pets", "get", "x-amazon-apigateway-integration"),
        without("paths", "/pets", "get", "x-amazon-apigateway-integration", "responses", "default", "statusCode"),
        Scripted(302, "", {"Location": "https://login.example.com"}),
        Scripted(502, "<html>Bad gateway</html>"),
        DROPPED,
    ],
)
def test_broken_exports_never_read_as_an_empty_api(stub: Stub, reader: Reader, broken: Scripted) -> None:
    """An export that is truncated, foreign, of another API or without integrations is retried and finally an error."""
    stub.answers = [broken] * 5
    with pytest.raises(errors.AnswerLost):
        reader.deployed(TARGET, "prod")

    assert [EXPORT_CALL] * 5 == stub.gateway_calls


def test_foreign_texts_do_not_reach_the_message_as_they_are(stub: Stub, reader: Reader) -> None:
    """A message that quotes a document is one line of limited length, without control characters."""
    stub.answers = [said({**EXPORTED, "paths": {f"/\x1b[31m{'x' * 5000}": "text"}})] * 5
    with pytest.raises(errors.UnreadableAnswer) as raised:
        reader.deployed(TARGET, "prod")

    assert ("/?[31mxxx" in raised.value.message, len(raised.value.message) < 1000) == (True, True)


def test_passing_trouble_with_an_export_does_not_show(stub: Stub, reader: Reader, clock: FakeClock) -> None:
    """After throttling and a truncated export, the whole export is read."""
    clock.naps.clear()
    throttled = refused(429, "TooManyRequestsException", "Too Many Requests", Retry_After="7")
    stub.answers = [throttled, Scripted(200, json.dumps(EXPORTED), cut=True), EXPORT]

    assert ({GET_PETS}, True) == ({*reader.deployed(TARGET, "prod").methods}, 7.0 in clock.naps)


def test_export_of_a_stage_that_is_not_there(stub: Stub, reader: Reader) -> None:
    """A missing stage of an existing API is an error, not an empty API."""
    stub.answers = [NO_STAGE, PAGE]

    with pytest.raises(errors.NotFound, match="no such stage"):
        reader.deployed(TARGET, "prod")


def test_export_of_an_api_that_is_not_there(stub: Stub, reader: Reader) -> None:
    """A missing API is named."""
    stub.answers = [NO_STAGE, refused(404, "NotFoundException", "Invalid Resource identifier specified")]

    with pytest.raises(errors.ApiNotFound, match="a1b2c3"):
        reader.deployed(TARGET, "prod")


def test_export_that_may_not_be_read(stub: Stub, reader: Reader) -> None:
    """The error names action and resource as an IAM policy does."""
    stub.answers = [refused(403, "AccessDeniedException", "User: x is not authorized")]

    with pytest.raises(
        errors.AccessDenied,
        match="not allow apigateway:GET on arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/stages/prod/exports/oas30 ",
    ):
        reader.deployed(TARGET, "prod")


def test_websocket_apis_have_no_export(stub: Stub, reader: Reader) -> None:
    """Exporting a WebSocket API is a TypeError, and nothing is sent."""
    with pytest.raises(TypeError):
        reader.deployed(CHAT, "prod")

    assert [] == stub.gateway_calls


@KINDS
def test_deploy(stub: Stub, writer: Writer, target: Target) -> None:
    """One call deploys the API to a stage and returns the deployment."""
    stub.answers = [said(DEPLOYMENTS[target], 201)]

    assert Deployment("d1", "run 1") == writer.deploy(target, "prod", "run 1")
    assert [f"POST {BASES[target]}/deployments"] == stub.gateway_calls
    assert [{"stageName": "prod", "description": "run 1"}] == stub.bodies


def test_websocket_deployment_on_its_way(stub: Stub, writer: Writer) -> None:
    """A deployment of a WebSocket API is still pending when the call returns."""
    stub.answers = [said({"deploymentId": "d2", "deploymentStatus": "PENDING"}, 201)]

    assert Deployment("d2", status="PENDING") == writer.deploy(CHAT, "prod", "")


@KINDS
@pytest.mark.parametrize("lost", [DROPPED, HTML, said({}), said({"message": "x"}), refused(500, "InternalFailure")])
def test_a_deployment_is_not_repeated(stub: Stub, writer: Writer, target: Target, lost: Scripted) -> None:
    """A deployment is not retried after a lost response, because it may exist."""
    stub.answers = [lost]
    with pytest.raises(errors.AnswerLost, match="may have taken effect"):
        writer.deploy(target, "prod", "run 2")

    assert 1 == len(stub.gateway_calls)


@KINDS
def test_a_deployment_that_was_turned_away_is_repeated(stub: Stub, writer: Writer, target: Target) -> None:
    """A throttled deployment is retried."""
    stub.answers = [refused(429, "TooManyRequestsException", "Too Many Requests"), said(DEPLOYMENTS[target], 201)]

    assert "d1" == writer.deploy(target, "prod", "run 1").id


def test_what_cannot_be_deployed(stub: Stub, writer: Writer) -> None:
    """A refused deployment has AWS's reason and is not retried."""
    stub.answers = [refused(400, "BadRequestException", "No integration defined for method")]

    with pytest.raises(errors.BadRequest, match=r"CreateDeployment for stage prod of REST API a1b2c3.*No integration"):
        writer.deploy(TARGET, "prod", "")


def test_deployments_that_may_not_be_made(stub: Stub, writer: Writer) -> None:
    """The error names action and resource as an IAM policy does, without the version in a WebSocket API's path."""
    stub.answers = [refused(403, "AccessDeniedException", "User: x is not authorized")]

    with pytest.raises(
        errors.AccessDenied,
        match="do not allow apigateway:POST on arn:aws:apigateway:eu-west-1::/apis/chat1/deployments ",
    ):
        writer.deploy(CHAT, "prod", "")


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        (TARGET, {"patchOperations": [{"op": "replace", "path": "/deploymentId", "value": "d1"}]}),
        (CHAT, {"deploymentId": "d1"}),
    ],
    ids=["rest", "websocket"],
)
def test_pointing_a_stage(stub: Stub, writer: Writer, target: Target, sent: dict[str, Any]) -> None:
    """Pointing a stage at a deployment is safe to repeat, so a lost response is retried."""
    stub.answers = [DROPPED, said(STAGES[target])]
    writer.point_stage(target, "prod", "d1")

    assert [f"PATCH {BASES[target]}/stages/prod"] * 2 == stub.gateway_calls
    assert [sent] * 2 == stub.bodies


@KINDS
def test_a_stage_that_serves_something_else_was_not_pointed(stub: Stub, writer: Writer, target: Target) -> None:
    """A response with another deployment does not confirm the call."""
    stub.answers = [said({**STAGES[target], "deploymentId": "d0"})] * 5

    with pytest.raises(errors.AnswerLost, match="may have taken effect"):
        writer.point_stage(target, "prod", "d1")


def test_pointing_at_nothing(stub: Stub, writer: Writer) -> None:
    """AWS refuses a missing deployment."""
    stub.answers = [refused(400, "BadRequestException", "Deployment id does not exist")]

    with pytest.raises(errors.BadRequest, match=r"UpdateStage for stage prod of REST API a1b2c3.*does not exist"):
        writer.point_stage(TARGET, "prod", "gone")


def test_partition(connected: Connection) -> None:
    """The ARNs of all calls can be formed."""
    assert "aws" == connected.partition
