"""The registry of rules."""

import re
from pathlib import Path
from typing import Any

import pytest

from reconciler.apply import ActionResult
from reconciler.diagnostics import error
from reconciler.findings import Type
from reconciler.render.remarks import Remark
from reconciler.review import ReviewEffect
from reconciler.rules import FAMILIES, RULES, GuardRule, InputRule, LintRule, ResultRule, Rule, RunRule

ROOT = Path(__file__).parents[3]
UNREGISTERED: Any = "nobody-knows"


def test_every_family_is_registered() -> None:
    """A family that the registry does not know would have rules that nobody can look up."""
    assert set(FAMILIES) == set(Rule.__subclasses__())


def test_no_rule_hides_another() -> None:
    """Ids are unique, across families too."""
    assert sum(map(len, FAMILIES)) == len(RULES)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_unregistered_rule_cannot_be_made(family: type[Rule]) -> None:
    """Not even in the family that it would belong to."""
    with pytest.raises(ValueError, match="nobody-knows"):
        family.of("nobody-knows")
    with pytest.raises(ValueError, match="nobody-knows"):
        family(UNREGISTERED)


@pytest.mark.parametrize("id_", ["nobody-knows", "syntax"])
def test_a_diagnostic_takes_registered_rules_only(id_: Any) -> None:  # noqa: ANN401 - what the types forbid
    """A plain string is none, even one that is the id of a rule."""
    with pytest.raises(TypeError, match="not a registered rule"):
        error(id_, "it is wrong")


def test_a_remark_takes_registered_rules_only() -> None:
    """As a diagnostic does."""
    with pytest.raises(TypeError, match="not a registered rule"):
        Remark("error", UNREGISTERED, "it is wrong")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_a_meaning(rule: Rule) -> None:
    """A sentence; a remedy is a clause that can follow a semicolon."""
    assert rule.meaning.endswith(".")
    assert rule.meaning[0].isupper()
    assert not rule.remedy.endswith(".")


@pytest.mark.parametrize("rule", LintRule)
def test_a_lint_rule_has_a_severity_and_a_remedy(rule: LintRule) -> None:
    """Its diagnostics fall back on them."""
    assert rule.severity
    assert rule.remedy


@pytest.mark.parametrize("fixed", ["remapped-header", "undeclared-header"])
def test_published_ids_stay(fixed: str) -> None:
    """Manifests name these ids in `allow:`."""
    assert LintRule.of(fixed).silenceable


def test_the_guards_rules_have_two_names() -> None:
    """Their name for `--force`, and their id in reports."""
    assert ("maxDelete", "guard/maxDelete") == (str(GuardRule.MAX_DELETE), GuardRule.MAX_DELETE.id)


@pytest.mark.parametrize(
    "id_",
    [
        *(f"drift/{type_}" for type_ in Type if type_ is not Type.ERROR),
        *(f"apply/{result}" for result in ActionResult),
        *(f"plan/{op}" for op in ("create", "update", "delete", "deferred")),
        *(
            f"deploy/{result}"
            for result in (ActionResult.FAILED, ActionResult.UNKNOWN, ActionResult.NOT_RUN, "unverified")
        ),
        *(f"review/{effect}" for effect in ReviewEffect),
    ],
)
def test_every_result_is_registered(id_: str) -> None:
    """Those of plans, applies, deployments, comparisons and reviews."""
    assert id_ == ResultRule.of(id_)


def row(rule: Rule) -> str:
    """What the README's table has to hold of a rule."""
    if isinstance(rule, GuardRule):
        return f"| `{rule}` | {f'`{rule.waived_by}`' if rule.waived_by else 'nothing'} | {rule.meaning} |"
    return f"| `{rule}` | {rule.severity} | {rule.meaning} |"


@pytest.mark.parametrize(
    "rules",
    [
        [rule for rule in LintRule if not rule.needs_live],
        [rule for rule in (*LintRule, *RunRule, *InputRule) if rule.needs_live],
        [*GuardRule],
    ],
    ids=["offline", "live", "guard"],
)
def test_the_readme_has_every_rule_that_users_can_grade_silence_or_force(rules: list[Rule]) -> None:
    """Its tables are the registry's rows, in the registry's order."""
    readme = re.sub("^ +", "", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert "\n".join(map(row, rules)) in readme
