"""Events: which API one names, and what is no reason to check one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import ReconcilerError
from reconciler.fleet.event import MAX_BYTES, ApiEvent, SkippedEvent, parse_event, read_event
from reconciler.models.targets import Kind
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION
from support.events import API_ID, AT, WHO, call_event, event_text

CUT_OFF = event_text()[:-40]
CUT_AT = len(CUT_OFF) + 1


def named(event: dict[str, Any]) -> tuple[str, Kind] | str:
    """The API that an event names and its kind, or why it is skipped."""
    parsed = parse_event(event, "event.json")
    return (parsed.api_id, parsed.kind) if isinstance(parsed, ApiEvent) else parsed.reason


def test_a_write_names_its_api() -> None:
    """With its account and region, and who did what when."""
    assert ApiEvent(ACCOUNT_ID, REGION, API_ID, Kind.REST_API, "UpdateIntegrationResponse", WHO, AT) == read_event(
        event_text(), "event.json"
    )


@pytest.mark.parametrize(
    ("name", "parameters", "answer", "kind"),
    [
        ("PutIntegrationResponse", {"restApiId": API_ID, "resourceId": "r1", "httpMethod": "GET"}, None, Kind.REST_API),
        ("DeleteRestApi", {"restApiId": API_ID}, None, Kind.REST_API),
        ("CreateDeployment", {"restApiId": API_ID, "createDeploymentInput": {}}, {"id": "d1"}, Kind.REST_API),
        ("CreateRestApi", {"name": "pets"}, {"id": API_ID, "name": "pets"}, Kind.REST_API),
        ("ImportRestApi", None, {"id": API_ID}, Kind.REST_API),
        ("PutRestApi", {"omitted": True}, {"id": API_ID}, Kind.REST_API),
        ("CreateIntegrationResponse", {"apiId": API_ID, "integrationId": "i1"}, None, Kind.WEBSOCKET_API),
        ("UpdateRoute", {"apiId": API_ID, "routeId": "r1"}, {"apiGatewayManaged": False}, Kind.WEBSOCKET_API),
        ("DeleteApi", {"apiId": API_ID}, None, Kind.WEBSOCKET_API),
        ("CreateApi", {"protocolType": "WEBSOCKET"}, {"apiId": API_ID}, Kind.WEBSOCKET_API),
        ("ImportApi", {"body": "***"}, {"apiId": API_ID}, Kind.WEBSOCKET_API),
    ],
)
def test_both_kinds_of_api_are_known(name: str, parameters: object, answer: object, kind: Kind) -> None:
    """By the id in the request, else by the one in the answer of what makes or replaces an API."""
    event = call_event(name, parameters or {}, responseElements=answer)

    assert (API_ID, kind) == named(event)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({**call_event(), "source": "aws.s3"}, "the event is from aws.s3, not from API Gateway"),
        (
            {**call_event(), "detail-type": "AWS Service Event via CloudTrail"},
            "the event is of type 'AWS Service Event via CloudTrail', not an API call",
        ),
        (
            call_event(eventSource="execute-api.amazonaws.com"),
            "the event is a call of execute-api.amazonaws.com, not of API Gateway",
        ),
        (call_event("GetRestApi", readOnly=True), "GetRestApi only reads"),
        (call_event("GetRestApi", readOnly=None), "GetRestApi only reads"),
        (call_event("ExportApi", {"apiId": API_ID}, readOnly=None), "ExportApi only reads"),
        (
            call_event("PutIntegrationResponse", errorCode="BadRequestException"),
            "AWS refused PutIntegrationResponse: BadRequestException",
        ),
        (call_event("CreateApiKey", {"name": "k"}, responseElements={"id": "k1"}), "CreateApiKey names no API"),
        (call_event("UpdateAccount", {"patchOperations": []}), "UpdateAccount names no API"),
        (call_event("CreateVpcLink", {}, responseElements={"id": "v1"}), "CreateVpcLink names no API"),
        (call_event("CreateRestApi", {"name": "pets"}), "CreateRestApi names no API"),
        (
            call_event("CreateApiMapping", {"domainName": "api.example.com", "apiId": API_ID}),
            "CreateApiMapping changes a domain name, not an API",
        ),
        (
            call_event("CreateBasePathMapping", {"domainName": "api.example.com", "restApiId": API_ID}),
            "CreateBasePathMapping changes a domain name, not an API",
        ),
    ],
)
def test_what_is_no_write_to_an_api_is_skipped(event: dict[str, Any], reason: str) -> None:
    """With the reason."""
    assert reason == named(event)


def test_a_foreign_event_may_have_any_detail() -> None:
    """Its shape is the other service's."""
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}

    assert SkippedEvent("the event is from aws.events, not from API Gateway") == parse_event(event, "event.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "event.json:1:1: not JSON: the file is empty"),
        (" \n ", "event.json:2:2: not JSON: the file is empty"),
        (CUT_OFF, f"event.json:1:{CUT_AT}: not JSON: the event is cut off"),
        ('{"source": "aws.apig', "event.json:1:12: not JSON: the event is cut off"),
        ('{"source"\n: NaN}', "event.json:2:3: not JSON: NaN is not JSON"),
        ("{source: 1}", "event.json:1:2: not JSON: Expecting property name enclosed in double quotes"),
        (b"\xff{}", "event.json is not an event: it is not UTF-8"),
        ("[" * 100_000, "event.json is not an event: it is nested too deeply"),
        (f'{{"detail": {"9" * 5_000}}}', "event.json is not an event: it has a number of too many digits"),
        (" " * (MAX_BYTES + 1), "event.json is larger than 2 MiB, so it is no event"),
        ("[]", "event.json is not an event of EventBridge: it is not a JSON object"),
        ("null", "event.json is not an event of EventBridge: it is not a JSON object"),
        ("{}", "event.json is not an event of EventBridge: `source`: field required"),
    ],
)
def test_a_text_that_is_no_event_is_an_error(text: str | bytes, message: str) -> None:
    """It says where, and what to pass instead."""
    with pytest.raises(ReconcilerError) as raised:
        read_event(text, "event.json")

    assert (message, True) == (
        raised.value.message,
        raised.value.remedy.startswith("pass one event of EventBridge"),
    )


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ({**call_event(), "source": 7}, "`source`: input should be a valid string"),
        ({**call_event(), "source": "x" * 257}, "`source`: string should have at most 256 characters"),
        ({**call_event(), "detail": []}, "`detail`: input should be a valid dictionary"),
        ({**call_event(), "account": 123456789012}, "`account`: input should be a valid string"),
        ({**call_event(), "account": "12345"}, "`account`: string should match pattern '^[0-9]{12}$'"),
        ({**call_event(), "region": "eu west 1\n"}, "`region`: string should match pattern"),
        (call_event(eventName=["PutMethod"]), "`detail.eventName`: input should be a valid string"),
        (call_event(readOnly="no"), "`detail.readOnly`: input should be a valid boolean"),
        (call_event(parameters=[API_ID]), "`detail.requestParameters`: input should be a valid dictionary"),
        (call_event(parameters={"restApiId": 5}), "`detail.requestParameters.restApiId` is 5, not the id of an API"),
        (
            call_event(parameters={"restApiId": "*/../x"}),
            "`detail.requestParameters.restApiId` is '*/../x', not the id of an API",
        ),
        (call_event(parameters={"restApiId": "a" * 65}), "not the id of an API"),
        (
            call_event("CreateApi", {}, responseElements={"apiId": "\x1b[2J"}),
            "`detail.responseElements.apiId` is '\\x1b[2J', not the id of an API",
        ),
        (call_event(awsRegion="us-east-1", region="eu-west-1"), "`detail.awsRegion` is us-east-1"),
        (call_event(recipientAccountId="210987654321"), "`detail.recipientAccountId` is 210987654321"),
    ],
)
def test_wrong_types_and_values_are_errors(event: dict[str, Any], what: str) -> None:
    """Each names the member; values are shown escaped and shortened."""
    with pytest.raises(ReconcilerError) as raised:
        parse_event(event, "event.json")

    assert what in raised.value.message


@pytest.mark.parametrize(
    ("identity", "who"),
    [
        ({"type": "AWSService", "invokedBy": "cloudformation.amazonaws.com"}, "cloudformation.amazonaws.com"),
        ({"type": "Unknown", "principalId": "AIDAEXAMPLE"}, "AIDAEXAMPLE"),
        ({}, ""),
        (None, ""),
    ],
)
def test_whoever_did_it_is_named(identity: dict[str, str] | None, who: str) -> None:
    """By the ARN, else by the service, else by the id of the principal."""
    parsed = parse_event(call_event(userIdentity=identity), "event.json")

    assert isinstance(parsed, ApiEvent)
    assert who == parsed.who


def test_the_sentence_shows_texts_of_others_escaped() -> None:
    """A principal may be anything."""
    parsed = parse_event(call_event(userIdentity={"arn": "\x1b[31m" + "x" * 400}, eventTime=None), "event.json")

    assert isinstance(parsed, ApiEvent)
    assert parsed.sentence == (
        f"UpdateIntegrationResponse on REST API {API_ID} (account {ACCOUNT_ID}, {REGION}) by \\x1b[31m{'x' * 195}..."
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(["source", "detail-type", "detail", "account", "region"])
RECORD = st.sampled_from(
    ["eventSource", "eventName", "eventTime", "errorCode", "readOnly", "requestParameters", "responseElements"]
)


@given(st.dictionaries(MEMBERS, VALUES, max_size=2), st.dictionaries(RECORD, VALUES, max_size=2))
def test_any_json_is_an_event_a_skipped_one_or_an_error(envelope: dict[str, Any], record: dict[str, Any]) -> None:
    """Nothing in an event raises anything else."""
    event = {**call_event(), **envelope}
    if isinstance(event["detail"], dict):
        event["detail"] = {**event["detail"], **record}
    outcome: object
    try:
        outcome = read_event(json.dumps(event), "event.json")
    except ReconcilerError as failure:
        outcome = failure

    assert isinstance(outcome, ApiEvent | SkippedEvent) or str(outcome).isprintable()
