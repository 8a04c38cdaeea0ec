"""What is the same in several places is told once, and nothing is lost."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Kind
from reconciler.review import ApiLocation, PlacedReview, ReviewEffect, compare_desired
from reconciler.review.alike import Alike, alike, blocks, rows
from support.states import METHODS, Content, apis, desired_of

State = Mapping[MethodKey, Content]
OWNER = ("", "petstore")


def placed(environment: str, base: State, head: State) -> PlacedReview:
    """A review of an API in an environment."""
    return PlacedReview(
        ApiLocation("", environment, Kind.REST_API, "x"), compare_desired(desired_of(base), desired_of(head))
    )


def test_said_of_the_same_subjects_in_the_same_places() -> None:
    """Then it is said once; of a subject that is in fewer places it is said apart."""
    told = [("a", 1, "dev"), ("a", 1, "prod"), ("a", 2, "dev"), ("a", 2, "prod"), ("a", 3, "dev"), ("b", 1, "dev")]

    assert [
        Alike("a", (1, 2), ("dev", "prod")),
        Alike("a", (3,), ("dev",)),
        Alike("b", (1,), ("dev",)),
    ] == alike(told)


def test_one_change_of_several_methods() -> None:
    """What all of them have in all environments is one block; what an environment has for itself is a part of it."""
    base: State = {scope: {} for scope in METHODS}
    reviews = [
        placed(name, base, {scope: {"500": RestResponse("5..", None, {"h": name})} for scope in METHODS})
        for name in ("dev", "prod")
    ]
    (one,) = blocks(reviews)[OWNER]

    assert (ReviewEffect.CREATE, METHODS, ("dev", "prod"), [(), ("dev",), ("prod",)]) == (
        one.block.effect,
        one.scopes,
        one.environments,
        [part.environments for part in one.block.parts],
    )


Changing = list[tuple[dict[MethodKey, Content], dict[MethodKey, Content]]]

several = given(st.lists(st.tuples(apis(), apis()), min_size=1, max_size=3))
few = settings(max_examples=40, deadline=None)


def in_environments(states: Changing) -> list[PlacedReview]:
    """Each pair of states in an environment of its own."""
    return [placed(str(number), *one) for number, one in enumerate(states)]


@several
@few
def test_rows_tell_every_effect(states: Changing) -> None:
    """Of every response in every environment."""
    reviews = in_environments(states)

    assert {
        (review.place.environment, response.key, response.effect)
        for review in reviews
        for response in review.review.responses
    } == {(where, row.key, effect) for row in rows(reviews) for where, effect in row.effects.items()}


@several
@few
def test_blocks_tell_every_value(states: Changing) -> None:
    """Of every response in every environment; beside them only that one that comes or goes is the default one."""
    reviews = in_environments(states)
    told = {
        (where, scope, one.block.code, one.block.effect, change)
        for one in blocks(reviews).get(OWNER, ())
        for scope in one.scopes
        for part in one.block.parts
        for where in part.environments or one.environments
        for change in part.fields
        if change.before or change.after or change.path != "selectionPattern"
    }

    assert {
        (review.place.environment, response.key.scope, response.key.code, response.effect, change)
        for review in reviews
        for response in review.review.responses
        for change in response.change.fields
    } == told
