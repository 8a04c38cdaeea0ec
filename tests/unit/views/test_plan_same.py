"""The same change in many places of a plan, in text and Markdown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diagnostics import Location
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Origin
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Kind
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.plan.causes import Cause
from reconciler.render.sections import counts, section_lines
from reconciler.render.style import Style, strip_marks
from reconciler.views.plan import plan_text
from reconciler.views.plan_lines import plan_sections
from support.live import BROKEN, DEFAULT, NOT_FOUND, TARGET, live_of
from support.reads import planned_of
from support.states import METHODS, Content, apis, desired_of
from support.websocket import websocket_desired_of

PLAIN, EACH, MARKED = Style(), Style(full=True), Style(marked=True, full=True)
GET_PETS, POST_PETS, GET_PET = METHODS
EDITED: Final = replace(BROKEN, response_templates={"text/plain": "x"})


def in_environment(
    name: str, before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Mapping[str, RestResponse | None]]
) -> TargetPlan:
    """A plan for the API of one environment, none for ""; only 200 and 500 are declared there."""
    live = live_of(
        before, declared={"200": (), "500": ()}, target=replace(TARGET, environment=name or None, api_id=f"a-{name}")
    )
    return make_plan(desired_of(after, ensure=True), live)


def on_every_method(content: Mapping[str, RestResponse]) -> dict[MethodKey, Mapping[str, RestResponse]]:
    """The same responses for three methods."""
    return dict.fromkeys(METHODS, content)


def lines(*targets: TargetPlan, style: Style = PLAIN) -> list[str]:
    """The lines of the plan above the summary."""
    return plan_text(planned_of(Plan(targets)), style).splitlines()[:-1]


def test_an_edit_of_a_set_is_one_block_for_all_methods_and_environments() -> None:
    """The change appears once, then the responses; the environments only in the heading, as all have the same."""
    found = lines(
        *(
            in_environment(name, on_every_method({"500": BROKEN}), on_every_method({"500": EDITED}))
            for name in ("dev", "prod")
        )
    )

    assert [
        "The same change on 3 methods of petstore (6 in dev, prod)",
        "",
        "  ~ 500  responseTemplates differ",
        "    + template text/plain: x",
        "    petstore: GET /pets 500",
        "    petstore: POST /pets 500",
        "    petstore: GET /pets/{id} 500",
        "",
    ] == found[:8]


def test_one_response_of_several_environments_is_named_in_the_heading() -> None:
    """There is nothing to count."""
    before, after = {GET_PETS: {"500": BROKEN}}, {GET_PETS: {"500": EDITED}}

    assert (
        "The same change on petstore: GET /pets 500 (dev, qa, prod)"
        == (lines(*(in_environment(name, before, after) for name in ("dev", "qa", "prod")))[0])
    )


def test_what_sources_have_in_common_is_on_the_change() -> None:
    """Each response is written in its manifest, and has the value from the same set."""
    path = "responseTemplates.text/plain"
    origins = {
        (ResponseKey(scope, "500"), field): place
        for line, scope in enumerate(METHODS, start=1)
        for field, place in (
            ("", Origin(Location("a.yaml", line, 1))),
            (path, Origin(Location("s.yaml", 3, 1), "cors")),
        )
    }
    desired = replace(desired_of(on_every_method({"500": EDITED})), origins=origins)
    found = lines(make_plan(desired, live_of(on_every_method({"500": BROKEN}))))

    assert ["  ~ 500  responseTemplates differ  set cors, s.yaml:3", "    petstore: GET /pets 500  a.yaml:1"] == [
        line for line in found if line.endswith(("s.yaml:3", "a.yaml:1"))
    ]


def test_two_places_are_shown_where_they_are() -> None:
    """A heading and a list would be longer."""
    two = {GET_PETS: {"500": BROKEN}, POST_PETS: {"500": BROKEN}}

    assert "same" not in " ".join(lines(in_environment("", two, {scope: {"500": EDITED} for scope in two})))


def test_each_is_shown_with_v() -> None:
    """With its own values."""
    one = in_environment("", on_every_method({"500": BROKEN}), on_every_method({"500": EDITED}))
    found = lines(one, style=EACH)

    assert (3, False) == (
        sum("template text/plain: x" in line for line in found),
        any("same" in line for line in found),
    )


def test_writes_that_depend_on_each_other_keep_their_order() -> None:
    """A status is declared before it is created, and the report says that the order is fixed."""
    one = in_environment("", on_every_method({"500": BROKEN}), on_every_method({"404": NOT_FOUND, "500": BROKEN}))

    assert [
        "The same 2 writes on 3 methods of petstore",
        "",
        "  on each, in this order",
        "    > declare 404  the method does not declare 404",
        "    + 404  not live yet",
        "        + selectionPattern: 404",
        "    petstore: GET /pets 404",
        "    petstore: POST /pets 404",
        "    petstore: GET /pets/{id} 404",
        "",
    ] == lines(one)


def test_writes_of_several_responses_name_the_method() -> None:
    """A pattern that moves concerns two responses of it."""
    one = in_environment("", on_every_method({"200": NOT_FOUND}), on_every_method({"500": NOT_FOUND}))

    assert ["  on each, in this order", "    petstore: GET /pets"] == [
        line for line in lines(one) if line.endswith(("order", "GET /pets"))
    ]


def test_the_same_header_of_several_statuses_is_one_block() -> None:
    """The heading counts responses then, and the line names the statuses."""
    with_template = {
        "200": replace(DEFAULT, response_templates={"a/b": "x"}),
        "500": replace(BROKEN, response_templates={"a/b": "x"}),
    }
    one = in_environment("", on_every_method({"200": DEFAULT, "500": BROKEN}), on_every_method(with_template))

    assert ["The same change on 6 responses of petstore", "", "  ~ 200, 500  responseTemplates differ"] == lines(one)[
        :3
    ]


def test_what_has_another_cause_is_another_block() -> None:
    """What reverts a change made in AWS is never mixed with what the manifests change."""
    one = in_environment("", on_every_method({"500": BROKEN}), on_every_method({"500": EDITED}))
    other = in_environment("dev", on_every_method({"500": BROKEN}), on_every_method({"500": EDITED}))
    reverting = replace(other, causes=dict.fromkeys((action.key for action in other.actions), Cause.DRIFT))

    assert [
        "The same change on 3 methods of petstore",
        "Reverts changes made directly in AWS:",
        "The same change on 3 methods of petstore (dev)",
    ] == [line for line in lines(one, reverting) if line.startswith(("The", "Rev"))]


def test_a_long_list_is_cut_on_a_terminal_only() -> None:
    """A file lists every response."""
    methods = {MethodKey(f"/{number:02}", "GET"): {"500": BROKEN} for number in range(9)}
    one = in_environment("", methods, {scope: {"500": EDITED} for scope in methods})
    (section,) = plan_sections(Plan((one,)), MARKED)

    assert ("    ... and 4 more (-v shows each)", 10) == (
        next(line for line in lines(one) if "more" in line),
        sum(1 for _ in section.entries),
    )


@pytest.mark.parametrize(("line_of_post", "shown"), [(3, "on the change"), (9, "on each response")])
def test_a_source_is_shown_once_where_it_is_the_same(line_of_post: int, shown: str) -> None:
    """On the line of the change, else on those of the responses."""
    origins = {
        (ResponseKey(scope, "500"), ""): Origin(
            Location("s.yaml", line_of_post if scope == POST_PETS else 3, 1), "errors"
        )
        for scope in METHODS
    }
    desired = replace(desired_of(on_every_method({"500": EDITED})), origins=origins)
    found = lines(make_plan(desired, live_of(on_every_method({"500": BROKEN}))))
    sources = [line.strip() for line in found if "set errors" in line]

    expected = {
        "on the change": ["~ 500  responseTemplates differ  set errors, s.yaml:3"],
        "on each response": [
            "petstore: GET /pets 500  set errors, s.yaml:3",
            "petstore: POST /pets 500  set errors, s.yaml:9",
            "petstore: GET /pets/{id} 500  set errors, s.yaml:3",
        ],
    }
    assert expected[shown] == sources


def test_changes_of_the_same_methods_share_their_list() -> None:
    """In the order in which they run; the entries count every change."""
    before = on_every_method({"200": DEFAULT, "500": BROKEN})
    one = in_environment("", before, on_every_method({"404": NOT_FOUND, "500": EDITED, "200": DEFAULT}))
    (section,) = plan_sections(Plan((one,)), PLAIN)
    starts = ("The", "    > ", "    + ", "    ~ ", "    petstore: GET /pets")

    assert [
        "The same 3 writes on 3 methods of petstore",
        "    > declare 404  the method does not declare 404",
        "    + 404  not live yet",
        "    ~ 500  responseTemplates differ",
        "    petstore: GET /pets",
    ] == [line for line in lines(one) if line.startswith(starts)][:5]
    assert "3 in extra steps, 3 to create, 3 to update" == counts(section.entries)


def test_changes_in_another_order_are_not_joined() -> None:
    """No block claims an order that some of its methods do not have."""
    before = on_every_method({"404": NOT_FOUND, "500": BROKEN})
    after = {"404": replace(NOT_FOUND, response_templates={"a/b": "x"}), "500": EDITED}
    one = in_environment("", before, on_every_method(after))
    first, second, third = (one.actions[at : at + 3] for at in (0, 3, 6))
    swapped = replace(one, actions=(*first, *second[2:], *second[:2], *third))
    sections = list(plan_sections(Plan((swapped,)), PLAIN))

    assert (["The same 2 writes on 3 methods of petstore", "The same change on 3 methods of petstore"], 9) == (
        [section.title for section in sections],
        sum(entry.number for section in sections for entry in section.entries),
    )


def test_deferred_responses_are_shown_once_as_well() -> None:
    """With why each waits."""
    reason = "{0} has no method GET yet"
    methods = [MethodKey(f"/{name}", "GET") for name in "abc"]
    waiting = tuple(
        Deferred(ResponseKey(scope, "404"), "petstore", NOT_FOUND, reason.format(scope.path), Location("a.yaml", 4, 1))
        for scope in methods
    )
    one = replace(in_environment("dev", {}, {}), deferred=waiting)

    assert [
        "Deferred until the method exists:",
        "The same response on 3 methods of petstore (dev)",
        "",
        "  + 404  not live yet  a.yaml:4",
        "    + selectionPattern: 404",
        "    petstore: GET /a 404  /a has no method GET yet",
        "    petstore: GET /b 404  /b has no method GET yet",
        "    petstore: GET /c 404  /c has no method GET yet",
    ] == lines(one)[:8]
    assert 3 == sum("selectionPattern: 404" in line for line in lines(one, style=EACH))


def test_integrations_are_called_so() -> None:
    """A WebSocket API has no methods."""
    keys = [IntegrationKey(name, name) for name in ("a", "b", "c")]
    desired = websocket_desired_of({key: {"$default": WebSocketResponse("x")} for key in keys})
    target = replace(TARGET, kind=Kind.WEBSOCKET_API)
    live = LiveApi(target, frozenset(), {key: LiveIntegration(key.id, "HTTP") for key in keys})

    assert "The same change on 3 integrations of chat" == lines(make_plan(desired, live))[0]


@settings(max_examples=20, deadline=None)
@given(
    states=st.lists(st.tuples(apis(), apis()), min_size=1, max_size=3),
    repeats=st.integers(1, 3),
    data=st.data(),
)
def test_grouping_loses_nothing(
    states: list[tuple[dict[MethodKey, Content], dict[MethodKey, Content]]], repeats: int, data: st.DataObject
) -> None:
    """Every action is counted once, in a group or alone, and its response or method is named; with -v, each is."""
    targets = []
    for number, (before, after) in enumerate(states * repeats):
        one = in_environment(f"e{number}", {scope: before.get(scope, {}) for scope in METHODS}, after)
        causes = {action.key: data.draw(st.sampled_from(Cause)) for action in one.actions}
        targets.append(replace(one, causes=causes))
    plan = Plan(tuple(targets))
    actions = [action for target in targets for action in target.actions]
    sections = list(plan_sections(plan, MARKED))
    text = strip_marks("\n".join(line for section in sections for line in section_lines(section)))

    assert len(actions) == sum(entry.number for section in sections for entry in section.entries)
    assert all(str(action.key.scope) in text for action in actions)
    assert [1] * len(actions) == [entry.number for section in plan_sections(plan, EACH) for entry in section.entries]
