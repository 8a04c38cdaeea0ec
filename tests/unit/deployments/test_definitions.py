"""Models, request validators and gateway responses that a deployment publishes, and those that cannot be told."""

from dataclasses import replace
from typing import Any

import pytest

from reconciler.definitions import DEFAULT_MODELS, of_draft
from reconciler.deployments import Item, not_compared, undeployed
from reconciler.diff import FieldChange
from reconciler.models.definitions import Definitions
from reconciler.models.live import LiveApi
from reconciler.models.responses import MethodResponse
from reconciler.models.views import live_methods
from support.live import DEFAULT, GET_PETS, POST_PETS, live_of
from support.states import desired_of

WANTED = desired_of({GET_PETS: {"200": DEFAULT}})
BODY = {"id": "v1", "name": "body", "validateRequestBody": True}
STRICT = {**BODY, "validateRequestParameters": True}
UNAUTHORIZED = {"responseType": "UNAUTHORIZED", "statusCode": "403"}


def model(name: str, schema: str) -> dict[str, str]:
    """As GetModels has it."""
    return {"name": name, "schema": schema}


def api(definitions: Definitions | None, models: str = "", validator: str = "") -> LiveApi:
    """An API whose POST has these models and this validator."""
    live = live_of({GET_PETS: {"200": DEFAULT}, POST_PETS: {"200": DEFAULT}})
    request = {"requestModels": models} if models else {}
    method = replace(live_methods(live)[POST_PETS], request=request, validator=validator)
    return replace(live, methods={**live.methods, POST_PETS: method}, definitions=definitions)


def found(old: Definitions | None, new: Definitions | None, **method: Any) -> tuple[Item, ...]:  # noqa: ANN401 - of `api`
    """What is pending between these definitions, while the methods are alike."""
    served = {"validator": "body"} if method.get("validator") else {}
    return undeployed(api(old, **{**method, **served}), api(new, **method), WANTED)


def said(old: Definitions, new: Definitions, **method: Any) -> list[str]:  # noqa: ANN401 - of `api`
    """What cannot be told between them."""
    return [str(one) for one in not_compared(api(old, **method), api(new, **method))]


def of(*models: dict[str, str], validators: Any = (), gateway: Any = ()) -> Definitions:  # noqa: ANN401 - JSON
    """Definitions of a draft."""
    return of_draft(models, validators, gateway)


NOTHING = of()
PET = of(model("Pet", '{"type": "object"}'))


@pytest.mark.parametrize(
    ("old", "new", "method", "told"),
    [
        (NOTHING, PET, {"models": "Pet"}, ("model", "create", "petstore: model Pet")),
        (PET, NOTHING, {}, ("model", "delete", "petstore: model Pet")),
        (PET, of(model("Pet", '{"type": "array"}')), {}, ("model", "update", "petstore: model Pet")),
        (PET, of(model("Pet", '{"type": "object", "title": "P"}')), {}, ("model", "update", "petstore: model Pet")),
        (
            NOTHING,
            of(validators=[BODY]),
            {"validator": "v1"},
            ("requestValidator", "create", "petstore: request validator body"),
        ),
        (of(validators=[BODY]), NOTHING, {}, ("requestValidator", "delete", "petstore: request validator body")),
        (
            of(validators=[BODY]),
            of(validators=[STRICT]),
            {},
            ("requestValidator", "update", "petstore: request validator body"),
        ),
        (
            NOTHING,
            of(gateway=[UNAUTHORIZED]),
            {},
            ("gatewayResponse", "create", "petstore: gateway response UNAUTHORIZED"),
        ),
        (
            of(gateway=[UNAUTHORIZED]),
            NOTHING,
            {},
            ("gatewayResponse", "delete", "petstore: gateway response UNAUTHORIZED"),
        ),
        (
            of(gateway=[UNAUTHORIZED]),
            of(gateway=[{**UNAUTHORIZED, "statusCode": "404"}]),
            {},
            ("gatewayResponse", "update", "petstore: gateway response UNAUTHORIZED"),
        ),
    ],
)
def test_what_is_pending_is_named(
    old: Definitions, new: Definitions, method: dict[str, str], told: tuple[str, str, str]
) -> None:
    """Added, removed, changed; none of it is of a manifest."""
    [item] = found(old, new, **method)

    assert told == (item.subject, item.op, item.address)
    assert item.outside.startswith("manifests do not manage ")


def test_changes_of_a_model_are_its_values() -> None:
    """By path."""
    [item] = found(PET, of(model("Pet", '{"type": "object", "properties": {"a": {"type": "string"}}}')))

    assert (FieldChange("properties.a.type", None, "string"),) == item.changes


@pytest.mark.parametrize("side", [(None, PET), (NOTHING, None)])
def test_nothing_is_told_of_what_was_not_read(side: tuple[Definitions | None, Definitions | None]) -> None:
    """`drift` reads no definitions."""
    assert () == found(*side, models="Pet")


@pytest.mark.parametrize("validators", [[{**BODY, "name": ""}], [BODY, {**BODY, "id": "v2"}]])
def test_a_validator_without_a_name_of_its_own_is_not_told_apart(validators: list[dict[str, Any]]) -> None:
    """An export has names only, and methods of a draft ids: neither it nor its method differs for sure."""
    new = of(validators=validators)

    assert () == found(NOTHING, new, validator="v1")
    assert 2 == len(said(NOTHING, new, validator="v1"))


def test_models_that_others_use_are_used() -> None:
    """A model that is referred to is exported with the one that a method uses."""
    new = of(model("Pet", '{"properties": {"t": {"$ref": "x/Type"}}}'), model("Type", '{"type": "string"}'))

    assert ["petstore: model Pet", "petstore: model Type"] == [one.address for one in found(NOTHING, new, models="Pet")]


def test_models_of_method_responses_are_used() -> None:
    """Not only those of requests."""
    served, draft = api(NOTHING), api(PET)
    scope = live_methods(draft)[POST_PETS]
    declared = {**scope.method_responses, "200": MethodResponse(models="Pet")}
    both = [
        replace(one, methods={**one.methods, POST_PETS: replace(scope, method_responses=declared)})
        for one in (served, draft)
    ]

    assert ["petstore: model Pet"] == [one.address for one in undeployed(both[0], both[1], WANTED)]


def test_unused_definitions_are_no_difference() -> None:
    """Whether a stage shows them is not recorded: they are named instead."""
    new = of(model("Loose", "{}"), model("Other", "{}"), validators=[BODY])

    assert () == found(NOTHING, new)
    assert [
        "models Loose, Other: no method uses them, and a stage may not show unused models",
        "request validator body: no method uses it, and a stage may not show unused request validators",
    ] == said(NOTHING, new)


def test_unused_definitions_are_counted_where_they_are_many() -> None:
    """Three names are enough."""
    [text] = said(NOTHING, of(*(model(f"M{number}", "{}") for number in range(5))))

    assert text.startswith("models M0, M1, M2 and 2 more: ")


def test_the_models_of_every_new_api_are_nobodys() -> None:
    """Until somebody changes them."""
    first = [model(name, schema) for name, schema in DEFAULT_MODELS.items()]

    assert [] == said(NOTHING, of(*first))
    assert 1 == len(said(NOTHING, of(first[0], model("Error", '{"type": "string"}'))))


@pytest.mark.parametrize(
    ("schema", "word"),
    [
        ('{"type": "object", "patternProperties": {"a": {"type": "string"}}}', "patternProperties"),
        ('{"type": "object", "oneOf": [{"type": "string"}]}', "oneOf"),
        ('{"type": "object", "properties": {"a": {"const": 1}}}', "const"),
    ],
)
def test_a_keyword_that_exports_may_not_have_is_no_difference(schema: str, word: str) -> None:
    """Where only the draft has it."""
    new = of(model("Pet", schema))

    assert () == found(PET, new)
    assert [f"model Pet: a stage may not show {word}"] == said(PET, new)


def test_a_list_of_types_is_no_difference() -> None:
    """OpenAPI 3.0 has none, and what AWS writes is not recorded."""
    new = of(model("Pet", '{"type": ["object", "null"]}'))

    assert ((), ["model Pet: a stage may not show type"]) == (found(PET, new), said(PET, new))


def test_an_unreadable_schema_is_no_difference() -> None:
    """It is named."""
    new = of(model("Pet", "no JSON"))

    assert ((), ["model Pet: its schema is not a JSON object"]) == (found(PET, new), said(PET, new))
