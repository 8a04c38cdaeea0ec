"""Plans of either kind of API run against the strict model of API Gateway, from any state to any state."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.apply import ActionResult, Outcome
from reconciler.diff import compare
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey
from reconciler.models.live import LiveApi
from reconciler.plan import TargetPlan, make_plan
from reconciler.plan.actions import Action, DeleteToReplace, ParkResponse
from reconciler.sandbox.gateway import InMemoryCloud
from support import states, websocket
from support.apis import Method, make_api, read
from support.runs import run
from support.states import CODES, HEADERS, METHODS, Content, desired_of
from support.websocket import Integration, make_websocket_api, read_websocket, websocket_desired_of

K = TypeVar("K")
V = TypeVar("V")
State: TypeAlias = Mapping[Any, Mapping[str, Any]]
"""Responses by status or key, of each method or integration."""

EVERYTHING_DECLARED: Final = dict.fromkeys(CODES, HEADERS)
INTEGRATIONS: Final = (IntegrationKey("ack", "integ00001"), IntegrationKey("sendMessage", "integ00002"))


def rest_api(state: Mapping[MethodKey, Content], *, declared: bool = True) -> tuple[InMemoryCloud, str]:
    """An API whose methods hold these responses; the other methods exist and hold none."""
    cloud = InMemoryCloud()
    methods = {scope: Method(state.get(scope, {}), EVERYTHING_DECLARED if declared else None) for scope in METHODS}
    return cloud, make_api(cloud.plane(), "petstore", methods)


def websocket_api(state: Mapping[IntegrationKey, websocket.Content]) -> tuple[InMemoryCloud, str]:
    """An API whose integrations hold these responses, the others none."""
    cloud = InMemoryCloud()
    integrations = [Integration((key.route,), state.get(key, {}), id=key.id) for key in INTEGRATIONS]
    return cloud, make_websocket_api(cloud.plane(), "chat", integrations)[0]


class Sort(NamedTuple):
    """A kind of API: its states, how one is set up, wanted and read, and its action beside the changes."""

    apis: st.SearchStrategy[Any]
    make: Callable[[Any], tuple[InMemoryCloud, str]]
    wanted: Callable[[Any], Desired]
    read: Callable[[InMemoryCloud, str, Desired], LiveApi]
    extra: type[Action]


REST: Final = Sort(states.apis(), rest_api, desired_of, lambda cloud, api_id, _: read(cloud, api_id), ParkResponse)
WEBSOCKET: Final = Sort(
    st.dictionaries(st.sampled_from(INTEGRATIONS), websocket.contents(), min_size=1),
    websocket_api,
    websocket_desired_of,
    read_websocket,
    DeleteToReplace,
)
each_sort = pytest.mark.parametrize("sort", [REST, WEBSOCKET], ids=["rest", "websocket"])
some = settings(max_examples=40)


class World:
    """An API in the one state, of which a manifest wants the other."""

    def __init__(self, sort: Sort, before: State, after: State) -> None:
        self._sort = sort
        self.cloud, self.api_id = sort.make(before)
        self.desired = sort.wanted(after)

    def live(self) -> LiveApi:
        """What the API holds now."""
        return self._sort.read(self.cloud, self.api_id, self.desired)

    def plan(self) -> TargetPlan:
        """The plan against that."""
        return make_plan(self.desired, self.live())


def changing(sort: Sort, data: st.DataObject) -> World:
    """Any state, and any other that is wanted."""
    return World(sort, data.draw(sort.apis, "before"), data.draw(sort.apis, "after"))


def are_all_applied(outcomes: list[Outcome]) -> bool:
    """Whether AWS took every action."""
    return all(one.result is ActionResult.APPLIED for one in outcomes)


@each_sort
@settings(max_examples=60)
@given(data=st.data())
def test_applying_a_plan_converges(sort: Sort, data: st.DataObject) -> None:
    """From any state to any other, AWS refuses nothing and the second plan is empty."""
    world = changing(sort, data)
    outcomes = run(world.cloud, world.plan())

    assert (True, ()) == (are_all_applied(outcomes), world.plan().actions)


@each_sort
@some
@given(data=st.data())
def test_a_run_that_stops_anywhere_is_finished_by_the_next(sort: Sort, data: st.DataObject) -> None:
    """Whatever step a run stops at, between the halves of a replacement too, a new plan goes on from there."""
    world = changing(sort, data)
    first = world.plan()
    run(world.cloud, first, steps=data.draw(st.integers(0, len(first.actions)), "steps"))
    rest = run(world.cloud, world.plan())

    assert (True, ()) == (are_all_applied(rest), world.plan().actions)


@some
@given(before=states.apis(), after=states.apis())
def test_ensure_makes_what_is_not_declared(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]
) -> None:
    """With `methodResponses: ensure`, methods that declare only what they had are extended first."""
    cloud, api_id = rest_api(before, declared=False)
    desired = desired_of(after, ensure=True)
    outcomes = run(cloud, make_plan(desired, read(cloud, api_id)))

    assert (True, ()) == (are_all_applied(outcomes), make_plan(desired, read(cloud, api_id)).actions)


@each_sort
@some
@given(data=st.data())
def test_writes_are_changes_and_parks(sort: Sort, data: st.DataObject) -> None:
    """A plan of k changes makes k writes, and one for each response that is parked or replaced."""
    world = changing(sort, data)
    plan = world.plan()
    extra = sum(isinstance(action, sort.extra) for action in plan.actions)
    run(world.cloud, plan)

    assert len(plan.comparison.changes) + extra == len(world.cloud.plane().calls.writes())


@each_sort
@some
@given(data=st.data())
def test_nothing_differs_from_itself(sort: Sort, data: st.DataObject) -> None:
    """What is desired exactly as it is live makes no change."""
    state = data.draw(sort.apis, "state")
    world = World(sort, state, state)

    assert () == compare(world.desired, world.live()).changes


@each_sort
@some
@given(data=st.data(), seed=st.integers(0, 1000))
def test_order_of_actions_does_not_depend_on_order_of_input(sort: Sort, data: st.DataObject, seed: int) -> None:
    """Shuffled manifests and shuffled answers give the same plan."""
    world = changing(sort, data)
    live, desired = world.live(), world.desired
    shuffled_live = replace(
        live,
        methods={
            scope: replace(one, responses=_shuffled(one.responses, seed))
            for scope, one in _shuffled(dict[Any, Any](live.methods), seed).items()
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
