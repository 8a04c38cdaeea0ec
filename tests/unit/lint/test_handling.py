"""Content handlings that are not known: AWS may have added one, and refuses what it has not."""

import pytest

from reconciler.lint import check, lint
from reconciler.models.desired import Desired, ManifestRef, Ownership
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi, LiveIntegration, LiveMethod, LiveScope
from reconciler.models.responses import CONTENT_HANDLINGS, MethodResponse, Response, RestResponse, WebSocketResponse
from reconciler.models.targets import ApiRef, Kind, Target

GET = MethodKey("/pets", "GET")
SEND = IntegrationKey("send", "i1")
LATER = "CONVERT_TO_IMAGE"


def desired(scope: Scope, code: str, response: Response) -> Desired:
    """This response alone."""
    ref = ManifestRef("pets", ApiRef(id="a1"), Kind.REST_API if scope is GET else Kind.WEBSOCKET_API)
    return Desired((ref,), {scope: Ownership("pets")}, {ResponseKey(scope, code): response})


def of_rest(live: str | None, wanted: str) -> list[tuple[str, bool]]:
    """Rule, and whether it is an error, of what is said of a REST response beside the live one."""
    method: LiveScope = LiveMethod("r1", "MOCK", "", {"200": MethodResponse()}, {"200": RestResponse("", live)})
    api = LiveApi(Target("1", "eu-west-1", "a1"), frozenset({"/", "/pets"}), {GET: method})
    return [(one.rule, one.is_error) for one in check(desired(GET, "200", RestResponse("", wanted)), api)]


def of_websocket(live: str | None, wanted: str) -> list[tuple[str, bool]]:
    """As `of_rest`, of a WebSocket response."""
    held = {"$default": WebSocketResponse(content_handling_strategy=live)}
    integration: LiveScope = LiveIntegration("i1", "MOCK", "", ("send",), frozenset({"send"}), held)
    api = LiveApi(Target("1", "eu-west-1", "a1", Kind.WEBSOCKET_API), frozenset(), {SEND: integration}, {"send": "i1"})
    wish = desired(SEND, "$default", WebSocketResponse(content_handling_strategy=wanted))
    return [(one.rule, one.is_error) for one in check(wish, api)]


@pytest.mark.parametrize("told", [of_rest, of_websocket])
def test_a_value_that_aws_has_is_no_error(told: object) -> None:
    """What was exported is planned without one."""
    assert [] == (of_rest if told is of_rest else of_websocket)(LATER, LATER)


@pytest.mark.parametrize("live", [None, "CONVERT_TO_TEXT"])
def test_a_value_that_would_have_to_be_written_is_an_error(live: str | None) -> None:
    """AWS would refuse it: said before anything is written."""
    assert [[("content-handling", True)]] * 2 == [of_rest(live, LATER), of_websocket(live, LATER)]


@pytest.mark.parametrize("known", CONTENT_HANDLINGS)
def test_known_values_pass(known: str) -> None:
    """Offline and beside what is live."""
    assert ([], [], ()) == (
        of_rest(None, known),
        of_websocket(None, known),
        lint(desired(GET, "200", RestResponse("", known))),
    )
