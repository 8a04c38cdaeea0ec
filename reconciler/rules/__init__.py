"""The registry of rules: every id that a diagnostic, a refusal or a report can carry, with its meaning.

`lint` has the linter's rules, `guard` those that refuse a plan, `inputs` what is wrong with files and the command line,
`runs` what stops or limits a run, `results` what a report says about responses and stages. The glossary of SARIF,
the README's tables, the JSON Schemas and `reconciler explain` derive from it. Ids stay: manifests, configurations and
CI filters name them. `pages/` has a page for each rule, which `reconciler.rule_pages` reads.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reconciler.rules.guard import GuardRule
from reconciler.rules.inputs import InputRule
from reconciler.rules.lint import LintRule
from reconciler.rules.results import ResultRule
from reconciler.rules.rule import Rule, Severity, require_rule
from reconciler.rules.runs import RunRule

FAMILIES: Final[tuple[type[Rule], ...]] = (LintRule, InputRule, RunRule, GuardRule, ResultRule)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.id: rule for family in FAMILIES for rule in family})
"""Every rule, by id."""

__all__ = [
    "FAMILIES",
    "RULES",
    "GuardRule",
    "InputRule",
    "LintRule",
    "ResultRule",
    "Rule",
    "RunRule",
    "Severity",
    "require_rule",
]
