"""A template is parsed once, and its problems are in the order of its text."""

import pytest

from reconciler.lint.templates.check import MOST_FINDINGS, template_findings


def found(text: str, *, is_json: bool = False) -> list[tuple[str, int, int]]:
    """The rules that a template breaks, and where."""
    return [(one.rule, one.line, one.column) for one in template_findings(text, is_json=is_json)]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a\n  #if($input.body == 1)\nb", 2, 3),
        ("#foreach($i in $input.path('$.l'))\n#if($i == 1)x#end", 1, 1),
        ("x #end", 1, 3),
        ("#set($a = )", 1, 11),
        ("#[[ never closed", 1, 1),
    ],
)
def test_a_template_that_does_not_parse_is_an_error_where_it_fails(text: str, line: int, column: int) -> None:
    """A block that is not closed is reported at its opening."""
    assert [("template-syntax", line, column)] == found(text)


def test_the_message_says_what_is_wrong() -> None:
    """It is the parser's."""
    (problem,) = template_findings("#if($input.body == 1)", is_json=False)

    assert "the template does not parse: #if is not closed; add #end" == problem.message


def test_a_template_that_nests_too_deeply_is_left_alone() -> None:
    """API Gateway may parse it."""
    assert [] == found("#if(1 == 1)" * 3_000 + "#end" * 3_000)


def test_problems_are_in_the_order_of_the_text() -> None:
    """Whatever rules they break."""
    assert [
        ("undefined-reference", 1, 1),
        ("no-macros", 2, 1),
        ("always-true", 3, 5),
        ("unknown-helper", 4, 1),
    ] == found('$a\n#evaluate("b")\n#if($stageVariables.c)#end\n$util.toJson(1)')


def test_of_many_problems_the_first_are_kept() -> None:
    """A template may have thousands."""
    assert MOST_FINDINGS == len(found("$util.toJson(1) " * 1_000))


def test_a_template_without_directives_has_no_problems() -> None:
    """Text is text."""
    assert [] == found("No money back: it was $5.00, #1 of 2.")


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"#set($a{number + 1} = $a{number})" for number in range(3_000)) + "#if($a3000)x#end",
        "".join(f"#set($a{one + 1} = $a{one}.x)#set($a{one + 1} = $a{one}.y)" for one in range(500))
        + "#if($a500)x#end",
    ],
)
def test_long_chains_of_assignments_take_bounded_steps(text: str) -> None:
    """There may be more ways from a variable to its value than can be followed."""
    assert {"undefined-reference", "always-true"} == {one.rule for one in template_findings(text, is_json=True)}
