"""The pages of rules: complete, readable, and true to the registry."""

import re

import pytest

from reconciler import rule_pages
from reconciler.rule_pages import RuleExample, RulePage, page_of
from reconciler.rules import FAMILIES, RULES, GuardRule, LintRule, ResultRule, Rule


def texts_of(page: RulePage) -> list[str]:
    """The texts that people read, without the examples."""
    return [*page.why, page.fix, page.silence, page.source]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_page_has_every_part(rule: Rule) -> None:
    """Write the page of a new rule in `reconciler/rules/pages/`."""
    page = page_of(rule)
    examples = [example for _, example in page.titled_examples]
    titles = [title for title, _ in page.titled_examples]

    assert page.why
    assert all(texts_of(page))
    assert (["Example"] if isinstance(rule, ResultRule) else ["Wrong", "Right"]) == titles
    assert all(example.snippets for example in examples)


@pytest.mark.parametrize("family", FAMILIES)
def test_pages_are_in_the_order_of_the_registry(family: type[Rule]) -> None:
    """And no page is left of a rule that is gone."""
    assert [str(rule) for rule in family] == [*rule_pages.sections(family)]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_page_is_made_of_sentences(rule: Rule) -> None:
    """Each text begins with a capital letter, a digit or code, and ends with a full stop."""
    for text in texts_of(page_of(rule)):
        assert re.fullmatch(r"[A-Z0-9`\"].*[.)`]", text, re.DOTALL), text


def test_examples_have_captions_and_code() -> None:
    """A caption is the rest of the paragraph with the label; the code is as it is written."""
    page = page_of(LintRule.MISSING_METHOD_RESPONSE)

    assert page.wrong
    assert ("the method declares 200, 404 and 500.", "yaml") == (page.wrong.caption, page.wrong.snippets[0].language)
    assert page.wrong.snippets[0].text.startswith("responses:\n  200: {}\n")


def test_what_a_rule_says_stands_in_for_what_its_page_does_not() -> None:
    """The remedy as a sentence; whether and how it can be silenced, as it does for all like it."""
    page = page_of(LintRule.REMAPPED_HEADER)

    assert "Use another header, or allow remapped-header if clients read the new name." == page.fix
    assert page.silence.startswith("`allow: [remapped-header]` on the response silences it there.")


@pytest.mark.parametrize("rule", GuardRule)
def test_the_page_of_a_guard_rule_names_what_waives_it(rule: GuardRule) -> None:
    """Or says that nothing does, and why."""
    silence = page_of(rule).silence

    assert (
        f"`{rule.waived_by} {rule}`" in silence
        if rule.can_be_forced
        else silence.startswith(f"`{rule.waived_by}`" if rule.waived_by else "Nothing waives it: ")
    )


def example(caption: str) -> RuleExample:
    """An example without code."""
    return RuleExample(caption, ())


def test_only_examples_that_exist_have_titles() -> None:
    """A result has one, other rules two."""
    page = RulePage((), "", None, None, example("a"), "", "")

    assert (("Example", example("a")),) == page.titled_examples
