"""The syntax tree as the linter walks it."""

from reconciler.mapping.velocity.template import parse
from reconciler.mapping.velocity.tree import Node, walk


def names(node: Node) -> list[str]:
    """Return the class names of the nodes, in the order of the walk."""
    return [type(each).__name__ for each in walk(node)]


def test_walk_reaches_every_node_in_order() -> None:
    """A walk yields each node before what is in it, in the order of the template."""
    template = """a#if(!$b.c($d)[0] && true)#foreach($i in [1..2])$i#end#{else}#set($e = {'f': [1.5]})#end"""

    assert [
        *("StatementBlock", "Text", "If"),
        *("Condition", "Binary", "Not", "VariableReference", "Method", "VariableReference", "Index", "Number"),
        *("Boolean", "StatementBlock", "Foreach", "Range", "Number", "Number", "StatementBlock", "VariableReference"),
        *("Else", "StatementBlock", "Set", "VariableReference"),
        *("MapLiteral", "Entry", "StringLiteral", "ListLiteral", "Number"),
    ] == names(parse(template).tree)


def test_walk_reaches_what_is_in_strings_and_blocks() -> None:
    """A walk goes into interpolated strings and into the blocks of #define."""
    template = '#define($d)$a#end$x.y("$b#break($c)")#stop#macro(m)#end#parse($p)#evaluate($q)$x.a(null)'

    assert [
        *("StatementBlock", "Define", "StatementBlock", "VariableReference"),
        *("VariableReference", "Method", "StringLiteral", "StatementBlock"),
        *("VariableReference", "Break", "VariableReference"),
        *("Stop", "Macro", "Include", "UnknownDirective", "VariableReference", "Method", "BareWord"),
    ] == names(parse(template).tree)


def test_walk_of_a_long_chain() -> None:
    """A chain of thousands of operators is walked as any other."""
    tree = parse("#set($x = " + "1 + " * 5_000 + "1)").tree

    assert 5_001 == names(tree).count("Number")
