"""Proxy integrations pass everything through and ignore integration responses."""

import pytest

from reconciler.mapping.answer.answer import Answer
from reconciler.mapping.exchange import ApiFacts, IntegrationType
from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Kind
from support.answering import function, http, mapped, reasons, why

PROXY = ApiFacts(integration_type="HTTP_PROXY")
IMAGES = ApiFacts(integration_type="HTTP_PROXY", binary_media_types=("image/png",))
FRAMES = ApiFacts(integration_type="HTTP_PROXY", kind=Kind.WEBSOCKET_API)
PNG = b"\x89PNG\xff"


def passed(headers: dict[str, str], **rest: object) -> Answer:
    """What a client gets of the headers of an HTTP backend."""
    return http({}, 200, "body", headers, **{"api": PROXY, **rest})


def test_everything_passes() -> None:
    """Status, headers and body of an HTTP backend pass as they are."""
    answer = http({}, 418, "short and stout", {"X-A": ("1", "2"), "Content-Type": "text/plain"}, api=PROXY)

    assert (418, "short and stout") == (answer.status, answer.body)
    assert {"X-A": ("1", "2"), "Content-Type": "text/plain"} == answer.headers


@pytest.mark.parametrize(
    "name", ["Connection", "Content-Length", "Date", "Server", "WWW-Authenticate", "x-amzn-RequestId"]
)
def test_some_headers_are_renamed(name: str) -> None:
    """Some headers of the backend are delivered as x-amzn-Remapped-NAME."""
    assert {f"x-amzn-Remapped-{name}": "v"} == passed({name: "v"}).headers


def test_transfer_encoding_is_dropped() -> None:
    """Transfer-Encoding is not delivered."""
    assert {} == passed({"Transfer-Encoding": "chunked"}).headers


def test_other_renames_are_unknown() -> None:
    """Whether a proxy renames what mappings rename is not recorded: both names are unknown."""
    headers = passed({"Host": "h"}).headers

    assert {"Host", "x-amzn-Remapped-Host"} == set(headers)
    assert all(isinstance(value, Unknown) for value in headers.values())


@pytest.mark.parametrize(
    ("name", "delivered"),
    [("WWW-Authenticate", {"x-amzn-Remapped-WWW-Authenticate"}), ("Date", {"Date", "x-amzn-Remapped-Date"})],
)
def test_headers_of_functions_are_renamed(name: str, delivered: set[str]) -> None:
    """A function's WWW-Authenticate is renamed; of others that is not recorded."""
    answer = function({}, f'{{"headers": {{"{name}": "v"}}}}', api=ApiFacts(integration_type="AWS_PROXY"))

    assert delivered == set(answer.headers) - {"Content-Type"}


def test_text_passes_with_replaced_characters() -> None:
    """A text payload passes, with U+FFFD for invalid UTF-8."""
    assert "\ufffdPNG\ufffd" == http({}, 200, PNG, api=PROXY).body


def test_binary_passes_to_binary_clients() -> None:
    """A binary payload passes to a client that accepts binary."""
    assert PNG == http({}, 200, PNG, {"Content-Type": "image/png"}, accept="image/png", api=IMAGES).body


@pytest.mark.parametrize(("content_type", "accept"), [("image/png", "text/html"), ("text/plain", "image/png")])
def test_conversions_are_unknown(content_type: str, accept: str) -> None:
    """Whether a proxy converts between binary and text is not recorded."""
    answer = http({}, 200, PNG, {"Content-Type": content_type}, accept=accept, api=IMAGES)

    assert "HTTP_PROXY" in why(answer.body)


def test_an_empty_body_needs_no_conversion() -> None:
    """An empty body stays empty."""
    assert "" == http({}, 204, "", accept="image/png", api=IMAGES).body


@pytest.mark.parametrize("integration", ["HTTP_PROXY", "AWS_PROXY"])
def test_integration_responses_are_ignored(integration: IntegrationType) -> None:
    """Integration responses change nothing, and say so."""
    responses = mapped("'1'") | {"404": RestResponse("404")}
    api = ApiFacts(integration_type=integration)
    answer = http(responses, 404, api=api)

    assert (None, None) == (answer.selected, answer.headers.get("X"))
    assert {f"is not considered: {integration} integrations ignore integration responses"} == set(
        reasons(answer).values()
    )
    assert ["200", "404"] == list(reasons(answer))


def test_an_error_of_the_lambda_service_is_an_internal_one() -> None:
    """When the Lambda service refuses to run the function, the client gets a 500."""
    answer = http({}, 429, api=ApiFacts(integration_type="AWS_PROXY"))

    assert 500 == answer.status
    assert answer.error is not None
    assert "the Lambda service" in answer.error.why


def test_a_websocket_client_gets_the_body() -> None:
    """The frame of an HTTP_PROXY integration is the body of the backend."""
    answer = http({}, 404, "gone", {"X": "1"}, api=FRAMES)

    assert (None, {}, "gone") == (answer.status, answer.headers, answer.body)


def test_a_binary_frame_is_unknown() -> None:
    """What a WebSocket client gets of a binary body is not documented."""
    assert "binary payload" in why(http({}, 200, PNG, api=FRAMES).body)
