"""Payloads are converted between text and binary as `contentHandling` and the binary media types ask for."""

import base64
from dataclasses import replace

import pytest

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.exchange import ApiFacts, Payload
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import WebSocketResponse
from support.answering import INTERNAL, default, function, http, mock, templated, why

PNG = b"\x89PNG\xff\x00"
ENCODED = base64.b64encode(PNG).decode()
IMAGES = ApiFacts(binary_media_types=("image/png",))
EVERYTHING = ApiFacts(binary_media_types=("*/*",))


def fetched(
    body: Payload,
    content_type: str = "text/plain",
    accept: str = "text/plain",
    handling: str | None = None,
    api: ApiFacts = IMAGES,
) -> Answer:
    """What a client gets of an HTTP backend's body."""
    headers = {"Content-Type": content_type}
    return http(default(content_handling=handling), 200, body, headers, accept=accept, api=api)


@pytest.mark.parametrize("accept", ["text/plain", "image/png"])
def test_to_text_encodes_binary(accept: str) -> None:
    """CONVERT_TO_TEXT encodes a binary payload for any Accept."""
    assert ENCODED == fetched(PNG, "image/png", accept, "CONVERT_TO_TEXT").body


@pytest.mark.parametrize("accept", ["text/plain", "image/png"])
def test_to_text_leaves_text(accept: str) -> None:
    """CONVERT_TO_TEXT leaves a text as it is."""
    assert "plain" == fetched("plain", "text/plain", accept, "CONVERT_TO_TEXT").body


@pytest.mark.parametrize("accept", ["text/plain", "image/png"])
def test_to_binary_decodes_text(accept: str) -> None:
    """CONVERT_TO_BINARY decodes a text for any Accept."""
    assert PNG == fetched(ENCODED, "text/plain", accept, "CONVERT_TO_BINARY").body


@pytest.mark.parametrize("accept", ["text/plain", "image/png"])
def test_to_binary_leaves_binary(accept: str) -> None:
    """CONVERT_TO_BINARY leaves a binary payload as it is."""
    assert PNG == fetched(PNG, "image/png", accept, "CONVERT_TO_BINARY").body


def test_to_binary_fails_on_other_text() -> None:
    """CONVERT_TO_BINARY of a text that is not Base64 is a 500, with the reason."""
    answer = fetched("a sentence of words", handling="CONVERT_TO_BINARY")

    assert (500, INTERNAL) == (answer.status, answer.body)
    assert answer.error is not None
    assert '"a sentence of words" is not Base64' in answer.error.why


def test_a_binary_accept_decodes_text() -> None:
    """Without handling, a text is decoded for a client that accepts binary, or a 500 if it cannot be."""
    assert PNG == fetched(ENCODED, accept="image/png").body
    assert 500 == fetched("a sentence of words", accept="image/png").status


def test_a_text_accept_encodes_binary() -> None:
    """Without handling, a binary payload is encoded for a client that accepts text."""
    assert ENCODED == fetched(PNG, "image/png").body


def test_binary_passes_to_a_binary_accept() -> None:
    """Without handling, a binary payload passes to a client that accepts binary."""
    assert PNG == fetched(PNG, "image/png", "image/png").body


def test_text_passes_to_a_text_accept() -> None:
    """Without handling, a text passes to a client that accepts text; invalid UTF-8 in it becomes U+FFFD."""
    assert "\ufffdPNG\ufffd\0" == fetched(PNG).body


@pytest.mark.parametrize("text", ["aGk", "aGk=\n", "_-8=", "YWJj\r\nZGVm"])
def test_doubtful_base64_is_unknown(text: str) -> None:
    """Whether AWS decodes Base64 of other kinds is not recorded."""
    assert "Base64" in why(fetched(text, handling="CONVERT_TO_BINARY").body)


def test_without_binary_types_everything_is_text() -> None:
    """An API without binary media types takes every payload for text."""
    assert "\ufffdPNG\ufffd\0" == fetched(PNG, "image/png", "image/png", api=ApiFacts()).body


@pytest.mark.parametrize(
    ("types", "content_type"),
    [("image/*", "image/png"), ("*/*", "image/png"), ("image/png", "IMAGE/PNG; q=1"), ("IMAGE/PNG", "image/png")],
)
def test_media_types_match(types: str, content_type: str) -> None:
    """A binary media type may leave the subtype or everything open; case and parameters do not matter."""
    api = ApiFacts(binary_media_types=(types,))

    assert PNG == fetched(PNG, content_type, "image/png", api=api).body


@pytest.mark.parametrize(("accept", "is_binary"), [("image/png, text/html", True), ("text/html, image/png", False)])
def test_the_first_accepted_type_counts(accept: str, is_binary: bool) -> None:
    """Only the first media type of Accept decides."""
    assert (PNG if is_binary else ENCODED) == fetched(PNG, "image/png", accept).body


def test_the_case_of_content_type_does_not_matter() -> None:
    """The backend's Content-Type is found under any case of the name."""
    answer = http(default(), 200, PNG, {"content-type": ("text/plain", "image/png")}, accept="image/png", api=IMAGES)

    assert PNG == answer.body


def test_a_handling_that_aws_may_add_is_unknown() -> None:
    """What an undocumented handling does is not known."""
    assert 'contentHandling "CONVERT_TO_HEX" is not documented' == why(fetched("x", handling="CONVERT_TO_HEX").body)


def test_a_template_sees_encoded_binary() -> None:
    """A template with CONVERT_TO_TEXT sees Base64 text."""
    responses = templated("<$input.body>", content_handling="CONVERT_TO_TEXT")

    assert f"<{ENCODED}>" == http(responses, 200, PNG, {"Content-Type": "image/png"}, api=IMAGES).body


def test_a_template_sees_replaced_characters() -> None:
    """A template sees U+FFFD for invalid UTF-8."""
    assert "<\ufffdPNG\ufffd\0>" == http(templated("<$input.body>"), 200, PNG).body


@pytest.mark.parametrize(
    ("body", "content_type"), [(PNG, "image/png"), ("text of type image", "image/png"), (ENCODED, "text/plain")]
)
def test_a_template_on_binary_is_an_error(body: Payload, content_type: str) -> None:
    """A template with CONVERT_TO_BINARY is a 500, whatever the payload."""
    responses = templated("x", content_handling="CONVERT_TO_BINARY")
    answer = http(responses, 200, body, {"Content-Type": content_type}, api=IMAGES)

    assert (500, INTERNAL) == (answer.status, answer.body)
    assert answer.error is not None
    assert "CONVERT_TO_TEXT" in answer.error.why


def test_a_template_on_undocumented_content_is_unknown() -> None:
    """If the content is not known, neither is what a template makes of it, nor the status that it may set."""
    answer = http(templated("x", content_handling="CONVERT_TO_HEX"), 200, "body")

    assert isinstance(answer.body, Unknown)
    assert isinstance(answer.status, Unknown)


def test_a_mock_can_be_rendered_for_binary_clients() -> None:
    """The empty body of a mock is rendered even where all types are binary, as in answers to preflight requests."""
    assert "done" == mock(templated("done"), accept="text/html", api=EVERYTHING).body


def test_a_template_on_an_empty_binary_body_is_unknown() -> None:
    """Whether other empty bodies that are binary can be rendered is not documented."""
    answer = http(templated("done"), 200, "", {"Content-Type": "image/png"}, accept="image/png", api=IMAGES)

    assert "empty body" in why(answer.body)
    assert isinstance(answer.status, Unknown)


def test_functions_answer_json() -> None:
    """The result of a function is binary if JSON is."""
    api = ApiFacts(binary_media_types=("application/json",))

    assert base64.b64encode(b"{}").decode() == function(default(), "{}", accept="text/plain", api=api).body


def test_every_type_beside_no_accept_is_unknown() -> None:
    """With `*/*` and no Accept, nothing says whether the client accepts binary."""
    assert "*/*" in why(http(default(), 200, PNG, {"Content-Type": "image/png"}, api=EVERYTHING).body)


def test_every_type_beside_no_content_type_is_unknown() -> None:
    """With `*/*` and a backend without Content-Type, nothing says whether its payload is binary."""
    assert "without Content-Type" in why(http(default(), 200, "text", accept="text/plain", api=EVERYTHING).body)


def test_a_doubt_that_changes_nothing_is_known() -> None:
    """CONVERT_TO_BINARY does the same for any Accept, so a missing one leaves nothing open."""
    responses = default(content_handling="CONVERT_TO_BINARY")

    assert PNG == http(responses, 200, PNG, {"Content-Type": "image/png"}, api=EVERYTHING).body


def test_a_lone_surrogate_is_encoded_as_java_does() -> None:
    """A text that is not Unicode is encoded with question marks."""
    assert base64.b64encode(b"?").decode() == fetched("\ud800", "image/png").body


FRAME = {"$default": WebSocketResponse()}


@pytest.mark.parametrize(
    ("strategy", "body", "expected"),
    [
        (None, "text", "text"),
        ("CONVERT_TO_TEXT", PNG, ENCODED),
        ("CONVERT_TO_BINARY", ENCODED, PNG),
    ],
)
def test_frames_are_converted(strategy: str | None, body: Payload, expected: Payload) -> None:
    """WebSocket APIs encode binary payloads and decode text, where contentHandlingStrategy asks for it."""
    responses = {"$default": WebSocketResponse(content_handling_strategy=strategy)}

    assert expected == http(responses, 200, body).body


@pytest.mark.parametrize(
    ("strategy", "body"), [(None, PNG), ("CONVERT_TO_TEXT", "text"), ("CONVERT_TO_BINARY", PNG), ("OTHER", "text")]
)
def test_other_frames_are_unknown(strategy: str | None, body: Payload) -> None:
    """Conversions of frames that the guide does not describe are not known."""
    responses = {"$default": WebSocketResponse(content_handling_strategy=strategy)}

    assert "contentHandlingStrategy" in why(http(responses, 200, body).body)


def test_a_frame_that_hides_the_conversion_is_known() -> None:
    """If a template does not show whether a text was encoded, what it gives is known."""
    response = WebSocketResponse("t", "CONVERT_TO_TEXT", response_templates={"t": "gone", "b": "$input.body"})

    assert "gone" == http({"$default": response}, 200, "text").body
    assert "contentHandlingStrategy" in why(
        http({"$default": replace(response, template_selection_expression="b")}, 200, "text").body
    )


def test_a_frame_that_cannot_be_decoded_is_an_error() -> None:
    """A text that is not Base64 ends in an error frame."""
    responses = {"$default": WebSocketResponse(content_handling_strategy="CONVERT_TO_BINARY")}

    assert http(responses, 200, "no Base64 at all").error is not None
