"""Loops: what they go over, and what they leave."""

import pytest

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.velocity.template import parse
from support.velocity import fault_of, output


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("#foreach($i in $l)$i,#end", "p,q,"),
        ("#foreach($i in $m)$i,#end", "v,w,"),
        ("#foreach($i in $m.keySet())$i,#end", "k,j,"),
        ("#foreach($i in $m.entrySet())$i.key$i.value,#end", "kv,jw,"),
        ("#foreach($i in [])a#end", ""),
        ("#foreach($i in $missing)a#end", ""),
        ("#foreach($i in 'text')a#end", ""),
        ("#foreach($i in 5)a#end", ""),
        ("#foreach($i in)a#end", ""),
        ("#foreach($i in [3..1])$i#end", "321"),
        ("#foreach($i in [[1, 2], [3]])#foreach($j in $i)$j#end,#end", "12,3,"),
        ("#foreach('i' in $l)a#end", "aa"),
    ],
)
def test_what_a_loop_goes_over(template: str, printed: str) -> None:
    """A loop goes over the items of a list and the values of a map, and over nothing else."""
    assert printed == output(template, l=["p", "q"], m={"k": "v", "j": "w"})


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("$foreach.index", "0,1,2,"),
        ("$foreach.count", "1,2,3,"),
        ("$foreach.hasNext", "true,true,false,"),
        ("$foreach.first", "true,false,false,"),
        ("$foreach.last", "false,false,true,"),
        ("$velocityCount", "1,2,3,"),
        ("$velocityHasNext", "true,true,false,"),
        ("$foreach.getIndex()$foreach.getCount()", "01,12,23,"),
        ("$foreach.isFirst()", "true,false,false,"),
        ("$foreach.hasNext()", "true,true,false,"),
        ("$foreach.parent$foreach.missing", ",,,"),
        ("$foreach", "{},{},{},"),
        ("$foreach.size()$foreach.isEmpty()", "0true,0true,0true,"),
    ],
)
def test_state_of_a_loop(shown: str, printed: str) -> None:
    """A loop says where it is, as in Velocity 1.7."""
    assert printed == output(f"#foreach($i in [1..3]){shown},#end")


def test_loops_within_loops() -> None:
    """The inner loop knows the outer one."""
    template = (
        "#foreach($i in [1, 2])#foreach($j in [1])#foreach($k in [1])"
        "$foreach.parent.parent.count$foreach.topmost.count$foreach.getParent().index,#end#end$foreach.count;#end"
    )

    assert "110,1;220,2;" == output(template)


def test_variables_behind_a_loop() -> None:
    """Behind the loop, its variables hold what they held before; the others keep what the loop set."""
    template = "#set($i = 'a')#set($foreach = 'b')#foreach($i in [1, 2])#set($x = $i)#end$i$foreach$velocityCount$x"

    assert "ab2" == output(template)


def test_variables_of_a_loop_are_gone_behind_it() -> None:
    """What was not set before the loop is not set behind it."""
    assert "[][]" == output("#foreach($i in [1])#set($i = 5)#end[$i][$foreach.index$velocityHasNext]")


def test_foreach_that_a_template_sets() -> None:
    """A template may set $foreach within the loop, and keeps it."""
    assert "9" == output("#foreach($i in [1, 2])#set($foreach = 9)$foreach.index#end$foreach")


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("#foreach($i in [1..3])$i#if($i == 2)#break#end,#end|", "1,2|"),
        ("#foreach($i in [1, 2])#foreach($j in [1, 2])$j#break#end;#end", "1;1;"),
        ("#foreach($i in [1, 2])#foreach($j in [1, 2])$j#break($foreach.parent)#end;#end|", "1|"),
        ("#foreach($i in [1, 2])$i#break($foreach)#end|", "1|"),
        ("#foreach($i in [1, 2])$i#{break}a#end|", "1|"),
        ('#foreach($i in [1, 2])#set($a = "b#break")#end$a|', "|"),
    ],
)
def test_break(template: str, printed: str) -> None:
    """#break leaves the innermost loop, or that of the scope that it names."""
    assert printed == output(template)


@pytest.mark.parametrize("arguments", ["", "$i"])
def test_a_loop_without_its_arguments(arguments: str) -> None:
    """A #foreach without `in` parses, and fails where it is rendered."""
    message = "#foreach needs a reference and a list, as in #foreach($item in $list)"

    assert message == fault_of(f"#foreach({arguments})a#end").message
    assert "" == output(f"#if(false)#foreach({arguments})a#end#end")


def test_null_in_a_list() -> None:
    """An item that is null prints nothing."""
    assert "p[]1,[q]2," == output("$l.set(0, null)#foreach($i in $l)[$i]$velocityCount,#end", l=["p", "q"])


@pytest.mark.parametrize("change", ["$l.add(1)", "$l.remove(0)"])
def test_a_list_that_changes(change: str) -> None:
    """A list that grows or shrinks while a loop goes over it is a fault in Java."""
    fault = fault_of(f"a\n#foreach($i in $l){change}#end", l=["p", "q", "r"])

    assert ("the list or map changes while #foreach runs over it", 2, 1) == (fault.message, fault.line, fault.column)


def test_a_map_that_grows() -> None:
    """A map that grows while a loop goes over it is a fault too; another value under a key is none."""
    assert "w" == output("#foreach($i in $m)#set($m.k = 'w')#end$m.k", m={"k": "v", "j": "v"})
    assert "changes" in fault_of("#foreach($i in $m)#set($m.z = 1)#end", m={"k": "v", "j": "v"}).message


def test_items_that_are_replaced() -> None:
    """The loop sees an item that is replaced before its turn."""
    assert "pz" == output("#foreach($i in $l)$i#set($l[1] = 'z')#end", l=["p", "q"])


def test_a_thousand_iterations_are_known() -> None:
    """A loop of 1,000 iterations is rendered as a whole."""
    budget = Budget()
    result = parse("#foreach($i in [1..1000])#if($i == 1000)$i#end#end").render({}, budget)

    assert ("1000", []) == (result.output, budget.unknown)


def test_what_follows_a_thousand_iterations_is_unknown() -> None:
    """A longer loop is stopped after 1,000 iterations, and the run notes that AWS may fail."""
    budget = Budget()
    result = parse("#foreach($i in [1..1001])#if($i > 999)$i#end#end|").render({}, budget)

    assert "1000|" == result.output
    assert [
        "whether API Gateway stops a #foreach after 1,000 iterations or fails (it is stopped here)"
    ] == budget.unknown
