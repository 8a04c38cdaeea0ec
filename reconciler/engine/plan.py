"""plan: what apply would do, and everything that keeps it from being done.

It is read-only. Errors (manifests, checks, targets that cannot be read) and refusals of the guard are collected over
all targets, so that one run shows every problem.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from reconciler.config.configuration import Guard
from reconciler.deployments import StagePlan
from reconciler.diagnostics import Diagnostic, Location, any_error, in_order, warning
from reconciler.effects import ClientEffect, ClientEffects
from reconciler.engine.deploy.stages import StageStates, plan_stages, require_stages
from reconciler.engine.load.load import LoadResult, day_of, load_manifests, no_manifests
from reconciler.engine.load.request import Request
from reconciler.engine.load.tested import ResponseTestScope
from reconciler.engine.read.baseline import BaseRevision, load_baseline
from reconciler.engine.read.connect import check_account_regions, connect
from reconciler.engine.read.read import ReadFailure, ReadResult, TargetState, read_targets, reread
from reconciler.engine.rollback.stage_rollback import reread_stage
from reconciler.errors import ExitCode, worst_exit_code
from reconciler.guard import Limits, Verdict, combined, judge, judge_deployments, judge_effects
from reconciler.lint import check, downgrade_unplanned
from reconciler.models.keys import ResponseKey
from reconciler.models.targets import Target
from reconciler.parallel import in_parallel
from reconciler.plan import Plan, TargetPlan, make_plan
from reconciler.plan.actions import Action, canonical_action
from reconciler.plan.causes import Cause, causes
from reconciler.ports import Clock, Cloud, Connection, Files
from reconciler.rules import GuardRule, RunRule

if TYPE_CHECKING:
    from reconciler.engine.response_tests.prepare import ReadyTest

__all__ = ["Planned", "Request", "judge_reads", "plan", "replan"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, with its errors and refusals.

    `stages`: those to deploy to once the plan is carried out, or to return to an earlier deployment; `connections`: how
    to reach the latter. `stale_reasons`: why it is not the plan that was approved (of a saved plan).
    `protected_names`: environments that were protected when a saved plan, or the run to roll back, was made.
    """

    plan: Plan
    verdict: Verdict
    diagnostics: tuple[Diagnostic, ...]
    created_at: str
    reads: tuple[TargetState, ...] = ()
    stages: tuple[StagePlan, ...] = ()
    connections: Mapping[Target, Connection] = field(default_factory=dict)
    tests: "tuple[ReadyTest, ...] | None" = None
    effects: ClientEffects | None = None
    stale_reasons: tuple[str, ...] = ()
    protected_names: frozenset[str] = frozenset()

    @property
    def protected_environments(self) -> tuple[str, ...]:
        """The protected environments in which something would be written or deployed."""
        written = [target.target for target in self.plan.targets if target.actions]
        deployed = [stage.target for stage in self.stages if stage.is_due]
        return tuple(
            dict.fromkeys(
                target.environment
                for target in (*written, *deployed)
                if target.environment and (target.is_protected or target.environment in self.protected_names)
            )
        )

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
        """Whether it has neither errors nor refusals."""
        return not self.has_errors and not self.verdict.refusals

    def exit_code(self, *, detailed: bool = False) -> ExitCode:
        """1 on errors, 4 when refused; with `detailed` 2 for changes, also those that wait for their methods."""
        codes = [ExitCode.OK]
        if self.has_errors:
            codes.append(ExitCode.FAILED)
        if self.verdict.refusals:
            codes.append(ExitCode.REFUSED)
        if detailed and not (self.is_empty and not self.plan.deferred):
            codes.append(ExitCode.DIFFERENCES)
        return worst_exit_code(codes)

    def is_same_work(self, other: "Planned") -> bool:
        """Whether both would do the same to the same live state, whatever their reasons and diagnostics."""
        return (_essence(self.plan), [stage.essence for stage in self.stages]) == (
            _essence(other.plan),
            [stage.essence for stage in other.stages],
        )


def plan(request: Request, cloud: Cloud, files: Files, clock: Clock, base: BaseRevision | None = None) -> Planned:
    """Load manifests, read APIs, compare, order, check, judge; with a base, find the causes.

    Raises UsageError for environments and `--only` globs that do not exist, Refused for a wrong account or region and
    for a target of two environments, Interrupted, and what keeps every target from being reached.
    """
    planned = plan_again(request, cloud, files, clock, base)
    if base or request.remediates or planned.has_errors:
        return planned
    return replace(planned, diagnostics=in_order((*planned.diagnostics, *_unjudged(planned))))


def plan_again(request: Request, cloud: Cloud, files: Files, clock: Clock, base: BaseRevision | None = None) -> Planned:
    """Plan without the warning that causes are unknown: of a reviewed plan that was shown at its review."""
    today = day_of(clock.now())
    loaded = load_manifests(
        request, files, today, tests=ResponseTestScope.OWN if request.shows_effect else ResponseTestScope.GUARDED
    )
    if loaded.is_broken or loaded.is_untouched:
        return Planned(Plan(), Verdict(), loaded.diagnostics, clock.now())
    if request.deploys and not loaded.is_empty:
        require_stages([manifest for each in loaded.projects for manifest in each.manifests], request)
    account_regions, unreached = connect(loaded.projects, request.coordinates, cloud, request.parallelism)
    check_account_regions(account_regions, request.places)
    reads = read_targets(
        account_regions, request, unreached, load_baseline(base, request, account_regions, cloud, today)
    )
    tests, problems = _tests(loaded, request, files)
    return judge_reads(reads, (*_known(loaded, request), *problems), request, clock, tests)


def _tests(
    loaded: LoadResult, request: Request, files: Files
) -> "tuple[tuple[ReadyTest, ...] | None, tuple[Diagnostic, ...]]":
    """Return the response tests, and as warnings the problems of those that cannot run; None if none are needed."""
    if not request.shows_effect and not any(project.tests.documents for project in loaded.projects):
        return None, ()
    from reconciler.engine.response_tests.collect import CollectedTests  # noqa: PLC0415 - few plans need it

    # --only names responses here, and tests there
    update_command = replace(request.invocation, only=()).command("test", "--update")
    collection = CollectedTests(loaded, files, update_command)
    ready = tuple(collection.ready())
    return ready, tuple(problem.softened() for problem in collection.diagnostics)


def with_causes(planned: Planned, cause_of: Callable[[TargetPlan, Action], Cause | None], request: Request) -> Planned:
    """Add the causes that a saved plan holds, and judge the plan by them."""
    targets = tuple(replace(target, causes=_causes(target, cause_of)) for target in planned.plan.targets)
    if not any(target.causes for target in targets):
        return planned
    verdict = _verdict(ReadResult(planned.reads), targets, planned.stages, request, planned.effects)
    return replace(planned, plan=Plan(targets), verdict=verdict)


def _causes(target: TargetPlan, cause_of: Callable[[TargetPlan, Action], Cause | None]) -> dict[ResponseKey, Cause]:
    return {action.key: cause for action in target.actions if (cause := cause_of(target, action))}


def _unjudged(planned: Planned) -> Iterator[Diagnostic]:
    """Warn where a configuration refuses to undo changes made in AWS, and there is no base to recognise them by."""
    for file in dict.fromkeys(
        read.request.account_region.project.file
        for read, target in zip(planned.reads, planned.plan.targets, strict=True)
        if target.actions and read.settings.guard.reverts_live == "refuse"
    ):
        message = f"guard rule {GuardRule.REVERTS_LIVE} cannot be checked: it needs a base to find such changes"
        yield warning(RunRule.NO_BASE, message, "add --base REV, as in --base origin/main", Location(file))


def _known(loaded: LoadResult, request: Request) -> tuple[Diagnostic, ...]:
    # For a wrong path the refusal of the guard's emptySet is enough
    empty = loaded.is_empty and (request.selectors or request.environments)
    return (*loaded.diagnostics, *((no_manifests(request).softened(),) if empty else ()))


def replan(before: Planned, request: Request, clock: Clock) -> Planned:
    """Plan the same desired state again, reading live state and stages again."""
    fresh = _again(before, request, clock) if before.reads else replace(before, created_at=clock.now())
    if not before.connections:
        return fresh
    stages = tuple(reread_stage(stage, before.connections[stage.target]) for stage in before.stages)
    return replace(fresh, stages=stages, connections=before.connections)


def _again(before: Planned, request: Request, clock: Clock) -> Planned:
    states = in_parallel(reread, before.reads, request.parallelism)
    reads = ReadResult(
        reads=tuple(read for read in states if isinstance(read, TargetState)),
        unread=tuple(read for read in states if isinstance(read, ReadFailure)),
        diagnostics=tuple(
            diagnostic for read in states if isinstance(read, TargetState) for diagnostic in read.diagnostics
        ),
    )
    return judge_reads(reads, (), request, clock, before.tests)


def judge_reads(
    reads: ReadResult,
    known: Sequence[Diagnostic],
    request: Request,
    clock: Clock,
    tests: "tuple[ReadyTest, ...] | None" = None,
) -> Planned:
    """Plan what was read, check it and judge it; `known` are the diagnostics so far, `tests` the response tests."""
    targets = tuple(_planned(read, request) for read in reads.reads)
    survey = plan_stages(reads.reads, targets, request) if request.deploys else StageStates()
    written = frozenset(address for target in targets for address in target.written)
    # An address means a response of every environment: whether a target's problem matters depends on its own writes
    of_targets = [
        diagnostic for read, target in zip(reads.reads, targets, strict=True) for diagnostic in _checked(read, target)
    ]
    settled = (*downgrade_unplanned((*known, *reads.diagnostics), written), *of_targets)
    lost = (failure.diagnostic for failure in (*reads.unread, *survey.unread))
    diagnostics = in_order((*settled, *survey.diagnostics, *lost))
    effects = None if tests is None else _effects(reads.reads, targets, tests)
    verdict = _verdict(reads, targets, survey.stages, request, effects)
    return Planned(
        Plan(targets),
        verdict,
        diagnostics,
        clock.now(),
        reads.reads,
        survey.stages,
        tests=tests,
        effects=effects,
    )


def _effects(
    reads: Sequence[TargetState], targets: Sequence[TargetPlan], tests: "Sequence[ReadyTest]"
) -> ClientEffects:
    from reconciler.engine.effects import client_effects, of_plan  # noqa: PLC0415 - few plans need it

    apis = [of_plan(read.request.account_region.project, target) for read, target in zip(reads, targets, strict=True)]
    return client_effects(apis, tests)


def _planned(read: TargetState, request: Request) -> TargetPlan:
    target = make_plan(read.desired, read.live, read.deferred)
    if not request.writes:
        unchanged = replace(target.comparison, changes=())
        return replace(target, actions=(), diagnostics=(), comparison=unchanged, deferred=())
    if request.remediates:
        return replace(target, causes=dict.fromkeys((action.key for action in target.actions), Cause.DRIFT))
    return replace(target, causes=causes(read.base, read.desired, read.live)) if read.base else target


def _checked(read: TargetState, target: TargetPlan) -> tuple[Diagnostic, ...]:
    """Check a target's plan against what is live; problems of responses that it does not write are warnings."""
    checks = check(read.desired, read.live, read.settings.severities)
    return downgrade_unplanned((*checks, *target.diagnostics), frozenset(target.written))


def _verdict(
    reads: ReadResult,
    targets: Sequence[TargetPlan],
    stages: Sequence[StagePlan],
    request: Request,
    effects: ClientEffects | None = None,
) -> Verdict:
    """Judge the plan, each target by the limits of its own configuration."""
    if not targets:
        # A target that cannot be read leaves the set incomplete, not empty: its own error is shown
        return Verdict() if reads.unread else judge(Plan(), request.forced)
    verdicts = [
        judge(Plan((target,)), request.forced, _limits(read.settings.guard), request.invocation)
        for read, target in zip(reads.reads, targets, strict=True)
    ]
    return combined(
        (
            *verdicts,
            judge_effects(_guarded(effects, reads.reads, request), request.forced),
            judge_deployments(stages, publish_all=request.publish_all),
        )
    )


def _guarded(effects: ClientEffects | None, reads: Sequence[TargetState], request: Request) -> Iterator[ClientEffect]:
    """Yield the effects on targets whose configuration refuses breaking changes; those of a remediation on any."""
    guarded = {read.live.target for read in reads if request.remediates or read.settings.guard.breaking == "refuse"}
    return (effect for effect in (effects.effects if effects else ()) if effect.target in guarded)


def _limits(guard: Guard) -> Limits:
    """Return the guard's limits; those of a configuration win."""
    return replace(Limits(), **{name: value for name, value in asdict(guard).items() if value is not None})


def _essence(plan: Plan) -> list[object]:
    return [
        (
            target.target,
            target.desired_digest,
            target.live_digest,
            [canonical_action(action) for action in target.actions],
        )
        for target in plan.targets
    ]
