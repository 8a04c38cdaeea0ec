"""What a deployment of a REST API would publish, and whose it is."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given

from reconciler.deployments import Item, as_planned, undeployed
from reconciler.diff import FieldChange
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.live import Access, LiveApi, LiveMethod
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.views import live_methods
from reconciler.plan import make_plan
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, live_of
from support.states import Content, apis, desired_of

HEADER = "method.response.header.X-A"
MAPPED = RestResponse("404", None, {HEADER: "'1'"})
SERVED = live_of({GET_PETS: {"200": DEFAULT}, POST_PETS: {"200": DEFAULT}})


def told(items: tuple[Item, ...]) -> list[tuple[str, str, str, str, bool]]:
    """Subject, operation, method, code, and whether it lies within."""
    return [(item.subject, item.op, str(item.scope), item.code, not item.outside) for item in items]


def draft(
    state: Mapping[MethodKey, Mapping[str, RestResponse]] | None = None, scope: MethodKey = GET_PETS, **method: object
) -> LiveApi:
    """An API with these responses, of which one method is otherwise."""
    live = live_of(state or {GET_PETS: {"200": DEFAULT}, POST_PETS: {"200": DEFAULT}})
    return replace(live, methods={**live.methods, scope: replace(live_methods(live)[scope], **method)})  # type: ignore[arg-type]


def wanting(responses: Mapping[str, RestResponse | None], *, prune: bool = True) -> Desired:
    """A manifest that lists the GET."""
    return desired_of({GET_PETS: responses}, prune=prune)


def test_nothing_is_pending_between_equals() -> None:
    """Whatever the resource ids are, which an export has not."""
    served = replace(SERVED, methods={scope: replace(one, resource_id="") for scope, one in _methods(SERVED).items()})

    assert () == undeployed(served, SERVED, wanting({"200": DEFAULT}))


def _methods(live: LiveApi) -> dict[MethodKey, LiveMethod]:
    return live_methods(live)


@pytest.mark.parametrize(
    ("state", "wanted", "item"),
    [
        ({"200": DEFAULT, "404": NOT_FOUND}, {"200": DEFAULT, "404": NOT_FOUND}, ("create", "404", True)),
        ({"200": BROKEN}, {"200": BROKEN}, ("update", "200", True)),
        ({"200": BROKEN}, {"200": DEFAULT}, ("update", "200", False)),
        ({}, {}, ("delete", "200", True)),
        ({}, {"200": None}, ("delete", "200", True)),
        ({}, {"200": DEFAULT}, ("delete", "200", False)),
        ({"200": DEFAULT, "404": NOT_FOUND}, {"200": DEFAULT}, ("create", "404", False)),
    ],
)
def test_a_listed_response_lies_within_where_it_is_as_wanted(
    state: Content, wanted: Mapping[str, RestResponse | None], item: tuple[str, str, bool]
) -> None:
    """Also one that is pruned; where the draft differs from the manifest, it lies outside."""
    (op, code, within) = item
    found = undeployed(SERVED, live_of({GET_PETS: state, POST_PETS: {"200": DEFAULT}}), wanting(wanted))

    assert [("response", op, "GET /pets", code, within)] == told(found)


def test_what_is_not_listed_lies_outside() -> None:
    """On a method that no manifest lists, and with `prune: false` on one that is."""
    state = {GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}, POST_PETS: {"200": BROKEN}}
    found = undeployed(SERVED, live_of(state), wanting({"200": DEFAULT}, prune=False))

    assert ["no manifest lists the response", "no manifest lists the method"] == [one.outside for one in found]


def test_a_field_that_is_not_owned_lies_outside() -> None:
    """The reason names it."""
    key = ResponseKey(GET_PETS, "200")
    there = RestResponse("", None, {HEADER: "'1'"})
    wanted = replace(wanting({"200": there}), owned={key: ("selectionPattern",)})
    [found] = undeployed(SERVED, live_of({GET_PETS: {"200": there}, POST_PETS: {"200": DEFAULT}}), wanted)

    assert f"the manifest does not own responseParameters.{HEADER}" == found.outside


def test_integrations_are_nobodys_here() -> None:
    """Type, URI and settings, value by value."""
    found = undeployed(
        SERVED, draft(integration_type="MOCK", settings={"timeoutInMillis": "1"}), wanting({"200": DEFAULT})
    )

    assert [("integration", "update", "GET /pets", "", False)] == told(found)
    assert (FieldChange("timeoutInMillis", None, "1"), FieldChange("type", "HTTP", "MOCK")) == found[0].changes


def test_new_and_gone_methods_are_told_with_all_they_hold() -> None:
    """Even of a listed method its being new lies outside; its responses are as wanted."""
    served, now = (
        live_of({POST_PETS: {"200": DEFAULT}}, declared={}),
        live_of({GET_PETS: {"200": DEFAULT}}, declared={}),
    )

    assert [
        ("method", "create", "GET /pets", "", False),
        ("response", "create", "GET /pets", "200", True),
        ("method", "delete", "POST /pets", "", False),
        ("response", "delete", "POST /pets", "200", False),
    ] == told(undeployed(served, now, wanting({"200": DEFAULT})))


@pytest.mark.parametrize(
    ("before", "after", "outside"),
    [
        (None, [HEADER], ""),
        ([], [HEADER], ""),
        (None, [HEADER, "method.response.header.X-B"], "no listed response maps X-B"),
        ([HEADER], None, "it is no longer declared"),
        ([HEADER], [], "X-A is no longer declared"),
    ],
)
def test_a_method_response_lies_within_as_far_as_it_is_needed(
    before: list[str] | None, after: list[str] | None, outside: str
) -> None:
    """By a listed response that maps its headers."""
    state = {GET_PETS: {"404": MAPPED}}

    def with_declared(names: list[str] | None) -> LiveApi:
        declared = {} if names is None else {"404": MethodResponse(frozenset(names))}
        return draft(state, method_responses=declared)

    [found] = undeployed(with_declared(before), with_declared(after), wanting({"404": MAPPED}))

    assert ("methodResponse", "404", outside) == (found.subject, found.code, found.outside)


def test_who_may_call_is_published_too() -> None:
    """What a deployment tells of it, against the draft."""
    now = draft(access=Access("AWS_IAM", needs_key=True))
    [found] = undeployed(SERVED, now, wanting({"200": DEFAULT}), {GET_PETS: Access()})

    assert ("access", "manifests do not manage access to methods") == (found.subject, found.outside)
    assert ["authorizationType", "apiKeyRequired"] == [change.path for change in found.changes]


def there_and_wanted(live: Mapping[MethodKey, Content], wanted: Mapping[MethodKey, Content]) -> LiveApi:
    """These methods, and those that are wanted without a response."""
    return live_of({**{scope: {} for scope in wanted}, **live})


@given(apis(), apis())
def test_the_draft_of_a_plan_is_what_is_wanted(
    live: dict[MethodKey, Content], wanted: dict[MethodKey, Content]
) -> None:
    """Once its actions are carried out, another plan is empty; the state is as a real run leaves it."""
    desired, there = desired_of(wanted, ensure=True), there_and_wanted(live, wanted)
    one = make_plan(desired, there)

    assert () == make_plan(desired, as_planned(there, one.actions)).actions


@given(apis(), apis())
def test_what_a_plan_writes_lies_within(live: dict[MethodKey, Content], wanted: dict[MethodKey, Content]) -> None:
    """Of what was deployed before a plan, only what the plan writes is pending afterwards."""
    desired, there = desired_of(wanted, ensure=True), there_and_wanted(live, wanted)
    one = make_plan(desired, there)
    found = undeployed(there, as_planned(there, one.actions), desired)

    assert {""} >= {item.outside for item in found}
    assert {(action.key.scope, action.key.code) for action in one.actions} >= {(i.scope, i.code) for i in found}


def test_absent_is_not_wanted() -> None:
    """A response that is declared absent and served is published as gone."""
    wanted = replace(wanting({}), responses={ResponseKey(GET_PETS, "200"): ABSENT})
    now = live_of({GET_PETS: {}, POST_PETS: {"200": DEFAULT}})

    assert [("response", "delete", "GET /pets", "200", True)] == told(undeployed(SERVED, now, wanted))
