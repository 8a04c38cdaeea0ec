"""Plans run against the strict model of API Gateway, from any state to any state."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.apply import ActionResult
from reconciler.diff import compare
from reconciler.models.keys import MethodKey
from reconciler.models.views import live_methods
from reconciler.plan import make_plan
from reconciler.plan.actions import ParkResponse
from reconciler.sandbox.gateway import InMemoryCloud
from support.apis import Method, make_api, read
from support.runs import planned, run
from support.states import CODES, HEADERS, METHODS, Content, apis, desired_of

K = TypeVar("K")
V = TypeVar("V")

EVERYTHING_DECLARED = dict.fromkeys(CODES, HEADERS)


def api_with(state: Mapping[MethodKey, Content], *, declared: bool = True) -> tuple[InMemoryCloud, str]:
    """An API whose methods hold these responses; the other methods exist and hold none."""
    cloud = InMemoryCloud()
    methods = {scope: Method(state.get(scope, {}), EVERYTHING_DECLARED if declared else None) for scope in METHODS}
    return cloud, make_api(cloud.plane(), "petstore", methods)


@settings(max_examples=60, deadline=None)
@given(before=apis(), after=apis())
def test_applying_a_plan_converges(before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]) -> None:
    """From any state to any other, AWS refuses nothing and the second plan is empty."""
    cloud, api_id = api_with(before)
    desired = desired_of(after)
    outcomes = run(cloud, planned(cloud, api_id, desired))
    again = planned(cloud, api_id, desired)

    assert ([ActionResult.APPLIED] * len(outcomes), ()) == ([outcome.result for outcome in outcomes], again.actions)


@settings(max_examples=40, deadline=None)
@given(before=apis(), after=apis(), data=st.data())
def test_a_run_that_stops_anywhere_is_finished_by_the_next(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content], data: st.DataObject
) -> None:
    """Whatever step a run stops at, a new plan goes on from there."""
    cloud, api_id = api_with(before)
    desired = desired_of(after)
    first = planned(cloud, api_id, desired)
    run(cloud, first, steps=data.draw(st.integers(0, len(first.actions))))
    rest = run(cloud, planned(cloud, api_id, desired))

    assert ([ActionResult.APPLIED] * len(rest), ()) == (
        [one.result for one in rest],
        planned(cloud, api_id, desired).actions,
    )


@settings(max_examples=40, deadline=None)
@given(before=apis(), after=apis())
def test_ensure_makes_what_is_not_declared(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]
) -> None:
    """With `methodResponses: ensure`, methods that declare only what they had are extended first."""
    cloud, api_id = api_with(before, declared=False)
    desired = desired_of(after, ensure=True)
    outcomes = run(cloud, planned(cloud, api_id, desired))

    assert ([ActionResult.APPLIED] * len(outcomes), ()) == (
        [outcome.result for outcome in outcomes],
        planned(cloud, api_id, desired).actions,
    )


@settings(max_examples=40, deadline=None)
@given(before=apis(), after=apis())
def test_writes_are_changes_and_parks(before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]) -> None:
    """A plan of k changes makes k writes and one for each park."""
    cloud, api_id = api_with(before)
    one = planned(cloud, api_id, desired_of(after))
    parks = sum(1 for action in one.actions if isinstance(action, ParkResponse))
    run(cloud, one)

    assert len(one.comparison.changes) + parks == len(cloud.plane().calls.writes())


@given(state=apis())
def test_nothing_differs_from_itself(state: Mapping[MethodKey, Content]) -> None:
    """What is desired exactly as it is live makes no change."""
    cloud, api_id = api_with(state)

    assert () == compare(desired_of(state), read(cloud, api_id)).changes


@given(before=apis(), after=apis(), seed=st.integers(0, 1000))
def test_order_of_actions_does_not_depend_on_order_of_input(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content], seed: int
) -> None:
    """Shuffled manifests and shuffled answers give the same plan."""
    cloud, api_id = api_with(before)
    live, desired = read(cloud, api_id), desired_of(after)
    shuffled_live = replace(
        live,
        methods={
            scope: replace(method, responses=_shuffled(method.responses, seed))
            for scope, method in _shuffled(live_methods(live), seed).items()
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
