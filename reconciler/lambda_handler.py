"""`drift` as an AWS Lambda function: `handler` is what the function's configuration names.

A schedule checks everything, an event the one API that it names, a batch of a queue the APIs that its events name (each
once), an item of a state machine a part (`fleet.trigger` has the payloads). The result is the document of
`drift --format json`. Drift raises nothing, and neither does an API that cannot be read: both are in the document. What
keeps the run from having a result, such as a broken configuration, raises, so that Lambda counts an error.

Settings are the variables of the options of `drift`: `RECONCILER_CONFIG`, `RECONCILER_ENV` (all, if it is not set) and
so on. Manifests are files in the function's package; no file is written unless `RECONCILER_HISTORY` is a folder. Each
API is a line of JSON in the log, and so is the run, from which a metric filter counts.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Protocol, TypeAlias

from reconciler.aws.clock import SystemClock
from reconciler.aws.session import AwsCloud
from reconciler.documents.shortened import shortened
from reconciler.engine.drift.blame import with_blame
from reconciler.engine.drift.connections import ConnectionLog
from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.event import drift_of_events
from reconciler.engine.drift.follow_up import follow_up
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.read.watch import run_time, watched
from reconciler.engine.result_documents import document_of_drift
from reconciler.engine.run_ports import StopEvent
from reconciler.errors import ApiNotFound, ReconcilerError, UsageError, WrongProtocol
from reconciler.fleet.channel_name import ChannelName, parse_channel_name
from reconciler.fleet.choice import ShardChoice
from reconciler.fleet.event import ApiEvent
from reconciler.fleet.shard import parse_shard
from reconciler.fleet.trigger import FullRun, QueueBatch, QueueMessage, parse_trigger
from reconciler.invocation import command_line
from reconciler.manifest import Disk
from reconciler.models.targets import Coordinates, Target
from reconciler.ports import Clock, Cloud, Files, TargetReading
from reconciler.quota import quota_share, share_of_part
from reconciler.render.log_entries import LogEntry, log_entry, run_entry, target_entry
from reconciler.views.notification import drift_notification

MOST_BYTES: Final = 6_000_000
"""Of an answer of a function: a little less than the 6 MB that Lambda allows (Developer Guide, quotas)."""

MOST_BYTES_OF_ITEM: Final = 250_000
"""Of the output of a state: a little less than 256 KiB (Step Functions Developer Guide, quotas)."""

_SPARE: Final = 10.0
"""Seconds between the end of the run and that of the invocation: the result has to be written and sent."""

SHORTEST: Final = 1.0
"""Seconds that a run has at least."""

_MOST_PROBLEMS: Final = 5
_MOST_PARALLEL: Final = 64
_TRUE: Final = frozenset(("1", "yes", "true", "on", "t", "y"))

Log: TypeAlias = Callable[[LogEntry], object]


class LambdaContext(Protocol):
    """The part of Lambda's context object that is used."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the invocation."""


def handler(event: object, context: LambdaContext) -> dict[str, Any]:
    """Return the report of a run, as JSON. Raises ReconcilerError."""
    settings = LambdaSettings.of(os.environ)
    stop = StopEvent()
    clock = SystemClock(stop.event)
    timeout = max(SHORTEST, context.get_remaining_time_in_millis() / 1000 - _SPARE)
    share = share_of_part(settings.quota_share, _parts(event))
    cloud = AwsCloud(clock, stop, share, settings.request.parallelism)
    request = replace(settings.request, timeout=timeout)
    run = LambdaRun(request, cloud, Disk(), clock, _write_line, settings.blame, settings.history, settings.channels)
    return run.answer(event)


def _parts(payload: object) -> int:
    """Return the number of invocations that use the quota of an account together."""
    match parse_trigger(payload):
        case FullRun(str(shard)):
            return parse_shard(shard, os.environ).count
        case _:
            return 1


def _write_line(line: LogEntry) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class LambdaSettings:
    """What the variables of the function say."""

    request: Request
    quota_share: float | None
    blame: bool = False
    history: str | None = None
    channels: tuple[ChannelName, ...] = ()

    @classmethod
    def of(cls, process: Mapping[str, str]) -> "LambdaSettings":
        """Read the variables, which have the forms that the command line takes. Raises UsageError."""

        def lines(name: str) -> tuple[str, ...]:
            return tuple(filter(None, process.get(f"RECONCILER_{name}", "").split("\n")))

        request = Request(
            coordinates=Coordinates(process.get("RECONCILER_REGION"), None, process.get("RECONCILER_ENDPOINT_URL")),
            parallelism=_parallelism(process.get("RECONCILER_PARALLELISM", "8")),
            config=process.get("RECONCILER_CONFIG") or None,
            environments=tuple(process.get("RECONCILER_ENV", "").split()),
            variables=dict(_pair("RECONCILER_VAR", line) for line in lines("VAR")),
            selectors=tuple(
                dict(_pair("RECONCILER_SELECTOR", pair) for pair in line.split(",")) for line in lines("SELECTOR")
            ),
            only=lines("ONLY"),
            process=process,
            compares_stages=True,
            any_environment=True,
            is_strict=_is_true(process.get("RECONCILER_STRICT", "")),
        )
        if request.is_strict and request.selectors:
            message = "RECONCILER_STRICT and RECONCILER_SELECTOR cannot be used together"
            raise UsageError(f"{message}: methods of manifests left out would be unexpected", "unset one of them")
        blame = _is_true(process.get("RECONCILER_BLAME", ""))
        share = _quota_share(process.get("RECONCILER_QUOTA_SHARE", "50%"))
        channels = dict.fromkeys(map(parse_channel_name, process.get("RECONCILER_NOTIFY", "").split()))
        return cls(request, share, blame, process.get("RECONCILER_HISTORY") or None, tuple(channels))


def _pair(variable: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"{variable}: {text[:60]!r} is not NAME=VALUE", "write one a line")
    return name.strip(), value


def _is_true(text: str) -> bool:
    return text.strip().lower() in _TRUE


def _parallelism(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= _MOST_PARALLEL):
        message = f"RECONCILER_PARALLELISM: {text[:20]!r} is no number from 1 to {_MOST_PARALLEL}"
        raise UsageError(message, "choose another one")
    return int(text)


def _quota_share(text: str) -> float | None:
    try:
        return quota_share(text)
    except ValueError as failure:
        message = f"RECONCILER_QUOTA_SHARE: {text[:20]!r} is not a share"
        raise UsageError(message, "use a percentage such as 50%, or off") from failure


@dataclass(frozen=True, slots=True)
class LambdaRun:
    """One invocation: what is asked for, and the ports.

    `blame`: who caused a finding is looked up. `history` and `channels` are not used for a part of a run: they are for
    `report merge`, which puts the parts together.
    """

    request: Request
    cloud: Cloud
    files: Files
    clock: Clock
    log: Log
    blame: bool = False
    history: str | None = None
    channels: tuple[ChannelName, ...] = ()

    def answer(self, payload: object) -> dict[str, Any]:
        """Return what the function answers to a payload.

        That is the document of `drift`; to a queue, `batchItemFailures` with the messages to deliver again, and
        `document`. Raises ReconcilerError for any other payload and for a broken configuration, and as `drift` does.
        """
        match parse_trigger(payload):
            case FullRun(shard):
                return self._report(self._run(drift, shard), MOST_BYTES_OF_ITEM if shard else MOST_BYTES)
            case QueueBatch(messages):
                return self._batch(messages)
            case event:
                return self._report(self._run(partial(drift_of_events, (event,))))

    def _run(self, run: Callable[..., Drift], shard: str | None = None) -> Drift:
        request = self.request
        if shard is not None:
            request = replace(request, choice=ShardChoice(parse_shard(shard, request.process)))
        place, channels = (self.history, self.channels) if shard is None else (None, ())
        compose = drift_notification(request.process)
        steps = follow_up(place, channels, request, self.files, self.clock, compose)
        cloud = ConnectionLog(self.cloud)
        with watched(_LoggedReading(self.log, self.clock)), run_time(request, self.clock.monotonic()):
            result = run(request, cloud, self.files, self.clock)
            result = steps.begin(result)
            result = with_blame(result, cloud, request.parallelism) if self.blame else result
        return steps.finish(result)

    def _batch(self, messages: Sequence[QueueMessage]) -> dict[str, Any]:
        """Check the APIs that the events of a batch name, in one run.

        What is no event, and what could not be read, is left to the queue: it delivers it again, and in the end moves
        it to its dead letters.
        """
        events = [message.event for message in messages if not isinstance(message.event, ReconcilerError)]
        for message in messages:
            self.log(_message_entry(self.clock.now(), message))
        result = self._run(partial(drift_of_events, events))
        document = self._report(result)
        failed = [message.id for message in messages if _is_due_again(message, result)]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed], "document": document}

    def _report(self, result: Drift, most: int = MOST_BYTES) -> dict[str, Any]:
        """Log the result and return its document. Raises ReconcilerError if errors left nothing to compare."""
        _check(result)
        run, counts = result.facts.run, result.summary.counts
        entry = run_entry(self.clock.now(), counts, run.seconds, run.usage, run.stopped, result.exit_code)
        self.log(entry | {"skipped": result.facts.skipped or None})
        return shortened(document_of_drift(result), most).model_dump(mode="json", by_alias=True)


def _check(result: Drift) -> None:
    """Raise ReconcilerError if manifests or configurations have errors, so that nothing could be compared."""
    problems = result.problems
    if problems and not (result.targets or result.unread):
        texts = [str(problem) for problem in problems[:_MOST_PROBLEMS]]
        texts += [f"{len(problems) - _MOST_PROBLEMS:,} more"] if len(problems) > _MOST_PROBLEMS else []
        raise ReconcilerError(
            f"nothing was compared: {' | '.join(texts)}", f"to see all errors: {command_line('validate')}"
        )


def _is_due_again(message: QueueMessage, result: Drift) -> bool:
    """Whether a queue has to deliver a message again: it is no event, or its API could not be read.

    An API that is gone is a finding, and stays one.
    """
    match message.event:
        case ReconcilerError():
            return True
        case ApiEvent() as event:
            read = {(target.target.account_id, target.target.region, target.target.api_id) for target in result.targets}
            return event.api not in read and any(_may_concern(event, failure) for failure in result.unread)
        case _:
            return False


def _may_concern(event: ApiEvent, failure: ReadFailure) -> bool:
    is_there = failure.account_id in ("", event.account_id) and failure.region in ("", event.region)
    return is_there and not isinstance(failure.failure, ApiNotFound | WrongProtocol)


def _message_entry(now: str, message: QueueMessage) -> LogEntry:
    match message.event:
        case ApiEvent() as event:
            return log_entry(now, "info", "event", messageId=message.id, what=event.sentence)
        case ReconcilerError() as failure:
            return log_entry(now, "error", "event", messageId=message.id, error=str(failure))
        case event:
            return log_entry(now, "info", "event", messageId=message.id, skipped=event.reason)


class _LoggedReading:
    """`ReadProgress` that logs each API."""

    def __init__(self, log: Log, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    def begin(self, total: int, what: str = "APIs") -> None:
        """Ignore it."""

    def reading(self, target: Target) -> None:
        """Ignore it."""

    def done(self, reading: TargetReading) -> None:
        """Log it."""
        self._log(target_entry(self._clock.now(), reading))

    def end(self) -> None:
        """Ignore it."""
