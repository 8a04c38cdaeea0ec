"""What can be compared of a draft and a stage, and what is said of the rest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler.definitions import of_draft
from reconciler.deployments import Item, as_planned, incomparable, not_compared, not_exported, undeployed
from reconciler.diff import FieldChange
from reconciler.models.keys import Scope
from reconciler.models.live import LiveApi, LiveScope
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.views import live_methods
from reconciler.plan import make_plan
from support.live import DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, live_of
from support.states import desired_of

WANTED = desired_of({GET_PETS: {"200": DEFAULT}})
LITERAL = RestResponse("default")
BOTH = {"200": DEFAULT, "404": LITERAL}
FOO, BAR = "integration.fooMode", "method.barMode"
NO_SOURCE = "and reconciler does not know its default"


def api(responses: Mapping[str, RestResponse] | None = None, **method: Any) -> LiveApi:  # noqa: ANN401 - of LiveMethod
    """An API whose GET is like this."""
    live = live_of({GET_PETS: responses or {"200": DEFAULT}, POST_PETS: {"200": DEFAULT}})
    return replace(live, methods={**live.methods, GET_PETS: replace(live_methods(live)[GET_PETS], **method)})


def told(items: tuple[Item, ...]) -> list[tuple[str, str, tuple[FieldChange, ...]]]:
    """Subject, operation and values."""
    return [(item.subject, item.op, item.changes) for item in items]


def said(served: LiveApi, draft: LiveApi) -> list[str]:
    """What cannot be told."""
    return [str(one) for one in not_compared(served, draft)]


@pytest.mark.parametrize("setting", ["responseTransferMode", "integrationTarget", "cacheKeyParameters"])
def test_a_setting_of_an_integration_is_pending(setting: str) -> None:
    """It lies outside of any plan."""
    [item] = undeployed(api(), api(settings={setting: "X"}), WANTED)

    assert ("integration", (FieldChange(setting, None, "X"),)) == (item.subject, item.changes)
    assert "manifests do not manage integrations" == item.outside


def test_what_a_method_takes_is_pending() -> None:
    """As an update of the method, which keeps its integration."""
    request = {"requestParameters": {"method.request.querystring.q": "true"}, "operationName": "List"}
    [item] = undeployed(api(request={"operationName": "Lst"}), api(request=request), WANTED)

    assert ("method", "update", "manifests do not manage method requests", False) == (
        item.subject,
        item.op,
        item.outside,
        item.lacks_integration,
    )
    assert ["operationName", "requestParameters.method.request.querystring.q"] == [
        change.path for change in item.changes
    ]


def test_a_new_method_is_told_with_what_it_takes() -> None:
    """With its integration's settings."""
    draft = api(request={"operationName": "List"}, settings={"responseTransferMode": "STREAM"})
    served = replace(draft, methods={POST_PETS: draft.methods[POST_PETS]})
    [item, *_] = undeployed(served, draft, WANTED)

    assert {"operationName", "responseTransferMode", "type", "uri"} == {change.path for change in item.changes}


def test_the_default_cache_namespace_may_be_spelt_out() -> None:
    """It is the id of the resource, which an export does not have."""
    served = {"cacheNamespace": "x1y2z3"}

    assert () == undeployed(api(settings=served), api(resource_id="x1y2z3"), WANTED)
    assert 1 == len(undeployed(api(settings=served), api(resource_id="another"), WANTED))


def test_a_member_that_is_not_known_is_compared_as_it_is() -> None:
    """Where both sides have it."""
    served, draft = api(foreign={FOO: "a", BAR: "c"}), api(foreign={FOO: "b", BAR: "d"})

    assert [
        ("integration", "update", (FieldChange("fooMode", "a", "b"),)),
        ("method", "update", (FieldChange("barMode", "c", "d"),)),
    ] == told(undeployed(served, draft, WANTED))
    assert [] == said(served, draft)


def test_a_member_that_only_one_side_has_is_named() -> None:
    """It may be a default that exports leave out, so it is no difference."""
    served, draft = api(foreign={BAR: "c"}), api(foreign={FOO: "b"})

    assert () == undeployed(served, draft, WANTED)
    assert [
        f"{FOO}: only the draft shows it (GET /pets), {NO_SOURCE}",
        f"{BAR}: only the stage shows it (GET /pets), {NO_SOURCE}",
    ] == said(served, draft)


def test_a_member_of_many_methods_is_named_once() -> None:
    """With three of the methods."""
    scopes = [replace(GET_PETS, path=f"/p{number}") for number in range(5)]
    served = live_of({scope: {} for scope in scopes})
    methods: dict[Scope, LiveScope] = {
        scope: replace(one, foreign={FOO: "a"}) for scope, one in live_methods(served).items()
    }
    [text] = said(served, replace(served, methods=methods))

    assert "GET /p0, GET /p1, GET /p2 and 2 more" in text


@pytest.mark.parametrize(
    ("before", "after", "is_compared"),
    [("", "Pet", True), ("Pet", "Cat", True), ("Pet", "Cat, Pet", False), ("Cat, Pet", "Dog", False)],
)
def test_models_of_a_status(before: str, after: str, is_compared: bool) -> None:
    """One is compared; of several, an export may not have each."""

    def of(models: str) -> LiveApi:
        return api(method_responses={"200": MethodResponse(models=models)})

    found = undeployed(of(before), of(after), WANTED)

    assert is_compared == bool(found)
    assert is_compared == (said(of(before), of(after)) == [])


def test_a_model_alone_lies_outside() -> None:
    """Manifests declare headers, no models."""
    [item] = undeployed(
        api(method_responses={"200": MethodResponse()}),
        api(method_responses={"200": MethodResponse(models="P")}),
        WANTED,
    )

    assert ("manifests do not manage models", (FieldChange("methodResponse.models", None, "P"),)) == (
        item.outside,
        item.changes,
    )


def test_the_validator_of_a_method() -> None:
    """By its name on the stage, by its id in the draft; without the draft's definitions nothing is said."""
    definitions = of_draft((), [{"id": "v1", "name": "body"}], ())
    served, draft = api(validator="strict"), api(validator="v1")
    [item] = undeployed(served, replace(draft, definitions=definitions), WANTED)

    assert ("method", "update", (FieldChange("requestValidator", "strict", "body"),)) == told((item,))[0]
    assert () == undeployed(served, draft, WANTED)


@pytest.mark.parametrize("served", [{"200": DEFAULT}, {"404": DEFAULT}, {"200": DEFAULT, "404": NOT_FOUND}])
def test_two_responses_of_one_key_are_not_compared(served: Mapping[str, RestResponse]) -> None:
    """Whatever is left of them in an export."""
    draft = api(BOTH)

    assert () == undeployed(api(served), draft, WANTED)
    assert [
        "GET /pets responses: AWS exports the pattern `default` and the default response under one key (200 and 404)"
    ] == said(api(served), draft)
    assert frozenset({GET_PETS}) == incomparable(draft)


def test_all_else_of_such_a_method_is_compared() -> None:
    """And all other methods."""
    draft = api(BOTH, settings={"credentials": "x"})

    assert ["integration"] == [one.subject for one in undeployed(api(), draft, WANTED)]


@pytest.mark.parametrize("pattern", ["default", ""])
def test_one_response_of_that_key_is_compared(pattern: str) -> None:
    """A pattern `default` alone reads back as none, which is the same in an export."""
    draft = api({"200": RestResponse(pattern), "404": NOT_FOUND})

    assert ([], ()) == (said(api({"200": DEFAULT, "404": NOT_FOUND}), draft), tuple(incomparable(draft)))
    assert () == undeployed(api({"200": DEFAULT, "404": NOT_FOUND}), draft, WANTED)


def test_what_a_plan_writes_of_such_a_method_is_published() -> None:
    """Though no export tells it: new, changed and deleted responses."""
    before, wanted = {"200": DEFAULT, "500": NOT_FOUND}, {"200": RestResponse("", "CONVERT_TO_TEXT"), "404": LITERAL}
    live, desired = api(before), desired_of({GET_PETS: wanted})
    one = make_plan(desired, live)
    draft = as_planned(live, one.actions)
    found = undeployed(live, draft, desired, not_exported=not_exported(live, draft, one.actions))

    assert [("200", "update"), ("404", "update"), ("500", "delete")] == sorted((one.code, one.op) for one in found)
    assert {(True, "")} == {(one.is_not_exported, one.outside) for one in found}


def test_a_method_that_lost_its_twin_is_compared_again() -> None:
    """Once the draft is clean, the stage's one key is what it says."""
    draft = api({"200": DEFAULT, "404": NOT_FOUND})

    assert [("404", "create")] == [(one.code, one.op) for one in undeployed(api({"200": DEFAULT}), draft, WANTED)]


@pytest.mark.parametrize(
    ("item", "title"),
    [
        (Item("integration", "update", "p: GET /pets", GET_PETS), "GET /pets integration"),
        (
            Item(
                "integration",
                "update",
                "p: GET /pets",
                GET_PETS,
                changes=tuple(FieldChange(name, None, "1") for name in "abcde"),
            ),
            "GET /pets integration: a, b, c and 2 more",
        ),
        (Item("response", "create", "p: GET /pets 404", GET_PETS, "404"), "GET /pets 404"),
        (Item("methodResponse", "create", "p: GET /pets 404", GET_PETS, "404"), "GET /pets 404 (method response)"),
        (Item("method", "delete", "p: GET /pets", GET_PETS), "GET /pets method"),
        (Item("model", "create", "p: model Pet"), "model Pet"),
    ],
)
def test_titles(item: Item, title: str) -> None:
    """What is pending, in a few words."""
    assert title == item.title
