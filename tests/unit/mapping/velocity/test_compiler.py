"""The branches of a template: those that exist and those that a rendering takes."""

import pytest

from reconciler.mapping.rendering import Branch
from reconciler.mapping.velocity.template import parse
from support.velocity import rendered

TEMPLATE = """#if($a == 1)
one
#elseif($a == 2)
two
#end
#if($b)
  #foreach($i in $b)$i#end
#else
none
#end"""


def test_branches_that_exist() -> None:
    """Each condition, #else and loop is a branch, and so are the ways past an #if without #else and past a loop."""
    assert {
        Branch(1, 1, "#if"),
        Branch(3, 1, "#elseif"),
        Branch(1, 1, "#if", taken=False),
        Branch(6, 1, "#if"),
        Branch(7, 3, "#foreach"),
        Branch(7, 3, "#foreach", taken=False),
        Branch(8, 1, "#else"),
    } == parse(TEMPLATE).branches


@pytest.mark.parametrize(
    ("variables", "branches"),
    [
        ({"a": 1, "b": [1]}, {Branch(1, 1, "#if"), Branch(6, 1, "#if"), Branch(7, 3, "#foreach")}),
        ({"a": 2, "b": []}, {Branch(3, 1, "#elseif"), Branch(6, 1, "#if"), Branch(7, 3, "#foreach", taken=False)}),
        ({"a": 3, "b": False}, {Branch(1, 1, "#if", taken=False), Branch(8, 1, "#else")}),
    ],
)
def test_branches_that_are_taken(variables: dict[str, object], branches: set[Branch]) -> None:
    """A rendering knows the branches that it took."""
    assert branches == rendered(TEMPLATE, **variables).branches


def test_branches_before_a_fault() -> None:
    """A rendering that fails knows the branches up to the fault."""
    result = rendered("#if(true)#if($l.get(5))a#end#end", l=[])

    assert {Branch(1, 1, "#if")} == result.branches


def test_branches_within_strings_and_blocks() -> None:
    """The branches of interpolated strings and of #define count as others do."""
    template = '#define($d)#if($a)a#end#end#set($b = "#if($a)a#end$d")'

    assert {Branch(1, 12, "#if"), Branch(1, 39, "#if")} == rendered(template).branches
    assert 4 == len(parse(template).branches)


def test_a_template_without_branches() -> None:
    """A template without conditions and loops has no branches."""
    assert frozenset() == parse("$a #set($b = 1)").branches
