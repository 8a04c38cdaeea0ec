"""What a command has to say about places in files, one remark each: what annotations and SARIF are made of.

Promise: pure; the rule ids stay. Diagnostics keep theirs, the others are named `guard/RULE`, `plan/OP`, `drift/TYPE`,
`apply/RESULT`, `deploy/RESULT` and `review/EFFECT`.
"""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from reconciler.apply import Outcome, Published, Result
from reconciler.diagnostics import Diagnostic, Location
from reconciler.findings import Finding, StageDrift, TargetDrift
from reconciler.guard import Refusal
from reconciler.models.deferred import Deferred
from reconciler.models.targets import Kind
from reconciler.plan import Plan, TargetPlan
from reconciler.plan.actions import Action
from reconciler.render.style import counted, printable
from reconciler.render.values import title
from reconciler.review import Review, ReviewEffect
from reconciler.rules import ResultRule, Rule, require_rule

Level: TypeAlias = Literal["error", "warning", "note"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")
"""The gravest first."""

_FIELDS: Final = 5


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to be said: `identity` stays the same from run to run where lines move and values change."""

    level: Level
    rule: Rule
    message: str
    remedy: str = ""
    location: Location | None = None
    identity: str = ""

    def __post_init__(self) -> None:
        require_rule(self.rule)

    @property
    def text(self) -> str:
        """Message and remedy in one line, harmless."""
        return printable(f"{self.message}; {self.remedy}" if self.remedy else self.message)


def gravest_first(remarks: Iterable[Remark]) -> list[Remark]:
    """By level, else in the order given."""
    return sorted(remarks, key=lambda one: LEVELS.index(one.level))


def of_diagnostics(diagnostics: Iterable[Diagnostic]) -> Iterator[Remark]:
    """Each under its own rule."""
    for diagnostic in diagnostics:
        about = f"{diagnostic.address}: " if diagnostic.address and diagnostic.address not in diagnostic.message else ""
        level: Level = "error" if diagnostic.is_error else "warning"
        # A message may quote values; it names no line
        yield Remark(
            level,
            diagnostic.rule,
            about + diagnostic.message,
            diagnostic.remedy,
            diagnostic.location,
            diagnostic.address or diagnostic.message,
        )


def of_refusals(refusals: Iterable[Refusal], plan: Plan) -> Iterator[Remark]:
    """What the guard has against a plan, at the manifest of the API that it is about."""
    for refusal in refusals:
        place = next(
            (_manifest(target) for target in plan.targets if refusal.target.endswith(str(target.target))), None
        )
        about = f"{refusal.target}: " if refusal.target else ""
        yield Remark("error", refusal.rule, about + refusal.message, refusal.remedy, place, refusal.target)


def _manifest(target: TargetPlan) -> Location | None:
    return target.desired.manifests[0].location


def of_actions(plan: Plan) -> Iterator[Remark]:
    """What a plan does, as far as it stands in a manifest. What undoes somebody's change in AWS is a warning."""
    for _, one, action in plan.numbered():
        if action.source and not action.step:
            yield _of_action(one, action, action.source)


def _of_action(one: TargetPlan, action: Action, source: Location) -> Remark:
    message = f"{action.op} {_of(one, action.address)}: {one.reason(action)}"
    if one.reverts_live(action):
        undoes = f"{message}: undoes what was changed in AWS"
        return Remark("warning", ResultRule.of(f"plan/{action.op}"), undoes, _LOOK, source, action.address)
    return Remark("note", ResultRule.of(f"plan/{action.op}"), message, "", source, action.address)


_LOOK: Final = "see whether it was meant, and adopt it if so"


def of_deferred(deferred: Iterable[Deferred], level: Level = "note") -> Iterator[Remark]:
    """What waits for its method."""
    for one in deferred:
        yield Remark(
            level, ResultRule.PLAN_DEFERRED, f"{one.name} is deferred: {one.reason}", "", one.source, one.address
        )


def _of(one: TargetPlan | TargetDrift, address: str) -> str:
    """An address, in its environment and region if there may be several."""
    environment = one.target.environment
    return f"{address} ({environment}, {one.target.region})" if environment else address


def of_review(review: Review) -> Iterator[Remark]:
    """What a change of manifests does, once for all methods and environments that have it from the same place."""
    found: dict[tuple[Location, ReviewEffect, str], list[tuple[str, str]]] = {}
    integrations: set[Location] = set()
    for api in review.apis:
        for response in api.review.responses:
            if response.source:
                place = response.source, response.effect, response.key.code
                found.setdefault(place, []).append((response.address, api.place.environment or ""))
                integrations |= {response.source} if api.place.kind is Kind.WEBSOCKET_API else set()
    for (source, effect, code), whose in found.items():
        addresses = list(dict.fromkeys(address for address, _ in whose))
        environments = ", ".join(dict.fromkeys(name for _, name in whose if name))
        several = f"{code} of {counted(len(addresses), 'integration' if source in integrations else 'method')}"
        message = f"{effect} {addresses[0] if len(addresses) == 1 else several}"
        where = f" ({environments})" if environments else ""
        yield Remark("note", ResultRule.of(f"review/{effect}"), message + where, "", source, f"{addresses[0]} {code}")


def of_findings(targets: Iterable[TargetDrift]) -> Iterator[Remark]:
    """Every difference: at its place in the manifest, else at the manifest."""
    for target in targets:
        for finding in target.findings:
            place = (
                finding.source
                or target.desired.owns[finding.key.scope].location
                or target.desired.manifests[0].location
            )
            message = f"{_of(target, finding.address)} {_difference(finding)}"
            identity = f"{finding.address} {finding.subject} {target.target.environment or ''} {target.target.region}"
            yield Remark("warning", ResultRule.of(f"drift/{finding.type}"), message, "", place, identity)


def of_stages(stages: Iterable[StageDrift], targets: Sequence[TargetDrift]) -> Iterator[Remark]:
    """How stages differ from the manifests, where the draft does not differ in the same way."""
    for stage in stages:
        apart = replace(stage.drift, findings=stage.beyond(targets))
        for remark in of_findings([apart]):
            at = f"stage {stage.name}: "
            yield replace(remark, message=at + remark.message, identity=at + remark.identity)
        if stage.lag:
            ref = stage.drift.desired.manifests[0]
            message = f"{_of(stage.drift, ref.name)}: stage {stage.name}: {stage.lag}"
            yield Remark("warning", ResultRule.DRIFT_CHANGED, message, "", ref.location, message)


def _difference(finding: Finding) -> str:
    words = [f"is {finding.type} in AWS" if finding.subject == "response" else ""]
    words += [finding.note] if finding.note else []
    names = [title(change.path) for change in finding.changes]
    rest = f" and {counted(len(names) - _FIELDS, 'more field')}" if len(names) > _FIELDS else ""
    words += [", ".join(names[:_FIELDS]) + rest] if names and finding.type == "changed" else []
    return ": ".join(filter(None, words))


_OF_RESULT: Final[dict[Result, Level]] = {Result.FAILED: "error", Result.UNKNOWN: "error", Result.NOT_RUN: "warning"}


def of_outcomes(outcomes: Iterable[Outcome]) -> Iterator[Remark]:
    """What was to be done; failures say why."""
    for outcome in outcomes:
        step = f" ({outcome.action.step})" if outcome.action.step else ""
        message = f"{outcome.result}: {outcome.action.op}{step} {outcome.action.address}"
        told = f"{message}: {outcome.detail}" if outcome.detail else message
        level = _OF_RESULT.get(outcome.result, "note")
        if level != "note" or outcome.action.source:
            identity = f"{outcome.action.address}{step}"
            yield Remark(level, ResultRule.of(f"apply/{outcome.result}"), told, "", outcome.action.source, identity)


def of_published(published: Iterable[Published], plan: Plan) -> Iterator[Remark]:
    """What became of stages, at the manifest of their API: only what is not served as it was to be."""
    for one in published:
        if not one.is_done:
            names, stage = ", ".join(one.stage.manifests), one.stage.name
            place = next((_manifest(target) for target in plan.targets if target.target == one.stage.target), None)
            became = "unverified" if one.result in {Result.APPLIED, Result.SKIPPED} else one.result.value
            message = f"{became}: deploy {names} to {stage}" + (f": {one.detail}" if one.detail else "")
            level = _OF_RESULT.get(one.result, "error")
            yield Remark(level, ResultRule.of(f"deploy/{became}"), message, "", place, f"{names} {stage}")


def of_leftovers(targets: Iterable[TargetDrift]) -> Iterator[Remark]:
    """What still differs after an apply, which is graver than drift."""
    for finding in of_findings(targets):
        yield replace(finding, level="error", message=f"after the apply {finding.message}")


@dataclass(frozen=True, slots=True)
class FileLocator:
    """Where files are to be looked for: `here` is the folder that names begin at, `root` the one of the repository.

    Both are absolute.
    """

    here: str
    root: str

    def relative(self, file: str) -> str:
        """The file, seen from the root if it is below it."""
        whole = posixpath.normpath(posixpath.join(self.here, file))
        below = posixpath.normpath(self.root).rstrip("/") + "/"
        return whole.removeprefix(below)
