"""What a Lambda function is invoked with."""

import pytest

from reconciler.errors import ReconcilerError
from reconciler.fleet.event import ApiEvent, SkippedEvent
from reconciler.fleet.trigger import FullRun, QueueBatch, parse_trigger
from support.events import API_ID, call_event, event_text, sqs_batch

RECORD = sqs_batch(event_text())["Records"][0]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}, "resources": ["arn:aws:events:x"]},
        {"source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": "{}"},
    ],
)
def test_a_schedule_is_a_run_over_everything(payload: object) -> None:
    """Of a rule, of EventBridge Scheduler, or an empty payload."""
    assert FullRun() == parse_trigger(payload)


def test_an_item_is_a_part() -> None:
    """Of a map of Step Functions."""
    assert FullRun("2/3") == parse_trigger({"shard": "2/3"})


def test_an_event_names_an_api() -> None:
    """As `--event` takes it; one of another service is skipped."""
    named, foreign = parse_trigger(call_event()), parse_trigger({**call_event(), "source": "aws.s3"})

    assert isinstance(named, ApiEvent)
    assert (API_ID, SkippedEvent) == (named.api_id, type(foreign))


def test_a_batch_has_a_message_each() -> None:
    """What is no event stays with its message."""
    batch = parse_trigger(sqs_batch(event_text(), event_text("GetRestApi", readOnly=True), "{", "[]"))

    assert isinstance(batch, QueueBatch)
    assert ["m0", "m1", "m2", "m3"] == [message.id for message in batch.messages]
    assert [ApiEvent, SkippedEvent, ReconcilerError, ReconcilerError] == [
        type(message.event) for message in batch.messages
    ]


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (None, "no JSON object"),
        ([], "no JSON object"),
        ("{}", "no JSON object"),
        ({"shard": 1}, "`shard` and nothing else, a text"),
        ({"shard": "1/3", "env": "prod"}, "`shard` and nothing else, a text"),
        ({"Records": []}, "`Records`: List should have at least 1 item"),
        ({"Records": {}}, "`Records`"),
        ({"Records": [RECORD] * 10_001}, "`Records`: List should have at most 10000 items"),
        ({"Records": [RECORD], "shard": "1/3"}, "`shard`: Extra inputs are not permitted"),
        ({"Records": [{**RECORD, "messageId": ""}]}, "`Records.0.messageId`"),
        ({"Records": [{**RECORD, "body": {}}]}, "`Records.0.body`"),
        ({"Records": [{**RECORD, "eventSource": "aws:sns"}]}, "`Records.0.eventSource`"),
        ({"source": "aws.apigateway"}, "the payload is not an event of EventBridge: `detail-type`: field required"),
        ({"hello": "world"}, "the payload is not an event of EventBridge: `source`: field required"),
    ],
)
def test_anything_else_is_an_error(payload: object, message: str) -> None:
    """It says what is wrong."""
    with pytest.raises(ReconcilerError) as raised:
        parse_trigger(payload)

    assert message in raised.value.message
