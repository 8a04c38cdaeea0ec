"""Digests: what changes them and what does not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given

from reconciler.diagnostics import Location
from reconciler.models.desired import Desired, Origin, Ownership
from reconciler.models.digest import desired_digest, live_digest
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.live import LiveApi
from reconciler.models.responses import RestResponse
from support.live import BROKEN, DEFAULT, EVERYTHING, GET_PETS, NOT_FOUND, POST_PETS, live_of
from support.states import Content, apis, desired_of

STATE = {GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}
DESIRED = desired_of(STATE)
LIVE = live_of(STATE)
KEY = ResponseKey(GET_PETS, "404")


def owned(ownership: Ownership) -> Desired:
    """The desired state with another claim on its method."""
    return replace(DESIRED, owns={GET_PETS: ownership})


@given(state=apis())
def test_order_of_input_changes_no_digest(state: Mapping[MethodKey, Content]) -> None:
    """Manifests and answers may come in any order."""
    backwards = {scope: dict(reversed(list(content.items()))) for scope, content in reversed(list(state.items()))}

    assert (desired_digest(desired_of(state)), live_digest(live_of(state), state)) == (
        desired_digest(desired_of(backwards)),
        live_digest(live_of(backwards), list(backwards)),
    )


@pytest.mark.parametrize(
    "same",
    [
        replace(DESIRED, origins={(KEY, ""): Origin(Location("moved.yaml", 7, 3), "errors")}),
        replace(DESIRED, allowed={KEY: frozenset({"remapped-header"})}),
        owned(Ownership("petstore", location=Location("moved.yaml", 7, 3))),
        desired_of(STATE, api="renamed"),
    ],
)
def test_where_it_is_written_is_no_part_of_the_desired_digest(same: Desired) -> None:
    """Lines, silenced rules and the way to the API are not what is wanted."""
    assert desired_digest(DESIRED) == desired_digest(same)


@pytest.mark.parametrize(
    "other",
    [
        desired_of({GET_PETS: {"200": DEFAULT}}),
        desired_of({GET_PETS: {"200": DEFAULT, "404": None}}),
        desired_of({GET_PETS: {"200": DEFAULT, "404": RestResponse("404", "CONVERT_TO_TEXT")}}),
        desired_of({GET_PETS: {"200": DEFAULT, "404": RestResponse("404", response_templates={"a/b": ""})}}),
        desired_of({**STATE, POST_PETS: {}}),
        desired_of(STATE, protected=frozenset({KEY})),
        owned(Ownership("petstore", prune=False)),
        owned(Ownership("petstore", method_responses="ensure")),
    ],
)
def test_what_is_wanted_changes_the_desired_digest(other: Desired) -> None:
    """Content, listing, absence, protection and claims."""
    assert desired_digest(DESIRED) != desired_digest(other)


@pytest.mark.parametrize(
    "same",
    [
        live_of({**STATE, POST_PETS: {"200": BROKEN}}),
        replace(LIVE, paths=frozenset({"/", "/pets", "/orders"})),
        replace(LIVE, target=replace(LIVE.target, api_name=None)),
    ],
)
def test_other_methods_are_no_part_of_the_live_digest(same: LiveApi) -> None:
    """What another team does elsewhere on the API stales nothing."""
    assert live_digest(LIVE, DESIRED.owns) == live_digest(same, DESIRED.owns)


@pytest.mark.parametrize(
    "other",
    [
        live_of({GET_PETS: {"200": DEFAULT}}),
        live_of({GET_PETS: {"200": DEFAULT, "404": BROKEN}}),
        live_of({GET_PETS: {"200": DEFAULT, "404": RestResponse("404", response_templates={"a/b": ""})}}),
        live_of(STATE, type_="HTTP_PROXY"),
        live_of(STATE, type_=None),
        live_of(STATE, declared={}),
        live_of(STATE, declared={**EVERYTHING, "404": ["X-C"]}),
        live_of({POST_PETS: STATE[GET_PETS]}),
        live_of({}),
    ],
)
def test_content_integration_and_declarations_change_the_live_digest(other: LiveApi) -> None:
    """All that the plan of a listed method depends on, and whether it is there."""
    assert live_digest(LIVE, DESIRED.owns) != live_digest(other, DESIRED.owns)


def test_a_digest_names_its_algorithm() -> None:
    """`sha256:` and 64 hexadecimal digits."""
    algorithm, _, digits = desired_digest(DESIRED).partition(":")

    assert ("sha256", 64, set()) == (algorithm, len(digits), set(digits) - set("0123456789abcdef"))
