"""What desired responses need of their method's declarations."""

from collections.abc import Mapping, Sequence

import pytest

from reconciler.models.needs import MethodResponseNeed, missing_method_responses
from reconciler.models.responses import RestResponse
from support.live import DEFAULT, GET_PETS, live_of
from support.states import desired_of

HEADER = "method.response.header."
MAPPED = RestResponse("404", response_parameters={f"{HEADER}X-A": "'1'", f"{HEADER}X-B": "'2'"})
DESIRED = desired_of({GET_PETS: {"404": MAPPED}})


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, [MethodResponseNeed(GET_PETS, "404", exists=False, parameters=(f"{HEADER}X-A", f"{HEADER}X-B"))]),
        ({"404": []}, [MethodResponseNeed(GET_PETS, "404", exists=True, parameters=(f"{HEADER}X-A", f"{HEADER}X-B"))]),
        ({"404": ["X-B"]}, [MethodResponseNeed(GET_PETS, "404", exists=True, parameters=(f"{HEADER}X-A",))]),
        ({"404": ["x-a", "X-B"]}, [MethodResponseNeed(GET_PETS, "404", exists=True, parameters=(f"{HEADER}X-A",))]),
        ({"404": ["X-A", "X-B", "X-C"]}, []),
    ],
)
def test_what_is_not_declared_is_needed(
    declared: Mapping[str, Sequence[str]], expected: list[MethodResponseNeed]
) -> None:
    """The status, or headers of it; case counts."""
    assert expected == list(missing_method_responses(DESIRED, live_of({GET_PETS: {}}, declared=declared)))


def test_a_response_without_headers_needs_its_status() -> None:
    """A mapped status that is not declared is answered with 500."""
    live = live_of({GET_PETS: {}}, declared={})

    assert [MethodResponseNeed(GET_PETS, "200", exists=False, parameters=())] == list(
        missing_method_responses(desired_of({GET_PETS: {"200": DEFAULT}}), live)
    )


@pytest.mark.parametrize("type_", ["AWS_PROXY", "HTTP_PROXY"])
def test_proxy_integrations_need_nothing(type_: str) -> None:
    """AWS ignores their integration responses."""
    assert [] == list(missing_method_responses(DESIRED, live_of({GET_PETS: {}}, declared={}, type_=type_)))


def test_absent_responses_and_absent_methods_need_nothing() -> None:
    """There is nothing to declare them for, or on."""
    absent = desired_of({GET_PETS: {"404": None}})

    assert ([], []) == (
        list(missing_method_responses(absent, live_of({GET_PETS: {}}, declared={}))),
        list(missing_method_responses(DESIRED, live_of({}))),
    )
