"""Plans: which actions, why, from where."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.diagnostics import Location
from reconciler.models.desired import Desired, Origin, Ownership
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import RestResponse
from reconciler.plan import Plan, Summary, TargetPlan, make_plan, summarise
from reconciler.plan.actions import CreateMethodResponse, ExtendMethodResponse
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, live_of
from support.states import desired_of

PARAMETER = "method.response.header.X-A"
MAPPED = RestResponse("404", response_parameters={PARAMETER: "'1'"})
SWAPPED = {"200": RestResponse("a"), "404": RestResponse("b")}
SWAP = {"200": RestResponse("b"), "404": RestResponse("a")}


def actions(one: TargetPlan) -> list[tuple[str | None, str, str]]:
    """Step, operation and address of every action."""
    return [(action.step, action.op, action.address.removeprefix("petstore: ")) for action in one.actions]


def reasons(one: TargetPlan) -> list[str]:
    """Why, action by action."""
    return [action.reason for action in one.actions]


def written_in(desired: Desired, *places: tuple[str, str, int]) -> Desired:
    """The desired state with lines: status, field, line; the method is on line 8."""
    owns: dict[Scope, Ownership] = {
        scope: replace(owner, location=Location("petstore.yaml", 8, 7)) for scope, owner in desired.owns.items()
    }
    origins = {
        (ResponseKey(GET_PETS, code), path): Origin(Location("petstore.yaml", line, 11)) for code, path, line in places
    }
    return replace(desired, owns=owns, origins=origins)


def test_nothing_to_do_is_an_empty_plan() -> None:
    """No action, and the plan says so."""
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"200": DEFAULT}}))

    assert ((), True) == (one.actions, Plan((one,)).is_empty)


def test_a_step_alone_makes_a_plan() -> None:
    """A plan that only declares a method response is not empty, though no response changes."""
    live = live_of({GET_PETS: {"200": DEFAULT}}, declared={})
    made = Plan((make_plan(desired_of({GET_PETS: {"200": DEFAULT}}, ensure=True), live),))

    assert (False, 0, 1) == (made.is_empty, made.summary.changes, made.summary.steps)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (RestResponse("5"), "selectionPattern differs"),
        (RestResponse("4", "CONVERT_TO_TEXT"), "contentHandling differs"),
        (RestResponse("4", None, {PARAMETER: "'1'"}), "responseParameters differ"),
        (RestResponse("4", None, {}, {"a/b": "", "c/d": ""}), "responseTemplates differ"),
        (RestResponse("5", None, {}, {"a/b": ""}), "selectionPattern and responseTemplates differ"),
        (
            RestResponse("5", "CONVERT_TO_TEXT", {PARAMETER: "'1'"}),
            "selectionPattern, contentHandling and responseParameters differ",
        ),
    ],
)
def test_an_update_says_which_fields_differ(after: RestResponse, expected: str) -> None:
    """In a sentence, in the order of AWS's fields, each once."""
    one = make_plan(desired_of({GET_PETS: {"404": after}}), live_of({GET_PETS: {"404": RestResponse("4")}}))

    assert [expected] == reasons(one)


@pytest.mark.parametrize(
    ("desired", "expected"),
    [
        (desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}), "not live yet"),
        (desired_of({GET_PETS: {}}), "not in the manifest"),
        (desired_of({GET_PETS: {"200": None}}), "declared absent"),
    ],
)
def test_creating_and_deleting_have_a_reason(desired: Desired, expected: str) -> None:
    """A deletion tells pruning from `absent`."""
    assert [expected] == reasons(make_plan(desired, live_of({GET_PETS: {"200": DEFAULT}})))


def test_declarations_come_before_the_responses_that_need_them() -> None:
    """Method by method: create and extend, then put."""
    state = {"200": replace(DEFAULT, response_parameters={PARAMETER: "'1'"}), "404": MAPPED}
    live = live_of({GET_PETS: {"200": DEFAULT}, POST_PETS: {}}, declared={"200": []})
    one = make_plan(desired_of({GET_PETS: state, POST_PETS: {"404": MAPPED}}, ensure=True), live)

    assert [
        ("methodResponse", "update", "GET /pets 200"),
        ("methodResponse", "create", "GET /pets 404"),
        (None, "update", "GET /pets 200"),
        (None, "create", "GET /pets 404"),
        ("methodResponse", "create", "POST /pets 404"),
        (None, "create", "POST /pets 404"),
    ] == actions(one)


def test_an_unchanged_response_gets_its_declaration_too() -> None:
    """A live response whose status is not declared is answered with 500."""
    live = live_of({GET_PETS: {"200": DEFAULT}}, declared={})
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}, ensure=True), live)

    assert [("methodResponse", "create", "GET /pets 200")] == actions(one)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, "the method does not declare 404 with X-A"),
        ({"404": ["X-B"]}, "method response 404 does not declare X-A"),
    ],
)
def test_a_declaration_says_what_is_missing(declared: Mapping[str, list[str]], expected: str) -> None:
    """The status, or the headers, by the names that clients see."""
    one = make_plan(desired_of({GET_PETS: {"404": MAPPED}}, ensure=True), live_of({GET_PETS: {}}, declared=declared))

    assert expected == reasons(one)[0]


def test_a_declaration_has_full_names() -> None:
    """As the call sends them, only those that are missing."""
    both = replace(MAPPED, response_parameters={PARAMETER: "'1'", "method.response.header.X-B": "'1'"})
    one = make_plan(
        desired_of({GET_PETS: {"404": both}}, ensure=True), live_of({GET_PETS: {}}, declared={"404": ["X-B"]})
    )

    assert [(PARAMETER,)] == [
        action.parameters for action in one.actions if isinstance(action, CreateMethodResponse | ExtendMethodResponse)
    ]


def test_check_makes_no_declarations() -> None:
    """By default what is missing is a diagnostic of the checks, not a step."""
    one = make_plan(desired_of({GET_PETS: {"404": MAPPED}}), live_of({GET_PETS: {}}, declared={}))

    assert [(None, "create", "GET /pets 404")] == actions(one)


def test_a_swap_is_parked() -> None:
    """One of the two gives its pattern up for a moment; it is one step and two updates."""
    one = make_plan(desired_of({GET_PETS: SWAP}), live_of({GET_PETS: SWAPPED}))

    assert [
        ("park", "update", "GET /pets 200"),
        (None, "update", "GET /pets 404"),
        (None, "update", "GET /pets 200"),
    ] == actions(one)


def test_a_park_says_for_whom() -> None:
    """And that it is not the last word."""
    one = make_plan(desired_of({GET_PETS: SWAP}), live_of({GET_PETS: SWAPPED}))

    assert "frees its pattern for 404; gets its own in a later step" == one.actions[0].reason


def test_counts_are_of_responses() -> None:
    """Parks and declarations are steps; what nobody lists is unmanaged."""
    live = live_of({GET_PETS: {**SWAPPED, "500": BROKEN}, POST_PETS: {"200": DEFAULT}}, declared={"404": [], "500": []})
    one = make_plan(desired_of({GET_PETS: {**SWAP, "500": BROKEN}}, ensure=True), live)

    assert Summary(create=0, update=2, delete=0, unchanged=1, unmanaged=1, unmanaged_methods=1, steps=2) == summarise(
        [one]
    )


def test_actions_are_numbered_through() -> None:
    """Ids count on over the targets of a plan."""
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({GET_PETS: {"404": NOT_FOUND}}))

    assert ["1", "2", "3", "4"] == [action_id for action_id, _, _ in Plan((one, one)).numbered()]


@pytest.mark.parametrize(
    ("desired", "line"),
    [
        (desired_of({GET_PETS: {"404": MAPPED}}), 10),
        (desired_of({GET_PETS: {"404": NOT_FOUND, "500": BROKEN}}), 8),
    ],
)
def test_an_action_has_the_line_of_its_response_or_method(desired: Desired, line: int) -> None:
    """Where a reviewer looks it up."""
    placed = written_in(desired, ("404", "", 10), ("404", "selectionPattern", 11))
    one = make_plan(placed, live_of({GET_PETS: {"404": NOT_FOUND}}))

    assert [Location("petstore.yaml", line, 11 if line == 10 else 7)] == [action.source for action in one.actions]


def test_a_deletion_has_the_line_of_the_method() -> None:
    """What is not in the manifest has no line of its own."""
    one = make_plan(written_in(desired_of({GET_PETS: {}})), live_of({GET_PETS: {"404": NOT_FOUND}}))

    assert [Location("petstore.yaml", 8, 7)] == [action.source for action in one.actions]


def test_a_pattern_that_an_unlisted_response_keeps_is_an_error() -> None:
    """Under `prune: false` the plan may not touch the holder: nothing is planned for the method, and it says why."""
    desired = written_in(
        desired_of({GET_PETS: {"404": RestResponse("4..")}}, prune=False), ("404", "selectionPattern", 11)
    )
    one = make_plan(desired, live_of({GET_PETS: {"410": RestResponse("4..")}}))

    assert ([], [("pattern-taken", Location("petstore.yaml", 11, 11), "petstore: GET /pets 404", True)]) == (
        actions(one),
        [(found.rule, found.location, found.address, found.is_error) for found in one.diagnostics],
    )


def test_a_blocked_pattern_names_holder_and_remedy() -> None:
    """Whether it is a text or the default."""
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}, prune=False), live_of({GET_PETS: {"500": DEFAULT}}))

    assert (
        "200 needs no pattern (the default response), but live 500 holds and keeps it",
        "list 500, which `prune: false` keeps, with another pattern, or declare it `absent`",
    ) == (one.diagnostics[0].message, one.diagnostics[0].remedy)


def test_a_blocked_method_keeps_no_other_from_being_planned() -> None:
    """Each method stands for itself."""
    desired = desired_of({GET_PETS: {"200": DEFAULT}, POST_PETS: {"200": DEFAULT}}, prune=False)
    one = make_plan(desired, live_of({GET_PETS: {"500": DEFAULT}, POST_PETS: {}}))

    assert [(None, "create", "POST /pets 200")] == actions(one)


def test_an_absent_holder_frees_its_pattern() -> None:
    """`absent` lets the plan delete what `prune: false` would leave."""
    desired = desired_of({GET_PETS: {"200": DEFAULT, "500": None}}, prune=False)
    one = make_plan(desired, live_of({GET_PETS: {"500": DEFAULT}}))

    assert [(None, "delete", "GET /pets 500"), (None, "create", "GET /pets 200")] == actions(one)


def test_a_method_that_is_gone_has_no_actions() -> None:
    """There is nothing to write to; a check speaks of it."""
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({POST_PETS: {}}))

    assert ((), 1) == (one.actions, len(one.comparison.changes))


def test_a_plan_knows_which_responses_it_writes() -> None:
    """Put, parked or declared, not deleted: checks of these are errors."""
    live = live_of({GET_PETS: {"200": DEFAULT, "500": BROKEN}}, declared={"200": []})
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT, "404": MAPPED}}, ensure=True), live)

    assert frozenset({"petstore: GET /pets 404"}) == one.written


def test_a_changed_key_that_looks_private_still_makes_an_update() -> None:
    """A template's name may begin with two underscores."""
    before, after = (RestResponse(response_templates={"__x/y": text}) for text in ("old", "new"))
    one = make_plan(desired_of({GET_PETS: {"200": after}}), live_of({GET_PETS: {"200": before}}))

    assert ["responseTemplates differ"] == reasons(one)
