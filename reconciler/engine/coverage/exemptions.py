"""Ignore rules of coverage: which APIs and methods deliberately have no manifest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.config.configuration import IgnoreRule, UnmanagedRules
from reconciler.diagnostics import Diagnostic, warning
from reconciler.engine.load.ignore_rules import (
    MOST_MATCHING,
    active_rules,
    expired_rules,
    first_matching,
    glob_matches,
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
        return Exemption(rule.match, rule.reason, rule.until) if rule else None


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
    """Warn of every rule that nothing without a manifest matches; `methods`: those of methods were evaluated."""
    known = tuple(regions)
    apis = [api for region in known for api in region.apis]
    names = [text for api in apis if not api.manifests for text in (api.name, api.id)]
    addresses = [
        f"{name}: {method.scope}"
        for api in apis
        for method in (api.methods.unlisted if api.methods else ())
        for name in api.manifests
    ]
    yield from _idle(active_rules(rules.apis, today), names, "API without a manifest")
    if methods:
        yield from _idle(active_rules(rules.methods, today), addresses, "method that is not listed")


def _idle(rules: Iterable[IgnoreRule], texts: Sequence[str], what: str) -> Iterator[Diagnostic]:
    for rule in rules:
        if not any(glob_matches(rule.match, text) for text in texts):
            message = f"the ignore rule for {code(rule.match)} matches no {what}"
            yield warning(InputRule.IDLE_IGNORE, message, "fix it, or remove it", rule.location)
