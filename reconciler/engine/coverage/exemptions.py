"""Ignore rules of coverage: which APIs and methods deliberately have no manifest."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.config.configuration import IgnoreRule, UnmanagedRules
from reconciler.diagnostics import Diagnostic, warning
from reconciler.engine.load.ignore_rules import (
    MOST_MATCHING,
    active_rules,
    expired_rules,
    first_matching,
)
from reconciler.engine.load.project import ResolvedProject
from reconciler.fleet.coverage import Exemption, RegionCoverage
from reconciler.rules import InputRule
from reconciler.step_budget import StepBudget
from reconciler.wording import code


@dataclass(frozen=True, slots=True)
class Exemptions:
    """The rules that have not expired, and how many steps are left to evaluate them."""

    rules: Sequence[IgnoreRule]
    work: StepBudget

    def of(self, *texts: str) -> Exemption | None:
        """Return the first rule that matches one of these texts. Raises UsageError if that takes too many steps."""
        rule = first_matching(self.rules, texts, self.work) if self.rules else None
        return _exemption(rule) if rule else None


def exemptions(rules: Sequence[IgnoreRule], today: str) -> Exemptions:
    """Return the rules that are in force today."""
    return Exemptions(active_rules(rules, today), StepBudget(MOST_MATCHING))


def unmanaged_rules(projects: Iterable[ResolvedProject]) -> UnmanagedRules:
    """Return the rules of the configurations of these projects."""
    by_file = {project.file: project.settings.unmanaged for project in projects}
    apis = (rule for rules in by_file.values() for rule in rules.apis)
    return UnmanagedRules(tuple(apis), tuple(rule for rules in by_file.values() for rule in rules.methods))


def expired_exemptions(rules: UnmanagedRules, today: str) -> Iterator[Diagnostic]:
    """Warn of every rule that has expired."""
    yield from expired_rules((*rules.apis, *rules.methods), today)


def idle_exemptions(
    rules: UnmanagedRules, regions: Iterable[RegionCoverage], today: str, *, methods: bool
) -> Iterator[Diagnostic]:
    """Warn of every rule that leaves nothing out; `methods`: those of methods were evaluated."""
    apis = [api for region in regions for api in region.apis]
    unlisted = (method for api in apis for method in (api.methods.unlisted if api.methods else ()))
    yield from _idle(active_rules(rules.apis, today), {api.exemption for api in apis}, "API without a manifest")
    if methods:
        used = {method.exemption for method in unlisted}
        yield from _idle(active_rules(rules.methods, today), used, "method that is not listed")


def _idle(rules: Iterable[IgnoreRule], used: Collection[Exemption | None], what: str) -> Iterator[Diagnostic]:
    for rule in rules:
        if _exemption(rule) not in used:
            message = f"the ignore rule for {code(rule.match)} leaves out no {what}"
            yield warning(InputRule.IDLE_IGNORE, message, "fix it, or remove it", rule.location)


def _exemption(rule: IgnoreRule) -> Exemption:
    return Exemption(rule.match, rule.reason, rule.until)
