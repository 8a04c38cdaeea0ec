"""What started a Lambda function: a schedule, an event, a batch of a queue, an item of a state machine.

    {}, a Scheduled Event        a run over everything
    {"shard": "1/3"}             a run over a part (an item of a Step Functions map)
    an event of EventBridge      a check of the API that it names
    {"Records": [...]}           a batch of Amazon SQS, whose bodies are such events

Shapes: EventBridge (User Guide, "Events"; the `source` of a scheduled rule is `aws.events`, that of EventBridge
Scheduler `aws.scheduler`), SQS (Lambda Developer Guide, "Using Lambda with Amazon SQS").
"""

from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reconciler.errors import ReconcilerError
from reconciler.fleet.event import Event, parse_event, read_event

_SCHEDULES: Final = frozenset(("aws.events", "aws.scheduler"))
_REMEDY: Final = (
    'invoke it with {}, {"shard": "1/3"}, an event of EventBridge, or a batch of SQS messages that are such events'
)
_MOST_RECORDS: Final = 10_000
"""The largest batch that Lambda takes from a queue (Developer Guide, "Using Lambda with Amazon SQS")."""


@dataclass(frozen=True, slots=True)
class FullRun:
    """Everything, or the part that `shard` names, as in `1/3`."""

    shard: str | None = None


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """A message of a queue: its id, and the event in it, or why there is none."""

    id: str
    event: Event | ReconcilerError


@dataclass(frozen=True, slots=True)
class QueueBatch:
    """Messages that a queue delivered together."""

    messages: tuple[QueueMessage, ...]


Trigger: TypeAlias = FullRun | Event | QueueBatch


class _SqsRecord(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    message_id: Annotated[str, StringConstraints(min_length=1, max_length=256)] = Field(alias="messageId")
    body: str
    event_source: str = Field(alias="eventSource", pattern="^aws:sqs$")


class _SqsBatch(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    records: list[_SqsRecord] = Field(alias="Records", min_length=1, max_length=_MOST_RECORDS)


def parse_trigger(payload: object) -> Trigger:
    """Return what a payload asks for. Raises ReconcilerError for anything else."""
    if not isinstance(payload, dict):
        raise ReconcilerError("the function was invoked with something that is no JSON object", _REMEDY)
    if not payload or (payload.get("source") in _SCHEDULES and payload.get("detail-type") == "Scheduled Event"):
        return FullRun()
    if "Records" in payload:
        return _batch(payload)
    if "shard" in payload:
        return _part(payload)
    return parse_event(payload, "the payload")


def _part(payload: dict[str, object]) -> FullRun:
    shard = payload["shard"]
    if len(payload) > 1 or not isinstance(shard, str):
        raise ReconcilerError("an item of a state machine has `shard` and nothing else, a text", _REMEDY)
    return FullRun(shard)


def _batch(payload: dict[str, object]) -> QueueBatch:
    try:
        batch = _SqsBatch.model_validate(payload)
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_context=False, include_input=False)[0]
        member = ".".join(str(part) for part in first["loc"])
        raise ReconcilerError(f"the payload is no batch of SQS: `{member}`: {first['msg']}", _REMEDY) from failure
    return QueueBatch(tuple(_message(record) for record in batch.records))


def _message(record: _SqsRecord) -> QueueMessage:
    """Return a message; one that is no event is left to the queue, which moves it to its dead letters."""
    try:
        return QueueMessage(record.message_id, read_event(record.body, "the message"))
    except ReconcilerError as failure:
        return QueueMessage(record.message_id, failure)
