"""The guard on plans of WebSocket APIs."""

from collections.abc import Mapping

import pytest

from reconciler.guard import Limits, judge
from reconciler.models.keys import IntegrationKey, ResponseKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.plan import Plan, make_plan
from reconciler.rules import GuardRule
from support.websocket import Content, websocket_desired_of

SEND = IntegrationKey("sendMessage", "int1")
PLAIN = WebSocketResponse()
TEXT = WebSocketResponse(response_templates={"404": "gone"})


def refused(
    before: Content, after: Mapping[str, WebSocketResponse | None], *, protected: str = "", limits: Limits | None = None
) -> list[tuple[GuardRule, str]]:
    """Rules and words that stand against the plan for one integration."""
    ids = dict.fromkeys(before, "r1")
    target = Target("123456789012", "eu-west-1", "ws1", Kind.WEBSOCKET_API)
    live = LiveApi(target, frozenset(), {SEND: LiveIntegration("int1", "HTTP", responses=before, response_ids=ids)})
    keys = frozenset({ResponseKey(SEND, protected)} if protected else ())
    plan = Plan((make_plan(websocket_desired_of({SEND: after}, protected=keys), live),))
    return [(refusal.rule, refusal.message) for refusal in judge(plan, limits=limits).refusals]


def test_an_integration_that_loses_everything() -> None:
    """As a method."""
    message = "chat: sendMessage would lose all of its 2 responses"

    assert [(GuardRule.EMPTY_METHOD, message)] == refused({"$default": PLAIN, "/404/": PLAIN}, {})


def test_an_integration_that_loses_its_default() -> None:
    """The default is what goes by this key, whatever its content."""
    message = "chat: sendMessage would lose its default response: results that match no key would get no answer"

    assert [(GuardRule.DEFAULT_REMOVED, message)] == refused({"$default": TEXT, "/404/": PLAIN}, {"/404/": PLAIN})


def test_a_protected_response_is_not_deleted() -> None:
    """Named by its key."""
    before = {"$default": PLAIN, "/404/": PLAIN}
    message = "chat: sendMessage /404/ is protected, and the plan deletes it"

    assert [(GuardRule.PROTECT, message)] == refused(before, {"$default": PLAIN}, protected="/404/")


def test_a_replacement_is_no_deletion() -> None:
    """Not of a protected response, nor of the only or the default one."""
    assert [] == refused({"$default": TEXT}, {"$default": PLAIN}, protected="$default")


@pytest.mark.parametrize(("number", "rules"), [(5, []), (6, [GuardRule.MAX_UPDATE])])
def test_a_replacement_counts_as_one_update(number: int, rules: list[GuardRule]) -> None:
    """Of ten, five may change."""
    keys = [f"/40{digit}/" for digit in range(10)]
    before = dict.fromkeys(keys, TEXT)
    after = {key: PLAIN if place < number else TEXT for place, key in enumerate(keys)}

    assert rules == [one for one, _ in refused(before, after, limits=Limits(max_delete=0.0))]
