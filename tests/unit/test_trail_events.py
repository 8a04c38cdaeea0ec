"""CloudTrail's events about API Gateway, as the writes that they record."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.models.writes import ApiWrite
from reconciler.trail_events import EVENT_SOURCE, write_of

PUT: dict[str, Any] = {
    "eventVersion": "1.09",
    "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/ops"},
    "eventTime": "2026-01-30T08:15:02Z",
    "eventSource": EVENT_SOURCE,
    "eventName": "PutIntegrationResponse",
    "sourceIPAddress": "203.0.113.4",
    "userAgent": "aws-cli/2.15",
    "requestParameters": {"restApiId": "a1", "resourceId": "r1", "httpMethod": "GET", "statusCode": "404"},
    "responseElements": None,
    "eventID": "e-1",
    "readOnly": False,
}


def test_a_write_to_a_rest_response() -> None:
    """Who, when, from where, with what; and the ids of API, resource, method and status."""
    assert ApiWrite(
        at="2026-01-30T08:15:02Z",
        event="PutIntegrationResponse",
        api_id="a1",
        who="arn:aws:iam::123456789012:user/ops",
        address="203.0.113.4",
        agent="aws-cli/2.15",
        event_id="e-1",
        resource_id="r1",
        method="GET",
        code="404",
    ) == write_of(PUT)


def test_a_write_to_a_websocket_response() -> None:
    """An update by id names the key in its answer only."""
    event = PUT | {
        "eventName": "UpdateIntegrationResponse",
        "requestParameters": {"apiId": "c1", "integrationId": "i1", "integrationResponseId": "ir1"},
        "responseElements": {"integrationResponseId": "ir1", "integrationResponseKey": "$default"},
    }
    write = write_of(event)

    assert write is not None
    assert ("c1", "i1", "ir1", "$default") == (write.api_id, write.integration_id, write.response_id, write.code)


@pytest.mark.parametrize(
    "parameters",
    [
        {"restApiId": "a1", "createDeploymentInput": {"stageName": "prod"}},
        {"restApiId": "a1", "stageName": "prod", "updateStageInput": {}},
        {"apiId": "a1", "stageName": "prod"},
    ],
)
def test_the_stage_of_a_deployment(parameters: dict[str, Any]) -> None:
    """It is in the path, in the body of a REST API, or among the parameters of a WebSocket API."""
    write = write_of(PUT | {"requestParameters": parameters})

    assert write is not None
    assert write.stage == "prod"


@pytest.mark.parametrize(
    ("identity", "who"),
    [
        ({"type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role/ci/run-7"}, None),
        ({"type": "AWSService", "invokedBy": "cloudformation.amazonaws.com"}, "cloudformation.amazonaws.com"),
        ({"type": "AWSAccount", "principalId": "AIDA:me"}, "AIDA:me"),
        ({"type": "Unknown"}, "Unknown"),
        ({}, ""),
        ("nobody", ""),
    ],
)
def test_who_it_was(identity: Any, who: str | None) -> None:  # noqa: ANN401 - any JSON
    """The ARN; of a service that acts for itself its name."""
    write = write_of(PUT | {"userIdentity": identity})

    assert write is not None
    assert write.who == (identity["arn"] if who is None else who)


@pytest.mark.parametrize(
    "difference",
    [
        {"eventName": "GetResources"},
        {"readOnly": True},
        {"errorCode": "AccessDenied"},
        {"eventSource": "ec2.amazonaws.com"},
        {"requestParameters": None},
        {"requestParameters": {"restApiId": 7}},
        {"eventTime": "yesterday"},
        {"eventTime": None},
    ],
)
def test_what_is_no_write_to_an_api(difference: dict[str, Any]) -> None:
    """Reads, refused calls, other services, and events without an API or a time."""
    assert write_of(PUT | difference) is None


def test_long_texts_are_cut() -> None:
    """A user agent is whatever a program sends."""
    write = write_of(PUT | {"userAgent": "x" * 100_000})

    assert write is not None
    assert len(write.agent) == 512


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PUT, JSON)) | JSON)
def test_any_json_is_read(record: object) -> None:
    """It is a write or it is none, and nothing is raised."""
    write = write_of({**PUT, **record} if isinstance(record, dict) else record)

    assert write is None or write.api_id
