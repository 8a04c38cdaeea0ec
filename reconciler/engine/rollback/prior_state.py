"""The state before a run: a desired state of what it touched, made from its plan and its journal.

Only later runs are read besides: what rollbacks of this run left was not changed by others, and what other runs changed
is reported with their ids. A plan that no run can have had is a JournalError.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reconciler import normal
from reconciler.diff import field_changes
from reconciler.documents.canonical import TargetId, target_id
from reconciler.documents.parts import ResponseTarget, State, TargetDocument, TargetOfResponse
from reconciler.documents.plan import ActionDocument
from reconciler.engine.runs import Run, later_runs
from reconciler.errors import JournalError
from reconciler.guard import LaterChange
from reconciler.models.desired import ABSENT, Desired, ManifestRef, Ownership, Wanted
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.live import LiveApi
from reconciler.models.responses import Response
from reconciler.models.targets import ApiRef, Kind, Target


@dataclass(frozen=True, slots=True)
class PriorState:
    """The state to restore of one API.

    `responses`: what existed before the run. `states`: every state that the run, and rollbacks of it, may have left a
    response in, the one before it first; None for none. `routes`: integration id -> the route by which it was listed.
    `since`: what other runs touched after it -> the last of them.
    """

    target: Target
    responses: Mapping[ResponseKey, Wanted]
    states: Mapping[ResponseKey, tuple[Response | None, ...]]
    owners: Mapping[Scope, str]
    routes: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[ResponseKey, str] = field(default_factory=dict)

    def desired(self, names: Mapping[Scope, Scope]) -> Desired:
        """Return it as a desired state, with scopes renamed by `names`."""

        def named(key: ResponseKey) -> ResponseKey:
            return replace(key, scope=names.get(key.scope, key.scope))

        manifests = dict.fromkeys(self.owners.values())
        return Desired(
            tuple(ManifestRef(name, ApiRef(id=self.target.api_id), self.target.kind) for name in manifests),
            {names.get(scope, scope): Ownership(name, prune=False) for scope, name in self.owners.items()},
            {named(key): wanted for key, wanted in self.responses.items()},
        )


def prior_states(run: Run) -> tuple[PriorState, ...]:
    """Return the state before a run, API by API. Raises JournalError for a plan that no run can have had."""
    touched, later = _by_api(run), [(later_run, _by_api(later_run)) for later_run in later_runs(run)]
    try:
        return tuple(
            _restoration(
                run.run, target, mine, [(later_run, by_api.get(target_id(target), ())) for later_run, by_api in later]
            )
            for target in run.plan.targets
            if (mine := touched.get(target_id(target)))
        )
    except (ValueError, TypeError, KeyError) as failure:
        message = f"{run.record.plan_file} is not the plan of a run"
        raise JournalError(message, "make a plan of the manifests to see what AWS holds") from failure


def _by_api(run: Run) -> Mapping[TargetId, Sequence[ActionDocument]]:
    """Return the responses that a run touched."""
    actions: dict[TargetId, list[ActionDocument]] = {}
    for action in run.touched:
        if action.step not in KEPT_STEPS:
            actions.setdefault(target_id(action.target), []).append(action)
    return actions


def _restoration(
    rolled_back: str,
    document: TargetDocument,
    touched: Sequence[ActionDocument],
    later: Iterable[tuple[Run, Sequence[ActionDocument]]],
) -> PriorState:
    kind = Kind(document.kind)
    target = Target(
        document.account_id, document.region, document.api_id, kind, document.api_name, document.environment
    )
    prior, since = _states(rolled_back, kind, touched, later)
    scopes = {_key(action).scope: action.target for action in touched}
    return PriorState(
        target,
        {key: ABSENT if states[0] is None else states[0] for key, states in prior.items()},
        prior,
        {scope: listing.manifest for scope, listing in scopes.items()},
        {scope.id: _route(listing) for scope, listing in scopes.items() if isinstance(scope, IntegrationKey)},
        since,
    )


def _states(
    rolled_back: str,
    kind: Kind,
    touched: Iterable[ActionDocument],
    later: Iterable[tuple[Run, Sequence[ActionDocument]]],
) -> tuple[dict[ResponseKey, tuple[Response | None, ...]], dict[ResponseKey, str]]:
    """Return the states in which responses may have been left, and the last other run that touched each since."""
    prior: dict[ResponseKey, tuple[Response | None, ...]] = {}
    since: dict[ResponseKey, str] = {}
    for action in touched:
        known = prior.get(_key(action), (_response(kind, action.before),))
        prior[_key(action)] = (*known, _state_after(kind, action))
    for run, actions in later:
        for action in actions:
            key = _key(action)
            if run.record.begin.rolls_back != rolled_back:
                since[key] = run.run
            elif key in prior:
                prior[key] = (*prior[key], _state_after(kind, action))
    return prior, since


def _route(target: TargetOfResponse) -> str:
    return "" if isinstance(target, ResponseTarget) else target.route_key or ""


def _state_after(kind: Kind, action: ActionDocument) -> Response | None:
    """Return the response after an action."""
    return None if action.op == "delete" else _response(kind, action.after)


def _key(action: ActionDocument) -> ResponseKey:
    """Return the key of a response; for a WebSocket API by the integration's id: its route may have changed."""
    target = action.target
    if isinstance(target, ResponseTarget):
        return ResponseKey(MethodKey(target.path, target.method), target.status_code)
    if not target.integration_id:
        raise ValueError(action.address)
    return ResponseKey(IntegrationKey(id=target.integration_id), target.integration_response_key)


def _response(kind: Kind, state: State | None) -> Response | None:
    if state is None:
        return None
    is_rest = kind is Kind.REST_API
    forms = {row.name: row.form for row in (normal.REST_FIELDS if is_rest else normal.WEBSOCKET_FIELDS)}
    for name, value in state.items():
        if isinstance(value, str) is not (forms[name] == "text"):
            raise TypeError(name)
    return normal.rest_response(state) if is_rest else normal.websocket_response(state)


KEPT_STEPS: Final = frozenset({"methodResponse", "routeResponse"})
"""What a rollback keeps: others may use it by now, and responses of nobody else depend on its absence."""


def kept_routes(run: Run) -> tuple[str, ...]:
    """Return the names of the routes that the run made two-way, as in `chat: ping`: a rollback keeps them so."""
    addresses = dict.fromkeys(action.address for action in run.touched if action.step == "routeResponse")
    return tuple(address.rpartition(" ")[0] for address in addresses)


def kept_method_responses(run: Run) -> tuple[str, ...]:
    """Return the addresses of the method responses that the run made: a rollback keeps them."""
    return tuple(dict.fromkeys(action.address for action in run.touched if action.step == "methodResponse"))


def changed_since(prior_state: PriorState, desired: Desired, live: LiveApi) -> Iterator[LaterChange]:
    """Yield the responses that are now neither as the run may have left them nor as they were before it."""
    by_id = {scope.id: scope for scope in desired.owns if isinstance(scope, IntegrationKey)}
    manifests = ", ".join(manifest.name for manifest in desired.manifests)
    for key, states in prior_state.states.items():
        scope = by_id.get(key.scope.id, key.scope) if isinstance(key.scope, IntegrationKey) else key.scope
        method = live.methods.get(scope)
        if method is None:
            continue  # a check says so
        held: Response | None = method.responses.get(key.code)
        if held not in states:
            address = desired.address(ResponseKey(scope, key.code))
            difference = _difference(states, held)
            yield LaterChange(f"{manifests}, {prior_state.target}", address, difference, prior_state.since.get(key, ""))


def _difference(states: Sequence[Response | None], live: Response | None) -> str:
    """Say how a live response differs from what the run left."""
    after = states[-1]
    if live is None:
        return "it was deleted"
    if after is None:
        return "it was created again"
    changes = field_changes(after, live)
    return f"{', '.join(sorted(change.path for change in changes))} {'differs' if len(changes) == 1 else 'differ'}"
