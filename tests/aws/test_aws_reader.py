"""Reading through real boto3: whole APIs, single responses, and invalid responses from AWS."""

import json

import pytest

from reconciler import errors
from reconciler.aws.clients import ProfileClients
from reconciler.aws.failures import WriteBlocked
from reconciler.aws.session import AwsCloud
from reconciler.models.live import ApiSummary, LiveMethod
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import Coordinates
from reconciler.ports import Reader
from support.clock import FakeClock
from support.stub import (
    DROPPED,
    GET_PETS,
    NO_SUCH_STATUS,
    PAGE,
    PETS,
    REF,
    ROOT,
    STORED,
    TARGET,
    Scripted,
    Stub,
    refused,
    said,
)

pytestmark = pytest.mark.usefixtures("settings")


def test_api_is_read_whole_and_in_normal_form(stub: Stub, reader: Reader) -> None:
    """One call reads methods, method responses and integration responses."""
    stub.answers = [PAGE]
    live = reader.rest_api(TARGET)

    assert frozenset({"/", "/pets"}) == live.paths
    assert {
        GET_PETS: LiveMethod(
            "x1y2z3",
            "MOCK",
            method_responses={"404": MethodResponse(frozenset({"method.response.header.X"}))},
            responses={"404": RestResponse(response_templates={"application/json": ""})},
        )
    } == live.methods


def test_bulk_read_embeds_methods(stub: Stub, reader: Reader) -> None:
    """GetResources requests the largest page with embedded methods."""
    stub.answers = [PAGE]
    reader.rest_api(TARGET)

    assert ["GET /restapis/a1b2c3/resources?embed=methods&limit=500"] == stub.gateway_calls


def test_all_pages_are_read(stub: Stub, reader: Reader) -> None:
    """A page with a position is followed by the next page."""
    stub.answers = [said({"item": [ROOT], "position": "two"}), said({"item": [PETS]})]

    assert frozenset({"/", "/pets"}) == reader.rest_api(TARGET).paths


def test_all_apis_are_listed(stub: Stub, reader: Reader) -> None:
    """GetRestApis is paginated too."""
    stub.answers = [
        said({"item": [{"id": "a1", "name": "petstore"}], "position": "two"}),
        said({"item": [{"id": "b2", "name": "shop"}]}),
    ]

    assert [ApiSummary("a1", "petstore"), ApiSummary("b2", "shop")] == reader.rest_apis()


def test_listing_of_something_else_is_no_listing(stub: Stub, reader: Reader) -> None:
    """Items without ids are an UnreadableAnswer."""
    stub.answers = [said({"item": [{"title": "hello"}]})] * 5

    with pytest.raises(errors.UnreadableAnswer, match="has no id"):
        reader.rest_apis()


def test_foreign_object_is_no_listing(stub: Stub, reader: Reader) -> None:
    """An object without any member of GetRestApis is not an empty list."""
    stub.answers = [said({"message": "hello"})] * 5

    with pytest.raises(errors.UnreadableAnswer, match="none of the members that GetRestApis returns"):
        reader.rest_apis()


def test_exported_document_is_whatever_it_is(stub: Stub) -> None:
    """An exported document is not checked against the members of the service model."""
    stub.answers = [said({"openapi": "3.0.1"})]
    client = ProfileClients(None, 1).read_client(Coordinates(endpoint_url=stub.url))
    answer = client.get_export(restApiId="a1b2c3", stageName="prod", exportType="oas30")

    assert b'{"openapi": "3.0.1"}' == answer["body"].read()


def test_pages_in_circles_end(stub: Stub, reader: Reader) -> None:
    """Reading stops if a position is returned twice."""
    stub.answers = [said({"item": [ROOT], "position": "again"})] * 2

    with pytest.raises(errors.UnreadableAnswer, match="was returned twice"):
        reader.rest_api(TARGET)


@pytest.mark.parametrize("text", ["Invalid Resource identifier specified", "Invalid API identifier specified"])
def test_api_that_is_not_there(stub: Stub, reader: Reader, text: str) -> None:
    """The error names API, account and region, although AWS blames the resource."""
    stub.answers = [refused(404, "NotFoundException", text)]

    with pytest.raises(
        errors.ApiNotFound, match=r"no REST API a1b2c3 in account 123456789012, eu-west-1 .*--region, --profile"
    ):
        reader.rest_api(TARGET)


@pytest.mark.parametrize(
    "broken",
    [
        Scripted(200, '{"item": [{"id": "root", "pa'),
        Scripted(200, json.dumps({"item": [ROOT]}), cut=True),
        Scripted(200, ""),
        Scripted(200, "<html><body>Please log in</body></html>"),
        Scripted(200, "[]"),
        Scripted(200, "\ufeff{}"),
        Scripted(404, "<html><body>Not found</body></html>"),
        Scripted(302, "", {"Location": "https://login.example.com"}),
        said({"message": "hello"}),
        said({"item": []}),
        said({"item": "text"}),
        said({"item": 5}),
        said({"item": [{"path": "/"}]}),
        said({"item": [{**ROOT, "resourceMethods": {"GET": {}}}]}),
        said({"_embedded": {"item": []}}),
        DROPPED,
        refused(500, "InternalFailure"),
        Scripted(503, "<html><body>Service Unavailable</body></html>"),
        Scripted(502, ""),
    ],
)
def test_broken_answers_never_read_as_an_empty_api(stub: Stub, reader: Reader, broken: Scripted) -> None:
    """A truncated, foreign or error response is retried and finally an error, never an empty API."""
    stub.answers = [broken] * 5
    with pytest.raises(errors.AnswerLost):
        reader.rest_api(TARGET)

    assert 5 == len(stub.gateway_calls)


def test_passing_trouble_does_not_show(stub: Stub, reader: Reader, clock: FakeClock) -> None:
    """After throttling, a server error, a dropped and a truncated response, the API is read."""
    clock.naps.clear()
    stub.answers = [
        refused(429, "TooManyRequestsException", Retry_After="7"),
        refused(500, "InternalFailure"),
        DROPPED,
        Scripted(200, '{"item": ['),
        PAGE,
    ]

    assert (frozenset({"/", "/pets"}), True) == (reader.rest_api(TARGET).paths, 7.0 in clock.naps)


def test_boto3_itself_does_not_repeat(stub: Stub, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call with a permanent quota error, which boto3 would retry, is sent once, whatever boto3's settings are."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
    monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
    stub.answers = [refused(429, "LimitExceededException", "Maximum number of things reached")]
    with pytest.raises(errors.QuotaExceeded):
        cloud.connect(Coordinates(endpoint_url=stub.url)).reader.rest_api(TARGET)

    assert 1 == len(stub.gateway_calls)


def test_pages_without_the_root_are_not_an_api(stub: Stub, reader: Reader) -> None:
    """Pages without the root resource, which every API has, are an UnreadableAnswer."""
    stub.answers = [said({"item": [PETS]})]

    with pytest.raises(errors.UnreadableAnswer, match="root"):
        reader.rest_api(TARGET)


def test_access_denied_names_what_is_missing(stub: Stub, reader: Reader) -> None:
    """The error names action and resource as an IAM policy does."""
    stub.answers = [refused(403, "AccessDeniedException", "User: x is not authorized")]

    with pytest.raises(
        errors.AccessDenied,
        match="do not allow apigateway:GET on arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/resources ",
    ):
        reader.rest_api(TARGET)


def test_refusal_by_a_front_end_is_not_an_answer(stub: Stub, reader: Reader) -> None:
    """A 403 page of a proxy is not AWS denying access."""
    stub.answers = [Scripted(403, "<html>blocked by policy</html>")] * 5

    with pytest.raises(errors.UnreadableAnswer, match="HTML or XML"):
        reader.rest_api(TARGET)


def test_one_response(stub: Stub, reader: Reader) -> None:
    """A single response is in normal form."""
    stub.answers = [said(STORED)]

    assert RestResponse(response_templates={"application/json": ""}) == reader.response(REF)


def test_absent_response(stub: Stub, reader: Reader) -> None:
    """A missing status is None."""
    stub.answers = [NO_SUCH_STATUS]

    assert None is reader.response(REF)


def test_absent_method_is_not_an_absent_response(stub: Stub, reader: Reader) -> None:
    """Any other 404 is an error, not "no response"."""
    stub.answers = [refused(404, "NotFoundException", "Invalid Method identifier specified")]

    with pytest.raises(errors.NotFound, match="Invalid Method identifier"):
        reader.response(REF)


def test_answer_about_something_else_is_not_a_response(stub: Stub, reader: Reader) -> None:
    """JSON about something else is not taken for a response without fields."""
    stub.answers = [said({"hello": "world"})] * 5

    with pytest.raises(errors.UnreadableAnswer):
        reader.response(REF)


def test_one_method_response(stub: Stub, reader: Reader) -> None:
    """A method response has its declared parameters."""
    stub.answers = [said({"statusCode": "404", "responseParameters": {"method.response.header.X": False}})]

    assert MethodResponse(frozenset({"method.response.header.X"})) == reader.method_response(REF)


def test_reader_cannot_write(stub: Stub) -> None:
    """The reader's client refuses a put before anything is sent."""
    client = ProfileClients(None, 1).read_client(Coordinates(endpoint_url=stub.url))
    with pytest.raises(WriteBlocked):
        client.put_integration_response(restApiId="a", resourceId="b", httpMethod="GET", statusCode="200")

    assert [] == stub.calls
