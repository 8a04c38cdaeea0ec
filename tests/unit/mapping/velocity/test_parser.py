"""What does not parse: the message and its place."""

import pytest

from reconciler.mapping.velocity.template import parse
from reconciler.mapping.velocity.tree import If, StringLiteral, VariableReference, walk
from support.velocity import output, syntax_error


@pytest.mark.parametrize(
    ("template", "message", "line", "column"),
    [
        ("a\n#if($x)b", "#if is not closed; add #end", 2, 1),
        ("#if($x)a#else b", "#if is not closed; add #end", 1, 1),
        (" #foreach($i in $x)\n#if($y)#end", "#foreach is not closed; add #end", 1, 2),
        ("#define($x)", "#define is not closed; add #end", 1, 1),
        ("#@mine()", "#@mine is not closed; add #end", 1, 1),
        ("a\n #end", "#end belongs to no open directive", 2, 2),
        ("#{else}", "#{else} belongs to no open directive", 1, 1),
        ("#elseif($x)", "#elseif belongs to no open directive", 1, 1),
        ("#if($x)#else a#else b#end", "unexpected #else, where #end of the #if in line 1 is expected", 1, 15),
        ("#if $x", "unexpected $x, where ( after #if is expected", 1, 5),
        ("#if", "the template ends where ( after #if is expected", 1, 4),
        ("#if)", "unexpected ), where ( after #if is expected", 1, 4),
        ('#if "a"', 'unexpected "a", where ( after #if is expected', 1, 5),
        ("#if 1", "unexpected 1, where ( after #if is expected", 1, 5),
        ("#if()", "unexpected ), where a value is expected", 1, 5),
        ("#set(x = 1)", "unexpected x, where a reference to set is expected", 1, 6),
        ("#set($x 1)", "unexpected 1, where = is expected", 1, 9),
        ("#set($x = )", "unexpected ), where a value is expected", 1, 11),
        ("#set($x = 1", "the template ends where ) is expected", 1, 12),
        ("#foreach", "#foreach needs parentheses after its name", 1, 1),
        ("#foreach $i in $x", "#foreach needs parentheses after its name", 1, 1),
        ("#foreach(i in $x)#end", "unexpected i, where a value is expected", 1, 10),
        ("#foreach($i in $x,)#end", "unexpected ,, where ) is expected", 1, 18),
        ("#foo(,", "unexpected ,, where ) is expected", 1, 6),
        ("#foo(, )", "unexpected ), where an argument is expected", 1, 8),
        ("#define()#end", "#define needs one reference, as in #define($block)", 1, 1),
        ("#macro()#end", "#macro needs a name", 1, 1),
        ("#macro($x)#end", "unexpected $x, where the name of the macro is expected", 1, 8),
        ("#macro", "#macro needs parentheses after its name", 1, 1),
        ("#literal()#end", "#literal needs empty parentheses and a block", 1, 1),
        ("#parse()", "#parse needs an argument", 1, 1),
        ("#stop(1 2)", "#stop takes one argument at most", 1, 1),
        ("#break(1 2)", "#break takes one scope at most", 1, 1),
        ("$$", "the template ends in $, which Velocity does not parse; add a line end", 1, 2),
        ("a\nb #", "the template ends in #, which Velocity does not parse; add a line end", 2, 3),
        ("## a $", "the template ends in $, which Velocity does not parse; add a line end", 1, 6),
        ("a #[[b", "#[[ is not closed; add ]]#", 1, 3),
        ("$x[", "the template ends where a text, an integer or a reference is expected", 1, 4),
        ("$x[0", "the template ends where ] is expected", 1, 5),
        ("$x.a(\\", "unexpected \\", 1, 6),
        ("$x[\t", "the template ends where a text, an integer or a reference is expected", 1, 5),
        ("$x.a(?)", "unexpected ?", 1, 6),
        ("$x.a(\x01)", "unexpected character U+0001", 1, 6),
        ("$true", "unexpected $true, where text is expected", 1, 1),
        ("$x[0" + "a" * 40, "unexpected a", 1, 5),
        ("#if(" + "a" * 40, "unexpected " + "a" * 30 + "..., where a value is expected", 1, 5),
        ("#set ($!{\n", "unexpected white space, where a name after ${ is expected", 1, 10),
    ],
)
def test_syntax_error(template: str, message: str, line: int, column: int) -> None:
    """An error says what is wrong where: at the token, of an unclosed block at its opening."""
    assert (message, line, column) == syntax_error(template)


def test_an_error_in_a_string_is_at_its_place_in_the_template() -> None:
    """What an interpolated string holds is parsed with the places of the template, doubled quotes passed over."""
    assert ("#if is not closed; add #end", 2, 8) == syntax_error('#set($x = "\n""a"" b#if($y)c")')


def test_nodes_of_a_nested_string_are_at_their_place_in_the_template() -> None:
    """A reference in a string within a string has the line and column that it has in the template."""
    template = 'ab\n#set($x = "$y.concat(""<$z>"")")'
    places = {node.root: (node.offset, node.line, node.column) for node in references(template)}

    assert {"x": (8, 2, 6), "y": (14, 2, 12), "z": (27, 2, 25)} == places


def references(template: str) -> list[VariableReference]:
    """Return the references of a template."""
    return [node for node in walk(parse(template).tree) if isinstance(node, VariableReference)]


def test_reference_of_the_tree() -> None:
    """A reference knows its parts and how it is written."""
    (reference,) = references("a $!{x.b[0].c()}")

    assert ("x", "$!{x.b[0].c()}", True, True) == (
        reference.root,
        reference.text,
        reference.is_quiet,
        reference.is_formal,
    )
    assert (2, 1, 3) == (reference.offset, reference.line, reference.column)


def test_directives_start_at_their_hash() -> None:
    """Blanks before a #set and a `$` before an #if are no part of the directive."""
    tree = parse("$x  #set($y = 1)$#if(true)a#end").tree

    assert [1, 5, 18] == [statement.column for statement in tree.statements]


def test_conditions_of_the_tree() -> None:
    """Each condition of an #if has the place of its directive."""
    (statement,) = parse("#if($a)\nb\n#elseif($c)\nd\n#{else}\ne#end").tree.statements
    assert isinstance(statement, If)
    assert statement.otherwise is not None

    assert [("#if", 1, 1), ("#elseif", 3, 1)] == [
        (case.directive, case.line, case.column) for case in statement.conditions
    ]
    assert (5, 1) == (statement.otherwise.line, statement.otherwise.column)


def test_strings_of_the_tree() -> None:
    """A string literal has its content with quotes resolved, and the parsed content if it interpolates."""
    tree = parse("""#set($a = 'it''s')#set($b = "$c")#set($d = "e")""").tree
    strings = [node for node in walk(tree) if isinstance(node, StringLiteral)]

    assert [("it's", False, True), ("$c", True, False), ("e", True, True)] == [
        (string.text, string.is_double_quoted, string.content is None) for string in strings
    ]


def test_commas_and_words_in_directives() -> None:
    """Arguments of directives may be separated by commas or nothing, and the word of #foreach may be any."""
    assert "12" == output("#foreach($i, of [1, 2])$i#end")


def test_a_third_value_of_foreach_takes_the_place_of_its_block() -> None:
    """Velocity renders the value behind the list where the block should be."""
    assert "XX|" == output("#foreach($i in [1, 2] $x)$i#end|#foreach($i in [1, 2] 'a')$i#end", x="X")
