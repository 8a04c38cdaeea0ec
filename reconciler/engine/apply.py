"""apply: carry out a plan, then look whether it is so.

Promise: two phases. First every target is read, planned, checked and judged, and what was approved is compared with
what a fresh read gives; unless all of that is in order, nothing is written anywhere. Then the writes: those of one
API in sequence, several APIs in parallel; a failure stops its own API only. Afterwards each API that was written to
is read once more (again, a little later, if that looks stale), and what still differs is part of the result. Where
deploying was asked for it comes last, for each API whose writes are all done and verified (`publishing`).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from reconciler.apply import Executor, Outcome, Published, Result
from reconciler.deployments import StagePlan
from reconciler.engine.deploy.deploy import DeployContext, not_run, publish, roll_back_stages
from reconciler.engine.plan import Planned, Request, plan, replan
from reconciler.engine.read.baseline import BaseRevision
from reconciler.engine.read.read import ReadFailure, TargetState, in_parallel, read_failure, reread
from reconciler.errors import ExitCode, Interrupted, worst_exit_code
from reconciler.models.deferred import Deferred
from reconciler.models.targets import Target
from reconciler.plan import TargetPlan, make_plan
from reconciler.plan.actions import Action
from reconciler.ports import Clock, Cloud, Files, RunLog, StopSignal

_VERIFY_PAUSES = (1.0, 2.0)
"""Seconds before reading again what does not show yet: GetResources may lag behind a write."""

_NOT_GOOD = "not deployed, because not all of its writes are done and verified"

Approve = Callable[[Planned], bool]
Begin = Callable[[Planned], None]
Writes = Callable[[], "Applied"]


@dataclass(frozen=True, slots=True)
class Applied:
    """An apply from approval to verification.

    `stale`: what a fresh read gave instead of what was approved, and `reasons` why that is not the same (of a saved
    plan). `leftovers`: targets that still differ after all writes succeeded. `unverified`: targets that could not be
    read again. `verified`: whether every target was found as desired; None when nothing was written. `published`: what
    became of the stages that were due. `run`: its id in the journal, "" for none; `unlogged`: why its end is not in
    there. `stopped`: somebody asked to stop; `abandoned`: a second time, so that calls under way were not waited for.
    `failure`: the error, foreseen by nobody, that broke the run off.
    """

    planned: Planned
    outcomes: tuple[Outcome, ...] = ()
    leftovers: tuple[TargetPlan, ...] = ()
    unverified: tuple[ReadFailure, ...] = ()
    stale: Planned | None = None
    reasons: tuple[str, ...] = ()
    declined: bool = False
    stopped: bool = False
    abandoned: bool = False
    verified: bool | None = None
    published: tuple[Published, ...] = ()
    run: str = ""
    unlogged: str = ""
    failure: Exception | None = None

    @property
    def wrote(self) -> bool:
        """Whether anything may have been written."""
        return any(outcome.result is not Result.NOT_RUN for outcome in self.outcomes)

    @property
    def changed_aws(self) -> bool:
        """Whether AWS was changed, or may have been."""
        results = [*(outcome.result for outcome in self.outcomes), *(one.result for one in self.published)]
        return any(result in {Result.APPLIED, Result.UNKNOWN} for result in results)

    @property
    def has_unknown(self) -> bool:
        """Whether nobody knows what became of a call."""
        results = [*(outcome.result for outcome in self.outcomes), *(one.result for one in self.published)]
        return Result.UNKNOWN in results

    @property
    def has_failed(self) -> bool:
        """Whether a write failed, or nobody knows, and not because the run was stopped or broken off."""
        is_left = self.stopped or self.failure is not None
        return not is_left and any(outcome.result in {Result.FAILED, Result.UNKNOWN} for outcome in self.outcomes)

    @property
    def waiting(self) -> tuple[Deferred, ...]:
        """What could not be written because its methods are still not there."""
        blocked = self.stale or self.declined or not self.planned.may_run
        return () if blocked else self.planned.plan.deferred

    @property
    def exit_code(self) -> ExitCode:
        """0 all applied or nothing to do; 3 stopped part-way or not as planned; 4 refused; 130 on request."""
        codes = [self.planned.exit_code()]
        if self.stale or self.declined:
            codes.append(ExitCode.REFUSED)
        if self.stale:
            codes.append(self.stale.exit_code())
        if self.leftovers or self.unverified or self.waiting or any(not outcome.is_done for outcome in self.outcomes):
            codes.append(ExitCode.STOPPED)
        if any(not one.is_done for one in self.published):
            codes.append(ExitCode.STOPPED if self._touched else ExitCode.REFUSED)
        unlogged = [
            self.unlogged,
            *(outcome.unlogged for outcome in self.outcomes),
            *(one.unlogged for one in self.published),
        ]
        if any(unlogged) or self.failure:
            codes.append(ExitCode.STOPPED)
        if self.stopped:
            codes.append(ExitCode.INTERRUPTED)
        return worst_exit_code(codes)

    @property
    def _touched(self) -> bool:
        """Whether anything was written, or a deployment at least tried."""
        return self.wrote or any(one.result not in {Result.NOT_RUN, Result.SKIPPED} for one in self.published)


@dataclass(frozen=True, slots=True)
class Context:
    """The ports of an apply, and the base that its plan is told beside.

    `signature` gives what the descriptions of deployments begin with. `attend` does all that follows the first write,
    and may raise Abandoned before that is over.
    """

    cloud: Cloud
    files: Files
    clock: Clock
    log: RunLog
    stop: StopSignal
    base: BaseRevision | None = None
    signature: Callable[[], str] = lambda: "reconciler"
    attend: Callable[[Writes], Applied] = lambda writes: writes()

    @property
    def press(self) -> DeployContext:
        """Those of a deployment."""
        return DeployContext(self.clock, self.log, self.stop, self.signature)


def apply(request: Request, world: Context, approve: Approve | None, begin: Begin) -> Applied:
    """Plan, have it approved, write, verify.

    `approve` None: approved beforehand, so the plan is as fresh as can be. `begin` is called just before the first
    write; nothing is written where it raises.
    """
    return carry_out(plan(request, world.cloud, world.files, world.clock, world.base), request, world, approve, begin)


def carry_out(planned: Planned, request: Request, world: Context, approve: Approve | None, begin: Begin) -> Applied:
    """Have a plan approved, write, verify: `apply` from where the plan is made."""
    if not planned.may_run or planned.is_empty:
        return Applied(planned)
    if approve is not None:
        if not approve(planned):
            return Applied(planned, declined=True)
        fresh = replan(planned, request, world.clock)
        if not fresh.may_run or not fresh.is_same_work(planned):
            return Applied(planned, stale=fresh)
    work = _work(planned, world)
    begin(planned)
    return world.attend(lambda: _execute(planned, work, request, world))


def _execute(planned: Planned, work: Sequence["_TargetActions"], request: Request, world: Context) -> Applied:
    done = in_parallel(lambda one: tuple(one.executor.run(one.actions)), work, request.parallelism)
    outcomes = tuple(outcome for one in done for outcome in one)
    complete = [one.read for one, became in zip(work, done, strict=True) if all(outcome.is_done for outcome in became)]
    checked = in_parallel(lambda read: _verify(read, world), complete, request.parallelism)
    leftovers = tuple(one for one in checked if isinstance(one, TargetPlan))
    unverified = tuple(one for one in checked if isinstance(one, ReadFailure))
    good = {read.live.target for read, found in zip(complete, checked, strict=True) if found is None}
    published = _publish(planned, good, request, world)
    applied = Applied(planned, outcomes, leftovers, unverified, stopped=world.stop.is_set(), published=published)
    if not applied.wrote:
        return applied
    return replace(applied, verified=len(complete) == len(work) and not leftovers and not unverified)


def _publish(planned: Planned, good: Collection[Target], request: Request, world: Context) -> tuple[Published, ...]:
    """Deploy every API that is due and whose writes are all done and verified, or that had none; or let it go back."""
    stages: dict[Target, list[StagePlan]] = {}
    for stage in planned.stages:
        if stage.is_due:
            stages.setdefault(stage.target, []).append(stage)
    written = {one.target for one in planned.plan.targets if one.actions}
    reads = {read.live.target: read for read in planned.reads}

    def of_api(target: Target) -> tuple[Published, ...]:
        if target in written and target not in good:
            return not_run(stages[target], _NOT_GOOD)
        if target in planned.connections:
            return roll_back_stages(stages[target], planned.connections[target], world.press)
        return publish(reads[target], stages[target], world.press)

    return tuple(one for made in in_parallel(of_api, list(stages), request.parallelism) for one in made)


@dataclass(frozen=True, slots=True)
class _TargetActions:
    """One API's share of the plan."""

    read: TargetState
    executor: Executor
    actions: tuple[tuple[str, Action], ...]


def _work(planned: Planned, world: Context) -> list[_TargetActions]:
    """What is to be written, API by API; every writer is opened before the first one writes."""
    by_target: dict[Target, list[tuple[str, Action]]] = {}
    for action_id, one, action in planned.plan.numbered():
        by_target.setdefault(one.target, []).append((action_id, action))
    reads = {read.live.target: read for read in planned.reads}
    return [
        _TargetActions(reads[target], _executor(reads[target], world), tuple(actions))
        for target, actions in by_target.items()
    ]


def _executor(read: TargetState, world: Context) -> Executor:
    connection = read.connection
    return Executor(read.live.target, connection.reader, connection.open_writer(), world.log, world.stop)


def _verify(read: TargetState, world: Context) -> TargetPlan | ReadFailure | None:
    """What still differs; None when nothing does."""
    try:
        return _leftover(read, world)
    except Interrupted as stopped:
        return read_failure([read.desired], stopped)


def _leftover(read: TargetState, world: Context) -> TargetPlan | ReadFailure | None:
    for pause in (*_VERIFY_PAUSES, None):
        if world.stop.is_set():
            raise Interrupted("stopped before it was read again")
        again = reread(read)
        if isinstance(again, ReadFailure):
            return again
        left = make_plan(again.desired, again.live)
        # A method that is gone leaves differences and no actions
        if not left.actions and not left.comparison.changes:
            return None
        if pause is None:
            break
        world.clock.sleep(pause)
    return left
