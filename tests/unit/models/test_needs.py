"""What desired responses need of their method's declarations."""

from collections.abc import Mapping, Sequence

import pytest

from reconciler.models.keys import IntegrationKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.needs import (
    MethodResponseNeed,
    ensured_routes,
    missing_method_responses,
    missing_route_responses,
)
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.routes import LiveRoute
from reconciler.models.targets import Kind, Target
from support.live import DEFAULT, GET_PETS, live_of
from support.states import desired_of
from support.websocket import websocket_desired_of

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


PING = IntegrationKey("ping", "int1")
ONE_WAY = LiveRoute("route1", selects=False, responds=False)


def chat(type_: str = "HTTP", route: LiveRoute = ONE_WAY) -> LiveApi:
    """A WebSocket API of one integration, whose route was read."""
    integration = LiveIntegration("int1", type_, routes=("ping",), read_routes={"ping": route})
    target = Target("123456789012", "eu-west-1", "ws1", Kind.WEBSOCKET_API)
    return LiveApi(target, frozenset(), {PING: integration}, {"ping": "int1"})


@pytest.mark.parametrize(
    ("route", "lacks"),
    [
        (ONE_WAY, [("ping", ("response", "selection"))]),
        (LiveRoute("route1", selects=True, responds=False), [("ping", ("response",))]),
        (LiveRoute("route1", selects=True, responds=True), []),
    ],
)
def test_a_one_way_route_needs_what_it_lacks(route: LiveRoute, lacks: list[tuple[str, tuple[str, ...]]]) -> None:
    """Nothing if it is two-way."""
    desired = websocket_desired_of({PING: {"$default": WebSocketResponse()}}, route_responses="ensure")

    assert lacks == [(need.route, need.lacks) for need in missing_route_responses(desired, chat(route=route))]


def test_routes_need_nothing_where_clients_get_nothing() -> None:
    """Under `check`, on a proxy integration, and without a desired response."""
    default = {"$default": WebSocketResponse()}

    assert [] == [
        *missing_route_responses(websocket_desired_of({PING: default}), chat()),
        *missing_route_responses(websocket_desired_of({PING: default}, route_responses="ensure"), chat("HTTP_PROXY")),
        *missing_route_responses(websocket_desired_of({PING: {"$default": None}}, route_responses="ensure"), chat()),
    ]


def test_routes_of_the_handshake_stay() -> None:
    """`$connect` and `$disconnect` carry no message, and an integration listed by its id is no listed route."""
    scopes = [IntegrationKey(route) for route in ("$connect", "$default", "$disconnect", "ping")]
    desired = websocket_desired_of(
        {scope: {} for scope in (*scopes, IntegrationKey(id="int9"))}, route_responses="ensure"
    )

    assert {"$default", "ping"} == ensured_routes(desired)
