"""Who changed what drifted, from the event histories of the accounts.

Each account and region with findings is asked once for all of its APIs. What an account does not show, or not to these
credentials, is a note: the findings stand without it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias

from reconciler.engine.drift.connections import ConnectionLog
from reconciler.engine.drift.result import Drift
from reconciler.errors import ReconcilerError
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.fingerprint import fingerprint, lag_fingerprint
from reconciler.fleet.likely_writes import (
    LAG_EVENTS,
    MOST,
    STAGE_EVENTS,
    aws_change,
    events_of,
    likely_writes,
    stage_writes,
)
from reconciler.models.targets import Target
from reconciler.models.writes import ApiWrite
from reconciler.parallel import in_parallel
from reconciler.ports import TrailWrites

NO_TRAIL: Final = "this endpoint has no event history"
_NO_WRITE: Final = "no write that may have caused it is in the event history of the last 90 days"
_STOPPED: Final = "the run ended before the event history was read"
_CUT: Final = ", of which only the latest events were read"


@dataclass(frozen=True, slots=True)
class _Question:
    """Who caused a finding: its fingerprint, the names of the writes that matter, and how to choose among them."""

    target: Target
    fingerprint: str
    events: tuple[str, ...]
    choose: Callable[[list[ApiWrite]], tuple[AwsChange, ...]]


_Answers: TypeAlias = Mapping[str, Blame]


def with_blame(drift: Drift, connections: ConnectionLog, parallelism: int) -> Drift:
    """Add who may have caused each finding, as far as the event histories of the last 90 days show it.

    A run that is asked to stop meanwhile keeps its findings; after one that ended early nobody is asked.
    """
    if drift.facts.run.stopped:
        blames = {question.fingerprint: Blame(note=_STOPPED) for question in _questions(drift)}
        return replace(drift, facts=replace(drift.facts, blames=blames))
    by_site: defaultdict[tuple[str, str], list[_Question]] = defaultdict(list)
    for question in _questions(drift):
        by_site[question.target.account_id, question.target.region].append(question)
    answers = in_parallel(lambda questions: _answer(questions, connections), list(by_site.values()), parallelism)
    blames = {name: blame for answer in answers for name, blame in answer.items()}
    return replace(drift, facts=replace(drift.facts, blames=blames))


def _questions(drift: Drift) -> Iterator[_Question]:
    for draft in drift.targets:
        for finding in draft.findings:
            kind = draft.target.kind
            yield _Question(
                draft.target,
                fingerprint(draft.target, finding),
                events_of(kind, finding),
                partial(likely_writes, kind, finding),
            )
    for stage in drift.stages:
        target, name = stage.drift.target, stage.name
        for finding in stage.drift.findings:
            yield _Question(
                target,
                fingerprint(target, finding, name),
                STAGE_EVENTS,
                partial(stage_writes, name),
            )
        if stage.lag:
            yield _Question(target, lag_fingerprint(target, name), LAG_EVENTS, _latest_responses)


def _latest_responses(writes: list[ApiWrite]) -> tuple[AwsChange, ...]:
    return tuple(aws_change(write, "") for write in writes if write.event in LAG_EVENTS)[:MOST]


def _answer(questions: list[_Question], connections: ConnectionLog) -> _Answers:
    """Answer the questions about one account and region."""
    api_ids = {question.target.api_id for question in questions}
    events = dict.fromkeys(event for question in questions for event in question.events)
    try:
        read = _read(questions[0].target, connections, api_ids, tuple(events))
    except ReconcilerError as failure:  # Interrupted as well: the report is worth more than its blame
        return {question.fingerprint: Blame(note=_unread(failure, question.target)) for question in questions}
    if read is None:
        return {question.fingerprint: Blame(note=NO_TRAIL) for question in questions}
    writes: defaultdict[str, list[ApiWrite]] = defaultdict(list)
    for write in read.writes:
        writes[write.api_id].append(write)
    note = _NO_WRITE + ("" if read.is_complete else _CUT)
    return {question.fingerprint: _blame(question, writes[question.target.api_id], note) for question in questions}


def _read(target: Target, connections: ConnectionLog, api_ids: set[str], events: tuple[str, ...]) -> TrailWrites | None:
    connection = connections.of(target)
    trail = connection.open_trail() if connection else None
    return trail.writes(api_ids, events) if trail else None


def _unread(failure: ReconcilerError, target: Target) -> str:
    place = f"account {target.account_id}, {target.region}"
    return f"the event history of {place} could not be read: {failure.message}"


def _blame(question: _Question, writes: list[ApiWrite], note: str) -> Blame:
    chosen = question.choose(writes)
    return Blame(chosen) if chosen else Blame(note=note)
