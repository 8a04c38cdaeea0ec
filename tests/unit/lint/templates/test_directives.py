"""Directives that API Gateway does not run."""

import pytest

from reconciler.lint.templates.check import template_findings


def found(text: str) -> list[tuple[int, str, str]]:
    """The columns, messages and remedies of what is said about directives."""
    problems = template_findings(text, is_json=False)
    return [(one.column, one.message, one.remedy) for one in problems if one.rule == "no-macros"]


def test_a_macro_and_its_calls_are_reported() -> None:
    """The definition vanishes, and a call prints as text."""
    assert [
        (1, "API Gateway ignores #macro: a call of it prints as text", ""),
        (20, "`#hello(...)` is no directive of API Gateway, and prints as text", ""),
    ] == found('#macro(hello)x#end #hello("x")')


@pytest.mark.parametrize("name", ["parse", "include"])
def test_other_templates_fail(name: str) -> None:
    """There are none."""
    assert [(3, f"API Gateway answers 500 to #{name}: a template is all that there is", "")] == found(f'x #{name}("y")')


def test_evaluate_prints_as_text() -> None:
    """Recorded answers have its arguments unevaluated."""
    assert [(1, "`#evaluate(...)` is no directive of API Gateway, and prints as text", "")] == found("#evaluate('x')")


def test_a_misspelt_directive_is_reported_with_a_similar_one() -> None:
    """Velocity prints it."""
    assert [
        (22, "`#elsif(...)` is no directive of API Gateway, and prints as text", "did you mean `#elseif`?")
    ] == found("#if($input.body == 1)#elsif($input.body)#end")


@pytest.mark.parametrize(
    "text", ["#1 #hash #13ff93 #hash(1)", "#define($a)x#end #stop", "#foreach($a in [1])#break#end"]
)
def test_text_and_directives_pass(text: str) -> None:
    """A `#` is text where no directive is meant."""
    assert [] == found(text)
