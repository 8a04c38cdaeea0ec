"""The event history through real boto3: what is sent, what comes back, and what is made of junk."""

import json
import threading
from typing import Any

import pytest

from reconciler import errors
from reconciler.aws.clients import ProfileClients
from reconciler.aws.failures import WriteBlocked
from reconciler.aws.session import AwsCloud
from reconciler.aws.trail import MOST_PAGES
from reconciler.models.targets import Coordinates
from reconciler.ports import Connection, Trail
from support.clock import FakeClock
from support.stub import Scripted, Stub, said

pytestmark = pytest.mark.usefixtures("settings")

PUT = "PutIntegrationResponse"
RECORD = {
    "userIdentity": {"arn": "arn:aws:iam::123456789012:user/ops"},
    "eventTime": "2026-01-30T08:15:02Z",
    "eventSource": "apigateway.amazonaws.com",
    "eventName": PUT,
    "requestParameters": {"restApiId": "a1b2c3", "resourceId": "r1", "httpMethod": "GET", "statusCode": "404"},
}


def event(text: str | None = None, **difference: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """An event as LookupEvents returns it."""
    content = json.dumps({**RECORD, **difference}) if text is None else text
    return {"EventName": PUT, "EventTime": 1769760902, "CloudTrailEvent": content}


def page(*events: dict[str, Any], token: str = "") -> Scripted:
    """A page of events."""
    return said({"Events": list(events), **({"NextToken": token} if token else {})})


@pytest.fixture
def trail(connected: Connection, stub: Stub) -> Trail:
    """Looks up events of the server, which waits for its script."""
    assert not stub.answers
    trail = connected.open_trail()
    assert trail is not None
    return trail


def test_the_name_of_the_operation_is_asked_for(stub: Stub, trail: Trail) -> None:
    """One attribute a call is all that CloudTrail takes, so each name is a call."""
    stub.answers = [page(), page()]
    trail.writes({"a1b2c3"}, [PUT, "PutRestApi"])

    assert [
        {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}], "MaxResults": 50}
        for name in (PUT, "PutRestApi")
    ] == stub.bodies


def test_the_writes_to_the_apis_come_back(stub: Stub, trail: Trail) -> None:
    """The latest first, over all names and pages; those of other APIs are left out."""
    other = {**RECORD["requestParameters"], "restApiId": "z9"}  # type: ignore[dict-item] # it is a dict
    early, late = event(eventTime="2026-01-01T00:00:00Z"), event(eventTime="2026-01-31T00:00:00Z")
    stub.answers = [page(event(), event(requestParameters=other), token="t"), page(early), page(late)]  # noqa: S106 - no password
    found = trail.writes({"a1b2c3"}, [PUT, "UpdateIntegrationResponse"])

    assert (["2026-01-31", "2026-01-30", "2026-01-01"], True) == (
        [write.at[:10] for write in found.writes],
        found.is_complete,
    )
    assert "t" == stub.bodies[1]["NextToken"]


@pytest.mark.parametrize("junk", ["", "{", "[]", "null", "7", "[" * 100_000, json.dumps(RECORD) + " " * 300_000])
def test_an_event_that_cannot_be_read_is_left_out(stub: Stub, trail: Trail, junk: str) -> None:
    """The others count."""
    stub.answers = [page(event(junk), event())]

    assert 1 == len(trail.writes({"a1b2c3"}, [PUT]).writes)


def test_there_is_an_end_to_the_pages(stub: Stub, trail: Trail) -> None:
    """Other services have operations of the same names, and theirs may be many."""
    stub.answers = [page(event(), token=f"t{number}") for number in range(MOST_PAGES)]
    found = trail.writes({"a1b2c3"}, [PUT])

    assert (MOST_PAGES, False) == (len(found.writes), found.is_complete)


def test_a_refusal_names_the_permission(stub: Stub, trail: Trail) -> None:
    """CloudTrail refuses with HTTP 400."""
    stub.answers = [said({"__type": "AccessDeniedException", "message": "not authorized"}, 400)]
    with pytest.raises(errors.AccessDenied, match=r"do not allow cloudtrail:LookupEvents on \*"):
        trail.writes({"a1b2c3"}, [PUT])


def test_a_throttled_lookup_is_repeated(stub: Stub, trail: Trail) -> None:
    """Two calls a second are the account's, not ours alone."""
    stub.answers = [said({"__type": "ThrottlingException", "message": "Rate exceeded"}, 400), page(event())]

    assert 1 == len(trail.writes({"a1b2c3"}, [PUT]).writes)


def test_an_answer_of_something_else_is_an_error(stub: Stub, trail: Trail) -> None:
    """Such as that of a server without CloudTrail."""
    stub.answers = [Scripted(404, "<html>nothing here</html>")] * 5
    with pytest.raises(errors.AwsError):
        trail.writes({"a1b2c3"}, [PUT])


def test_half_of_two_calls_a_second_are_used(stub: Stub) -> None:
    """In a bucket of their own, apart from API Gateway's quotas."""
    clock = FakeClock()
    cloud = AwsCloud(clock, threading.Event(), quota_share=0.5)
    stub.answers = [page()] * 4
    trail = cloud.connect(Coordinates(endpoint_url=stub.url)).open_trail()
    assert trail is not None
    trail.writes({"a1b2c3"}, ["one", "two", "three", "four"])

    assert 3.0 == pytest.approx(clock.time)


def test_the_client_sends_nothing_else(stub: Stub) -> None:
    """Whatever is called on it: the history of an account can also be switched off."""
    client = ProfileClients(None, 1).trail_client(Coordinates(endpoint_url=stub.url))
    with pytest.raises(WriteBlocked, match="StopLogging"):
        client.stop_logging(Name="trail")


def test_apis_of_another_endpoint_have_no_history(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's own says nothing about a local API Gateway, and is not asked."""
    for name in ("STS", "API_GATEWAY"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", stub.url)
    connection = AwsCloud(FakeClock(), threading.Event()).connect(Coordinates())

    assert connection.open_trail() is None
