"""Turn changes into ordered actions with reasons.

A plan is plain data that depends only on the desired and the live state: the same input gives the same plan, in the
same order, anywhere and at any time. It brings the API to the desired state through states that AWS accepts; stopped at
any step, a new plan continues from there. It does not judge safety (`guard`) and executes nothing (`apply`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from reconciler.diagnostics import Diagnostic
from reconciler.diff import Comparison, ResponseChange, compare
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.digest import desired_digest, live_digest
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.live import LiveApi
from reconciler.models.responses import Response
from reconciler.models.targets import Kind, Target
from reconciler.plan.actions import Action, is_deletion
from reconciler.plan.causes import Cause
from reconciler.plan.rest import rest_actions
from reconciler.plan.websocket import websocket_actions


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """The actions for one API, their input, and the problems that prevent actions (`diagnostics`).

    `deferred` responses are not in `desired`: they wait until their methods exist. `causes` are known if the plan was
    made with a base; they explain the actions and do not affect them.
    """

    target: Target
    desired: Desired
    live: LiveApi
    comparison: Comparison
    actions: tuple[Action, ...]
    diagnostics: tuple[Diagnostic, ...]
    desired_digest: str
    live_digest: str
    deferred: tuple[Deferred, ...] = ()
    causes: Mapping[ResponseKey, Cause] = field(default_factory=dict, compare=False)

    def cause(self, action: Action) -> Cause | None:
        """Return the cause of an action; of an extra step, that of its response. None if unknown."""
        return self.causes.get(action.key)

    def reverts_live(self, action: Action) -> bool:
        """Whether the action is known to revert a change made directly in AWS."""
        cause = self.cause(action)
        return cause is not None and cause.reverts_live

    def reason(self, action: Action) -> str:
        """Return the reason of an action in words, "deleted in AWS" if somebody deleted its response there."""
        is_gone = self.reverts_live(action) and action.op == "create" and not action.step
        return "deleted in AWS" if is_gone else action.reason

    def responses_after(self, scopes: Collection[Scope]) -> dict[Scope, dict[str, Response]]:
        """Return the responses of methods as they are once the plan is carried out, by status code or key."""
        methods = self.live.methods
        after: dict[Scope, dict[str, Response]] = {
            scope: dict(methods[scope].responses) if scope in methods else {} for scope in scopes
        }
        for change in self.comparison.changes:
            responses = after.get(change.key.scope)
            if responses is None:
                continue
            if change.after is None:
                responses.pop(change.key.code, None)
            else:
                responses[change.key.code] = change.after
        return after

    @property
    def written(self) -> frozenset[str]:
        """The addresses of the responses that the plan creates or updates, steps included."""
        return frozenset(action.address for action in self.actions if not is_deletion(action))


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of responses, not of steps. `reverts` counts changes that revert one made in AWS.

    `unmanaged`, `ignored`, `unselected` and `unmanaged_methods` are as in `Comparison`.
    """

    create: int = 0
    update: int = 0
    delete: int = 0
    unchanged: int = 0
    unmanaged: int = 0
    unmanaged_methods: int = 0
    steps: int = 0
    deferred: int = 0
    reverts: int = 0
    ignored: int = 0
    unselected: int = 0
    unmanaged_integrations: int = 0

    @property
    def changes(self) -> int:
        """The number of responses that change."""
        return self.create + self.update + self.delete


@dataclass(frozen=True, slots=True)
class Plan:
    """The plans of all targets, in the order in which they are shown and numbered."""

    targets: tuple[TargetPlan, ...] = ()

    def numbered(self) -> Iterator[tuple[str, TargetPlan, Action]]:
        """Yield every action with its id: its position in the plan, from 1."""
        pairs = ((target, action) for target in self.targets for action in target.actions)
        for number, (target, action) in enumerate(pairs, start=1):
            yield str(number), target, action

    @property
    def is_empty(self) -> bool:
        """Whether there are no actions, steps included."""
        return not any(target.actions for target in self.targets)

    @property
    def summary(self) -> Summary:
        """The counts over all targets."""
        return summarise(self.targets)

    @property
    def deferred(self) -> tuple[Deferred, ...]:
        """The deferred responses of all targets."""
        return tuple(deferred for target in self.targets for deferred in target.deferred)


def summarise(targets: Iterable[TargetPlan]) -> Summary:
    """Count over these targets."""
    counts = dict.fromkeys(Summary.__slots__, 0)
    for target in targets:
        for action in target.actions:
            counts["steps" if action.step else action.op] += 1
            counts["reverts"] += not action.step and target.reverts_live(action)
        counts["unchanged"] += len(target.comparison.unchanged)
        counts["unmanaged"] += len(target.comparison.unmanaged)
        counts["unmanaged_methods"] += target.comparison.unmanaged_methods
        counts["unmanaged_integrations"] += target.comparison.unmanaged_integrations
        counts["ignored"] += len(target.comparison.ignored)
        counts["unselected"] += len(target.comparison.unselected)
        counts["deferred"] += len(target.deferred)
    return Summary(**counts)


def make_plan(desired: Desired, live: LiveApi, deferred: tuple[Deferred, ...] = ()) -> TargetPlan:
    """Plan how to bring `live` to `desired`, scope by scope, in the order of paths and verbs, or of route keys."""
    comparison = compare(desired, live)
    actions, diagnostics = _actions(desired, live, comparison.changes)
    return TargetPlan(
        target=live.target,
        desired=desired,
        live=live,
        comparison=comparison,
        actions=tuple(actions),
        diagnostics=tuple(diagnostics),
        desired_digest=desired_digest(desired),
        live_digest=live_digest(live, desired.owns),
        deferred=deferred,
    )


def _actions(
    desired: Desired, live: LiveApi, changes: Iterable[ResponseChange]
) -> tuple[Sequence[Action], Sequence[Diagnostic]]:
    match live.target.kind:
        case Kind.REST_API:
            return rest_actions(desired, live, changes)
        case Kind.WEBSOCKET_API:
            return websocket_actions(desired, live, changes), ()
        case _:
            assert_never(live.target.kind)
