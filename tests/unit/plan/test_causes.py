"""Why a response changes: the three states of it that tell."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.apply import ActionResult
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.plan import Plan, make_plan
from reconciler.plan.causes import Cause, causes, left_by
from reconciler.sandbox.gateway import InMemoryCloud
from support.apis import Method, make_api, read
from support.live import DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, live_of
from support.runs import run
from support.states import CODES, HEADERS, METHODS, Content, apis, desired_of
from support.websocket import contents, websocket_desired_of

OLD = RestResponse("404", response_templates={"application/json": "old"})
NEW = RestResponse("404", response_templates={"application/json": "new"})
BY_HAND = RestResponse("404", response_templates={"application/json": "by hand"})
KEY = ResponseKey(GET_PETS, "404")
SEND = IntegrationKey("send", "i1")
CHAT = Target("123456789012", "eu-west-1", "w1", kind=Kind.WEBSOCKET_API)
NOTHING = Desired((), {}, {})


def of(response: RestResponse | None) -> Mapping[MethodKey, Mapping[str, RestResponse]]:
    """A method with its default response and this one."""
    return {GET_PETS: {"200": DEFAULT, **({} if response is None else {"404": response})}}


def cause(base: RestResponse | None, head: RestResponse | None, live: RestResponse | None) -> Cause | None:
    """The cause of what becomes of the response, on a method that both revisions list."""
    return causes(desired_of(of(base)), desired_of(of(head)), live_of(of(live))).get(KEY)


@pytest.mark.parametrize(
    ("base", "head", "live", "expected"),
    [
        (OLD, NEW, OLD, Cause.MANIFEST),
        (None, NEW, None, Cause.MANIFEST),
        (OLD, None, OLD, Cause.MANIFEST),
        (NEW, NEW, BY_HAND, Cause.DRIFT),
        (NEW, NEW, None, Cause.DRIFT),
        (None, None, BY_HAND, Cause.DRIFT),
        (OLD, NEW, BY_HAND, Cause.BOTH),
        (OLD, NEW, None, Cause.BOTH),
        (None, NEW, BY_HAND, Cause.BOTH),
        (OLD, None, BY_HAND, Cause.BOTH),
        (OLD, NEW, NEW, None),
        (NEW, NEW, NEW, None),
    ],
)
def test_three_states_tell(
    base: RestResponse | None, head: RestResponse | None, live: RestResponse | None, expected: Cause | None
) -> None:
    """Base wants what head wants: drift; what is live: manifest; else both. What does not change has no cause."""
    assert expected == cause(base, head, live)


def test_method_that_base_does_not_list_is_the_branchs_own() -> None:
    """Whatever it holds: nothing that the manifests said was changed there."""
    base, head = desired_of({POST_PETS: {}}), desired_of(of(NEW))
    found = causes(base, head, live_of({GET_PETS: {"404": BY_HAND, "500": OLD}}))

    assert {Cause.MANIFEST} == set(found.values())


def test_base_that_left_others_alone_did_not_want_them_gone() -> None:
    """With `prune: false` at base, what head deletes is head's own doing."""
    base, head = desired_of(of(None), prune=False), desired_of(of(None))

    assert {KEY: Cause.MANIFEST} == causes(base, head, live_of(of(BY_HAND)))


def test_absent_is_wanted_gone() -> None:
    """A response that both declare absent and somebody made is drift."""
    both = desired_of({GET_PETS: {"200": DEFAULT, "404": None}}, prune=False)

    assert {KEY: Cause.DRIFT} == causes(both, both, live_of(of(BY_HAND)))


def test_extra_steps_have_the_cause_of_their_response() -> None:
    """Whichever response of a ring is parked."""
    swapped = {GET_PETS: {"404": RestResponse("500"), "500": RestResponse("404")}}
    live = live_of({GET_PETS: {"404": RestResponse("404"), "500": RestResponse("500")}})
    head = desired_of(swapped)
    one = replace(make_plan(head, live), causes=causes(head, head, live))

    assert ["drift", "drift", "drift"] == [one.cause(action) for action in one.actions]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"404": NOT_FOUND}, {"404": NOT_FOUND}, Cause.DRIFT),
        ({}, {"404": NOT_FOUND}, Cause.MANIFEST),
        ({"404": RestResponse("404", response_parameters={"method.response.header.X-A": "'1'"})}, {}, None),
    ],
)
def test_method_response_that_base_would_have_made_is_gone_by_hand(
    before: Mapping[str, RestResponse], now: Mapping[str, RestResponse], expected: Cause | None
) -> None:
    """Though the response itself does not change."""
    live = live_of({GET_PETS: dict(now)}, declared={})
    base, head = (desired_of({GET_PETS: state}, ensure=True) for state in (before, now))

    assert expected == causes(base, head, live).get(KEY)


def test_headers_of_a_method_response_are_told_apart() -> None:
    """One that base mapped too is gone by hand, one that only head maps is head's."""
    headers = {f"method.response.header.{name}": "'1'" for name in HEADERS}
    wide = RestResponse("404", response_parameters=headers)
    narrow = RestResponse("404", response_parameters=dict(list(headers.items())[:1]))
    live = live_of({GET_PETS: {"404": wide}}, declared={"404": ()})
    base, head = (desired_of({GET_PETS: {"404": one}}, ensure=True) for one in (narrow, wide))

    assert [Cause.BOTH, Cause.DRIFT] == [causes(one, head, live)[KEY] for one in (base, head)]


@settings(max_examples=100, deadline=None)
@given(base=apis(), head=apis(), live=apis(), pruned=st.tuples(st.booleans(), st.booleans()))
def test_every_action_has_one_cause(
    base: Mapping[MethodKey, Content],
    head: Mapping[MethodKey, Content],
    live: Mapping[MethodKey, Content],
    pruned: tuple[bool, bool],
) -> None:
    """And it is what the definition says, of whatever three states."""
    held = live_of({scope: live.get(scope, {}) for scope in METHODS})
    was = desired_of(base, prune=pruned[0], ensure=True)
    wanted = desired_of(head, prune=pruned[1], ensure=True)
    found = causes(was, wanted, held)
    one = make_plan(wanted, held)

    assert {action.key for action in one.actions} <= found.keys()
    assert {change.key: by_definition(was, wanted, held, change.key) for change in one.comparison.changes} == {
        change.key: found[change.key] for change in one.comparison.changes
    }


@settings(max_examples=60, deadline=None)
@given(base=contents(), head=contents(), live=contents(), prune=st.booleans())
def test_so_has_every_action_on_an_integration(
    base: Mapping[str, WebSocketResponse],
    head: Mapping[str, WebSocketResponse],
    live: Mapping[str, WebSocketResponse],
    *,
    prune: bool,
) -> None:
    """Replacements, which are two writes, included."""
    ids = {code: f"r{number}" for number, code in enumerate(live)}
    held = LiveApi(
        CHAT, frozenset(), {SEND: LiveIntegration("i1", "HTTP", responses=live, response_ids=ids)}, {"send": "i1"}
    )
    was, wanted = (websocket_desired_of({SEND: state}, prune=prune) for state in (base, head))
    found = causes(was, wanted, held)
    one = make_plan(wanted, held)

    assert {action.key for action in one.actions} == found.keys()
    assert found == {key: by_definition(was, wanted, held, key) for key in found}


def by_definition(base: Desired, head: Desired, live: LiveApi, key: ResponseKey) -> Cause:
    """The cause, told by plans instead of states: what base would do here, and what head does."""
    ours, theirs = make_plan(head, live), make_plan(base, live)
    (wanted,) = [change.after for change in ours.comparison.changes if change.key == key]
    undone = [change.after for change in theirs.comparison.changes if change.key == key]
    if not undone:
        return Cause.MANIFEST
    return Cause.DRIFT if undone == [wanted] else Cause.BOTH


@settings(max_examples=40, deadline=None)
@given(base=apis(), head=apis(), live=apis())
def test_an_apply_leaves_what_the_causes_were_told_by(
    base: Mapping[MethodKey, Content], head: Mapping[MethodKey, Content], live: Mapping[MethodKey, Content]
) -> None:
    """What a plan with causes does is what one without does, and ends in the state that `left_by` says."""
    cloud = InMemoryCloud()
    methods = {scope: Method(live.get(scope, {}), dict.fromkeys(CODES, HEADERS)) for scope in METHODS}
    api_id = make_api(cloud.plane(), "petstore", methods)
    wanted, held = desired_of(head), read(cloud, api_id)
    bare = make_plan(wanted, held)
    one = replace(bare, causes=causes(desired_of(base), wanted, held))
    outcomes = run(cloud, one)
    after = read(cloud, api_id)
    keys = [ResponseKey(scope, code) for scope in METHODS for code in CODES]

    assert Plan((bare,)) == Plan((one,))
    assert {ActionResult.APPLIED} >= {outcome.result for outcome in outcomes}
    assert [left_by(wanted, key, held) for key in keys] == [left_by(NOTHING, key, after) for key in keys]
