"""Deploy approved plans to stages: the last step of an apply.

Only what was approved is published. Each API is read once more just before it is deployed; if the deployment would
publish anything else, it is not made. Afterwards the stage is checked a few times, since AWS may show the change late,
and anything else that it serves is reported.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from reconciler.apply import ActionResult, Published, Publisher
from reconciler.deployments import StagePlan, UnexportedChanges, fingerprint
from reconciler.engine.deploy.stages import stage_plan, with_definitions
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.read.read import TargetState, reread
from reconciler.engine.rollback.stage_rollback import reread_stage
from reconciler.errors import Interrupted
from reconciler.models.targets import Kind
from reconciler.plan import make_plan
from reconciler.ports import Clock, Connection, RunLog, StopSignal

_PAUSES: Final = (1.0, 2.0)
"""Seconds to wait before each further check, while AWS does not show a change yet."""

_LONGEST: Final = 200
"""Characters of a description before the fingerprint: AWS takes 1024 (WebSocket; for REST the limit is unknown)."""

_MOST_NAMED: Final = 3
"""How many differences are named."""

_CHANGED: Final = "the draft or the stage has changed since this was approved; nothing was published"


@dataclass(frozen=True, slots=True)
class DeployContext:
    """The ports of a deployment, and the signature that its description begins with."""

    clock: Clock
    log: RunLog
    stop: StopSignal
    signature: Callable[[], str]


def not_run(stages: Sequence[StagePlan], reason: str) -> tuple[Published, ...]:
    """Return the outcome of due stages that are not deployed to."""
    return tuple(
        Published(stage, stage.serves, stage.serves, ActionResult.NOT_RUN, reason) for stage in stages if stage.is_due
    )


def publish(state: TargetState, approved: Sequence[StagePlan], context: DeployContext) -> tuple[Published, ...]:
    """Deploy one API to those of its stages that are due."""
    due = [stage for stage in approved if stage.is_due]
    try:
        current = _current(state, due, context)
    except Interrupted as stopped:
        return not_run(due, str(stopped))
    if isinstance(current, str):
        return not_run(due, current)
    ready = [stage for stage in current.stages if stage.is_due]
    skipped = [
        Published(stage, stage.serves, stage.serves, ActionResult.SKIPPED, "it already serves this")
        for stage in current.stages
        if not stage.is_due
    ]
    deployed = _deployed(current.state, ready, context) if ready else ()
    by_stage = {published.stage.name: published for published in (*skipped, *deployed)}
    return tuple(by_stage[stage.name] for stage in due)


def roll_back_stages(
    stages: Sequence[StagePlan], connection: Connection, context: DeployContext
) -> tuple[Published, ...]:
    """Let the stages of one API serve their previous deployments again, and verify it."""
    due = [stage for stage in stages if stage.is_due]
    publisher = Publisher(
        due[0].target, connection.reader, connection.open_writer(), context.clock, context.log, context.stop
    )
    return tuple(_verified_rollback(published, connection, context) for published in list(publisher.back(due)))


def _verified_rollback(published: Published, connection: Connection, context: DeployContext) -> Published:
    if published.result is not ActionResult.APPLIED:
        return published
    for pause in (*_PAUSES, None):
        try:
            current = reread_stage(published.stage, connection)
        except Interrupted as stopped:
            return replace(published, detail=f"not verified: {stopped}", is_verified=False)
        if current.serves == published.stage.back_to:
            return published
        if pause is None or context.stop.is_set():
            break
        context.clock.sleep(pause)
    return replace(published, detail=f"it still serves deployment {current.serves or '(none)'}", is_verified=False)


def _deployed(state: TargetState, ready: Sequence[StagePlan], context: DeployContext) -> Iterator[Published]:
    connection = state.connection
    publisher = Publisher(
        state.live.target, connection.reader, connection.open_writer(), context.clock, context.log, context.stop
    )
    for published in list(publisher.run(ready, _description(state, context.signature()))):
        yield _verified(state, published, context) if published.result is ActionResult.APPLIED else published


def _description(state: TargetState, signature: str) -> str:
    short = signature[:_LONGEST]
    match state.live.target.kind:
        case Kind.REST_API:
            return short
        case Kind.WEBSOCKET_API:
            return f"{short} {fingerprint(state.live, state.declared)}"
        case _:
            assert_never(state.live.target.kind)


@dataclass(frozen=True, slots=True)
class _CurrentStages:
    """An API and its stages, read just before a deployment."""

    state: TargetState
    stages: tuple[StagePlan, ...]


def _current(state: TargetState, due: Sequence[StagePlan], context: DeployContext) -> _CurrentStages | str:
    """Return the stages as they are now, or the reason not to deploy to them."""
    for pause in _PAUSES:
        if context.stop.is_set():
            raise Interrupted("stopped on request")
        current = _read_again(state, due)
        if isinstance(current, _CurrentStages):
            return current
        context.clock.sleep(pause)
    return _read_again(state, due)


def _read_again(state: TargetState, due: Sequence[StagePlan]) -> _CurrentStages | str:
    reading = reread(state)
    current = reading if isinstance(reading, ReadFailure) else with_definitions(reading)
    if isinstance(current, ReadFailure):
        return f"it could not be read again: {current.failure.message}"
    stages: list[StagePlan] = []
    for approved in due:
        stage = _current_plan(current, approved.name, approved.not_exported)
        if isinstance(stage, ReadFailure):
            return f"stage {approved.name} could not be read again: {stage.failure.message}"
        if stage.essence != approved.essence and not _is_deployed(stage):
            return _CHANGED
        stages.append(stage)
    return _CurrentStages(current, tuple(stages))


def _is_deployed(stage: StagePlan) -> bool:
    """Return whether somebody else has deployed all of it meanwhile."""
    return stage.can_deploy and not stage.is_due


def _current_plan(state: TargetState, name: str, written: UnexportedChanges | None = None) -> StagePlan | ReadFailure:
    """Plan a deployment of the current draft; `written` are written fields that no export shows."""
    return stage_plan(state, replace(make_plan(state.desired, state.live), actions=()), name, written)


def _verified(state: TargetState, published: Published, context: DeployContext) -> Published:
    for pause in (*_PAUSES, None):
        mismatch = _mismatch(state, published)
        if not mismatch:
            return published
        if pause is None or context.stop.is_set():
            break
        context.clock.sleep(pause)
    detail = "; ".join(filter(None, (published.detail, mismatch)))
    return replace(published, detail=detail, is_verified=False)


def _mismatch(state: TargetState, published: Published) -> str:
    """Return how a stage differs from what was deployed, "" if it does not; `state` is from before the deployment."""
    try:
        current = _current_plan(state, published.stage.name)
    except Interrupted as stopped:
        return f"not verified: {stopped}"
    if isinstance(current, ReadFailure):
        return f"not verified, the stage could not be read: {current.failure.message}"
    if current.serves != published.after:
        return f"it was deployed, but the stage serves deployment {current.serves or '(none)'}"
    if not current.is_due:
        return ""
    named = ", ".join(dict.fromkeys(item.address for item in current.items[:_MOST_NAMED]))
    return f"deployed, but the stage does not serve what was approved: {named}"
