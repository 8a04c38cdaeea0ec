"""JSON documents of WebSocket APIs."""

import json
from typing import Any

from jsonschema import Draft202012Validator

from reconciler.documents import drift_document, dumped, plan_document
from reconciler.engine.schemas import schema_text
from reconciler.findings import find_drift
from reconciler.models.keys import IntegrationKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.plan import Plan, make_plan
from support.websocket import websocket_desired_of

SEND = IntegrationKey("sendMessage", "int1")
UNROUTED = IntegrationKey("", "int2")
TEXT = WebSocketResponse("404", "CONVERT_TO_TEXT", {}, {"404": "gone"})
PLAIN = WebSocketResponse()
WANTED = websocket_desired_of({SEND: {"$default": PLAIN, "/404/": PLAIN}, UNROUTED: {"$default": PLAIN}})
LIVE = LiveApi(
    Target("123456789012", "eu-west-1", "ws1", Kind.WEBSOCKET_API, "chat"),
    frozenset(),
    {
        SEND: LiveIntegration("int1", "HTTP", responses={"/404/": TEXT, "/5../": TEXT}),
        UNROUTED: LiveIntegration("int2", "MOCK", responses={"$default": WebSocketResponse("404")}),
    },
)


def read(name: str, text: str) -> dict[str, Any]:
    """A document back from its text, held against its schema."""
    document: dict[str, Any] = json.loads(text)
    Draft202012Validator(json.loads(schema_text(name))).validate(document)
    return document


def plan_json() -> dict[str, Any]:
    """A plan of every sort of action."""
    return read("plan", dumped(plan_document(Plan((make_plan(WANTED, LIVE),)), "2026-01-31T12:00:00Z")))


def test_actions_name_operation_and_step() -> None:
    """A replacement is a step and an update."""
    assert [
        ("update", None, "UpdateIntegrationResponse"),
        ("create", None, "CreateIntegrationResponse"),
        ("delete", "replace", "DeleteIntegrationResponse"),
        ("update", None, "CreateIntegrationResponse"),
        ("delete", None, "DeleteIntegrationResponse"),
    ] == [(one["op"], one["step"], one["operation"]) for one in plan_json()["actions"]]


def test_the_summary_counts_no_step() -> None:
    """One create, two updates, one delete."""
    summary = plan_json()["summary"]

    assert (1, 2, 1) == (summary["create"], summary["update"], summary["delete"])


def test_targets_have_route_integration_and_key() -> None:
    """The route is null where the integration is listed by its id."""
    targets = [one["target"] for one in plan_json()["actions"]]
    place = {"environment": None, "accountId": "123456789012", "region": "eu-west-1"}
    common = {"manifest": "chat", "kind": "WebSocketApi", "apiId": "ws1", **place}

    assert [
        {**common, "routeKey": None, "integrationId": "int2", "integrationResponseKey": "$default"},
        {**common, "routeKey": "sendMessage", "integrationId": "int1", "integrationResponseKey": "$default"},
    ] == targets[:2]


def test_states_have_the_fields_names_of_websocket_apis() -> None:
    """Those that are set."""
    action = plan_json()["actions"][3]
    before = {
        "templateSelectionExpression": "404",
        "contentHandlingStrategy": "CONVERT_TO_TEXT",
        "responseTemplates": {"404": "gone"},
    }

    assert (before, {}) == (action["before"], action["after"])


def test_the_first_half_of_a_replacement_changes_to_nothing() -> None:
    """The changes stand at the second half."""
    step, update = plan_json()["actions"][2:4]

    assert (None, [], 3) == (step["after"], step["changes"], len(update["changes"]))


def test_drift_has_the_same_targets() -> None:
    """With the id of the integration."""
    document = read("drift", dumped(drift_document([find_drift(WANTED, LIVE)], [], "2026-01-31T12:00:00Z")))

    assert [("$default", "int2"), ("$default", "int1"), ("/404/", "int1"), ("/5../", "int1")] == [
        (one["target"]["integrationResponseKey"], one["target"]["integrationId"]) for one in document["findings"]
    ]
