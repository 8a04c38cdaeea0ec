"""What waits for its method."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diff import compare
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.plan import make_plan
from reconciler.resolve.bind import bind
from reconciler.resolve.defer import defer, missing_scopes, without_scopes
from support.live import DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, live_of
from support.states import METHODS, Content, apis, desired_of
from support.websocket import websocket_desired_of

ORDERS = MethodKey("/orders", "GET")
BOTH = desired_of({GET_PETS: {"200": DEFAULT}, POST_PETS: {"404": NOT_FOUND, "200": DEFAULT, "500": None}})


def test_methods_that_are_there_wait_for_nothing() -> None:
    """The same desired state comes back."""
    desired = desired_of({GET_PETS: {"200": DEFAULT}})

    assert (desired, ()) == defer(desired, live_of({GET_PETS: {}}))


def test_responses_of_a_missing_method_wait() -> None:
    """In the order of their keys; one that is declared absent has nothing to wait for."""
    ready, deferred = defer(BOTH, live_of({GET_PETS: {}}))

    assert ([GET_PETS], [ResponseKey(GET_PETS, "200")]) == (list(ready.owns), list(ready.responses))
    assert [("petstore: POST /pets 200", DEFAULT), ("petstore: POST /pets 404", NOT_FOUND)] == [
        (one.address, one.after) for one in deferred
    ]


@pytest.mark.parametrize(
    ("live", "reason"),
    [
        (live_of({ORDERS: {}}), "the API has no path /pets yet"),
        (live_of({POST_PETS: {}}), "/pets has no method GET yet"),
        (live_of({GET_PETS: {}}, type_=None), "GET /pets has no integration yet"),
    ],
)
def test_reason_says_what_is_missing(live: LiveApi, reason: str) -> None:
    """The path, the method, or its integration."""
    _, (only,) = defer(desired_of({GET_PETS: {"200": DEFAULT}}), live)

    assert reason == only.reason


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        (IntegrationKey("history"), "the API has no route history with an integration yet"),
        (IntegrationKey("", "abc1234"), "the API has no integration abc1234 yet"),
        (IntegrationKey("send"), None),
        (IntegrationKey("", "i1"), None),
    ],
)
def test_routes_and_integrations_wait_too(scope: IntegrationKey, reason: str | None) -> None:
    """By whichever of the two the manifest lists them."""
    target = Target("123456789012", "eu-west-1", "w1", kind=Kind.WEBSOCKET_API)
    known = LiveIntegration("i1", "HTTP", routes=("send",))
    live = LiveApi(target, frozenset(), {IntegrationKey("send", "i1"): known}, {"send": "i1"})
    bound = bind(websocket_desired_of({scope: {"$default": WebSocketResponse()}}), live)
    _, deferred = defer(bound.desired, bound.live)

    assert ([] if reason is None else [reason]) == [one.reason for one in deferred]


@settings(max_examples=100, deadline=None)
@given(wanted=apis(), held=apis(), there=st.sets(st.sampled_from(METHODS)))
def test_all_that_is_wanted_is_planned_or_waits(
    wanted: Mapping[MethodKey, Content], held: Mapping[MethodKey, Content], there: set[MethodKey]
) -> None:
    """Nothing is in both parts, and the ready part is planned as if the others were not listed."""
    desired = desired_of(wanted)
    live = live_of({scope: held.get(scope, {}) for scope in there})
    ready, deferred = defer(desired, live)
    listed = desired_of({scope: wanted[scope] for scope in wanted if scope in there})

    assert dict(desired.responses) == {**ready.responses, **{one.key: one.after for one in deferred}}
    assert missing_scopes(desired, live) == wanted.keys() - there
    assert make_plan(ready, live) == make_plan(listed, live)
    assert () == tuple(change for change in compare(ready, live).changes if change.key.scope not in there)


def test_without_leaves_nothing_of_a_method() -> None:
    """Neither what protects nor what silences anything of it."""
    key = ResponseKey(POST_PETS, "404")
    desired = desired_of({GET_PETS: {}, POST_PETS: {"404": NOT_FOUND}}, protected=frozenset({key}))

    assert desired_of({GET_PETS: {}}) == without_scopes(desired, {POST_PETS})
