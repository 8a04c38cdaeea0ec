"""rollback: the responses that a run touched, back to what they were before it.

Promise: one engine. What was before is a desired state like any other, of the touched responses alone: it is compared
with what is live now, ordered, checked, judged, shown, approved, written and verified as an apply is. No manifest is
read. What somebody changed since the run is not overwritten unless that is forced. A run that was killed is rolled back
like any other; one that is rolled back already leaves nothing to do.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from reconciler.config.configuration import Configuration, Environment
from reconciler.diagnostics import Diagnostic, error
from reconciler.engine.apply import Applied
from reconciler.engine.journaling import known_projects
from reconciler.engine.load.project import AccountRegion, ProjectSettings, ResolvedProject
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, judged
from reconciler.engine.read.read import (
    ReadFailure,
    ReadRequest,
    ReadResult,
    TargetState,
    in_parallel,
    read_failure,
    target_state,
)
from reconciler.engine.rollback.prior_state import PriorState, changed_since, declared, restorations
from reconciler.engine.rollback.stage_rollback import returns
from reconciler.engine.runs import Run, load_run
from reconciler.engine.saved_plan import asked_again
from reconciler.errors import Abandoned, ExitCode, Interrupted, JournalError, ReconcilerError, Refused
from reconciler.guard import GuardRule, Refusal, Verdict, judge_deployments
from reconciler.lint import RULES, SeverityOverrides
from reconciler.lint.rules import UNDECLARED_HEADER
from reconciler.models.keys import IntegrationKey, Scope
from reconciler.models.needs import missing_method_responses
from reconciler.models.targets import Kind, Target
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import (
    Action,
    CreateResponse,
    CreateWebSocketResponse,
    DeleteResponse,
    DeleteWebSocketResponse,
)
from reconciler.ports import Clock, Cloud, Connection, Files, IntegrationSelection

_GRADES: Final[SeverityOverrides] = {
    name: "off" for name, rule in RULES.items() if rule.silenceable and rule is not UNDECLARED_HEADER
}
"""What was there before a run may be as bad as it likes: only what AWS would refuse stands against it."""

_TAKEN: Final = "pattern-taken"


def rollback_request(run: Run, given: Request, files: Files) -> Request:
    """As the run was asked for, but reached and forced as is asked now, and without its deployments."""
    if run.plan.request is None:
        raise JournalError(f"{run.record.plan_file} does not say what was asked for")
    again = asked_again(run.plan.request, given, files)
    return replace(again, forced=given.forced, deploy=False, writes=True)


def plan_rollback(  # noqa: PLR0913 - the ports
    run: Run, request: Request, cloud: Cloud, files: Files, clock: Clock, *, deploy: bool = False
) -> Planned:
    """The plan that restores what a run touched, to be carried out like any other (`apply.carry_out`).

    `request` is what `rollback_request` gives. `deploy`: stages go back as well. Raises Refused where the credentials
    are for another account, Interrupted, JournalError.
    """
    wanted = restorations(run)
    configurations = [
        project.configuration for project in known_projects(request, files).projects if project.configuration
    ]
    planned = _restoring(wanted, request, cloud, clock, configurations) if wanted else _nothing(clock)
    if not deploy:
        return planned
    back = returns(run, lambda target: _connected(target, request, configurations, cloud), request.invocation)
    stages = judge_deployments(back.stages, publish_all=False)
    return replace(
        planned,
        verdict=_with(
            replace(planned.verdict, refusals=(*planned.verdict.refusals, *stages.refusals)), back.refusals, request
        ),
        diagnostics=(*planned.diagnostics, *back.diagnostics),
        stages=back.stages,
        connections=back.connections,
    )


def _nothing(clock: Clock) -> Planned:
    return Planned(Plan(), Verdict(), (), clock.now())


def _restoring(
    wanted: Sequence[PriorState],
    request: Request,
    cloud: Cloud,
    clock: Clock,
    configurations: Sequence[Configuration],
) -> Planned:
    """The plan of the responses alone."""
    account_regions = [_site(one, request, configurations, cloud) for one in wanted]
    pairs = list(zip(wanted, account_regions, strict=True))
    found = in_parallel(lambda pair: _read(*pair), pairs, request.parallelism)
    reads = tuple(one for one in found if isinstance(one, TargetState))
    lost = tuple(one for one in found if isinstance(one, ReadFailure))
    planned = judged(ReadResult(reads, lost), tuple(_undeclared(reads)), request, clock)
    changed = [
        refusal
        for one, read in zip(wanted, found, strict=True)
        if isinstance(read, TargetState)
        for refusal in changed_since(one, read.desired, read.live)
    ]
    return replace(_in_words(planned), verdict=_with(planned.verdict, changed, request))


def told(applied: Applied) -> Applied:
    """A rollback, with what was planned anew while it was asked about in the words of a rollback too."""
    return replace(applied, stale=_in_words(applied.stale)) if applied.stale else applied


def _in_words(planned: Planned) -> Planned:
    """With reasons and remedies that speak of a run, not of manifests."""
    targets = tuple(map(_told, planned.plan.targets))
    return replace(planned, plan=Plan(targets), diagnostics=tuple(map(_reworded, planned.diagnostics)))


def _site(one: PriorState, request: Request, configurations: Sequence[Configuration], cloud: Cloud) -> AccountRegion:
    """The way to an API, and how what is done there is judged."""
    here = _environment(one.target, configurations)
    settings = ProjectSettings(guard=here[0].guard, severities=_GRADES) if here else ProjectSettings(severities=_GRADES)
    connection = _connected(one.target, request, configurations, cloud)
    return AccountRegion(ResolvedProject((one.desired({}),), settings=settings), connection)


def _connected(target: Target, request: Request, configurations: Sequence[Configuration], cloud: Cloud) -> Connection:
    """The way to an API, as its environment goes; what the request says wins."""
    here = _environment(target, configurations)
    way = ResolvedProject((), environment=here[1] if here else None)
    given = replace(request.coordinates, region=target.region)
    (coordinates,) = way.coordinates(given)
    connection = cloud.connect(coordinates)
    if connection.account_id != target.account_id:
        message = (
            f"the run was on {target}, and the credentials are for account {connection.account_id}: nothing was done"
        )
        remedy = "choose the right credentials (--profile, AWS_PROFILE, or the environment's in reconciler.yaml)"
        raise Refused(message, remedy)
    return connection


def _environment(
    target: Target, configurations: Sequence[Configuration]
) -> tuple[Configuration, Environment | None] | None:
    """The configuration that has the target's environment, and that; of several the one for its account."""
    if target.environment is None:
        return (configurations[0], None) if len(configurations) == 1 else None
    fitting = [
        (configuration, configuration.environments[target.environment])
        for configuration in configurations
        if target.environment in configuration.environments
    ]
    return next((one for one in fitting if one[1].account_id == target.account_id), fitting[0] if fitting else None)


def _read(one: PriorState, account_region: AccountRegion) -> TargetState | ReadFailure:
    listed = IntegrationSelection(
        integrations=frozenset(scope.id for scope in one.owners if isinstance(scope, IntegrationKey))
    )
    reader = account_region.connection.reader
    try:
        is_rest = one.target.kind is Kind.REST_API
        live = reader.rest_api(one.target) if is_rest else reader.websocket_api(one.target, listed)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return read_failure([one.desired({})], failure, one.target.environment)
    # By its route, which people know, where that still leads to it
    names: dict[Scope, Scope] = {
        IntegrationKey(id=identifier): IntegrationKey(route=route)
        for identifier, route in one.routes.items()
        if route and live.routes.get(route) == identifier
    }
    return target_state(ReadRequest(account_region, one.target, one.desired(names)), live)


def _with(verdict: Verdict, changed: Sequence[Refusal], request: Request) -> Verdict:
    if GuardRule.CHANGED_SINCE in request.forced:
        return Verdict(verdict.refusals, (*verdict.waivers, *changed))
    return Verdict((*verdict.refusals, *changed), verdict.waivers)


def _undeclared(reads: Iterable[TargetState]) -> Iterator[Diagnostic]:
    """What AWS would refuse because the method's own declaration is gone since."""
    for read in reads:
        for need in missing_method_responses(read.desired, read.live):
            if need.parameters and not need.exists:
                address = read.desired.address(need.key)
                message = f"the method response {need.code} is gone, which {address} needs for its headers"
                yield error(UNDECLARED_HEADER.id, message, "declare it again first", address=address)


def _reworded(found: Diagnostic) -> Diagnostic:
    """There is no manifest to fix."""
    if found.rule != _TAKEN:
        return found
    return replace(found, remedy="the run did not touch it: give it another pattern or delete it, then roll back")


def _told(one: TargetPlan) -> TargetPlan:
    return replace(one, actions=tuple(_with_reason(action) for action in one.actions))


def _with_reason(action: Action) -> Action:
    match action:
        case DeleteResponse() | DeleteWebSocketResponse():
            return replace(action, reason="was not there before the run")
        case CreateResponse() | CreateWebSocketResponse():
            return replace(action, reason="was there before the run")
        case _:
            return action


@dataclass(frozen=True, slots=True)
class RolledBack:
    """A rollback of a run, from its plan to verification. `failure`: why there is none. `deploys`: with its stages."""

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
        """Whether somebody insisted on stopping it at once."""
        return self.applied.abandoned if self.applied else isinstance(self.failure, Abandoned)

    @property
    def kept(self) -> tuple[str, ...]:
        """The method responses that the run made and that stay, by address."""
        return declared(self.undone) if self.undone else ()

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that the run deployed to and that stay as they are, by name."""
        return self.undone.stages if self.undone and not self.deploys else ()

    @property
    def contradicts_manifests(self) -> bool:
        """Whether the manifests still ask for what is undone; of a rollback that is undone nobody knows."""
        return bool(self.undone and self.undone.touched and not self.undone.record.begin.rolls_back)


World: TypeAlias = tuple[Cloud, Files, Clock]
Attend: TypeAlias = Callable[[Callable[[], Planned]], Planned]


def undo(  # noqa: PLR0913, PLR0917 - the ports
    folder: Path,
    run: str,
    request: Request,
    world: World,
    carry_out: Callable[[Planned, Request], Applied],
    attend: Attend,
) -> RolledBack:
    """Roll back, unasked, a run that failed, with the stages that it deployed to; `request` is how it reached AWS.

    Rules of the guard are waived, but for what somebody else did. Whatever fails, interruptions too, is in the result.
    `attend` makes the plan, and may raise Abandoned before that is over.
    """
    cloud, files, clock = world
    undone, deploys = None, False
    try:
        undone = load_run(folder, run)
        forced = frozenset(rule for rule in GuardRule if rule.can_be_forced and rule is not GuardRule.CHANGED_SINCE)
        again = rollback_request(undone, replace(request, forced=forced), files)
        deploys = bool(undone.stages)
        planned = attend(lambda: plan_rollback(undone, again, cloud, files, clock, deploy=deploys))
        return RolledBack(run, undone, carry_out(planned, again), deploys=deploys)
    except ReconcilerError as failure:
        return RolledBack(run, undone, failure=failure, deploys=deploys)
