"""When two plans are the same work."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings

from reconciler.diagnostics import Location, warning
from reconciler.documents import PlanDocument, plan_document
from reconciler.documents.canonical import canonical, target_id
from reconciler.guard import judge
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired, Origin
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.targets import Target
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.plan.causes import Cause
from reconciler.rules import GuardRule, InputRule
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, TARGET, live_of
from support.states import METHODS, Content, apis, desired_of

KEY = ResponseKey(GET_PETS, "404")
DESIRED = desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}})
LIVE = live_of({GET_PETS: {"200": DEFAULT}})
ONE = make_plan(DESIRED, LIVE)
WAITING = Deferred(ResponseKey(POST_PETS, "200"), "petstore", DEFAULT, "not there yet")


def of(*targets: TargetPlan, made: str = "2026-01-31T12:00:00Z") -> PlanDocument:
    """The document of a plan."""
    return plan_document(Plan(targets), made)


def at(target: Target) -> TargetPlan:
    """The same work on another API."""
    return make_plan(DESIRED, replace(LIVE, target=target))


def elsewhere(desired: Desired) -> Desired:
    """The same, written in other lines."""
    return replace(
        desired,
        origins={(KEY, ""): Origin(Location("other.yaml", 99, 1), "a-set")},
        owns={scope: replace(owner, location=Location("other.yaml", 90, 1)) for scope, owner in desired.owns.items()},
    )


@pytest.mark.parametrize(
    "other",
    [
        of(ONE, made="2036-01-31T12:00:00Z"),
        of(make_plan(elsewhere(DESIRED), LIVE)),
        of(replace(ONE, causes={KEY: Cause.DRIFT})),
        of(make_plan(DESIRED, live_of({GET_PETS: {"200": DEFAULT}, POST_PETS: {"500": BROKEN}}))),
        plan_document(Plan((ONE,)), "", judge(Plan(), [GuardRule.EMPTY_SET]), [warning(InputRule.SYNTAX, "message")]),
        of(ONE).model_copy(update={"tool_version": "9.9.9"}),
    ],
)
def test_what_is_said_about_the_work_is_no_part_of_it(other: PlanDocument) -> None:
    """Dates, lines, causes, other people's methods, waivers, diagnostics, versions."""
    assert canonical(of(ONE)) == canonical(other)


@pytest.mark.parametrize(
    "other",
    [
        of(),
        of(make_plan(desired_of({GET_PETS: {"200": DEFAULT, "404": BROKEN}}), LIVE)),
        of(make_plan(desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}, prune=False), LIVE)),
        of(make_plan(DESIRED, live_of({GET_PETS: {"200": BROKEN}}))),
        of(make_plan(DESIRED, live_of({GET_PETS: {"200": DEFAULT}}, declared={"200": (), "404": ()}))),
        of(make_plan(DESIRED, live_of({GET_PETS: {"200": DEFAULT}}, type_="MOCK"))),
        of(at(replace(TARGET, api_id="other"))),
        of(
            make_plan(DESIRED, live_of({GET_PETS: {"200": DEFAULT}}, target=replace(TARGET, account_id="210987654321")))
        ),
        of(at(replace(TARGET, region="us-east-1"))),
        of(at(replace(TARGET, environment="prod"))),
        of(replace(ONE, actions=())),
        of(replace(ONE, deferred=(WAITING,))),
    ],
)
def test_whatever_is_done_or_was_compared_is(other: PlanDocument) -> None:
    """What is wanted and owned, what is live on listed methods, where, which actions, what waits."""
    assert canonical(of(ONE)) != canonical(other)


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        (lambda waiting: replace(waiting, reason="still not there", source=Location("m.yaml", 3, 1)), True),
        (lambda waiting: replace(waiting, after=NOT_FOUND), False),
        (lambda waiting: replace(waiting, key=KEY), False),
    ],
)
def test_what_waits_is_the_response_not_the_reason(change: Callable[[Deferred], Deferred], is_same: bool) -> None:
    """Why it cannot be written yet may change from one day to the next."""
    before, after = (of(replace(ONE, deferred=(one,))) for one in (WAITING, change(WAITING)))

    assert is_same == (canonical(before) == canonical(after))


def test_numbers_of_actions_are_those_of_the_whole_plan() -> None:
    """Another target before it gives an action another number, and no other work."""
    target = replace(TARGET, api_id="another1")
    other = make_plan(DESIRED, live_of({GET_PETS: {"200": DEFAULT}}, target=target))
    alone, second = canonical(of(ONE)), canonical(of(other, ONE))

    assert alone[target_id(TARGET)] == second[target_id(TARGET)]


@settings(max_examples=100, deadline=None)
@given(before=apis(), after=apis(), others=apis())
def test_forms_are_equal_just_where_states_are(
    before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content], others: Mapping[MethodKey, Content]
) -> None:
    """Of one live state, two wishes make the same work if they are the same."""
    live = live_of({scope: before.get(scope, {}) for scope in METHODS})

    assert (after == others) == (
        canonical(of(make_plan(desired_of(after), live))) == canonical(of(make_plan(desired_of(others), live)))
    )


def test_a_target_is_told_by_all_that_leads_to_it() -> None:
    """And reads as one would say it."""
    target = Target("123456789012", "eu-west-1", "a1", environment="prod")

    assert "RestApi a1 (environment prod, account 123456789012, eu-west-1)" == str(target_id(target))
