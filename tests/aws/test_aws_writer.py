"""Writing through real boto3: each call, its retries, and lost responses."""

import threading
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pytest

from reconciler import errors
from reconciler.aws.session import AwsCloud
from reconciler.models.responses import RestResponse
from reconciler.models.targets import Coordinates
from reconciler.ports import Connection, Writer
from support.clock import FakeClock
from support.stub import (
    CHAT_REF,
    CHAT_RESPONSE_PATH,
    DROPPED,
    NO_SUCH_RESPONSE,
    NO_SUCH_STATUS,
    REF,
    RESPONSE_PATH,
    STORED,
    Scripted,
    Stub,
    refused,
    said,
)

pytestmark = pytest.mark.usefixtures("settings")


class Deletion(NamedTuple):
    """A call that deletes, the request that it sends, and the answer of AWS where there is nothing to delete."""

    send: Callable[[], bool]
    sent: str
    missing: Scripted


def test_put_sends_what_is_set(stub: Stub, writer: Writer) -> None:
    """A put is one PUT with the fields that are set, and "" for a passthrough template."""
    stub.answers = [said(STORED, 201)]
    writer.put_response(
        REF, RestResponse(selection_pattern="x.*", response_templates={"application/json": "", "text/plain": "$x"})
    )

    assert [f"PUT {RESPONSE_PATH}"] == stub.gateway_calls
    assert [
        {"selectionPattern": "x.*", "responseTemplates": {"application/json": "", "text/plain": "$x"}}
    ] == stub.bodies


def test_put_of_a_bare_response_sends_an_object(stub: Stub, writer: Writer) -> None:
    """A put without fields sends `{}`, because AWS refuses an empty body."""
    stub.answers = [said({"statusCode": "404"}, 201)]
    writer.put_response(REF, RestResponse())

    assert [{}] == stub.bodies


def test_put_is_repeated_after_a_lost_answer(stub: Stub, writer: Writer) -> None:
    """A put is safe to repeat."""
    stub.answers = [DROPPED, said(STORED, 201)]
    writer.put_response(REF, RestResponse())

    assert [f"PUT {RESPONSE_PATH}"] * 2 == stub.gateway_calls


def test_put_whose_answers_are_all_lost(stub: Stub, writer: Writer) -> None:
    """The error says that the put may have taken effect."""
    stub.answers = [DROPPED] * 5

    with pytest.raises(errors.AnswerLost, match="may have taken effect"):
        writer.put_response(REF, RestResponse())


def test_put_answered_by_something_else_is_in_doubt(stub: Stub, writer: Writer) -> None:
    """A login page with status 200 does not confirm a put."""
    stub.answers = [Scripted(200, "<html>log in</html>")] * 5

    with pytest.raises(errors.AnswerLost, match="may have taken effect"):
        writer.put_response(REF, RestResponse())


def test_duplicate_pattern(stub: Stub, writer: Writer) -> None:
    """A permanent conflict is not retried, and the error has AWS's reason."""
    stub.answers = [refused(409, "ConflictException", "Integration response with selection pattern default exists")]

    with pytest.raises(errors.Conflict, match="selection pattern default"):
        writer.put_response(REF, RestResponse())


def test_collision_is_waited_out(stub: Stub, writer: Writer) -> None:
    """A put is retried while somebody else writes to the same API."""
    text = "Unable to complete operation due to concurrent modification. Please try again later."
    stub.answers = [refused(409, "ConflictException", text), said(STORED, 201)]
    writer.put_response(REF, RestResponse())

    assert 2 == len(stub.gateway_calls)


@pytest.fixture(params=["rest", "websocket"])
def deletion(request: pytest.FixtureRequest, writer: Writer) -> Deletion:
    """The deletion of a response of either kind of API."""
    if request.param == "rest":
        return Deletion(partial(writer.delete_response, REF), f"DELETE {RESPONSE_PATH}", NO_SUCH_STATUS)
    return Deletion(
        partial(writer.delete_websocket_response, CHAT_REF), f"DELETE {CHAT_RESPONSE_PATH}", NO_SUCH_RESPONSE
    )


def test_delete(stub: Stub, deletion: Deletion) -> None:
    """A deletion is one DELETE, and returns True."""
    stub.answers = [Scripted(204)]

    assert (True, [deletion.sent]) == (deletion.send(), stub.gateway_calls)


def test_delete_of_what_is_not_there(stub: Stub, deletion: Deletion) -> None:
    """Deleting a missing response returns False."""
    stub.answers = [deletion.missing]

    assert not deletion.send()


def test_delete_that_took_effect_unheard(stub: Stub, deletion: Deletion) -> None:
    """A 404 after a lost attempt of the same deletion means that it took effect."""
    stub.answers = [DROPPED, deletion.missing]

    assert deletion.send()


def test_delete_answered_by_something_else_is_in_doubt(stub: Stub, deletion: Deletion) -> None:
    """A proxy's 404 page does not mean that there was nothing to delete."""
    stub.answers = [Scripted(404, "<html>no such page</html>")] * 5

    with pytest.raises(errors.AnswerLost):
        deletion.send()


def test_put_method_response_declares_parameters(stub: Stub, writer: Writer) -> None:
    """Parameters are declared with `false`, which has no effect."""
    stub.answers = [said({"statusCode": "404"}, 201)]
    writer.put_method_response(REF, ["method.response.header.X"])

    assert ["PUT /restapis/a1b2c3/resources/x1y2z3/methods/GET/responses/404"] == stub.gateway_calls
    assert [{"responseParameters": {"method.response.header.X": False}}] == stub.bodies


def test_put_method_response_is_not_repeated_blindly(stub: Stub, writer: Writer) -> None:
    """It is not retried, because AWS would refuse it if the first attempt took effect."""
    stub.answers = [DROPPED]
    with pytest.raises(errors.AnswerLost):
        writer.put_method_response(REF, [])

    assert 1 == len(stub.gateway_calls)


def test_put_method_response_that_exists(stub: Stub, writer: Writer) -> None:
    """AWS refuses to replace a method response."""
    stub.answers = [refused(409, "ConflictException", "Response already exists for this resource")]

    with pytest.raises(errors.Conflict):
        writer.put_method_response(REF, [])


def test_added_parameters_are_json_pointers(stub: Stub, writer: Writer) -> None:
    """`~` and `/` are escaped, in this order, and the value is text."""
    stub.answers = [said({"statusCode": "404"}, 201)]
    writer.add_parameters(REF, ["method.response.header.b~/c", "method.response.header.a"])

    assert [
        {
            "patchOperations": [
                {"op": "add", "path": "/responseParameters/method.response.header.a", "value": "false"},
                {"op": "add", "path": "/responseParameters/method.response.header.b~0~1c", "value": "false"},
            ]
        }
    ] == stub.bodies


def test_adding_nothing_sends_nothing(stub: Stub, writer: Writer) -> None:
    """Without parameters nothing is sent."""
    writer.add_parameters(REF, [])

    assert [] == stub.gateway_calls


def test_calls_say_who_we_are(stub: Stub, writer: Writer) -> None:
    """The user agent names this tool, for the account's audit trail."""
    stub.answers = [Scripted(204)]
    writer.delete_response(REF)

    assert all("reconciler/" in agent for agent in stub.agents)


def test_writer_is_made_once(connected: Connection) -> None:
    """All writes through one connection share a client."""
    assert connected.open_writer() is connected.open_writer()


def test_stopped_run_sends_nothing(stub: Stub) -> None:
    """After Ctrl-C not even the account is requested."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(errors.Interrupted):
        AwsCloud(FakeClock(), stop).connect(Coordinates(endpoint_url=stub.url))

    assert [] == stub.calls
