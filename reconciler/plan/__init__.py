"""Changes -> ordered actions with reasons.

Promise: a plan is plain data, made of what is desired and what was read, and of nothing else: the same input gives the
same plan, in the same order, wherever and whenever it is made. It brings the API to the desired state through no state
that AWS refuses; stopped at any step, a new plan goes on from there. It decides nothing about safety (`guard`) and
executes nothing (`apply`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from reconciler.diagnostics import Diagnostic, error
from reconciler.diff import Change, Comparison, compare
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.digest import desired_digest, live_digest
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.live import LiveApi, LiveMethod
from reconciler.models.needs import Need, missing_method_responses
from reconciler.models.targets import Target
from reconciler.normal import HEADER_PREFIX
from reconciler.plan.actions import (
    Action,
    CreateMethodResponse,
    CreateResponse,
    DeleteResponse,
    ExtendMethodResponse,
    ParkResponse,
    UpdateResponse,
)
from reconciler.plan.order import BlockedPattern, Write, order_writes


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """What is to be done to one API, what it was computed from, and what stands in the way (`diagnostics`)."""

    target: Target
    desired: Desired
    live: LiveApi
    comparison: Comparison
    actions: tuple[Action, ...]
    diagnostics: tuple[Diagnostic, ...]
    desired_digest: str
    live_digest: str

    @property
    def written(self) -> frozenset[str]:
        """The addresses of the responses that it puts."""
        return frozenset(action.address for action in self.actions if not isinstance(action, DeleteResponse))


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of responses, not of steps."""

    create: int = 0
    update: int = 0
    delete: int = 0
    unchanged: int = 0
    unmanaged: int = 0
    unmanaged_methods: int = 0
    steps: int = 0

    @property
    def changes(self) -> int:
        """How many responses change."""
        return self.create + self.update + self.delete


@dataclass(frozen=True, slots=True)
class Plan:
    """The plans of all targets, in the order in which they are shown and numbered."""

    targets: tuple[TargetPlan, ...] = ()

    def numbered(self) -> Iterator[tuple[str, TargetPlan, Action]]:
        """Every action with its id: its place in the plan, counted from 1."""
        pairs = ((one, action) for one in self.targets for action in one.actions)
        for number, (one, action) in enumerate(pairs, start=1):
            yield str(number), one, action

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do, steps included."""
        return not any(one.actions for one in self.targets)

    @property
    def summary(self) -> Summary:
        """The counts over all targets."""
        return summarise(self.targets)


def summarise(targets: Iterable[TargetPlan]) -> Summary:
    """The counts over these targets."""
    counts = dict.fromkeys(("create", "update", "delete", "steps", "unchanged", "unmanaged", "unmanaged_methods"), 0)
    for one in targets:
        for action in one.actions:
            counts["steps" if action.step else action.op] += 1
        counts["unchanged"] += len(one.comparison.unchanged)
        counts["unmanaged"] += len(one.comparison.unmanaged)
        counts["unmanaged_methods"] += one.comparison.unmanaged_methods
    return Summary(**counts)


def make_plan(desired: Desired, live: LiveApi) -> TargetPlan:
    """The actions that bring `live` to `desired`, method by method in the order of paths and verbs."""
    comparison = compare(desired, live)
    needs = _needs(desired, live)
    by_method = {
        scope: tuple(changes) for scope, changes in groupby(comparison.changes, key=lambda change: change.key.scope)
    }
    actions: list[Action] = []
    diagnostics: list[Diagnostic] = []
    for scope in sorted(by_method.keys() | needs.keys()):
        method = live.methods.get(scope)
        if method is None:
            continue  # a check says so: there is nothing to write to
        actions.extend(_declare(desired, method, need) for need in needs.get(scope, ()))
        changes = by_method.get(scope, ())
        try:
            writes = order_writes(changes, method.responses)
        except BlockedPattern as blocked:
            diagnostics.extend(_blocked(desired, scope, blocked))
        else:
            actions.extend(_actions(desired, method, changes, writes))
    return TargetPlan(
        target=live.target,
        desired=desired,
        live=live,
        comparison=comparison,
        actions=tuple(actions),
        diagnostics=tuple(diagnostics),
        desired_digest=desired_digest(desired),
        live_digest=live_digest(live, desired.owns),
    )


def _needs(desired: Desired, live: LiveApi) -> dict[MethodKey, list[Need]]:
    """The method responses that `methodResponses: ensure` asks for; under `check` a missing one is a diagnostic."""
    needs: dict[MethodKey, list[Need]] = {}
    for need in sorted(missing_method_responses(desired, live), key=lambda one: one.key):
        if desired.owns[need.key.scope].method_responses == "ensure":
            needs.setdefault(need.key.scope, []).append(need)
    return needs


def _declare(desired: Desired, method: LiveMethod, need: Need) -> Action:
    headers = ", ".join(name.removeprefix(HEADER_PREFIX) for name in need.parameters)
    address, source = desired.address(need.key), desired.origin(need.key)
    if not need.exists:
        reason = f"the method does not declare {need.key.code}" + (f" with {headers}" if headers else "")
        return CreateMethodResponse(need.key, address, method.resource_id, reason, source, need.parameters)
    reason = f"method response {need.key.code} does not declare {headers}"
    return ExtendMethodResponse(need.key, address, method.resource_id, reason, source, need.parameters)


def _actions(
    desired: Desired, method: LiveMethod, changes: Iterable[Change], writes: Iterable[Write]
) -> Iterator[Action]:
    change_of = {change.key.code: change for change in changes}
    for write in writes:
        yield _action(desired, method, change_of[write.code], write)


def _action(desired: Desired, method: LiveMethod, change: Change, write: Write) -> Action:
    key, before, after = change.key, change.before, change.after
    address, source = desired.address(key), desired.origin(key)
    resource_id = method.resource_id
    if write.verb == "park" and before is not None and write.after is not None:
        reason = f"frees its pattern for {write.holder}; gets its own in a later step"
        return ParkResponse(key, address, resource_id, reason, source, before, write.after, change.fields)
    if after is None and before is not None:
        reason = _delete_reason(desired, key)
        return DeleteResponse(key, address, resource_id, reason, source, before, change.fields)
    if before is None and after is not None:
        return CreateResponse(key, address, resource_id, "not live yet", source, after, change.fields)
    if before is not None and after is not None:
        return UpdateResponse(key, address, resource_id, _update_reason(change), source, before, after, change.fields)
    raise AssertionError(write)  # a change has a before or an after


def _delete_reason(desired: Desired, key: ResponseKey) -> str:
    return "declared absent" if desired.responses.get(key) is ABSENT else "not in the manifest"


def _update_reason(change: Change) -> str:
    names = list(dict.fromkeys(field.path.partition(".")[0] for field in change.fields))
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"{listed} {'differs' if len(names) == 1 and not names[0].endswith('s') else 'differ'}"


def _blocked(desired: Desired, scope: MethodKey, blocked: BlockedPattern) -> Iterator[Diagnostic]:
    if ResponseKey(scope, blocked.holder) in desired.responses:
        return  # both are wanted with one pattern, which the linter has said of the manifest itself
    key = ResponseKey(scope, blocked.code)
    pattern = f"the pattern {blocked.pattern!r}" if blocked.pattern else "no pattern (the default response)"
    yield error(
        "pattern-taken",
        f"{blocked.code} is to have {pattern}, which live {blocked.holder} holds and `prune: false` leaves there",
        f"list {blocked.holder} with another pattern, or declare it `absent`",
        desired.origin(key, "selectionPattern"),
        desired.address(key),
    )
