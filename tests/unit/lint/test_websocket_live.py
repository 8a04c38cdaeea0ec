"""What the checks say of desired responses beside a live WebSocket API."""

from dataclasses import replace

import pytest

from reconciler.diagnostics import Diagnostic
from reconciler.lint import check, downgrade_unplanned
from reconciler.models.keys import IntegrationKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveScope
from reconciler.models.responses import WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.rules import Severity
from support.websocket import LAMBDA, websocket_desired_of

SEND = IntegrationKey("sendMessage", "int1")
PLAIN = WebSocketResponse()
HTTP = LiveIntegration("int1", "HTTP", "https://backend.example/", ("sendMessage",), frozenset({"sendMessage"}))
FUNCTION = replace(HTTP, integration_type="AWS", integration_uri=LAMBDA)
MOCK = replace(HTTP, integration_type="MOCK", integration_uri="")
QUEUE = replace(HTTP, integration_type="AWS", integration_uri="arn:aws:apigateway:eu-west-1:sqs:path/1/queue")


def api(*integrations: LiveIntegration) -> LiveApi:
    """An API with these integrations, each known by its first route."""
    methods: dict[Scope, LiveScope] = {
        IntegrationKey(next(iter(integration.routes), ""), integration.integration_id): integration
        for integration in integrations
    }
    routes = {route: integration.integration_id for integration in integrations for route in integration.routes}
    return LiveApi(Target("123456789012", "eu-west-1", "ws1", Kind.WEBSOCKET_API), frozenset(), methods, routes)


def checked(*keys: str, on: LiveIntegration = HTTP, prune: bool = True) -> tuple[Diagnostic, ...]:
    """What is said of one integration with plain responses."""
    return check(websocket_desired_of({SEND: dict.fromkeys(keys, PLAIN)}, prune=prune), api(on))


def ids(found: tuple[Diagnostic, ...]) -> list[str]:
    """The rules that they name."""
    return [one.rule for one in found]


def lines(found: tuple[Diagnostic, ...]) -> list[str]:
    """Rule, message and remedy of each."""
    return [f"{one.message} [{one.rule}]; {one.remedy}" for one in found]


def test_has_nothing_to_say_of_what_works() -> None:
    """A catch-all and disjoint keys on a two-way route pass."""
    assert () == checked("$default", "/404/", r"/5\d{2}/")


def test_an_unknown_route_suggests_the_nearest() -> None:
    """The route is told once, however many responses it lists."""
    desired = websocket_desired_of({IntegrationKey("sendMesage"): {"$default": PLAIN, "/404/": PLAIN}})

    assert [
        (
            "WebSocketApi ws1 (account 123456789012, eu-west-1) has no route `sendMesage` with an integration "
            "[unknown-route]; did you mean `sendMessage`?"
        )
    ] == lines(check(desired, api(HTTP)))


def test_an_unknown_integration_is_told() -> None:
    """An id of another API, say."""
    desired = websocket_desired_of({IntegrationKey("", "zzz"): {"$default": PLAIN}})

    assert [
        (
            "WebSocketApi ws1 (account 123456789012, eu-west-1) has no integration zzz [unknown-integration]; "
            "fix the id, or create the integration first"
        )
    ] == lines(check(desired, api(HTTP)))


@pytest.mark.parametrize("kind", ["AWS_PROXY", "HTTP_PROXY"])
def test_a_proxy_can_have_no_responses(kind: str) -> None:
    """One error, which no plan softens: nothing could be written."""
    found = checked("$default", "/404/", on=replace(HTTP, integration_type=kind))

    assert [("proxy-integration", Severity.ERROR)] == [
        (one.rule, one.severity) for one in downgrade_unplanned(found, frozenset())
    ]


def test_a_proxy_may_be_listed_without_responses() -> None:
    """There is nothing to ignore."""
    assert () == checked(on=replace(HTTP, integration_type="AWS_PROXY"))


def test_a_missing_default_is_a_warning() -> None:
    """What no other key matches is answered by nothing."""
    assert [("missing-default", Severity.WARNING)] == [(one.rule, one.severity) for one in checked("/404/")]


def test_an_absent_default_is_missing() -> None:
    """Declared absent is not there."""
    desired = websocket_desired_of({SEND: {"$default": None, "/404/": PLAIN}})

    assert ["missing-default"] == ids(check(desired, api(HTTP)))


@pytest.mark.parametrize(("prune", "rules"), [(True, ["missing-default"]), (False, [])])
def test_a_live_default_counts_where_it_stays(prune: bool, rules: list[str]) -> None:
    """Without pruning, what is live and not listed is left there."""
    assert rules == ids(checked("/404/", on=replace(HTTP, responses={"$default": PLAIN}), prune=prune))


def test_an_integration_without_wanted_responses_needs_no_default() -> None:
    """To take all of them away is for the guard to question."""
    assert () == checked()


def test_a_one_way_route_is_a_warning() -> None:
    """Its responses reach nobody."""
    on = replace(HTTP, two_way_routes=frozenset())
    remedy = (
        "set `routeResponses: ensure`, or give the route a $default route response and set its "
        "routeResponseSelectionExpression to $default"
    )

    assert [f"clients never get the responses of sendMessage [one-way-route]; {remedy}"] == lines(
        checked("$default", on=on)
    )


def test_one_two_way_route_is_enough() -> None:
    """Another route may lead to the same integration."""
    on = replace(HTTP, routes=("sendMessage", "status"), two_way_routes=frozenset({"status"}))

    assert () == checked("$default", on=on)


def test_every_one_way_route_is_named() -> None:
    """Any of them may be the one to fix."""
    on = replace(HTTP, routes=("ack", "sendMessage"), two_way_routes=frozenset())
    found = check(websocket_desired_of({IntegrationKey("ack", "int1"): {"$default": PLAIN}}), api(on))

    assert ["clients never get the responses of ack (routes: `ack`, `sendMessage`)"] == [one.message for one in found]


@pytest.mark.parametrize("routes", [(), ("$connect",)])
def test_nothing_is_said_of_what_is_not_known(routes: tuple[str, ...]) -> None:
    """An integration that a route may lead to tomorrow, and the handshake."""
    on = replace(HTTP, routes=routes, two_way_routes=frozenset())
    scope = IntegrationKey(next(iter(routes), ""), "int1")

    assert () == check(websocket_desired_of({scope: {"$default": PLAIN}}), api(on))


@pytest.mark.parametrize("key", ["/404/", r"/4\d\d/", "/4..|5../"])
def test_a_lambda_has_no_status(key: str) -> None:
    """Its keys are matched against the error message."""
    assert ["status-on-lambda"] == ids(checked("$default", key, on=FUNCTION))


def test_the_remedy_has_slashes() -> None:
    """What is to be written is a key."""
    assert [r"match the message, as in `'/.*\[NotFound\].*/'`"] == [
        one.remedy for one in checked("$default", "/404/", on=FUNCTION)
    ]


@pytest.mark.parametrize("key", [r"/.*\[NotFound\].*/", "/.*404.*/", "/((/"])
def test_a_lambda_message_may_be_matched(key: str) -> None:
    """So may what is not evaluated; the linter speaks of it."""
    assert () == checked("$default", key, on=FUNCTION)


@pytest.mark.parametrize("on", [HTTP, MOCK])
@pytest.mark.parametrize("key", ["/NotFound/", r"/.*\[NotFound\].*/", "/4041/", "/600/"])
def test_a_key_without_a_status_is_never_selected(on: LiveIntegration, key: str) -> None:
    """HTTP and mock backends answer with a status."""
    assert ["never-selected"] == ids(checked("$default", key, on=on))


@pytest.mark.parametrize("key", ["/40/", "/^4/", "/4/"])
def test_a_part_of_a_status_may_be_selected(key: str) -> None:
    """Whether the whole status has to match is not documented."""
    assert () == checked("$default", key)


def test_other_services_are_not_judged() -> None:
    """What their keys are matched against is not documented."""
    assert () == checked("$default", "/NotFound/", "/404/", r"/4\d\d/", on=QUEUE)
