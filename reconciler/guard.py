"""Refuse plans that do more than anybody is likely to mean.

Promise: pure; a refusal names its rule, what the plan would do and how to go on. Whatever is refused is refused before
anything is written. Shares are counted per target, on the live responses of the listed methods; parked patterns, method
responses and the deletion that a replacement begins with count as nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reconciler.deployments import StagePlan
from reconciler.invocation import Invocation
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import Response
from reconciler.models.targets import Kind
from reconciler.models.views import is_default
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import DeleteResponse, DeleteWebSocketResponse
from reconciler.rules import GuardRule

_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares of the live responses that a plan may delete and update, from `start` live responses up.

    `reverts_live`: what is to become of a plan that undoes changes made in AWS; only where causes are known it can be
    told.
    """

    max_delete: float = 0.30
    max_update: float = 0.50
    start: int = 10
    reverts_live: Literal["refuse", "allow"] = "allow"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plan is not to be applied; `target` names the API in words, "" for the run as a whole.

    `adopt` is the command that keeps what the plan would undo, "" where it undoes nothing.
    """

    rule: GuardRule
    target: str
    message: str
    adopt: str = ""

    @property
    def remedy(self) -> str:
        """What now."""
        if self.adopt:
            return f"to keep it, write it into the manifests: {self.adopt}; to undo it, add --force {self.rule}"
        return self.rule.remedy


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands against a plan, and what was waived by `--force`."""

    refusals: tuple[Refusal, ...] = ()
    waivers: tuple[Refusal, ...] = ()


def judge(
    plan: Plan, forced: Collection[GuardRule] = (), limits: Limits | None = None, asked: Invocation | None = None
) -> Verdict:
    """Hold a plan against every rule; `asked` is the command line, for the commands that are suggested."""
    found = list(_empty_set(plan))
    for target in plan.targets:
        found.extend(_findings(target, limits or Limits(), asked or Invocation()))
    waived = [one for one in found if one.rule in forced and one.rule.can_be_forced]
    return Verdict(tuple(one for one in found if one not in waived), tuple(waived))


def judge_deployments(stages: Iterable[StagePlan], *, publish_all: bool) -> Verdict:
    """Hold what deployments would publish against every rule; `publish_all` lifts the one about other people's."""
    found = [refusal for stage in stages for refusal in _of_stage(stage)]
    waived = [one for one in found if publish_all and one.rule is GuardRule.PUBLISHES_OTHERS]
    return Verdict(tuple(one for one in found if one not in waived), tuple(waived))


def _of_stage(one: StagePlan) -> Iterator[Refusal]:
    name = f"{', '.join(one.manifests)}, {one.target}"
    if one.found is None:
        yield Refusal(GuardRule.UNKNOWN_STAGE, name, f"the API has no stage {one.name}")
    elif one.found.has_canary:
        message = f"stage {one.name} has an active canary, which a deployment would leave as it is"
        yield Refusal(GuardRule.ACTIVE_CANARY, name, message)
    elif one.can_deploy:
        yield from _of_items(one, name)


def _of_items(one: StagePlan, name: str) -> Iterator[Refusal]:
    if bare := [item.address for item in one.items if item.lacks_integration]:
        message = f"AWS makes no deployment of an API with a method without integration: {_some(bare)}"
        yield Refusal(GuardRule.UNDEPLOYABLE, name, message)
    if one.outside:
        named = _some([item.address for item in one.outside])
        message = f"a deployment to {one.name} would publish what is not of this plan: {named}"
        yield Refusal(GuardRule.PUBLISHES_OTHERS, name, message)


def _some(addresses: Sequence[str]) -> str:
    """The first few, each once, and how many more."""
    every = list(dict.fromkeys(addresses))
    more = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _empty_set(plan: Plan) -> Iterator[Refusal]:
    if not plan.targets:
        yield Refusal(GuardRule.EMPTY_SET, "", "no manifest was found: a plan of nothing is more likely a wrong path")


def _findings(one: TargetPlan, limits: Limits, asked: Invocation) -> Iterator[Refusal]:
    name = _named(one)
    yield from _shares(one, limits, name)
    yield from _reverts(one, limits, name, asked)
    for action in one.actions:
        if isinstance(action, DeleteResponse | DeleteWebSocketResponse) and action.key in one.desired.protected:
            yield Refusal(GuardRule.PROTECT, name, f"{action.address} is protected, and the plan deletes it")
    for scope, defaults in _defaults_after(one).items():
        yield from _method(one, scope, defaults)


def _named(one: TargetPlan) -> str:
    return f"{', '.join(manifest.name for manifest in one.desired.manifests)}, {one.target}"


def _shares(one: TargetPlan, limits: Limits, name: str) -> Iterator[Refusal]:
    live = sum(len(one.live.methods[scope].responses) for scope in one.desired.owns if scope in one.live.methods)
    if live < max(limits.start, 1):
        return
    counts: Counter[str] = Counter(action.op for action in one.actions if not action.step)
    for rule, op, limit in (
        (GuardRule.MAX_DELETE, "delete", limits.max_delete),
        (GuardRule.MAX_UPDATE, "update", limits.max_update),
    ):
        share = counts[op] / live
        if share > limit:
            message = (
                f"{op}s {counts[op]:,} of {live:,} live responses ({_percent(share)}); the limit is {_percent(limit)}"
            )
            yield Refusal(rule, name, message)


def _reverts(one: TargetPlan, limits: Limits, name: str, asked: Invocation) -> Iterator[Refusal]:
    addresses = list(dict.fromkeys(action.address for action in one.actions if one.reverts_live(action)))
    if addresses and limits.reverts_live == "refuse":
        what = "a change that was" if len(addresses) == 1 else f"{len(addresses):,} changes that were"
        adopt = asked.of(one.target.environment).command("adopt")
        yield Refusal(GuardRule.REVERTS_LIVE, name, f"undoes {what} made in AWS: {_some(addresses)}", adopt)


def _percent(share: float) -> str:
    """Exact enough that a share above the limit does not read like the limit: `30.1%`."""
    return f"{100 * share:.4g}%"


def _defaults_after(one: TargetPlan) -> dict[Scope, dict[str, bool]]:
    """Every listed method that has responses now, once the plan is carried out: key -> whether it is the default."""
    held = {
        scope: {
            code: _is_default(scope, code, response) for code, response in one.live.methods[scope].responses.items()
        }
        for scope in one.desired.owns
        if scope in one.live.methods and one.live.methods[scope].responses
    }
    for change in one.comparison.changes:
        of_method = held.get(change.key.scope)
        if of_method is None:
            continue
        if change.after is None:
            del of_method[change.key.code]
        else:
            of_method[change.key.code] = is_default(change.key, change.after)
    return held


def _is_default(scope: Scope, code: str, response: Response) -> bool:
    return is_default(ResponseKey(scope, code), response)


_LOSSES: Final[Mapping[Kind, str]] = {
    Kind.REST_API: "what no pattern matches would be answered with 500",
    Kind.WEBSOCKET_API: "what no key matches would not be answered",
}


def _all(number: int) -> str:
    return "its only response" if number == 1 else f"all of its {number:,} responses"


def _method(one: TargetPlan, scope: Scope, after: dict[str, bool]) -> Iterator[Refusal]:
    live = one.live.methods[scope].responses
    address, name = one.desired.method_address(scope), _named(one)
    if not after:
        yield Refusal(GuardRule.EMPTY_METHOD, name, f"{address} would lose {_all(len(live))}")
    elif not any(after.values()) and any(_is_default(scope, code, response) for code, response in live.items()):
        loss = _LOSSES[one.target.kind]
        yield Refusal(GuardRule.DEFAULT_REMOVED, name, f"{address} would lose its default response: {loss}")
