"""explain: which rules words name."""

import pytest

from reconciler.engine.explain import find_rules
from reconciler.errors import ExitCode, UsageError
from reconciler.rules import GuardRule, LintRule, ResultRule, Rule


@pytest.mark.parametrize(
    ("word", "rule"),
    [
        ("remapped-header", LintRule.REMAPPED_HEADER),
        ("[remapped-header]", LintRule.REMAPPED_HEADER),
        ("`Remapped-Header`", LintRule.REMAPPED_HEADER),
        ("maxDelete", GuardRule.MAX_DELETE),
        ("maxdelete", GuardRule.MAX_DELETE),
        ("guard/maxDelete", GuardRule.MAX_DELETE),
        ("drift/changed", ResultRule.DRIFT_CHANGED),
    ],
)
def test_a_rule_is_found_as_messages_write_it(word: str, rule: Rule) -> None:
    """With brackets and prefixes, in any case."""
    assert [rule] == find_rules([word])


def test_each_rule_is_explained_once() -> None:
    """In the order of the words."""
    assert [LintRule.NOT_JSON, GuardRule.PROTECT] == find_rules(["not-json", "protect", "NOT-JSON", "guard/protect"])


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("remaped-header", "did you mean `remapped-header` or `repeated-header` or `dropped-header`?"),
        ("escaped", "these begin with it: `escaped-quote`"),
        (
            "unk",
            (
                "these begin with it: `unknown-content-handling`, `unknown-helper`, `unknown-rule`, `unknown-path`, "
                "`unknown-method`, `unknown-route`, `unknown-integration`, `unknown-key` and others"
            ),
        ),
        ("xyzzy", "to list all rules: reconciler explain"),
        ("", "to list all rules: reconciler explain"),
    ],
)
def test_an_unknown_rule_is_wrong_usage(word: str, remedy: str) -> None:
    """With the rules that begin like it, or else the most similar ones."""
    with pytest.raises(UsageError) as caught:
        find_rules(["not-json", word])

    assert (f"there is no rule {word!r}", remedy, ExitCode.USAGE) == (
        caught.value.message,
        caught.value.remedy,
        caught.value.exit_code,
    )
