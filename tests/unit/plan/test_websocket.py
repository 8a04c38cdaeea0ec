"""The actions of a WebSocket API: which, in which order, and why."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings

from reconciler.diff import compare
from reconciler.models.keys import IntegrationKey, ResponseKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.responses import FieldValue, WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.plan import TargetPlan, make_plan, summarise
from reconciler.plan.actions import (
    CreateReplacement,
    DeleteToReplace,
    UpdateWebSocketResponse,
    WebSocketAction,
    canonical_action,
    parent_id,
)
from support.websocket import Content, websocket_desired_of, websocket_responses

SEND = IntegrationKey("sendMessage", "int1")
PLAIN = WebSocketResponse()
TEXT = WebSocketResponse("${integration.response.statuscode}", "CONVERT_TO_TEXT", {}, {"404": "gone"})


def planned(
    before: Content, after: Mapping[str, WebSocketResponse | None], *, type_: str = "HTTP", id_: str = "id of {}"
) -> TargetPlan:
    """The plan for one integration; `id_` is the form of its responses' ids."""
    ids = {key: id_.format(key) for key in before}
    integration = LiveIntegration("int1", type_, "", ("sendMessage",), frozenset(), before, ids)
    target = Target("123456789012", "eu-west-1", "ws1", Kind.WEBSOCKET_API)
    live = LiveApi(target, frozenset(), {SEND: integration}, {"sendMessage": "int1"})
    return make_plan(websocket_desired_of({SEND: after}), live)


def told(plan: TargetPlan) -> list[tuple[str, str, str]]:
    """Every action: operation, key, reason."""
    return [(action.operation, action.key.code, action.reason) for action in plan.actions]


def only(before: WebSocketResponse, after: WebSocketResponse) -> list[WebSocketAction]:
    """The actions from one response to another of the same key."""
    return [
        action
        for action in planned({"$default": before}, {"$default": after}).actions
        if isinstance(action, WebSocketAction)
    ]


def test_creates_and_updates_come_before_deletes() -> None:
    """Each in the order of the keys, so that something answers as long as possible."""
    before = {"$default": PLAIN, "/4../": TEXT, "/1../": PLAIN}
    after = {"/4../": PLAIN, "/5../": PLAIN}

    assert [
        ("DeleteIntegrationResponse", "/4../", "deleted so that the next action can create it again"),
        (
            "CreateIntegrationResponse",
            "/4../",
            "replaced: an update cannot remove responseTemplates.404 or clear contentHandlingStrategy",
        ),
        ("CreateIntegrationResponse", "/5../", "not live yet"),
        ("DeleteIntegrationResponse", "$default", "not in the manifest"),
        ("DeleteIntegrationResponse", "/1../", "not in the manifest"),
    ] == told(planned(before, after))


def test_an_update_sends_what_differs() -> None:
    """Fields that are equal are not sent, a differing map is sent whole."""
    before = WebSocketResponse("404", "CONVERT_TO_TEXT", {}, {"404": "old", "500": "same"})
    after = WebSocketResponse("404", "CONVERT_TO_TEXT", {}, {"404": "new", "500": "same"})

    assert [{"responseTemplates": {"404": "new", "500": "same"}}] == [
        one.sent for one in only(before, after) if isinstance(one, UpdateWebSocketResponse)
    ]


def test_an_expression_is_cleared_by_an_empty_text() -> None:
    """The one field that an update can clear."""
    assert [{"templateSelectionExpression": ""}] == [
        one.sent for one in only(WebSocketResponse("404"), PLAIN) if isinstance(one, UpdateWebSocketResponse)
    ]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (TEXT, WebSocketResponse(TEXT.template_selection_expression, None, {}, {"404": "gone"}), "clear contentHandl"),
        ({"a": "1", "b": "2"}, {"b": "2"}, "remove responseTemplates.a"),
        ({"a": "1"}, {"a": ""}, "store the empty responseTemplates.a"),
        ({}, {"a": ""}, "store the empty responseTemplates.a"),
        ({"a": "", "b": "1"}, {"a": "", "b": "2"}, "store the empty responseTemplates.a"),
        (
            dict.fromkeys("abcde", "1"),
            {},
            "remove responseTemplates.a, responseTemplates.b, responseTemplates.c and 2 more",
        ),
    ],
)
def test_what_an_update_cannot_do_is_a_replacement(
    before: WebSocketResponse | dict[str, str], after: WebSocketResponse | dict[str, str], reason: str
) -> None:
    """Delete and create anew, with what stands in the way of an update as the reason."""
    responses = [WebSocketResponse(response_templates=one) if isinstance(one, dict) else one for one in (before, after)]
    first, second = only(*responses)

    assert isinstance(first, DeleteToReplace)
    assert isinstance(second, CreateReplacement)
    assert second.reason.startswith(f"replaced: an update cannot {reason}")


def test_an_empty_template_that_stays_does_not_matter() -> None:
    """A map that does not differ is not sent, so nothing happens to its empty entries."""
    before = WebSocketResponse("404", response_templates={"a": ""})
    after = WebSocketResponse("500", response_templates={"a": ""})

    assert [UpdateWebSocketResponse] == [type(one) for one in only(before, after)]


def test_a_replacement_counts_as_one_update() -> None:
    """Its first half is a step."""
    summary = summarise([planned({"$default": TEXT}, {"$default": PLAIN})])

    assert (0, 1, 0, 1) == (summary.create, summary.update, summary.delete, summary.steps)


def test_writes_carry_the_ids_of_what_is_live() -> None:
    """A response is addressed by the id that the service gave it; one that is not live has none."""
    actions = planned({"$default": TEXT, "/4../": PLAIN}, {"$default": TEXT, "/5../": PLAIN}).actions

    assert [("/5../", "int1", ""), ("/4../", "int1", "id of /4../")] == [
        (action.key.code, parent_id(action), getattr(action, "response_id", None)) for action in actions
    ]


def test_what_somebody_made_anew_is_other_work() -> None:
    """Equal content under another id is not what was approved: its id would not be found."""
    one, same, other = (planned({"$default": TEXT}, {}, id_=id_).actions for id_ in ("old", "old", "new"))

    assert (True, False) == (
        [canonical_action(action) for action in one] == [canonical_action(action) for action in same],
        [canonical_action(action) for action in one] == [canonical_action(action) for action in other],
    )


def test_a_proxy_is_not_written_to() -> None:
    """It has no integration responses; a check refuses the manifest."""
    assert () == planned({}, {"$default": PLAIN}, type_="AWS_PROXY").actions


def test_an_integration_that_is_not_there_is_not_written_to() -> None:
    """A check says that it is unknown."""
    target = Target("123456789012", "eu-west-1", "ws1", Kind.WEBSOCKET_API)
    desired = websocket_desired_of({IntegrationKey("gone"): {"$default": PLAIN}})

    assert () == make_plan(desired, LiveApi(target, frozenset(), {})).actions


def test_declared_absent_is_the_reason_of_a_delete() -> None:
    """What a manifest takes away is told from what it does not mention."""
    assert [("DeleteIntegrationResponse", "$default", "declared absent")] == told(
        planned({"$default": PLAIN}, {"$default": None})
    )


def _merged(held: FieldValue, sent: FieldValue) -> FieldValue:
    if isinstance(held, Mapping) and isinstance(sent, Mapping):
        return {key: value for key, value in {**held, **sent}.items() if value or key not in sent}
    return sent


def _grown(before: WebSocketResponse, by: WebSocketResponse) -> WebSocketResponse:
    """A response from which nothing is taken away, so that most often an update will do."""
    return replace(
        by,
        content_handling_strategy=by.content_handling_strategy or before.content_handling_strategy,
        response_parameters={**before.response_parameters, **by.response_parameters},
        response_templates={**before.response_templates, **by.response_templates},
    )


@settings(max_examples=100, deadline=None)
@given(before=websocket_responses(), by=websocket_responses())
def test_an_update_is_right_whether_maps_merge_or_are_replaced(
    before: WebSocketResponse, by: WebSocketResponse
) -> None:
    """Which of the two AWS does is not documented; "" may take an entry away."""
    after, held = _grown(before, by), before.fields()
    sent = [one.sent for one in only(before, after) if isinstance(one, UpdateWebSocketResponse)]
    replaced = [{**held, **fields} for fields in sent]
    merged = [{**held, **{name: _merged(held[name], value) for name, value in fields.items()}} for fields in sent]

    assert [after.fields()] * 2 * len(sent) == replaced + merged


def test_integrations_that_nobody_lists_are_not_counted_as_unmanaged_unless_known() -> None:
    """Their responses were not read, so nothing is said of them."""
    target = Target("123456789012", "eu-west-1", "ws1", Kind.WEBSOCKET_API)
    unread = LiveIntegration("int2", "HTTP", is_read=False)
    read = LiveIntegration("int3", "HTTP", responses={"$default": PLAIN})
    live = LiveApi(target, frozenset(), {IntegrationKey("", "int2"): unread, IntegrationKey("", "int3"): read})

    assert 1 == compare(websocket_desired_of({}), live).unmanaged_methods


def test_field_changes_come_in_the_order_of_the_fields() -> None:
    """Expression, handling, parameters, templates."""
    change = compare(
        websocket_desired_of({SEND: {"$default": TEXT}}),
        LiveApi(Target("1", "r", "a", Kind.WEBSOCKET_API), frozenset(), {}),
    ).changes[0]

    assert (
        ResponseKey(SEND, "$default"),
        ["templateSelectionExpression", "contentHandlingStrategy", "responseTemplates.404"],
    ) == (change.key, [field.path for field in change.fields])


def test_what_is_replaced_is_written_and_what_is_deleted_is_not() -> None:
    """A breach in a response that the plan makes anew stays an error."""
    plan = planned({"$default": TEXT, "/4../": PLAIN}, {"$default": PLAIN})

    assert {"chat: sendMessage $default"} == plan.written
