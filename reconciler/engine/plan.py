"""plan: what apply would do, and everything that stands against it.

Promise: read-only. Errors (manifests, checks, targets that cannot be read) and refusals of the guard are collected over
all targets, so that one run shows every problem.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from reconciler.config.configuration import Guard
from reconciler.deployments import StagePlan
from reconciler.diagnostics import Diagnostic, Location, any_error, in_order, warning
from reconciler.engine.deploy.stages import StageStates, plan_stages, require_stages
from reconciler.engine.load.load import LoadResult, day_of, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.read.baseline import BaseRevision, load_baseline
from reconciler.engine.read.connect import check_account_regions, connect
from reconciler.engine.read.read import ReadFailure, ReadResult, TargetState, read_targets, reread
from reconciler.engine.rollback.stage_rollback import looked_again
from reconciler.errors import ExitCode, worst_exit_code
from reconciler.guard import Limits, Verdict, combined, judge, judge_deployments
from reconciler.lint import check, downgrade_unplanned
from reconciler.models.keys import ResponseKey
from reconciler.models.targets import Target
from reconciler.parallel import in_parallel
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.plan.actions import Action, canonical_action
from reconciler.plan.causes import Cause, causes
from reconciler.ports import Clock, Cloud, Connection, Files
from reconciler.rules import GuardRule, RunRule

__all__ = ["Planned", "Request", "judged", "plan", "replan"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what stands against it.

    `stages`: those to deploy to once the plan is carried out, or to return to an earlier deployment; `connections`: how
    to reach the latter. `stale_reasons`: why it is not the plan that was approved (of a saved plan).
    """

    plan: Plan
    verdict: Verdict
    diagnostics: tuple[Diagnostic, ...]
    created_at: str
    reads: tuple[TargetState, ...] = ()
    stages: tuple[StagePlan, ...] = ()
    connections: Mapping[Target, Connection] = field(default_factory=dict)
    stale_reasons: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether something failed: a manifest, a check, a target."""
        return any_error(self.diagnostics)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write and nothing to deploy."""
        return self.plan.is_empty and not any(stage.is_due for stage in self.stages)

    @property
    def may_run(self) -> bool:
        """Whether nothing stands against applying it."""
        return not self.has_errors and not self.verdict.refusals

    def exit_code(self, *, detailed: bool = False) -> ExitCode:
        """1 on errors, 4 when refused, 2 for changes, those that wait included, if `detailed`."""
        codes = [ExitCode.OK]
        if self.has_errors:
            codes.append(ExitCode.FAILED)
        if self.verdict.refusals:
            codes.append(ExitCode.REFUSED)
        if detailed and not (self.is_empty and not self.plan.deferred):
            codes.append(ExitCode.DIFFERENCES)
        return worst_exit_code(codes)

    def is_same_work(self, other: "Planned") -> bool:
        """Whether both would do the same to the same, whatever was said about it."""
        return (_essence(self.plan), [stage.essence for stage in self.stages]) == (
            _essence(other.plan),
            [stage.essence for stage in other.stages],
        )


def plan(request: Request, cloud: Cloud, files: Files, clock: Clock, base: BaseRevision | None = None) -> Planned:
    """Declare, read, compare, order, check, judge; beside a base, tell causes.

    Raises UsageError for environments and `--only` globs that do not exist, Refused for a wrong account or place and a
    target of two environments, Interrupted, and what keeps every target from being reached.
    """
    planned = plan_again(request, cloud, files, clock, base)
    if base or planned.has_errors:
        return planned
    return replace(planned, diagnostics=in_order((*planned.diagnostics, *_unjudged(planned))))


def plan_again(request: Request, cloud: Cloud, files: Files, clock: Clock, base: BaseRevision | None = None) -> Planned:
    """As `plan`, of what was reviewed: what had to be said of causes was said then."""
    today = day_of(clock.now())
    declared = load_manifests(request, files, today)
    if declared.is_broken or declared.is_untouched:
        return Planned(Plan(), Verdict(), declared.diagnostics, clock.now())
    if request.deploys and not declared.is_empty:
        require_stages([manifest for each in declared.projects for manifest in each.manifests], request)
    account_regions, unreached = connect(declared.projects, request.coordinates, cloud)
    check_account_regions(account_regions, request.places)
    reads = read_targets(
        account_regions, request, unreached, load_baseline(base, request, account_regions, cloud, today)
    )
    return judged(reads, _known(declared, request), request, clock)


def with_causes(planned: Planned, told: Callable[[TargetPlan, Action], Cause | None], request: Request) -> Planned:
    """The same plan with causes that were told before, judged by them too."""
    targets = tuple(replace(target, causes=_told(target, told)) for target in planned.plan.targets)
    if not any(target.causes for target in targets):
        return planned
    verdict = _verdict(ReadResult(planned.reads), targets, planned.stages, request)
    return replace(planned, plan=Plan(targets), verdict=verdict)


def _told(one: TargetPlan, told: Callable[[TargetPlan, Action], Cause | None]) -> dict[ResponseKey, Cause]:
    return {action.key: cause for action in one.actions if (cause := told(one, action))}


def _unjudged(planned: Planned) -> Iterator[Diagnostic]:
    """What is said where a configuration refuses to undo changes made in AWS, and nobody can tell them apart."""
    for file in dict.fromkeys(
        read.request.account_region.project.file
        for read, one in zip(planned.reads, planned.plan.targets, strict=True)
        if one.actions and read.settings.guard.reverts_live == "refuse"
    ):
        message = (
            f"guard rule {GuardRule.REVERTS_LIVE} cannot be judged: it takes a base to tell what undoes changes in AWS"
        )
        yield warning(RunRule.NO_BASE, message, "give --base REV, as in --base origin/main", Location(file))


def _known(declared: LoadResult, request: Request) -> tuple[Diagnostic, ...]:
    # Of a wrong path the guard's emptySet says all there is to say
    empty = declared.is_empty and (request.selectors or request.environments)
    return (*declared.diagnostics, *((no_manifests(request).softened(),) if empty else ()))


def replan(before: Planned, request: Request, clock: Clock) -> Planned:
    """The same desired state against live state read anew, and stages looked at again."""
    fresh = _again(before, request, clock) if before.reads else replace(before, created_at=clock.now())
    if not before.connections:
        return fresh
    stages = tuple(looked_again(stage, before.connections[stage.target]) for stage in before.stages)
    return replace(fresh, stages=stages, connections=before.connections)


def _again(before: Planned, request: Request, clock: Clock) -> Planned:
    again = in_parallel(reread, before.reads, request.parallelism)
    reads = ReadResult(
        reads=tuple(one for one in again if isinstance(one, TargetState)),
        unread=tuple(one for one in again if isinstance(one, ReadFailure)),
        diagnostics=tuple(found for one in again if isinstance(one, TargetState) for found in one.diagnostics),
    )
    return judged(reads, (), request, clock)


def judged(reads: ReadResult, known: Sequence[Diagnostic], request: Request, clock: Clock) -> Planned:
    """The plan of what was read, with all that stands against it; `known` is so already."""
    targets = tuple(_planned(one, request) for one in reads.reads)
    found = plan_stages(reads.reads, targets, request) if request.deploys else StageStates()
    written = frozenset(address for target in targets for address in target.written)
    # One address stands for a response of every environment: what is said of a target is settled by its own writes
    of_targets = [found for read, one in zip(reads.reads, targets, strict=True) for found in _checked(read, one)]
    settled = (*downgrade_unplanned((*known, *reads.diagnostics), written), *of_targets)
    lost = (one.diagnostic for one in (*reads.unread, *found.unread))
    diagnostics = in_order((*settled, *found.diagnostics, *lost))
    verdict = _verdict(reads, targets, found.stages, request)
    return Planned(Plan(targets), verdict, diagnostics, clock.now(), reads.reads, found.stages)


def _planned(read: TargetState, request: Request) -> TargetPlan:
    one = make_plan(read.desired, read.live, read.deferred)
    if not request.writes:
        nothing = replace(one.comparison, changes=())
        return replace(one, actions=(), diagnostics=(), comparison=nothing, deferred=())
    return replace(one, causes=causes(read.base, read.desired, read.live)) if read.base else one


def _checked(read: TargetState, one: TargetPlan) -> tuple[Diagnostic, ...]:
    """What stands against a target's plan, beside what is live."""
    checks = check(read.desired, read.live, read.settings.severities)
    return downgrade_unplanned((*checks, *one.diagnostics), frozenset(one.written))


def _verdict(
    reads: ReadResult, targets: Sequence[TargetPlan], stages: Sequence[StagePlan], request: Request
) -> Verdict:
    """What the guard says, of each target by the limits of its own configuration."""
    if not targets:
        # An unread target leaves the set incomplete, not empty: its own error is shown.
        return Verdict() if reads.unread else judge(Plan(), request.forced)
    verdicts = [
        judge(Plan((one,)), request.forced, _limits(read.settings.guard), request.invocation)
        for read, one in zip(reads.reads, targets, strict=True)
    ]
    return combined((*verdicts, judge_deployments(stages, publish_all=request.publish_all)))


def _limits(guard: Guard) -> Limits:
    """The guard's limits, with what a configuration says instead."""
    return replace(Limits(), **{name: value for name, value in asdict(guard).items() if value is not None})


def _essence(made: Plan) -> list[object]:
    return [
        (
            target.target,
            target.desired_digest,
            target.live_digest,
            [canonical_action(action) for action in target.actions],
        )
        for target in made.targets
    ]
