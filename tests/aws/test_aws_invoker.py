"""Test calls through real boto3: what is sent, what comes back, and what is not repeated."""

from collections.abc import Callable

import pytest

from reconciler import errors
from reconciler.aws.clients import ProfileClients
from reconciler.aws.failures import WriteBlocked
from reconciler.models.invocations import InvocationResult, MethodInvocation
from reconciler.models.targets import Coordinates
from reconciler.ports import Connection, MethodInvoker
from support.stub import DROPPED, GET_PETS, Scripted, Stub, refused, said

pytestmark = pytest.mark.usefixtures("settings")

CALL = MethodInvocation("a1b2c3", "x1y2z3", GET_PETS, "/pets?page=2", {"Accept": "text/html"}, "{}", {"tier": "gold"})
PATH = "/restapis/a1b2c3/resources/x1y2z3/methods/GET"
ANSWER = {
    "status": 404,
    "headers": {"X-A": "2"},
    "multiValueHeaders": {"X-A": ["1", "2"]},
    "body": "gone",
    "log": "Execution log for request r-1\n",
    "latency": 12,
}


@pytest.fixture
def invoker(connected: Connection, stub: Stub) -> MethodInvoker:
    """Calls methods of the server, which waits for its script."""
    assert not stub.answers
    return connected.open_invoker(30)


def test_a_call_is_sent_as_it_is(stub: Stub, invoker: MethodInvoker) -> None:
    """Path with query string, headers, body and stage variables are one POST on the method."""
    stub.answers = [said(ANSWER)]
    invoker.invoke(CALL)

    assert [f"POST {PATH}"] == stub.gateway_calls
    assert [
        {
            "pathWithQueryString": "/pets?page=2",
            "headers": {"Accept": "text/html"},
            "body": "{}",
            "stageVariables": {"tier": "gold"},
        }
    ] == stub.bodies


def test_the_answer_has_every_value_of_a_header(stub: Stub, invoker: MethodInvoker) -> None:
    """Status, headers, body, log and latency are returned, whatever the status of the simulated call is."""
    stub.answers = [said(ANSWER)]

    assert InvocationResult(404, {"X-A": ("1", "2")}, "gone", "Execution log for request r-1\n", 12) == invoker.invoke(
        CALL
    )


def test_an_answer_of_a_status_alone(stub: Stub, invoker: MethodInvoker) -> None:
    """What AWS leaves out is empty."""
    stub.answers = [said({"status": 204, "headers": {"X-A": "1"}})]

    assert InvocationResult(204, {"X-A": ("1",)}) == invoker.invoke(CALL)


@pytest.mark.parametrize(
    "lost", [DROPPED, Scripted(200, "<html>log in</html>"), said({"body": "no status"}), said({}, 503)]
)
def test_a_lost_answer_is_not_asked_for_again(stub: Stub, invoker: MethodInvoker, lost: Scripted) -> None:
    """A second call would reach the backend a second time."""
    stub.answers = [lost]
    with pytest.raises(errors.AnswerLost, match="may have taken effect"):
        invoker.invoke(CALL)

    assert 1 == len(stub.gateway_calls)


def test_a_throttled_call_is_repeated(stub: Stub, invoker: MethodInvoker) -> None:
    """AWS turned it away before it called anything."""
    stub.answers = [refused(429, "TooManyRequestsException", "Too Many Requests"), said(ANSWER)]

    assert (404, 2) == (invoker.invoke(CALL).status, len(stub.gateway_calls))


def test_a_method_that_does_not_exist(stub: Stub, invoker: MethodInvoker) -> None:
    """The error has AWS's words and names the method."""
    stub.answers = [refused(404, "NotFoundException", "Invalid Method identifier specified")]

    with pytest.raises(errors.NotFound, match=r"GET /pets of REST API a1b2c3.*Invalid Method identifier"):
        invoker.invoke(CALL)


def test_a_denied_call_names_the_permission(stub: Stub, invoker: MethodInvoker) -> None:
    """The error says which action on which resource a policy has to allow."""
    stub.answers = [refused(403, "AccessDeniedException", "User is not authorized")]

    with pytest.raises(errors.AccessDenied, match=f"apigateway:POST on arn:aws:apigateway:eu-west-1::{PATH}"):
        invoker.invoke(CALL)


def test_a_client_for_test_calls_sends_nothing_else(stub: Stub) -> None:
    """It can neither read nor write, not even with another POST."""
    client = ProfileClients(None, 1).invoke_client(Coordinates(endpoint_url=stub.url), 30)
    calls: tuple[Callable[[], object], ...] = (
        client.get_rest_apis,
        lambda: client.create_resource(restApiId="a", parentId="b", pathPart="c"),
        lambda: client.delete_method(restApiId="a", resourceId="b", httpMethod="GET"),
    )
    for send in calls:
        with pytest.raises(WriteBlocked):
            send()

    assert [] == stub.calls
