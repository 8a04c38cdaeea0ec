"""Writing WebSocket responses through real boto3: each call, its retries, and lost responses."""

from dataclasses import replace

import pytest

from reconciler import errors
from reconciler.models.responses import FieldValue, WebSocketResponse
from reconciler.ports import Writer
from support.stub import (
    CHAT_REF,
    CHAT_RESPONSE_PATH,
    CHAT_RESPONSES_PATH,
    CHAT_STORED,
    DROPPED,
    NO_SUCH_RESPONSE,
    Scripted,
    Stub,
    refused,
    said,
)

pytestmark = pytest.mark.usefixtures("settings")

NEW = replace(CHAT_REF, response_id="")
COLLISION = refused(
    409, "ConflictException", "Unable to complete operation due to concurrent modification. Please try again later."
)


def test_create_sends_key_and_what_is_set(stub: Stub, writer: Writer) -> None:
    """A creation is one POST without the unset fields."""
    stub.answers = [said(CHAT_STORED, 201)]
    writer.create_websocket_response(
        NEW, WebSocketResponse(content_handling_strategy="CONVERT_TO_TEXT", response_templates={"200": "$x"})
    )

    assert [f"POST {CHAT_RESPONSES_PATH}"] == stub.gateway_calls
    assert [
        {
            "integrationResponseKey": "$default",
            "contentHandlingStrategy": "CONVERT_TO_TEXT",
            "responseTemplates": {"200": "$x"},
        }
    ] == stub.bodies


def test_create_gives_the_id(stub: Stub, writer: Writer) -> None:
    """A creation returns the id that AWS assigned."""
    stub.answers = [said(CHAT_STORED, 201)]

    assert "ir1" == writer.create_websocket_response(NEW, WebSocketResponse())


@pytest.mark.parametrize(
    "lost",
    [
        DROPPED,
        refused(500, "InternalFailure"),
        Scripted(200, "<html>log in</html>"),
        said({"message": "hello"}, 201),
        said({**CHAT_STORED, "integrationResponseKey": "/404/"}, 201),
        said({"integrationResponseKey": "$default"}, 201),
    ],
)
def test_create_is_not_repeated_after_a_lost_answer(stub: Stub, writer: Writer, lost: Scripted) -> None:
    """A creation is not retried after a lost response, to avoid a second response."""
    stub.answers = [lost]
    with pytest.raises(errors.AnswerLost, match="may have taken effect"):
        writer.create_websocket_response(NEW, WebSocketResponse())

    assert 1 == len(stub.gateway_calls)


@pytest.mark.parametrize("refusal", [COLLISION, refused(429, "TooManyRequestsException", "Too Many Requests")])
def test_create_is_repeated_after_a_refusal(stub: Stub, writer: Writer, refusal: Scripted) -> None:
    """A creation that AWS turned away is retried."""
    stub.answers = [refusal, said(CHAT_STORED, 201)]

    assert "ir1" == writer.create_websocket_response(NEW, WebSocketResponse())


def test_create_of_a_key_that_exists(stub: Stub, writer: Writer) -> None:
    """The message has operation, key, integration and API, and AWS's text."""
    stub.answers = [refused(409, "ConflictException", "The resource already exists")]
    with pytest.raises(errors.Conflict) as caught:
        writer.create_websocket_response(NEW, WebSocketResponse())

    assert (
        "CreateIntegrationResponse for integration response $default of integration int1 of WebSocket API chat1 "
        "(account 123456789012, eu-west-1): HTTP 409 ConflictException: The resource already exists"
    ) == str(caught.value)


def test_creating_needs_the_right_to_post_to_the_collection(stub: Stub, writer: Writer) -> None:
    """A creation needs the permission on the collection, whatever id the response had before."""
    stub.answers = [refused(403, "AccessDeniedException")]

    with pytest.raises(
        errors.AccessDenied, match=r"do not allow apigateway:POST on [a-z0-9:-]+/apis/chat1/.*responses "
    ):
        writer.create_websocket_response(CHAT_REF, WebSocketResponse())


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({"templateSelectionExpression": ""}, {"templateSelectionExpression": ""}),
        ({"responseTemplates": {"200": "$x", "/ü": ""}}, {"responseTemplates": {"200": "$x", "/ü": ""}}),
        ({"responseParameters": {}}, {"responseParameters": {}}),
        (
            {"contentHandlingStrategy": "CONVERT_TO_BINARY", "templateSelectionExpression": r"\$default"},
            {"contentHandlingStrategy": "CONVERT_TO_BINARY", "templateSelectionExpression": r"\$default"},
        ),
    ],
)
def test_update_sends_exactly_what_is_given(
    stub: Stub, writer: Writer, fields: dict[str, FieldValue], sent: dict[str, object]
) -> None:
    """An update sends empty texts and maps, but no fields that are to stay."""
    stub.answers = [said(CHAT_STORED)]
    writer.update_websocket_response(CHAT_REF, fields)

    assert ([f"PATCH {CHAT_RESPONSE_PATH}"], [sent]) == (stub.gateway_calls, stub.bodies)


@pytest.mark.parametrize("nothing", [{}, {"contentHandlingStrategy": None}])
def test_update_of_nothing_sends_nothing(stub: Stub, writer: Writer, nothing: dict[str, FieldValue]) -> None:
    """Without fields nothing is sent; None is not a field."""
    writer.update_websocket_response(CHAT_REF, nothing)

    assert [] == stub.gateway_calls


def test_update_is_repeated_after_a_lost_answer(stub: Stub, writer: Writer) -> None:
    """A merge is safe to repeat."""
    stub.answers = [DROPPED, said(CHAT_STORED)]
    writer.update_websocket_response(CHAT_REF, {"templateSelectionExpression": "x"})

    assert [f"PATCH {CHAT_RESPONSE_PATH}"] * 2 == stub.gateway_calls


def test_update_answered_about_something_else_is_in_doubt(stub: Stub, writer: Writer) -> None:
    """A response with another id does not confirm an update."""
    stub.answers = [said({**CHAT_STORED, "integrationResponseId": "other"})] * 5

    with pytest.raises(errors.AnswerLost, match="may have taken effect"):
        writer.update_websocket_response(CHAT_REF, {"templateSelectionExpression": "x"})


def test_update_of_what_is_not_there(stub: Stub, writer: Writer) -> None:
    """Updating a response that was deleted meanwhile is NotFound."""
    stub.answers = [NO_SUCH_RESPONSE]

    with pytest.raises(errors.NotFound, match="Invalid IntegrationResponse identifier"):
        writer.update_websocket_response(CHAT_REF, {"templateSelectionExpression": "x"})


def test_nothing_is_deleted_without_an_id(stub: Stub, writer: Writer) -> None:
    """A deletion without an id, which would address the whole collection, is refused."""
    with pytest.raises(ValueError, match="the id is not known"):
        writer.delete_websocket_response(NEW)

    assert [] == stub.gateway_calls


def test_nothing_is_updated_without_an_id(stub: Stub, writer: Writer) -> None:
    """A merge without an id is refused as well."""
    with pytest.raises(ValueError, match="the id is not known"):
        writer.update_websocket_response(NEW, {"templateSelectionExpression": "x"})

    assert [] == stub.gateway_calls
