"""Which writes of a method belong together."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings

from reconciler.models.responses import RestResponse
from reconciler.plan import make_plan
from reconciler.plan.units import dependent_writes
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, live_of
from support.states import Content, contents, desired_of

TEXT = replace(BROKEN, response_templates={"text/plain": "x"})


def units(before: Content, after: Mapping[str, RestResponse | None], *declared: str) -> list[list[str]]:
    """The writes of one method as `op code`, or `step code`."""
    desired = desired_of({GET_PETS: after}, ensure=True)
    live = live_of({GET_PETS: before}, declared=dict.fromkeys(declared or ("200", "404", "500"), ()))
    return [
        [f"{action.step or action.op} {action.key.code}" for action in unit]
        for unit in dependent_writes(make_plan(desired, live).actions)
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"200": NOT_FOUND, "500": BROKEN}, {"200": NOT_FOUND, "500": TEXT}, [["update 500"]]),
        ({"500": BROKEN}, {"404": NOT_FOUND, "500": TEXT}, [["create 404"], ["update 500"]]),
        ({"404": NOT_FOUND}, {"500": NOT_FOUND}, [["delete 404", "create 500"]]),
        ({"404": NOT_FOUND}, {"404": BROKEN, "500": NOT_FOUND}, [["update 404", "create 500"]]),
        (
            {"200": DEFAULT, "404": NOT_FOUND, "500": BROKEN},
            {"200": DEFAULT, "404": BROKEN, "500": NOT_FOUND},
            [["park 404", "update 500", "update 404"]],
        ),
        ({"404": NOT_FOUND, "500": BROKEN}, {}, [["delete 404"], ["delete 500"]]),
    ],
)
def test_responses_that_pass_a_pattern_on_belong_together(
    before: Content, after: Mapping[str, RestResponse], expected: list[list[str]]
) -> None:
    """AWS refuses a pattern that another response holds; everything else is independent."""
    assert expected == units(before, after)


def test_a_declaration_belongs_to_its_response() -> None:
    """AWS refuses a response whose status is not declared."""
    assert [["methodResponse 404", "create 404"], ["methodResponse 500", "create 500"]] == units(
        {}, {"404": NOT_FOUND, "500": BROKEN}, "200"
    )


@settings(max_examples=60, deadline=None)
@given(before=contents(), after=contents())
def test_no_write_is_lost_and_units_keep_the_order(before: Content, after: Content) -> None:
    """Each write is in exactly one unit."""
    actions = make_plan(desired_of({GET_PETS: after}, ensure=True), live_of({GET_PETS: before})).actions
    positions = [[actions.index(action) for action in unit] for unit in dependent_writes(actions)]

    assert positions == sorted(map(sorted, positions))
    assert sorted(at for unit in positions for at in unit) == list(range(len(actions)))
