"""A WebSocket client gets a frame: a body without status and headers, if the route is two-way."""

from reconciler.mapping.exchange import ApiFacts
from reconciler.models.responses import WebSocketResponse
from support.answering import function, http, mock, why


def frame(template: str, strategy: str | None = None) -> dict[str, WebSocketResponse]:
    """A method with one template."""
    response = WebSocketResponse("t", strategy, {"method.response.header.X": "'1'"}, {"t": template})
    return {"$default": response}


def test_a_frame_has_no_status_and_headers() -> None:
    """Header mappings have no effect on frames, nor has the backend's status."""
    answer = function({"$default": WebSocketResponse(response_parameters={"method.response.header.X": "'1'"})}, "7")

    assert ("$default", None, {}, "7", True) == (
        answer.selected,
        answer.status,
        answer.headers,
        answer.body,
        answer.is_delivered,
    )


def test_a_template_makes_the_frame() -> None:
    """The template sees the backend's body."""
    assert "<pong>" == http(frame("<$input.body>"), 200, "pong").body


def test_a_one_way_route_delivers_nothing() -> None:
    """Without a route response the client gets nothing."""
    answer = mock(frame("pong"), api=ApiFacts(has_route_response=False))

    assert ("pong", False) == (answer.body, answer.is_delivered)


def test_a_template_that_fails_ends_in_an_error_frame() -> None:
    """A template that fails is named, with its place."""
    answer = mock(frame("#if(true)"))

    assert "t" == answer.template
    assert answer.error is not None
    assert (1, 1) == (answer.error.line, answer.error.column)


def test_a_template_on_binary_is_unknown() -> None:
    """What a WebSocket API does with a template and binary content is not documented."""
    assert "template and a binary body" in why(http(frame("x", "CONVERT_TO_BINARY"), 200, "aGk=").body)


def test_a_template_sees_encoded_bytes() -> None:
    """With CONVERT_TO_TEXT, a template sees Base64."""
    assert "<aGk=>" == http(frame("<$input.body>", "CONVERT_TO_TEXT"), 200, b"hi").body


def test_a_template_on_unknown_content_is_unknown() -> None:
    """If the content is not known, neither is the frame."""
    assert "contentHandlingStrategy" in why(http(frame("x", "OTHER"), 200, "text").body)
