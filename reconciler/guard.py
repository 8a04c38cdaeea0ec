"""Refuse plans, deployments and rollbacks that do more than their author is likely to mean.

Every guard rule is judged here; callers pass facts. A refusal names its rule, what would happen and what to do. It
comes before anything is written. Shares are counted per target, on the live responses of the listed methods; parked
patterns, method responses and the deletion that a replacement begins with do not count. Pure.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reconciler.deployments import StagePlan
from reconciler.effects import ClientEffect
from reconciler.invocation import Invocation
from reconciler.models.keys import ResponseKey, Scope
from reconciler.models.responses import Response
from reconciler.models.targets import Kind
from reconciler.models.views import is_default
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import is_deletion
from reconciler.rules import GuardRule

_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares of the live responses that a plan may delete and update, from `start` live responses up.

    `reverts_live`: whether to refuse a plan that reverts changes made in AWS, which is known only with a base.
    `breaking`: whether to refuse a plan that breaks clients, which is known only of tested methods.
    """

    max_delete: float = 0.30
    max_update: float = 0.50
    start: int = 10
    reverts_live: Literal["refuse", "allow"] = "allow"
    breaking: Literal["refuse", "allow"] = "allow"


@dataclass(frozen=True, slots=True)
class LaterChange:
    """A change made after a run, which a rollback of the run would overwrite.

    `target` names the API, `subject` the response or stage, `difference` is a clause. `run` is the id of the run that
    made the change, "" if none did.
    """

    target: str
    subject: str
    difference: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plan must not be applied; `target` names the API, "" for the run as a whole.

    `adopt` is the command that keeps the changes that the plan would revert, "" if it reverts none.
    """

    rule: GuardRule
    target: str
    message: str
    adopt: str = ""

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.adopt:
            return f"to keep the version in AWS, run {self.adopt}; to overwrite it, add --force {self.rule}"
        return self.rule.remedy


@dataclass(frozen=True, slots=True)
class Verdict:
    """The refusals that stand, and those that the command line waived."""

    refusals: tuple[Refusal, ...] = ()
    waivers: tuple[Refusal, ...] = ()


def combined(verdicts: Iterable[Verdict]) -> Verdict:
    """Return one verdict with the refusals and waivers of all, in their order."""
    verdicts = tuple(verdicts)
    return Verdict(
        tuple(refusal for verdict in verdicts for refusal in verdict.refusals),
        tuple(waiver for verdict in verdicts for waiver in verdict.waivers),
    )


def judge(
    plan: Plan,
    forced: Collection[GuardRule] = (),
    limits: Limits | None = None,
    invocation: Invocation | None = None,
) -> Verdict:
    """Check a plan against every rule about plans; suggested commands follow the options of `invocation`."""
    refusals = list(_empty_set(plan))
    for target in plan.targets:
        refusals.extend(_of_target(target, limits or Limits(), invocation or Invocation()))
    return _verdict(refusals, forced)


def judge_effects(effects: Iterable[ClientEffect], forced: Collection[GuardRule] = ()) -> Verdict:
    """Refuse to break clients; `effects` are those on targets whose configuration refuses that."""
    by_target: dict[str, list[ClientEffect]] = {}
    for effect in effects:
        if effect.breaking:
            by_target.setdefault(f"{effect.manifest}, {effect.target}", []).append(effect)
    return _verdict([_of_breaking(target, breaking) for target, breaking in by_target.items()], forced)


def _of_breaking(target: str, effects: Sequence[ClientEffect]) -> Refusal:
    number = "a response test shows" if len(effects) == 1 else f"{len(effects):,} response tests show"
    examples = "; ".join(f"{effect.test} ({effect.breaking[0].breaks})" for effect in effects[:_MOST_NAMED])
    more = f"; and {len(effects) - _MOST_NAMED:,} more" if len(effects) > _MOST_NAMED else ""
    return Refusal(GuardRule.BREAKING, target, f"{number} that the plan breaks clients: {examples}{more}")


def judge_deployments(stages: Iterable[StagePlan], *, publish_all: bool) -> Verdict:
    """Check what deployments would publish; `publish_all` waives the rule about changes outside of the plan."""
    refusals = [refusal for stage in stages for refusal in _of_stage(stage)]
    waived = [refusal for refusal in refusals if publish_all and refusal.rule is GuardRule.PUBLISHES_OTHERS]
    return Verdict(tuple(refusal for refusal in refusals if refusal not in waived), tuple(waived))


def judge_rollback(changes: Iterable[LaterChange], forced: Collection[GuardRule] = ()) -> Verdict:
    """Refuse to overwrite changes made after the run that is rolled back."""
    return _verdict([_of_later_change(change) for change in changes], forced)


def _verdict(refusals: Sequence[Refusal], forced: Collection[GuardRule]) -> Verdict:
    waived = [refusal for refusal in refusals if refusal.rule in forced and refusal.rule.can_be_forced]
    return Verdict(tuple(refusal for refusal in refusals if refusal not in waived), tuple(waived))


def _of_later_change(change: LaterChange) -> Refusal:
    by = f", by run {change.run}" if change.run else ""
    message = f"{change.subject} was changed after the run{by}: {change.difference}; a rollback would overwrite this"
    return Refusal(GuardRule.CHANGED_SINCE, change.target, message)


def _of_stage(stage: StagePlan) -> Iterator[Refusal]:
    name = f"{', '.join(stage.manifests)}, {stage.target}"
    if stage.live is None:
        yield Refusal(GuardRule.UNKNOWN_STAGE, name, f"the API has no stage {stage.name}")
    elif stage.live.has_canary:
        message = f"stage {stage.name} has an active canary, which a deployment would leave as it is"
        yield Refusal(GuardRule.ACTIVE_CANARY, name, message)
    elif stage.can_deploy:
        yield from _of_items(stage, name)


def _of_items(stage: StagePlan, name: str) -> Iterator[Refusal]:
    if bare := [item.address for item in stage.items if item.lacks_integration]:
        message = f"AWS does not deploy an API that has a method without an integration: {_some(bare)}"
        yield Refusal(GuardRule.UNDEPLOYABLE, name, message)
    if stage.outside:
        addresses = _some([item.address for item in stage.outside])
        message = f"a deployment to {stage.name} would publish changes that are not in this plan: {addresses}"
        yield Refusal(GuardRule.PUBLISHES_OTHERS, name, message)


def _some(addresses: Sequence[str]) -> str:
    """Name the first few, each once, and count the rest."""
    unique = list(dict.fromkeys(addresses))
    more = len(unique) - _MOST_NAMED
    return ", ".join(unique[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _empty_set(plan: Plan) -> Iterator[Refusal]:
    if not plan.targets:
        yield Refusal(GuardRule.EMPTY_SET, "", "no manifest was found; the path is probably wrong")


def _of_target(target: TargetPlan, limits: Limits, invocation: Invocation) -> Iterator[Refusal]:
    name = _named(target)
    yield from _shares(target, limits, name)
    yield from _reverts(target, limits, name, invocation)
    for action in target.actions:
        if is_deletion(action) and action.key in target.desired.protected:
            yield Refusal(GuardRule.PROTECT, name, f"{action.address} is protected, and the plan deletes it")
    for scope, defaults in _defaults_after(target).items():
        yield from _of_method(target, scope, defaults)


def _named(target: TargetPlan) -> str:
    return f"{', '.join(manifest.name for manifest in target.desired.manifests)}, {target.target}"


def _shares(target: TargetPlan, limits: Limits, name: str) -> Iterator[Refusal]:
    methods = target.live.methods
    live = sum(len(methods[scope].responses) for scope in target.desired.owns if scope in methods)
    if live < max(limits.start, 1):
        return
    counts: Counter[str] = Counter(action.op for action in target.actions if not action.step)
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


def _reverts(target: TargetPlan, limits: Limits, name: str, invocation: Invocation) -> Iterator[Refusal]:
    addresses = list(dict.fromkeys(action.address for action in target.actions if target.reverts_live(action)))
    if addresses and limits.reverts_live == "refuse":
        changes = "a change" if len(addresses) == 1 else f"{len(addresses):,} changes"
        adopt = invocation.of(target.target.environment).command("adopt")
        message = f"reverts {changes} made directly in AWS: {_some(addresses)}"
        yield Refusal(GuardRule.REVERTS_LIVE, name, message, adopt)


def _percent(share: float) -> str:
    """Format exactly enough that a share above the limit does not read like the limit: `30.1%`."""
    return f"{100 * share:.4g}%"


def _defaults_after(target: TargetPlan) -> dict[Scope, dict[str, bool]]:
    """Return, for each listed method with live responses, key -> whether it is the default once the plan is applied."""
    methods = target.live.methods
    scopes = [scope for scope in target.desired.owns if scope in methods and methods[scope].responses]
    return {
        scope: {code: _is_default(scope, code, response) for code, response in responses.items()}
        for scope, responses in target.responses_after(scopes).items()
    }


def _is_default(scope: Scope, code: str, response: Response) -> bool:
    return is_default(ResponseKey(scope, code), response)


_LOSSES: Final[Mapping[Kind, str]] = {
    Kind.REST_API: "API Gateway would answer 500 to results that match no pattern",
    Kind.WEBSOCKET_API: "results that match no key would get no answer",
}


def _all(number: int) -> str:
    return "its only response" if number == 1 else f"all of its {number:,} responses"


def _of_method(target: TargetPlan, scope: Scope, after: dict[str, bool]) -> Iterator[Refusal]:
    live = target.live.methods[scope].responses
    address, name = target.desired.method_address(scope), _named(target)
    if not after:
        yield Refusal(GuardRule.EMPTY_METHOD, name, f"{address} would lose {_all(len(live))}")
    elif not any(after.values()) and any(_is_default(scope, code, response) for code, response in live.items()):
        loss = _LOSSES[target.target.kind]
        yield Refusal(GuardRule.DEFAULT_REMOVED, name, f"{address} would lose its default response: {loss}")
