"""The normal form of WebSocket APIs: what AWS treats as equal is equal, and nothing else is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import normal
from reconciler.models.live import LiveIntegration
from reconciler.models.responses import WebSocketResponse

FRESH = {"IntegrationResponseId": "i1", "IntegrationResponseKey": "$default"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {**FRESH, "ResponseTemplates": {}, "ResponseParameters": {}}),
        ({}, {"templateSelectionExpression": ""}),
        ({}, {"contentHandlingStrategy": None}),
        ({"templateSelectionExpression": "a"}, {"TemplateSelectionExpression": "a"}),
        ({"responseTemplates": {"a": "1", "B": ""}}, {"ResponseTemplates": {"B": None, "a": "1"}}),
    ],
)
def test_spellings_of_one_thing_are_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    """However AWS, boto3 or a manifest spells it, the normal form is one."""
    assert normal.websocket_response(one) == normal.websocket_response(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"responseTemplates": {"a": ""}}),
        ({"responseTemplates": {"a": "1"}}, {"responseTemplates": {"A": "1"}}),
        ({"templateSelectionExpression": "a"}, {"templateSelectionExpression": "a "}),
    ],
)
def test_what_differs_at_run_time_stays_different(one: dict[str, Any], other: dict[str, Any]) -> None:
    """An empty template is not "no template", keys of templates keep their case, and no text is trimmed."""
    assert normal.websocket_response(one) != normal.websocket_response(other)


def test_request_has_boto3_names() -> None:
    """Members are PascalCase, keys of maps stay, and unset fields are not sent."""
    response = WebSocketResponse("a", None, {}, {"a": "", "b": "2"})

    assert {
        "TemplateSelectionExpression": "a",
        "ResponseTemplates": {"a": "", "b": "2"},
    } == normal.websocket_request(response)


def test_none_is_not_sent() -> None:
    """boto3 takes no None, and an update without a member leaves it alone."""
    fields = {"templateSelectionExpression": "", "contentHandlingStrategy": None}

    assert {"TemplateSelectionExpression": ""} == normal.boto_members(fields)


TEXTS = st.text(max_size=5)


@given(
    st.builds(
        WebSocketResponse,
        TEXTS,
        st.sampled_from([None, "CONVERT_TO_TEXT"]),
        st.dictionaries(TEXTS, TEXTS),
        st.dictionaries(TEXTS, TEXTS),
    )
)
def test_normal_form_survives_the_way_to_aws_and_back(response: WebSocketResponse) -> None:
    """Reading back the request gives the response that it was made of."""
    assert response == normal.websocket_response(normal.websocket_request(response))


ROUTES = [
    {"RouteKey": "b", "Target": "integrations/one", "RouteResponseSelectionExpression": "$default"},
    {"RouteKey": "a", "Target": "integrations/one"},
    {"RouteKey": "nowhere"},
    {"RouteKey": "odd", "Target": "elsewhere/one"},
]


def test_routes_without_an_integration_lead_nowhere() -> None:
    """Only routes whose target is an integration are there, sorted by key."""
    assert [("a", "one"), ("b", "one")] == list(normal.websocket_routes(ROUTES).items())


def test_integration_knows_its_routes() -> None:
    """The routes that lead to it, sorted, and which of them are two-way; its responses are not read."""
    (integration,) = normal.websocket_integrations([{"IntegrationId": "one", "IntegrationType": "MOCK"}], ROUTES)

    assert (
        LiveIntegration("one", "MOCK", routes=("a", "b"), two_way_routes=frozenset({"b"}), is_read=False) == integration
    )


@pytest.mark.parametrize(("kind", "is_read"), [("HTTP_PROXY", True), ("AWS_PROXY", True), ("HTTP", False)])
def test_proxy_has_nothing_to_read(kind: str, *, is_read: bool) -> None:
    """A proxy counts as read, because it has no responses."""
    (integration,) = normal.websocket_integrations([{"IntegrationId": "one", "IntegrationType": kind}], [])

    assert is_read == integration.is_read


def test_responses_come_by_key() -> None:
    """Responses and their ids are kept by key, sorted."""
    items = [{**FRESH, "IntegrationResponseKey": key, "IntegrationResponseId": f"id of {key}"} for key in "ba"]
    read = normal.with_responses(LiveIntegration("one", is_read=False), items)

    assert ([("a", "id of a"), ("b", "id of b")], ["a", "b"], True) == (
        list(read.response_ids.items()),
        list(read.responses),
        read.is_read,
    )
