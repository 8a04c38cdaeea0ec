"""apply: carry out a plan, then look whether it is so.

Promise: two phases. First every target is read, planned, checked and judged, and what was approved is compared with
what a fresh read gives; unless all of that is in order, nothing is written anywhere. Then the writes: those of one
API in sequence, several APIs in parallel; a failure stops its own API only. Afterwards each API that was written to
is read once more (again, a little later, if that looks stale), and what is still to do is part of the result.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reconciler.apply import Executor, Outcome, Result
from reconciler.errors import ExitCode, gravest
from reconciler.models.targets import Target
from reconciler.plan import TargetPlan, make_plan
from reconciler.plan.actions import Action
from reconciler.ports import Clock, Cloud, Files, RunLog, StopSignal
from reconciler.workflows.plan import Planned, Request, plan, replan
from reconciler.workflows.targets import Read, Unread, in_parallel, reread

_VERIFY_PAUSES = (1.0, 2.0)
"""Seconds before reading again what does not show yet: GetResources may lag behind a write."""

Approve = Callable[[Planned], bool]
Begin = Callable[[Planned], None]


@dataclass(frozen=True, slots=True)
class Applied:
    """An apply from approval to verification.

    `stale`: what a fresh read gave instead of what was approved. `leftovers`: targets that still differ after all
    writes succeeded. `unverified`: targets that could not be read again.
    """

    planned: Planned
    outcomes: tuple[Outcome, ...] = ()
    leftovers: tuple[TargetPlan, ...] = ()
    unverified: tuple[Unread, ...] = ()
    stale: Planned | None = None
    declined: bool = False
    stopped: bool = False
    verified: bool | None = field(default=None)

    @property
    def wrote(self) -> bool:
        """Whether anything may have been written."""
        return any(one.result is not Result.NOT_RUN for one in self.outcomes)

    @property
    def exit_code(self) -> ExitCode:
        """0 all applied or nothing to do; 3 stopped part-way or not as planned; 4 refused; 130 on request."""
        codes = [self.planned.exit_code()]
        if self.stale or self.declined:
            codes.append(ExitCode.REFUSED)
        if self.leftovers or self.unverified or any(not one.is_done for one in self.outcomes):
            codes.append(ExitCode.STOPPED)
        if self.stopped:
            codes.append(ExitCode.INTERRUPTED)
        return gravest(codes)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The ports of an apply."""

    cloud: Cloud
    files: Files
    clock: Clock
    log: RunLog
    stop: StopSignal


def apply(request: Request, world: Surroundings, approve: Approve | None, begin: Begin) -> Applied:
    """Plan, have it approved, write, verify.

    `approve` None: approved beforehand, so the plan is as fresh as can be. `begin` is told just before the first write.
    """
    planned = plan(request, world.cloud, world.files, world.clock)
    if not planned.may_run or planned.plan.is_empty:
        return Applied(planned)
    if approve is not None:
        if not approve(planned):
            return Applied(planned, declined=True)
        fresh = replan(planned, request, world.clock)
        if not fresh.may_run or not fresh.is_same_work(planned):
            return Applied(planned, stale=fresh)
    begin(planned)
    return _execute(planned, request, world)


def _execute(planned: Planned, request: Request, world: Surroundings) -> Applied:
    work = _work(planned)
    done = in_parallel(lambda one: _run(one, world), work, request.parallelism)
    outcomes = tuple(outcome for one in done for outcome in one)
    if world.stop.is_set():
        return Applied(planned, outcomes, stopped=True)
    complete = [one.read for one, became in zip(work, done, strict=True) if all(outcome.is_done for outcome in became)]
    checked = in_parallel(lambda read: _verify(read, world.clock), complete, request.parallelism)
    leftovers = tuple(one for one in checked if isinstance(one, TargetPlan))
    unverified = tuple(one for one in checked if isinstance(one, Unread))
    return Applied(
        planned,
        outcomes,
        leftovers,
        unverified,
        verified=len(complete) == len(work) and not leftovers and not unverified,
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """One API's share of the plan."""

    target: Target
    read: Read
    actions: tuple[tuple[str, Action], ...]


def _work(planned: Planned) -> list[_Work]:
    by_target: dict[Target, list[tuple[str, Action]]] = {}
    for action_id, one, action in planned.plan.numbered():
        by_target.setdefault(one.target, []).append((action_id, action))
    reads = {read.live.target: read for read in planned.reads}
    return [_Work(target, reads[target], tuple(actions)) for target, actions in by_target.items()]


def _run(work: _Work, world: Surroundings) -> Sequence[Outcome]:
    connection = work.read.connection
    executor = Executor(work.target, connection.reader, connection.open_writer(), world.log, world.stop)
    return list(executor.run(work.actions))


def _verify(read: Read, clock: Clock) -> TargetPlan | Unread | None:
    """None when nothing is left to do."""
    for pause in (*_VERIFY_PAUSES, None):
        again = reread(read)
        if isinstance(again, Unread):
            return again
        left = make_plan(again.desired, again.live)
        if not left.actions:
            return None
        if pause is None:
            break
        clock.sleep(pause)
    return left
