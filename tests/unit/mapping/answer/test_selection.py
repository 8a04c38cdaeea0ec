"""One response is selected for a backend's answer; where none is, or several may be, the answer says why."""

import json

import pytest

from reconciler.mapping.rendering import Unknown
from reconciler.models.responses import RestResponse, WebSocketResponse
from support.answering import function, http, mock, reasons, why

BY_STATUS = {"200": RestResponse(), "400": RestResponse(r"4\d{2}"), "502": RestResponse("5..")}
BY_MESSAGE = {
    "200": RestResponse(),
    "404": RestResponse(r"\[NotFound\].*"),
    "409": RestResponse(r"(\n|.)*conflict(\n|.)*"),
}


def failed_with(message: str) -> str:
    """The payload of a function that raised an error."""
    return json.dumps({"errorMessage": message, "errorType": "Error"})


@pytest.mark.parametrize(("status", "selected"), [(200, "200"), (201, "200"), (404, "400"), (500, "502"), (302, "200")])
def test_status_codes_select_for_http_backends(status: int, selected: str) -> None:
    """A pattern is matched against the backend's status code; without a match the default is taken."""
    assert selected == http(BY_STATUS, status).selected


def test_the_status_of_a_mock_selects() -> None:
    """A mock integration is selected for by the status that its request template gives."""
    assert "400" == mock(BY_STATUS, 418).selected


def test_the_client_gets_the_status_of_the_response() -> None:
    """The key of the response, not the backend's status, is the client's status."""
    assert 400 == http(BY_STATUS, 418).status


def test_an_error_message_selects_for_functions() -> None:
    """A failed function is selected for by its error message."""
    assert "404" == function(BY_MESSAGE, failed_with("[NotFound] no such pet"), failed=True).selected


def test_a_pattern_has_to_match_the_whole_message() -> None:
    """A message that only contains a match takes the default."""
    assert "200" == function(BY_MESSAGE, failed_with("sorry: [NotFound] no such pet"), failed=True).selected


def test_a_dot_crosses_no_line_end() -> None:
    r"""A message of two lines takes the default, unless the pattern has `(\n|.)`."""
    assert "200" == function(BY_MESSAGE, failed_with("[NotFound]\nno such pet"), failed=True).selected
    assert "409" == function(BY_MESSAGE, failed_with("a\nconflict\nhere"), failed=True).selected


def test_a_function_that_succeeds_is_never_selected_for_by_status() -> None:
    """A result without error is matched as the empty text: `200` and `.+` do not match it."""
    responses = {"201": RestResponse(), "200": RestResponse("200"), "500": RestResponse(".+")}

    assert "201" == function(responses, '{"id": 7}').selected


def test_a_pattern_that_matches_nothing_swallows_successes() -> None:
    """`.*` matches the empty text, so it is selected for results without error."""
    assert "500" == function({"200": RestResponse(), "500": RestResponse(".*")}, '"well"').selected


def test_an_error_of_the_lambda_service_selects_by_status() -> None:
    """When Lambda itself fails, the status code of its answer is matched."""
    responses = {"200": RestResponse(), "429": RestResponse("429")}

    assert "429" == http(responses, 429).selected


def test_the_message_of_a_success_decides_nothing() -> None:
    """A function that returns errorMessage without failing may be selected for by it; that is not recorded."""
    answer = function(BY_MESSAGE, failed_with("[NotFound] really"))

    assert "errorMessage of a function that did not fail" in why(answer.selected)


def test_a_message_of_a_success_that_selects_the_same_is_known() -> None:
    """If the error message and the empty text select the same response, that is known."""
    assert "200" == function(BY_MESSAGE, failed_with("all is well")).selected


@pytest.mark.parametrize(
    "payload", ["not JSON", "[]", "{}", '{"errorMessage": 7}', '{"errorMessage": null}', "[" * 9_999]
)
def test_a_failure_without_message_may_select_any(payload: str) -> None:
    """What AWS matches for a failed function without an errorMessage is not recorded."""
    assert "has no errorMessage" in why(function(BY_MESSAGE, payload, failed=True).selected)


def test_a_failure_without_message_selects_a_lone_default() -> None:
    """If there is nothing but a default, it is selected whatever the message."""
    assert "200" == function({"200": RestResponse()}, "not JSON", failed=True).selected


def test_two_matches_are_unknown() -> None:
    """Which of two matching responses is selected is not documented; both are named."""
    answer = http(BY_STATUS | {"404": RestResponse("404")}, 404)

    assert '400 and 404 match "404", and which of them AWS selects is not documented' == why(answer.selected)


def test_no_match_and_no_default_is_an_error() -> None:
    """Without a match and a default, AWS answers 500, and the reason is what its log says."""
    answer = http({"400": RestResponse("400")}, 503)

    assert (None, 500) == (answer.selected, answer.status)
    assert answer.error is not None
    assert "No match for output mapping and no default output mapping configured." in answer.error.why
    assert "Endpoint Response Status Code: 503" in answer.error.why


def test_no_responses_at_all_are_an_error() -> None:
    """A method without responses answers 500."""
    answer = http({}, 200)

    assert (None, 500, ()) == (answer.selected, answer.status, answer.considered)


def test_no_match_is_no_certainty_beside_an_unread_pattern() -> None:
    """If a pattern cannot be evaluated and there is no default, the answer may also be AWS's 500."""
    answer = http({"400": RestResponse(r"\p{Alpha}{3}")}, 200)

    assert isinstance(answer.selected, Unknown)
    assert isinstance(answer.status, Unknown)


def test_a_broken_pattern_leaves_the_selection_open() -> None:
    """What AWS does with a pattern that Java does not compile is not recorded."""
    answer = http({"200": RestResponse(), "400": RestResponse("(4")}, 404)

    assert 'selectionPattern "(4" may match "404": Java does not compile it' in why(answer.selected)


def test_a_slow_pattern_leaves_the_selection_open() -> None:
    """A pattern that takes too long on a message may match or not."""
    answer = function({"200": RestResponse(), "400": RestResponse("(a|aa)+")}, failed_with("a" * 60 + "!"), failed=True)

    assert "matching takes too long" in why(answer.selected)


def test_a_long_pattern_leaves_the_selection_open() -> None:
    """A pattern of more than 5,000 characters is not evaluated."""
    answer = function({"200": RestResponse(), "400": RestResponse("a|" * 3_000)}, failed_with("boom"), failed=True)

    assert "it has more than 5,000 characters" in why(answer.selected)


def test_two_defaults_are_unknown() -> None:
    """AWS does not allow two defaults, so which of them would count is not known."""
    answer = http({"200": RestResponse(), "201": RestResponse()}, 200)

    assert "200 and 201 are all defaults, which AWS does not allow" == why(answer.selected)


def test_every_response_says_why() -> None:
    """Each response says why it is selected or not, the selected one first."""
    answer = http(BY_STATUS, 404)

    assert [
        ("400", True, r'selectionPattern "4\d{2}" matches "404"'),
        ("200", False, "is the default and another response matches"),
        ("502", False, 'selectionPattern "5.." does not match "404"'),
    ] == [(each.key, each.is_selected, each.why) for each in answer.considered]


def test_a_selected_default_says_why() -> None:
    """The default is selected because nothing else matches."""
    assert "is the default and no other response matches" == reasons(http(BY_STATUS, 200))["200"]


def test_a_default_beside_an_unread_pattern_says_why() -> None:
    """The default may be selected or not if another pattern cannot be evaluated."""
    answer = http({"200": RestResponse(), "400": RestResponse("(4")}, 404)

    assert "is the default and another response may match" == reasons(answer)["200"]


def test_long_texts_are_shortened() -> None:
    """A reason quotes the start of a long message, on one line."""
    answer = function(BY_MESSAGE, failed_with("x\n" * 500), failed=True)

    assert all(len(each.why) < 250 and "\n" not in each.why for each in answer.considered)


FRAMES = {"$default": WebSocketResponse(), r"/2\d\d/": WebSocketResponse(), "/404/": WebSocketResponse()}


@pytest.mark.parametrize(("status", "selected"), [(200, r"/2\d\d/"), (404, "/404/"), (500, "$default")])
def test_keys_in_slashes_are_patterns(status: int, selected: str) -> None:
    """The key of a WebSocket response is a pattern between slashes, or $default for everything else."""
    assert selected == http(FRAMES, status).selected


def test_a_websocket_success_takes_the_default() -> None:
    """A function that returns without an error is answered by $default."""
    responses = {"$default": WebSocketResponse(), "/.+/": WebSocketResponse()}

    assert "$default" == function(responses, "{}").selected
    assert "/.+/" == function(responses, failed_with("no"), failed=True).selected


def test_a_key_without_slashes_is_not_documented() -> None:
    """Whether a bare `200` is a pattern is not documented."""
    answer = http({"$default": WebSocketResponse(), "200": WebSocketResponse()}, 200)

    assert 'key "200" may match "200": AWS documents only $default and regular expressions' in why(answer.selected)


def test_websocket_reasons_name_the_key() -> None:
    """The reasons quote the key."""
    assert r'key "/2\d\d/" matches "200"' == reasons(http(FRAMES, 200))[r"/2\d\d/"]
