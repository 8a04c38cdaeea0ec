"""Models, request validators and gateway responses through real boto3, and members that boto3 does not know."""

import json
from typing import Any

import pytest

from reconciler import errors
from reconciler.definitions import of_draft
from reconciler.models.views import live_methods
from reconciler.ports import Reader
from support.stub import CHAT, GET_PETS, PAGE, PETS, ROOT, TARGET, Scripted, Stub, refused, said

pytestmark = pytest.mark.usefixtures("settings")

BASE = "GET /restapis/a1b2c3"
MODEL = {"id": "m1", "name": "Pet", "schema": '{"type": "object"}', "contentType": "application/json"}
VALIDATOR = {"id": "v1", "name": "body", "validateRequestBody": True, "validateRequestParameters": False}
GATEWAY = {"responseType": "UNAUTHORIZED", "statusCode": "403", "defaultResponse": False}
EMPTY = said({"item": []})
CALLS = ("models", "requestvalidators", "gatewayresponses")
FIRST_PAGES: list[list[Any]] = [[], [], [{"responseType": "THROTTLED", "defaultResponse": True}]]
ANSWERS = [said({"item": [one]}) for one in (MODEL, VALIDATOR, GATEWAY)]


def test_definitions(stub: Stub, reader: Reader) -> None:
    """Definitions take three calls with the largest pages."""
    stub.answers = list(ANSWERS)

    assert of_draft([MODEL], [VALIDATOR], [GATEWAY]) == reader.definitions(TARGET)
    assert [f"{BASE}/{call}?limit=500" for call in CALLS] == stub.gateway_calls


@pytest.mark.parametrize("paged", range(3))
def test_every_page_is_read(stub: Stub, reader: Reader, paged: int) -> None:
    """Every page is followed by the next one."""
    whole = list(ANSWERS)
    whole[paged : paged + 1] = [said({"item": FIRST_PAGES[paged], "position": "p2"}), whole[paged]]
    stub.answers = whole

    assert of_draft([MODEL], [VALIDATOR], [GATEWAY]) == reader.definitions(TARGET)
    assert f"{BASE}/{CALLS[paged]}?limit=500&position=p2" in stub.gateway_calls


@pytest.mark.parametrize(
    "broken",
    [
        Scripted(200, "<html>Log in</html>"),
        Scripted(200, '{"item": [', cut=True),
        said({"message": "hello"}),
        said({"item": [{"description": "without id, name and type"}]}),
        Scripted(dropped=True),
    ],
)
@pytest.mark.parametrize("number", range(3))
def test_broken_answers_are_no_api_without_definitions(
    stub: Stub, reader: Reader, broken: Scripted, number: int
) -> None:
    """Broken responses are retried and finally errors."""
    stub.answers = [*ANSWERS[:number], *[broken] * 5]

    with pytest.raises(errors.AnswerLost):
        reader.definitions(TARGET)


@pytest.mark.parametrize("none", [EMPTY, said({})])
def test_an_api_may_have_no_models_and_validators(stub: Stub, reader: Reader, none: Scripted) -> None:
    """An API may have no models, if AWS's own were deleted, and no validators."""
    stub.answers = [none, none, ANSWERS[2]]

    assert of_draft((), (), [GATEWAY]) == reader.definitions(TARGET)


@pytest.mark.parametrize("none", [EMPTY, said({})])
def test_an_api_has_its_gateway_responses(stub: Stub, reader: Reader, none: Scripted) -> None:
    """An empty list of gateway responses is an error, because AWS lists every type."""
    stub.answers = [*ANSWERS[:2], *[none] * 5]

    with pytest.raises(errors.UnreadableAnswer):
        reader.definitions(TARGET)


def test_an_api_that_is_gone_is_said_to_be(stub: Stub, reader: Reader) -> None:
    """After a 404, GetResources decides that the API is missing."""
    stub.answers = [refused(404, "NotFoundException", "Invalid x")] * 2

    with pytest.raises(errors.ApiNotFound, match="a1b2c3"):
        reader.definitions(TARGET)


def test_an_api_that_is_there_keeps_the_error(stub: Stub, reader: Reader) -> None:
    """An existing API with a 404 is not taken for one without models."""
    stub.answers = [refused(404, "NotFoundException", "Invalid x"), PAGE]

    with pytest.raises(errors.NotFound, match="GetModels"):
        reader.definitions(TARGET)


def test_definitions_that_may_not_be_read(stub: Stub, reader: Reader) -> None:
    """The error names action and resource as an IAM policy does."""
    stub.answers = [EMPTY, refused(403, "AccessDeniedException", "User: x is not authorized")]

    with pytest.raises(
        errors.AccessDenied,
        match="do not allow apigateway:GET on arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/requestvalidators ",
    ):
        reader.definitions(TARGET)


def test_websocket_apis_have_none_that_matter(stub: Stub, reader: Reader) -> None:
    """Nothing is sent for a WebSocket API, because AWS cannot export what its stages serve."""
    with pytest.raises(TypeError):
        reader.definitions(CHAT)

    assert [] == stub.gateway_calls


def with_members(**integration: Any) -> Scripted:  # noqa: ANN401 - JSON
    """Return the page with additional members in an integration."""
    pets: Any = json.loads(json.dumps(PETS))
    pets["resourceMethods"]["GET"]["methodIntegration"] |= integration
    return said({"item": [ROOT, pets]})


def test_members_that_boto3_does_not_know_are_read(stub: Stub, reader: Reader) -> None:
    """Members that this release of boto3 does not know are read as well."""
    stub.answers = [with_members(fooMode="A", responseTransferMode="STREAM")]
    method = live_methods(reader.rest_api(TARGET))[GET_PETS]

    assert ({"integration.fooMode": "A"}, {"responseTransferMode": "STREAM"}) == (method.foreign, method.settings)


@pytest.mark.parametrize("items", ["text", 1, {"a": 1}, [1], [["a"]], [{"id": "x", "path": "/", "resourceMethods": 1}]])
def test_items_of_another_shape_are_no_resources(stub: Stub, reader: Reader, items: Any) -> None:  # noqa: ANN401 - JSON
    """Items of another shape are an error, not an empty API."""
    stub.answers = [said({"item": items})] * 5

    with pytest.raises(errors.AwsError):
        reader.rest_api(TARGET)
