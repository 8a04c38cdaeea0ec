"""Plans of WebSocket APIs run against the strict model, from any state to any state."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.apply import ActionResult
from reconciler.diff import compare
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey
from reconciler.models.views import live_integrations
from reconciler.plan import TargetPlan, make_plan
from reconciler.plan.actions import DeleteToReplace
from reconciler.sandbox.gateway import InMemoryCloud
from support.runs import run
from support.websocket import (
    Content,
    Integration,
    contents,
    make_websocket_api,
    read_websocket,
    websocket_desired_of,
)

K = TypeVar("K")
V = TypeVar("V")

ROUTES = ("ack", "sendMessage")


def apis() -> st.SearchStrategy[dict[str, Content]]:
    """The responses of what several routes lead to."""
    return st.dictionaries(st.sampled_from(ROUTES), contents(), min_size=1)


def api_with(state: Mapping[str, Content]) -> tuple[InMemoryCloud, str, dict[str, IntegrationKey]]:
    """An API whose integrations hold these responses, the others none; and the integrations by route."""
    cloud = InMemoryCloud()
    integrations = [Integration((route,), state.get(route, {})) for route in ROUTES]
    api_id, ids = make_websocket_api(cloud.plane(), "chat", integrations)
    return cloud, api_id, {route: IntegrationKey(route, one) for route, one in zip(ROUTES, ids, strict=True)}


def planned(cloud: InMemoryCloud, api_id: str, desired: Desired) -> TargetPlan:
    """The plan against what the API holds now."""
    return make_plan(desired, read_websocket(cloud, api_id, desired))


@settings(max_examples=60, deadline=None)
@given(before=apis(), after=apis())
def test_applying_a_plan_converges(before: Mapping[str, Content], after: Mapping[str, Content]) -> None:
    """From any state to any other, AWS refuses nothing and the second plan is empty."""
    cloud, api_id, scopes = api_with(before)
    desired = websocket_desired_of({scopes[route]: content for route, content in after.items()})
    outcomes = run(cloud, planned(cloud, api_id, desired))

    assert ([ActionResult.APPLIED] * len(outcomes), ()) == (
        [outcome.result for outcome in outcomes],
        planned(cloud, api_id, desired).actions,
    )


@settings(max_examples=40, deadline=None)
@given(before=apis(), after=apis(), data=st.data())
def test_a_run_that_stops_anywhere_is_finished_by_the_next(
    before: Mapping[str, Content], after: Mapping[str, Content], data: st.DataObject
) -> None:
    """Whatever step a run stops at, between the halves of a replacement too, a new plan goes on from there."""
    cloud, api_id, scopes = api_with(before)
    desired = websocket_desired_of({scopes[route]: content for route, content in after.items()})
    first = planned(cloud, api_id, desired)
    run(cloud, first, steps=data.draw(st.integers(0, len(first.actions))))
    rest = run(cloud, planned(cloud, api_id, desired))

    assert ([ActionResult.APPLIED] * len(rest), ()) == (
        [one.result for one in rest],
        planned(cloud, api_id, desired).actions,
    )


@settings(max_examples=40, deadline=None)
@given(before=apis(), after=apis())
def test_writes_are_changes_and_halves_of_replacements(
    before: Mapping[str, Content], after: Mapping[str, Content]
) -> None:
    """A plan of k changes makes k writes and one for each replacement."""
    cloud, api_id, scopes = api_with(before)
    one = planned(cloud, api_id, websocket_desired_of({scopes[route]: state for route, state in after.items()}))
    halves = sum(1 for action in one.actions if isinstance(action, DeleteToReplace))
    run(cloud, one)

    assert len(one.comparison.changes) + halves == len(cloud.plane().calls.writes())


@settings(max_examples=40, deadline=None)
@given(state=apis())
def test_nothing_differs_from_itself(state: Mapping[str, Content]) -> None:
    """What is desired exactly as it is live makes no change."""
    cloud, api_id, scopes = api_with(state)
    desired = websocket_desired_of({scopes[route]: content for route, content in state.items()})

    assert () == compare(desired, read_websocket(cloud, api_id, desired)).changes


@settings(max_examples=40, deadline=None)
@given(before=apis(), after=apis(), seed=st.integers(0, 1000))
def test_order_of_actions_does_not_depend_on_order_of_input(
    before: Mapping[str, Content], after: Mapping[str, Content], seed: int
) -> None:
    """Shuffled manifests and shuffled answers give the same plan."""
    cloud, api_id, scopes = api_with(before)
    desired = websocket_desired_of({scopes[route]: content for route, content in after.items()})
    live = read_websocket(cloud, api_id, desired)
    shuffled_live = replace(
        live,
        methods={
            scope: replace(integration, responses=_shuffled(integration.responses, seed))
            for scope, integration in _shuffled(live_integrations(live), seed).items()
        },
    )
    shuffled_desired = replace(
        desired, owns=_shuffled(desired.owns, seed), responses=_shuffled(desired.responses, seed)
    )

    assert make_plan(desired, live).actions == make_plan(shuffled_desired, shuffled_live).actions


def _shuffled(entries: Mapping[K, V], seed: int) -> dict[K, V]:
    items = list(entries.items())
    random.Random(seed).shuffle(items)  # noqa: S311 - a repeatable order, no secret
    return dict(items)
