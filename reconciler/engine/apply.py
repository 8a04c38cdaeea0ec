"""apply: carry out a plan, then verify the result.

There are two phases. First every target is read, planned, checked and judged, and an approved plan is compared with a
fresh read; unless all of that is in order, nothing is written anywhere. Then come the writes: those of one API in
sequence, several APIs in parallel, and a failure stops only its own API. Afterwards each API that was written to is
read again (once more, a little later, if the answer looks stale), and the differences that remain are part of the
result. Deployments come last, for each API whose writes are all done and verified (`deploy.deploy`).

Nothing here is journaled: that is what `journaled_run` adds.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.apply import ActionResult, Executor, Outcome, Published
from reconciler.deployments import StagePlan
from reconciler.engine.deploy.deploy import DeployContext, not_run, publish, roll_back_stages
from reconciler.engine.plan import Planned, Request, plan, replan
from reconciler.engine.read.baseline import BaseRevision
from reconciler.engine.read.read import ReadFailure, TargetState, reread, target_failure
from reconciler.errors import ExitCode, Interrupted, worst_exit_code
from reconciler.models.deferred import Deferred
from reconciler.models.targets import Target
from reconciler.parallel import in_parallel
from reconciler.plan import TargetPlan, make_plan
from reconciler.plan.actions import Action
from reconciler.ports import Clock, Cloud, Files, RunLog, StopSignal

_VERIFY_PAUSES = (1.0, 2.0)
"""Seconds before reading again what AWS does not show yet: GetResources may lag behind a write."""

_NOT_VERIFIED = "not deployed, because not all of its writes are done and verified"

Approve: TypeAlias = Callable[[Planned], bool]


@dataclass(frozen=True, slots=True)
class Applied:
    """An apply from approval to verification.

    `stale`: the plan that a fresh read gave, where it is not what was approved, and `reasons` why (of a saved plan).
    `leftovers`: targets that still differ after all writes succeeded. `unverified`: targets that could not be read
    again. `verified`: whether every target was found as desired; None when nothing was written. `published`: the
    results of the stages that were due. `run`: its id in the journal, "" for none; `unlogged`: why the journal lacks
    the end of the run. `stopped`: the user asked to stop; `abandoned`: a second time, so that calls under way were not
    waited for. `failure`: the unexpected error that broke the run off.
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
        return any(outcome.result is not ActionResult.NOT_RUN for outcome in self.outcomes)

    @property
    def _results(self) -> tuple[ActionResult, ...]:
        return (*(outcome.result for outcome in self.outcomes), *(stage.result for stage in self.published))

    @property
    def changed_aws(self) -> bool:
        """Whether AWS was changed, or may have been."""
        return any(result in {ActionResult.APPLIED, ActionResult.UNKNOWN} for result in self._results)

    @property
    def has_unknown(self) -> bool:
        """Whether the effect of a call is unknown."""
        return ActionResult.UNKNOWN in self._results

    @property
    def has_failed(self) -> bool:
        """Whether a write failed or is unknown, in a run that was neither stopped nor broken off."""
        is_cut_short = self.stopped or self.failure is not None
        return not is_cut_short and any(
            outcome.result in {ActionResult.FAILED, ActionResult.UNKNOWN} for outcome in self.outcomes
        )

    @property
    def has_deployed(self) -> bool:
        """Whether a stage serves another deployment than before, or may."""
        return any(stage.after != stage.before for stage in self.published)

    @property
    def waiting(self) -> tuple[Deferred, ...]:
        """The responses that could not be written because their methods do not exist yet."""
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
        if any(not stage.is_done for stage in self.published):
            codes.append(ExitCode.STOPPED if self._touched else ExitCode.REFUSED)
        unlogged = [
            self.unlogged,
            *(outcome.unlogged for outcome in self.outcomes),
            *(stage.unlogged for stage in self.published),
        ]
        if any(unlogged) or self.failure:
            codes.append(ExitCode.STOPPED)
        if self.stopped:
            codes.append(ExitCode.INTERRUPTED)
        return worst_exit_code(codes)

    @property
    def _touched(self) -> bool:
        """Whether anything was written, or a deployment was at least attempted."""
        return self.wrote or any(
            stage.result not in {ActionResult.NOT_RUN, ActionResult.SKIPPED} for stage in self.published
        )


@dataclass(frozen=True, slots=True)
class Context:
    """The ports of an apply, and the base revision that tells intended changes from drift.

    `signature` gives the beginning of the descriptions of deployments.
    """

    cloud: Cloud
    files: Files
    clock: Clock
    log: RunLog
    stop: StopSignal
    base: BaseRevision | None = None
    signature: Callable[[], str] = lambda: "reconciler"

    @property
    def deploy_context(self) -> DeployContext:
        """The ports of a deployment."""
        return DeployContext(self.clock, self.log, self.stop, self.signature)


def apply(request: Request, context: Context, approve: Approve | None) -> Applied:
    """Plan, have the plan approved, write it and verify it; `approve` None means that it is approved already."""
    planned = plan(request, context.cloud, context.files, context.clock, context.base)
    return carry_out(planned, request, context, approve)


def carry_out(planned: Planned, request: Request, context: Context, approve: Approve | None) -> Applied:
    """Have a plan approved, write it and verify it."""
    if unwritten := why_not_written(planned, request, context.clock, approve):
        return unwritten
    return execute(prepare(planned, context), request, context)


def why_not_written(planned: Planned, request: Request, clock: Clock, approve: Approve | None) -> Applied | None:
    """Return the result of a plan that must not be, or need not be, written; None when its writes may begin.

    `approve` None: the plan is approved already and just made, so it is not compared with a fresh read.
    """
    if planned.stale_reasons:
        return Applied(planned, stale=planned, reasons=planned.stale_reasons)
    if not planned.may_run or planned.is_empty:
        return Applied(planned)
    if approve is None:
        return None
    if not approve(planned):
        return Applied(planned, declined=True)
    fresh = replan(planned, request, clock)
    return None if fresh.may_run and fresh.is_same_work(planned) else Applied(planned, stale=fresh)


@dataclass(frozen=True, slots=True)
class _TargetActions:
    """One API's share of the plan."""

    read: TargetState
    executor: Executor
    actions: tuple[tuple[str, Action], ...]


@dataclass(frozen=True, slots=True)
class PreparedPlan:
    """A plan whose writes can begin: every writer is open."""

    planned: Planned
    work: tuple[_TargetActions, ...]


def prepare(planned: Planned, context: Context) -> PreparedPlan:
    """Open the writer of every API before the first one writes. Raises AwsError."""
    by_target: dict[Target, list[tuple[str, Action]]] = {}
    for action_id, target_plan, action in planned.plan.numbered():
        by_target.setdefault(target_plan.target, []).append((action_id, action))
    reads = {read.live.target: read for read in planned.reads}
    work = (
        _TargetActions(reads[target], _executor(reads[target], context), tuple(actions))
        for target, actions in by_target.items()
    )
    return PreparedPlan(planned, tuple(work))


def _executor(read: TargetState, context: Context) -> Executor:
    connection = read.connection
    return Executor(read.live.target, connection.reader, connection.open_writer(), context.log, context.stop)


def execute(prepared: PreparedPlan, request: Request, context: Context) -> Applied:
    """Write, verify and deploy."""
    planned, work = prepared.planned, prepared.work
    done = in_parallel(lambda each: tuple(each.executor.run(each.actions)), work, request.parallelism)
    outcomes = tuple(outcome for each in done for outcome in each)
    complete = [each.read for each, its in zip(work, done, strict=True) if all(outcome.is_done for outcome in its)]
    checked = in_parallel(lambda read: _verify(read, context), complete, request.parallelism)
    leftovers = tuple(result for result in checked if isinstance(result, TargetPlan))
    unverified = tuple(result for result in checked if isinstance(result, ReadFailure))
    verified = {read.live.target for read, result in zip(complete, checked, strict=True) if result is None}
    published = _publish(planned, verified, request, context)
    applied = Applied(planned, outcomes, leftovers, unverified, stopped=context.stop.is_set(), published=published)
    if not applied.wrote:
        return applied
    return replace(applied, verified=len(complete) == len(work) and not leftovers and not unverified)


def _publish(
    planned: Planned, verified: Collection[Target], request: Request, context: Context
) -> tuple[Published, ...]:
    """Deploy, or return to an earlier deployment, every API that is due and has no write that is not verified."""
    stages: dict[Target, list[StagePlan]] = {}
    for stage in planned.stages:
        if stage.is_due:
            stages.setdefault(stage.target, []).append(stage)
    written = {target_plan.target for target_plan in planned.plan.targets if target_plan.actions}
    reads = {read.live.target: read for read in planned.reads}

    def publish_api(target: Target) -> tuple[Published, ...]:
        if target in written and target not in verified:
            return not_run(stages[target], _NOT_VERIFIED)
        if target in planned.connections:
            return roll_back_stages(stages[target], planned.connections[target], context.deploy_context)
        return publish(reads[target], stages[target], context.deploy_context)

    published = in_parallel(publish_api, list(stages), request.parallelism)
    return tuple(stage for each in published for stage in each)


def _verify(read: TargetState, context: Context) -> TargetPlan | ReadFailure | None:
    """Read an API again; return what still differs, or why that is unknown, or None."""
    try:
        return _leftover(read, context)
    except Interrupted as stopped:
        return target_failure([read.desired], stopped, read.live.target)


def _leftover(read: TargetState, context: Context) -> TargetPlan | ReadFailure | None:
    for pause in (*_VERIFY_PAUSES, None):
        if context.stop.is_set():
            raise Interrupted("stopped before it was read again")
        state = reread(read)
        if isinstance(state, ReadFailure):
            return state
        leftover = make_plan(state.desired, state.live)
        # A method that is gone leaves differences and no actions
        if not leftover.actions and not leftover.comparison.changes:
            return None
        if pause is None:
            break
        context.clock.sleep(pause)
    return leftover
