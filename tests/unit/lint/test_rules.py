"""The table of rules."""

import pytest

from reconciler.lint import RULES, LintRule, rules


def test_the_table_has_every_rule() -> None:
    """No rule hides another of the same id."""
    named = {rule.id for rule in vars(rules).values() if isinstance(rule, LintRule)}
    count = sum(isinstance(rule, LintRule) for rule in vars(rules).values())

    assert (named, count) == (set(RULES), len(RULES))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_says_what_it_means_and_what_to_do(rule: LintRule) -> None:
    """Meaning is a sentence, remedy a clause that follows a semicolon."""
    assert rule.meaning.endswith(".")
    assert rule.remedy
    assert not rule.remedy.endswith(".")


@pytest.mark.parametrize("fixed", ["remapped-header", "undeclared-header"])
def test_published_ids_stay(fixed: str) -> None:
    """Manifests name these ids in `allow:`."""
    assert RULES[fixed].silenceable
