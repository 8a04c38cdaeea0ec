"""API Gateway answers for itself when there is nothing that it can pass on."""

from reconciler.mapping.answer.answer import AnswerError
from reconciler.mapping.answer.respond import respond
from reconciler.mapping.exchange import ApiFacts, Exchange, HttpResult
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import RestResponse, WebSocketResponse
from support.answering import INTERNAL, http, templated, why

IDS = {"connectionId": "c-1=", "requestId": "r-1="}
NO_MATCH = {"/404/": WebSocketResponse()}


def test_an_error_has_the_headers_of_aws() -> None:
    """An answer of API Gateway's own is JSON and names its kind of error."""
    assert {"Content-Type": "application/json", "x-amzn-ErrorType": "InternalServerErrorException"} == http({}).headers


def test_a_template_that_fails_is_an_error_at_its_place() -> None:
    """A template that fails is a 500 with the line and column of what fails."""
    answer = http(templated("{\n  #if($a)\n}", response_parameters={"method.response.header.X": "'1'"}))

    assert (500, INTERNAL, "200", "application/json") == (answer.status, answer.body, answer.selected, answer.template)
    assert "X" not in answer.headers
    assert answer.error is not None
    assert ("Internal server error", 2, 3) == (answer.error.message, answer.error.line, answer.error.column)


def test_a_status_that_is_not_declared_is_an_error() -> None:
    """A selected status that the method does not declare is a 500, for the reason that the log gives."""
    answer = http({"404": RestResponse("404")}, 404, api=ApiFacts(method_responses=frozenset({"200"})))

    why = "the method declares no response 404 (Output mapping refers to an invalid method response: 404)"
    assert (500, "404", AnswerError("Internal server error", why)) == (answer.status, answer.selected, answer.error)


def test_a_declared_status_is_none() -> None:
    """A selected status that the method declares is answered."""
    assert 404 == http({"404": RestResponse("404")}, 404, api=ApiFacts(method_responses=frozenset({"404"}))).status


def test_an_error_frame_names_the_connection() -> None:
    """The error frame of a WebSocket API contains connectionId and requestId of the context."""
    answer = respond(NO_MATCH, Exchange(HttpResult(200), context=IDS))

    assert '{"message": "Internal server error", "connectionId":"c-1=", "requestId":"r-1="}' == answer.body
    assert (None, {}, True) == (answer.status, answer.headers, answer.is_delivered)


def test_an_error_frame_without_ids_is_unknown() -> None:
    """Without connectionId and requestId in the context, the text of the frame is not known."""
    answer = http(NO_MATCH)

    assert "connectionId and requestId" in why(answer.body)
    assert answer.error is not None


def test_an_error_frame_of_a_one_way_route_may_be_delivered() -> None:
    """Whether an error frame reaches the client of a one-way route is not documented."""
    answer = http(NO_MATCH, api=ApiFacts(has_route_response=False))

    assert isinstance(answer.is_delivered, Unknown)
