"""The last step of an apply: deployments.

Promise: only what was shown is published. Each API is read once more just before it is deployed, and where the
deployment would publish anything else than what was approved, none is made. Afterwards it is looked whether the stage
serves just that, a few times, because what AWS shows may lag: what somebody edited at that very moment is told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from reconciler.apply import Published, Publisher, Result
from reconciler.deployments import StagePlan, Unseen, fingerprint
from reconciler.engine.deploy.stages import defined, stage_plan
from reconciler.engine.read.connect import ReadFailure
from reconciler.engine.read.read import TargetState, reread
from reconciler.engine.rollback.stage_rollback import looked_again
from reconciler.errors import Interrupted
from reconciler.models.targets import Kind
from reconciler.plan import make_plan
from reconciler.ports import Clock, Connection, RunLog, StopSignal

_PAUSES: Final = (1.0, 2.0)
"""Seconds before looking again where AWS does not show yet what was done."""

_LONGEST: Final = 200
"""Characters of a description before the mark: AWS takes 1024 (WebSocket; of REST it is not known)."""

_NAMED: Final = 3
"""How many differences are named."""

_CHANGED: Final = "the draft, or what the stage serves, is not what was shown any more; nothing was published"


@dataclass(frozen=True, slots=True)
class DeployContext:
    """The ports of a deployment, and what its description begins with."""

    clock: Clock
    log: RunLog
    stop: StopSignal
    signature: Callable[[], str]


def not_published(stages: Sequence[StagePlan], why: str) -> tuple[Published, ...]:
    """What becomes of stages that are due and are not deployed to."""
    return tuple(Published(stage, stage.serves, stage.serves, Result.NOT_RUN, why) for stage in stages if stage.is_due)


def publish(read: TargetState, approved: Sequence[StagePlan], press: DeployContext) -> tuple[Published, ...]:
    """Deploy one API to those of its stages that are due."""
    due = [one for one in approved if one.is_due]
    try:
        now = _now(read, due, press)
    except Interrupted as stopped:
        return not_published(due, str(stopped))
    if isinstance(now, str):
        return not_published(due, now)
    ready = [stage for stage in now.stages if stage.is_due]
    done = [
        Published(stage, stage.serves, stage.serves, Result.SKIPPED, "it serves this already")
        for stage in now.stages
        if not stage.is_due
    ]
    of_stage = {one.stage.name: one for one in (*done, *(_made(now.read, ready, press) if ready else ()))}
    return tuple(of_stage[one.name] for one in due)


def go_back(stages: Sequence[StagePlan], connection: Connection, press: DeployContext) -> tuple[Published, ...]:
    """Let the stages of one API serve again what they are to go back to, and look whether they do."""
    due = [stage for stage in stages if stage.is_due]
    publisher = Publisher(
        due[0].target, connection.reader, connection.open_writer(), press.clock, press.log, press.stop
    )
    return tuple(_back(one, connection, press) for one in list(publisher.back(due)))


def _back(one: Published, connection: Connection, press: DeployContext) -> Published:
    if one.result is not Result.APPLIED:
        return one
    for pause in (*_PAUSES, None):
        try:
            now = looked_again(one.stage, connection)
        except Interrupted as stopped:
            return replace(one, detail=f"not checked again: {stopped}", is_verified=False)
        if now.serves == one.stage.back_to:
            return one
        if pause is None or press.stop.is_set():
            break
        press.clock.sleep(pause)
    return replace(one, detail=f"it serves deployment {now.serves or '(none)'} all the same", is_verified=False)


def _made(read: TargetState, ready: Sequence[StagePlan], press: DeployContext) -> Iterator[Published]:
    connection = read.connection
    publisher = Publisher(
        read.live.target, connection.reader, connection.open_writer(), press.clock, press.log, press.stop
    )
    for one in list(publisher.run(ready, _description(read, press.signature()))):
        yield _verified(read, one, press) if one.result is Result.APPLIED else one


def _description(read: TargetState, signature: str) -> str:
    short = signature[:_LONGEST]
    match read.live.target.kind:
        case Kind.REST_API:
            return short
        case Kind.WEBSOCKET_API:
            return f"{short} {fingerprint(read.live, read.declared)}"
        case _:
            assert_never(read.live.target.kind)


@dataclass(frozen=True, slots=True)
class _Look:
    """An API and its stages, read just before a deployment."""

    read: TargetState
    stages: tuple[StagePlan, ...]


def _now(read: TargetState, due: Sequence[StagePlan], press: DeployContext) -> _Look | str:
    """The stages as they are now, or what speaks against deploying to them."""
    for pause in _PAUSES:
        if press.stop.is_set():
            raise Interrupted("stopped on request")
        found = _looked(read, due)
        if isinstance(found, _Look):
            return found
        press.clock.sleep(pause)
    return _looked(read, due)


def _looked(read: TargetState, due: Sequence[StagePlan]) -> _Look | str:
    reading = reread(read)
    again = reading if isinstance(reading, ReadFailure) else defined(reading)
    if isinstance(again, ReadFailure):
        return f"it could not be read again: {again.failure.message}"
    fresh: list[StagePlan] = []
    for one in due:
        found = _stage_now(again, one.name, one.unseen)
        if isinstance(found, ReadFailure):
            return f"stage {one.name} could not be read again: {found.failure.message}"
        if found.essence != one.essence and not _is_served(found):
            return _CHANGED
        fresh.append(found)
    return _Look(again, tuple(fresh))


def _is_served(one: StagePlan) -> bool:
    """Whether somebody else deployed all of it meanwhile."""
    return one.can_deploy and not one.is_due


def _stage_now(again: TargetState, name: str, written: Unseen | None = None) -> StagePlan | ReadFailure:
    """What a deployment of the draft as it is would publish; `written` is what was written that no export tells."""
    return stage_plan(again, replace(make_plan(again.desired, again.live), actions=()), name, written)


def _verified(read: TargetState, one: Published, press: DeployContext) -> Published:
    for pause in (*_PAUSES, None):
        found = _seen(read, one)
        if not found:
            return one
        if pause is None or press.stop.is_set():
            break
        press.clock.sleep(pause)
    detail = "; ".join(filter(None, (one.detail, found)))
    return replace(one, detail=detail, is_verified=False)


def _seen(read: TargetState, one: Published) -> str:
    """What looking at the stage has against it, "" for nothing; `read` is the draft just before the deployment."""
    try:
        found = _stage_now(read, one.stage.name)
    except Interrupted as stopped:
        return f"not looked at again: {stopped}"
    if isinstance(found, ReadFailure):
        return f"it could not be looked at again: {found.failure.message}"
    if found.serves != one.after:
        return f"it was deployed, and the stage serves deployment {found.serves or '(none)'}"
    if not found.is_due:
        return ""
    named = ", ".join(dict.fromkeys(item.address for item in found.items[:_NAMED]))
    return f"deployed, but the stage serves something else than was shown: {named}"
