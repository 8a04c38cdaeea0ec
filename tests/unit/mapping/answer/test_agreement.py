"""What all possible answers have in common is known."""

from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import RestResponse
from support.answering import HEADER, http, mapped, why

BOTH = {"400": RestResponse("4.."), "404": RestResponse(".04")}


def test_a_common_body_is_known() -> None:
    """Two responses that pass the body agree on it, and not on the status."""
    answer = http(BOTH, 404, "body")

    assert "body" == answer.body
    assert "400 and 404 match" in why(answer.status)


def test_common_headers_are_known() -> None:
    """Headers that both set alike are known; others are not, nor whether they are sent."""
    responses = {
        "400": RestResponse("4..", response_parameters={f"{HEADER}A": "'1'", f"{HEADER}B": "'2'", f"{HEADER}C": "'3'"}),
        "404": RestResponse(".04", response_parameters={f"{HEADER}A": "'1'", f"{HEADER}B": "'other'"}),
    }
    headers = http(responses, 404).headers

    assert ("1", "application/json") == (headers["A"], headers["Content-Type"])
    assert isinstance(headers["B"], Unknown)
    assert isinstance(headers["C"], Unknown)


def test_a_common_status_is_known() -> None:
    """If a status is overridden whatever the response, it is known."""
    state = {"responseOverride": {"status": 410}}

    assert 410 == http(BOTH, 404, state=state).status


def test_a_common_error_is_known() -> None:
    """If both responses fail, that is known, with both reasons."""
    reads = {f"{HEADER}X": "integration.response.body.x"}
    responses = {
        "400": RestResponse("4..", response_parameters=reads),
        "404": RestResponse(".04", response_parameters=reads),
        "410": RestResponse("40.", content_handling="CONVERT_TO_BINARY"),
    }
    answer = http(responses, 404, "{a, b")

    assert 500 == answer.status
    assert answer.error is not None
    assert "not JSON" in answer.error.why
    assert "; or " in answer.error.why


def test_an_error_of_one_is_not_known() -> None:
    """If one of the responses fails, it is not known whether there is an error."""
    responses = mapped("integration.response.body.x") | {"201": RestResponse()}
    answer = http(responses, 200, "{a, b")

    assert (None, True) == (answer.error, isinstance(answer.status, Unknown))


def test_three_answers_are_joined() -> None:
    """Every possible answer counts."""
    answer = http(BOTH | {"410": RestResponse("404", content_handling="CONVERT_TO_BINARY")}, 404, "a b")

    assert isinstance(answer.body, Unknown)
