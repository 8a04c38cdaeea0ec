"""rollback: restore the responses that a run touched.

The state before the run is a desired state like any other, of the touched responses alone: it is compared with what is
live now, ordered, checked, judged, shown, approved, written and verified as an apply is. No manifest is read. Changes
that others made since the run are not overwritten unless that is forced. A run that was killed is rolled back like any
other; one that is rolled back already leaves nothing to do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reconciler.config.configuration import Configuration, Environment
from reconciler.diagnostics import Diagnostic, error
from reconciler.engine.apply import Applied
from reconciler.engine.journal_location import known_projects
from reconciler.engine.load.project import AccountRegion, ProjectSettings, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, judge_reads
from reconciler.engine.read.connect import target_failure
from reconciler.engine.read.read import (
    ReadFailure,
    ReadRequest,
    ReadResult,
    TargetState,
    target_state,
)
from reconciler.engine.rollback.prior_state import (
    KEPT_STEPS,
    PriorState,
    changed_since,
    kept_method_responses,
    kept_routes,
    prior_states,
)
from reconciler.engine.rollback.stage_rollback import stage_returns
from reconciler.engine.runs import Run
from reconciler.engine.saved_plan import saved_request
from reconciler.errors import Abandoned, ExitCode, Interrupted, JournalError, ReconcilerError, Refused
from reconciler.guard import Verdict, combined, judge_deployments, judge_rollback
from reconciler.lint import SeverityOverrides
from reconciler.models.keys import IntegrationKey, Scope
from reconciler.models.needs import missing_method_responses
from reconciler.models.targets import Kind, Target
from reconciler.parallel import in_parallel
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import Action
from reconciler.ports import Clock, Cloud, Connection, Files, IntegrationSelection
from reconciler.rules import GuardRule, LintRule, RunRule

_GRADES: Final[SeverityOverrides] = {
    rule.id: "off" for rule in LintRule if rule.silenceable and rule is not LintRule.UNDECLARED_HEADER
}
"""The state before a run may break any rule: only what AWS would refuse is an error."""


def rollback_request(run: Run, base_request: Request, files: Files) -> Request:
    """Return the run's own request, without its deployments; AWS settings and forced rules come from `base_request`."""
    if run.plan.request is None:
        raise JournalError(f"{run.record.plan_file} does not contain the request of the run")
    saved = saved_request(run.plan.request, base_request, files)
    return replace(saved, forced=base_request.forced, deploys=False, writes=True)


def unasked_request(run: Run, base_request: Request, files: Files) -> Request:
    """Return the request of a rollback that nobody approves: guard rules are waived, except for changes by others."""
    forced = frozenset(rule for rule in GuardRule if rule.can_be_forced and rule is not GuardRule.CHANGED_SINCE)
    return rollback_request(run, replace(base_request, forced=forced), files)


def plan_rollback(  # noqa: PLR0913 - the ports
    run: Run, request: Request, cloud: Cloud, files: Files, clock: Clock, *, deploys: bool = False
) -> Planned:
    """Plan how to restore what a run touched; the plan is carried out like any other.

    `request` is what `rollback_request` gives. `deploys`: its stages return to what they served as well. Raises Refused
    where the credentials are for another account, Interrupted, JournalError.
    """
    configurations = [
        project.configuration for project in known_projects(request, files).projects if project.configuration
    ]
    protected_names = run.plan.protected_names | _protected_names(configurations)
    wanted = [_marked(prior_state, protected_names) for prior_state in prior_states(run)]
    planned = _restoring(wanted, request, cloud, clock, configurations) if wanted else _nothing(clock)
    planned = replace(planned, protected_names=protected_names)
    if not deploys:
        return planned
    back = stage_returns(run, lambda target: _connected(target, request, configurations, cloud), request.invocation)
    stages = judge_deployments(back.stages, publish_all=False)
    return replace(
        planned,
        verdict=combined((planned.verdict, stages, judge_rollback(back.changes, request.forced))),
        diagnostics=(*planned.diagnostics, *back.diagnostics),
        stages=back.stages,
        connections=back.connections,
    )


def _protected_names(configurations: Iterable[Configuration]) -> frozenset[str]:
    """The environments that are protected now."""
    return frozenset(
        name
        for configuration in configurations
        for name, environment in configuration.environments.items()
        if environment.is_protected
    )


def _marked(prior_state: PriorState, protected_names: frozenset[str]) -> PriorState:
    """Mark the API as protected if its environment is."""
    target = prior_state.target
    return replace(prior_state, target=replace(target, is_protected=target.environment in protected_names))


def _nothing(clock: Clock) -> Planned:
    return Planned(Plan(), Verdict(), (), clock.now())


def _restoring(
    wanted: Sequence[PriorState],
    request: Request,
    cloud: Cloud,
    clock: Clock,
    configurations: Sequence[Configuration],
) -> Planned:
    """Plan the responses alone."""
    sites = [_site(prior_state, request, configurations, cloud) for prior_state in wanted]
    pairs = list(zip(wanted, sites, strict=True))
    states = in_parallel(lambda pair: _read(*pair), pairs, request.parallelism)
    reads = tuple(state for state in states if isinstance(state, TargetState))
    failures = tuple(state for state in states if isinstance(state, ReadFailure))
    planned = judge_reads(ReadResult(reads, failures), tuple(_undeclared(reads)), request, clock)
    changes = [
        change
        for prior_state, read in zip(wanted, states, strict=True)
        if isinstance(read, TargetState)
        for change in changed_since(prior_state, read.desired, read.live)
    ]
    verdict = combined((planned.verdict, judge_rollback(changes, request.forced)))
    return replace(_in_run_words(planned), verdict=verdict)


def in_run_words(applied: Applied) -> Applied:
    """Reword the plan that was made again while the rollback was being approved, as `plan_rollback` words its own."""
    return replace(applied, stale=_in_run_words(applied.stale)) if applied.stale else applied


def _in_run_words(planned: Planned) -> Planned:
    """Reword reasons and remedies so that they speak of a run, not of manifests."""
    targets = tuple(map(_with_reasons, planned.plan.targets))
    return replace(planned, plan=Plan(targets), diagnostics=tuple(map(_reworded, planned.diagnostics)))


def _site(
    prior_state: PriorState, request: Request, configurations: Sequence[Configuration], cloud: Cloud
) -> AccountRegion:
    """Return the account and region of an API, and the guard limits for it."""
    configured = _environment(prior_state.target, configurations)
    settings = (
        ProjectSettings(guard=configured[0].guard, severities=_GRADES)
        if configured
        else ProjectSettings(severities=_GRADES)
    )
    connection = _connected(prior_state.target, request, configurations, cloud)
    return AccountRegion(ResolvedProject((prior_state.desired({}),), settings=settings), connection)


def _connected(target: Target, request: Request, configurations: Sequence[Configuration], cloud: Cloud) -> Connection:
    """Connect to an API as its environment says; the request wins."""
    configured = _environment(target, configurations)
    project = ResolvedProject((), environment=configured[1] if configured else None)
    base = replace(request.coordinates, region=target.region)
    (coordinates,) = project.coordinates(base)
    connection = cloud.connect(coordinates)
    if connection.account_id != target.account_id:
        message = (
            f"the run was on {target}, and the credentials are for account {connection.account_id}: nothing was written"
        )
        remedy = "choose the right credentials (--profile, AWS_PROFILE, or the environment's in reconciler.yaml)"
        raise Refused(message, remedy)
    return connection


def _environment(
    target: Target, configurations: Sequence[Configuration]
) -> tuple[Configuration, Environment | None] | None:
    """Return the configuration with the target's environment, and that; of several the one for its account."""
    if target.environment is None:
        return (configurations[0], None) if len(configurations) == 1 else None
    fitting = [
        (configuration, configuration.environments[target.environment])
        for configuration in configurations
        if target.environment in configuration.environments
    ]
    return next(
        (candidate for candidate in fitting if candidate[1].account_id == target.account_id),
        fitting[0] if fitting else None,
    )


def _read(prior_state: PriorState, site: AccountRegion) -> TargetState | ReadFailure:
    listed = IntegrationSelection(
        integrations=frozenset(scope.id for scope in prior_state.owners if isinstance(scope, IntegrationKey))
    )
    reader = site.connection.reader
    try:
        is_rest = prior_state.target.kind is Kind.REST_API
        live = reader.rest_api(prior_state.target) if is_rest else reader.websocket_api(prior_state.target, listed)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return target_failure([prior_state.desired({})], failure, prior_state.target)
    # By its route, which people know, if it still has the integration
    names: dict[Scope, Scope] = {
        IntegrationKey(id=identifier): IntegrationKey(route=route)
        for identifier, route in prior_state.routes.items()
        if route and live.routes.get(route) == identifier
    }
    return target_state(ReadRequest(site, prior_state.target, prior_state.desired(names)), live)


def _undeclared(reads: Iterable[TargetState]) -> Iterator[Diagnostic]:
    """Yield what AWS would refuse because a method response was deleted since."""
    for read in reads:
        for need in missing_method_responses(read.desired, read.live):
            if need.parameters and not need.exists:
                address = read.desired.address(need.key)
                message = f"{address} needs the method response {need.code} for its headers, which was deleted"
                yield error(LintRule.UNDECLARED_HEADER, message, "declare it again first", address=address)


def _reworded(diagnostic: Diagnostic) -> Diagnostic:
    """Replace a remedy that speaks of a manifest: there is none to fix."""
    if diagnostic.rule is not RunRule.PATTERN_TAKEN:
        return diagnostic
    return replace(diagnostic, remedy="the run did not touch it: give it another pattern or delete it, then roll back")


def _with_reasons(plan: TargetPlan) -> TargetPlan:
    return replace(plan, actions=tuple(_with_reason(action) for action in plan.actions))


def _with_reason(action: Action) -> Action:
    if action.step or action.op == "update":
        return action
    return replace(action, reason="existed before the run" if action.op == "create" else "did not exist before the run")


@dataclass(frozen=True, slots=True)
class RolledBack:
    """A rollback of a run, from plan to verification. `failure`: why it has no result. `deploys`: with its stages."""

    run: str
    undone: Run | None = None
    applied: Applied | None = None
    failure: ReconcilerError | None = None
    deploys: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """As that of an apply."""
        if self.applied is None:
            return self.failure.exit_code if self.failure else ExitCode.OK
        return self.applied.exit_code

    @property
    def is_abandoned(self) -> bool:
        """Whether the user asked to stop it a second time."""
        return self.applied.abandoned if self.applied else isinstance(self.failure, Abandoned)

    @property
    def kept(self) -> tuple[str, ...]:
        """The addresses of the method responses that the run made, which stay."""
        return kept_method_responses(self.undone) if self.undone else ()

    @property
    def kept_routes(self) -> tuple[str, ...]:
        """The names of the routes that the run made two-way, and that stay so."""
        return kept_routes(self.undone) if self.undone else ()

    @property
    def stages(self) -> tuple[str, ...]:
        """The names of the stages that the run deployed to and that stay as they are."""
        return self.undone.stages if self.undone and not self.deploys else ()

    @property
    def contradicts_manifests(self) -> bool:
        """Whether the manifests still ask for what is undone; unknown, so False, for the rollback of a rollback.

        A run that only declared method responses or made routes two-way leaves nothing to undo.
        """
        if self.undone is None or self.undone.record.begin.rolls_back:
            return False
        return any(action.step not in KEPT_STEPS for action in self.undone.touched)
