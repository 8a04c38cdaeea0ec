"""rollback: the responses that a run touched, back to what they were before it.

Promise: one engine. What was before is a desired state like any other, of the touched responses alone: it is compared
with what is live now, ordered, checked, judged, shown, approved, written and verified as an apply is. No manifest is
read. What somebody changed since the run is not overwritten unless that is forced. A run that was killed is rolled back
like any other; one that is rolled back already leaves nothing to do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from reconciler import normal
from reconciler.diagnostics import Diagnostic, error
from reconciler.diff import field_changes
from reconciler.documents.canonical import TargetId, target_id
from reconciler.documents.shapes import ActionDocument, ResponseTarget, State, TargetDocument, TargetOfResponse
from reconciler.errors import ExitCode, Interrupted, JournalError, ReconcilerError, Refused
from reconciler.guard import Refusal, Rule, Verdict, judge_deployments
from reconciler.lint import RULES, Grades
from reconciler.lint.rules import UNDECLARED_HEADER
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, Wanted
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.needs import missing_method_responses
from reconciler.models.responses import Response
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import (
    Action,
    CreateResponse,
    CreateWebSocketResponse,
    DeleteResponse,
    DeleteWebSocketResponse,
)
from reconciler.ports import Clock, Cloud, Connection, Files, Listed
from reconciler.resolve.configuration import Configuration, Environment
from reconciler.workflows.apply import Applied
from reconciler.workflows.assignments import Assignment, Settings, Site
from reconciler.workflows.journaling import known_projects
from reconciler.workflows.plan import Planned, judged
from reconciler.workflows.request import Request
from reconciler.workflows.returning import returns
from reconciler.workflows.runs import Run, later_runs, load_run
from reconciler.workflows.saved import asked_again
from reconciler.workflows.targets import Aim, Read, Reads, Unread, beside, in_parallel, unread

_GRADES: Final[Grades] = {
    name: "off" for name, rule in RULES.items() if rule.silenceable and rule is not UNDECLARED_HEADER
}
"""What was there before a run may be as bad as it likes: only what AWS would refuse stands against it."""

_TAKEN: Final = "pattern-taken"


@dataclass(frozen=True, slots=True)
class Restoration:
    """What is to be restored of one API.

    `responses`: what was there before the run. `left`: every state that the run, and rollbacks of it, may have left a
    response in, the one before it first; None for none. `routes`: integration id -> the route by which it was listed.
    `since`: what other runs touched after it -> the last of them.
    """

    target: Target
    responses: Mapping[ResponseKey, Wanted]
    left: Mapping[ResponseKey, tuple[Response | None, ...]]
    owners: Mapping[Scope, str]
    routes: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[ResponseKey, str] = field(default_factory=dict)

    def desired(self, names: Mapping[Scope, Scope]) -> Desired:
        """As a desired state; scopes that `names` has go by these names."""

        def named(key: ResponseKey) -> ResponseKey:
            return replace(key, scope=names.get(key.scope, key.scope))

        manifests = dict.fromkeys(self.owners.values())
        return Desired(
            tuple(ManifestRef(name, ApiRef(id=self.target.api_id), self.target.kind) for name in manifests),
            {names.get(scope, scope): Ownership(name, prune=False) for scope, name in self.owners.items()},
            {named(key): wanted for key, wanted in self.responses.items()},
        )


def restorations(run: Run) -> tuple[Restoration, ...]:
    """What is to be restored of a run, API by API. Raises JournalError for a plan that cannot have been made."""
    touched, later = _by_api(run), [(one, _by_api(one)) for one in later_runs(run)]
    try:
        return tuple(
            _restoration(run.run, target, mine, [(one, by_api.get(target_id(target), ())) for one, by_api in later])
            for target in run.plan.targets
            if (mine := touched.get(target_id(target)))
        )
    except (ValueError, TypeError, KeyError) as failure:
        message = f"{run.record.plan_file} is not the plan of a run"
        raise JournalError(message, "look at what AWS holds: reconciler plan") from failure


def _by_api(run: Run) -> Mapping[TargetId, Sequence[ActionDocument]]:
    """What a run touched of responses."""
    found: dict[TargetId, list[ActionDocument]] = {}
    for action in run.touched:
        if action.step != "methodResponse":
            found.setdefault(target_id(action.target), []).append(action)
    return found


def _restoration(
    rolled_back: str,
    document: TargetDocument,
    touched: Sequence[ActionDocument],
    later: Iterable[tuple[Run, Sequence[ActionDocument]]],
) -> Restoration:
    kind = Kind(document.kind)
    target = Target(
        document.account_id, document.region, document.api_id, kind, document.api_name, document.environment
    )
    left, since = _states(rolled_back, kind, touched, later)
    scopes = {_key(action).scope: action.target for action in touched}
    return Restoration(
        target,
        {key: ABSENT if states[0] is None else states[0] for key, states in left.items()},
        left,
        {scope: one.manifest for scope, one in scopes.items()},
        {scope.id: _route(one) for scope, one in scopes.items() if isinstance(scope, IntegrationKey)},
        since,
    )


def _states(
    rolled_back: str,
    kind: Kind,
    touched: Iterable[ActionDocument],
    later: Iterable[tuple[Run, Sequence[ActionDocument]]],
) -> tuple[dict[ResponseKey, tuple[Response | None, ...]], dict[ResponseKey, str]]:
    """In which states a response may be left, and which of the later runs that did not undo this one touched it."""
    left: dict[ResponseKey, tuple[Response | None, ...]] = {}
    since: dict[ResponseKey, str] = {}
    for action in touched:
        known = left.get(_key(action), (_response(kind, action.before),))
        left[_key(action)] = (*known, _left(kind, action))
    for run, actions in later:
        for action in actions:
            key = _key(action)
            if run.record.begin.rolls_back != rolled_back:
                since[key] = run.run
            elif key in left:
                left[key] = (*left[key], _left(kind, action))
    return left, since


def _route(target: TargetOfResponse) -> str:
    return "" if isinstance(target, ResponseTarget) else target.route_key or ""


def _left(kind: Kind, action: ActionDocument) -> Response | None:
    """What an action leaves."""
    return None if action.op == "delete" else _response(kind, action.after)


def _key(action: ActionDocument) -> ResponseKey:
    """The response, of a WebSocket API by the integration's id: a route may lead elsewhere by now."""
    one = action.target
    if isinstance(one, ResponseTarget):
        return ResponseKey(MethodKey(one.path, one.method), one.status_code)
    if not one.integration_id:
        raise ValueError(action.address)
    return ResponseKey(IntegrationKey(id=one.integration_id), one.integration_response_key)


def _response(kind: Kind, state: State | None) -> Response | None:
    if state is None:
        return None
    is_rest = kind is Kind.REST_API
    forms = {row.name: row.form for row in (normal.REST_FIELDS if is_rest else normal.WEBSOCKET_FIELDS)}
    for name, value in state.items():
        if isinstance(value, str) is not (forms[name] == "text"):
            raise TypeError(name)
    return normal.rest_response(state) if is_rest else normal.websocket_response(state)


def declared(run: Run) -> tuple[str, ...]:
    """What the run made of method responses, which stays: their addresses."""
    return tuple(dict.fromkeys(action.address for action in run.touched if action.step == "methodResponse"))


def rollback_request(run: Run, given: Request, files: Files) -> Request:
    """As the run was asked for, but reached and forced as is asked now, and without its deployments."""
    if run.plan.request is None:
        raise JournalError(f"{run.record.plan_file} does not say what was asked for")
    # What was forced then is not now; another version may have had rules that this one does not know
    again = asked_again(run.plan.request.model_copy(update={"force": []}), given, files)
    return replace(again, forced=given.forced, deploy=False, writes=True)


def plan_rollback(  # noqa: PLR0913 - the ports
    run: Run, request: Request, cloud: Cloud, files: Files, clock: Clock, *, deploy: bool = False
) -> Planned:
    """The plan that restores what a run touched, to be carried out like any other (`apply.carry_out`).

    `request` is what `rollback_request` gives. `deploy`: stages go back as well. Raises Refused where the credentials
    are for another account, Interrupted, JournalError.
    """
    wanted = restorations(run)
    configurations = [one.configuration for one in known_projects(request, files).projects if one.configuration]
    planned = _restoring(run, request, cloud, clock, configurations) if wanted else _nothing(clock)
    if not deploy:
        return planned
    back = returns(run, lambda target: _connected(target, request, configurations, cloud))
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
    run: Run, request: Request, cloud: Cloud, clock: Clock, configurations: Sequence[Configuration]
) -> Planned:
    """The plan of the responses alone."""
    wanted = restorations(run)
    sites = [_site(one, request, configurations, cloud) for one in wanted]
    pairs = list(zip(wanted, sites, strict=True))
    found = in_parallel(lambda pair: _read(*pair), pairs, request.parallelism)
    reads = tuple(one for one in found if isinstance(one, Read))
    lost = tuple(one for one in found if isinstance(one, Unread))
    planned = judged(Reads(reads, lost), tuple(_undeclared(reads)), request, clock)
    changed = [
        refusal
        for one, read in zip(wanted, found, strict=True)
        if isinstance(read, Read)
        for refusal in _changed_since(one, read)
    ]
    return replace(
        planned,
        plan=Plan(tuple(map(_told, planned.plan.targets))),
        verdict=_with(planned.verdict, changed, request),
        diagnostics=tuple(map(_reworded, planned.diagnostics)),
    )


def _site(one: Restoration, request: Request, configurations: Sequence[Configuration], cloud: Cloud) -> Site:
    """The way to an API, and how what is done there is judged."""
    here = _environment(one.target, configurations)
    settings = Settings(guard=here[0].guard, grades=_GRADES) if here else Settings(grades=_GRADES)
    connection = _connected(one.target, request, configurations, cloud)
    return Site(Assignment((one.desired({}),), settings=settings), connection)


def _connected(target: Target, request: Request, configurations: Sequence[Configuration], cloud: Cloud) -> Connection:
    """The way to an API, as its environment goes; what the request says wins."""
    here = _environment(target, configurations)
    way = Assignment((), environment=here[1] if here else None)
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
        (one, one.environments[target.environment]) for one in configurations if target.environment in one.environments
    ]
    return next((one for one in fitting if one[1].account_id == target.account_id), fitting[0] if fitting else None)


def _read(one: Restoration, site: Site) -> Read | Unread:
    listed = Listed(integrations=frozenset(scope.id for scope in one.owners if isinstance(scope, IntegrationKey)))
    reader = site.connection.reader
    try:
        is_rest = one.target.kind is Kind.REST_API
        live = reader.rest_api(one.target) if is_rest else reader.websocket_api(one.target, listed)
    except Interrupted:
        raise
    except ReconcilerError as failure:
        return unread([one.desired({})], failure, one.target.environment)
    # By its route, which people know, where that still leads to it
    names: dict[Scope, Scope] = {
        IntegrationKey(id=identifier): IntegrationKey(route=route)
        for identifier, route in one.routes.items()
        if route and live.routes.get(route) == identifier
    }
    return beside(Aim(site, one.target, one.desired(names)), live)


def _changed_since(one: Restoration, read: Read) -> Iterator[Refusal]:
    """What is by now neither as the run may have left it nor as it was before."""
    by_id = {scope.id: scope for scope in read.desired.owns if isinstance(scope, IntegrationKey)}
    manifests = ", ".join(manifest.name for manifest in read.desired.manifests)
    for key, states in one.left.items():
        scope = by_id.get(key.scope.id, key.scope) if isinstance(key.scope, IntegrationKey) else key.scope
        method = read.live.methods.get(scope)
        if method is None:
            continue  # a check says so
        live: Response | None = method.responses.get(key.code)
        if live not in states:
            address = read.desired.address(ResponseKey(scope, key.code))
            by = f", by run {one.since[key]}" if key in one.since else ""
            message = f"{address} was changed since{by}: {_difference(states, live)}; a rollback would undo that"
            yield Refusal(Rule.CHANGED_SINCE, f"{manifests}, {one.target}", message)


def _difference(states: Sequence[Response | None], live: Response | None) -> str:
    """In what it differs from what the run left it as, in words."""
    after = states[-1]
    if live is None:
        return "it was deleted"
    if after is None:
        return "it was made anew"
    (changes,) = field_changes([(after, live)])
    return f"{', '.join(sorted(change.path for change in changes))} {'differs' if len(changes) == 1 else 'differ'}"


def _with(verdict: Verdict, changed: Sequence[Refusal], request: Request) -> Verdict:
    if Rule.CHANGED_SINCE in request.forced:
        return Verdict(verdict.refusals, (*verdict.waivers, *changed))
    return Verdict((*verdict.refusals, *changed), verdict.waivers)


def _undeclared(reads: Iterable[Read]) -> Iterator[Diagnostic]:
    """What AWS would refuse because the method's own declaration is gone since."""
    for read in reads:
        for need in missing_method_responses(read.desired, read.live):
            if need.parameters and not need.exists:
                address = read.desired.address(need.key)
                message = f"the method response {need.code} is gone, which {address} needs for its headers"
                yield error(UNDECLARED_HEADER.id, message, "declare it again first", address=address)


def _reworded(found: Diagnostic) -> Diagnostic:
    """There is no manifest to mend."""
    if found.rule != _TAKEN:
        return found
    message = found.message.replace(" and `prune: false` leaves there", " and the run did not touch")
    return replace(found, message=message, remedy="give that another pattern or delete it, then roll back")


def _told(one: TargetPlan) -> TargetPlan:
    """With reasons that speak of a run, not of manifests."""
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
    """A rollback of a run, from its plan to verification. `failure`: why there is none."""

    run: str
    undone: Run | None = None
    applied: Applied | None = None
    failure: ReconcilerError | None = None

    @property
    def exit_code(self) -> ExitCode:
        """As that of an apply."""
        if self.applied is None:
            return self.failure.exit_code if self.failure else ExitCode.OK
        return self.applied.exit_code

    @property
    def kept(self) -> tuple[str, ...]:
        """The method responses that the run made and that stay, by address."""
        return declared(self.undone) if self.undone else ()

    @property
    def contradicts_manifests(self) -> bool:
        """Whether the manifests still ask for what is undone; of a rollback that is undone nobody knows."""
        return bool(self.undone and self.undone.touched and not self.undone.record.begin.rolls_back)


World: TypeAlias = tuple[Cloud, Files, Clock]


def undo(
    folder: Path, run: str, request: Request, world: World, carry_out: Callable[[Planned, Request], Applied]
) -> RolledBack:
    """Roll back, unasked, a run that failed; `request` is how that one reached AWS.

    Rules of the guard are waived, but for what somebody else did. Whatever fails is told in the result.
    """
    cloud, files, clock = world
    undone = None
    try:
        undone = load_run(folder, run)
        forced = frozenset(rule for rule in Rule if rule.can_be_forced and rule is not Rule.CHANGED_SINCE)
        again = rollback_request(undone, replace(request, forced=forced), files)
        planned = plan_rollback(undone, again, cloud, files, clock)
        return RolledBack(run, undone, carry_out(planned, again))
    except ReconcilerError as failure:
        return RolledBack(run, undone, failure=failure)
