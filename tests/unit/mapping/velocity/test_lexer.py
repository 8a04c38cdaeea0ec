"""Where tokens end: habits of Velocity's lexer that show in what a template prints."""

import pytest

from support.velocity import output, syntax_error


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("$x-y", ""),
        ("$x_y", ""),
        ("$x.y-z", ""),
        ("$x,$x;", "X,X;"),
        ("$x.$x", "X.X"),
        ("$x.length().", "1."),
        ("$x$x.length()$x", "X1X"),
        ("${x}end", "Xend"),
        ("$x#if(true)$x#end$x", "XXX"),
        ("$x[0]end.a", "end"),
        ("$x#set($y = 1)foo.bar", "Xfoo"),
        ("$x#set($y = 1) foo.bar", "X foo.bar"),
        (r"\$$x", "$x"),
        (r"\$$5", r"\$5"),
        ("$! x", "$ x"),
        ("$!.x", ".x"),
        ("$![0]", "$![0]"),
        ("#1.5 #-2", "#1.5 #-2"),
        ("$#foo", "$#foo"),
        ("$#stop", "$#stop"),
        ("$#if(true)a#end", "a"),
        ("#ifs #ending #elsewhere", "#ifs #ending #elsewhere"),
        ("#foreach ( $i in [1] )$i#end", "1"),
        ("#foreach\n(\n$i in [1]\n)\n$i#end", "1"),
        ("#[[a]]#", "a"),
        ("$#[[a]]#b", "[ab"),
        ("$#**#b", "$b"),
        (r"\#[[a\b]]#", r"\a\b"),
        ("#*\\ $ # ** *#a", "a"),
        ("## \\ \\$ #\na", "a"),
        ("#***#a", "a"),
        ("#(a)", "#(a)"),
        (r"$x\a", r"X\a"),
        (r"#\a", r"#\a"),
        ("$x.a$x.b", ""),
        ("#if($true)a#end", "a"),
        ("$x.get(# 'a')", ""),
    ],
)
def test_where_tokens_end(template: str, printed: str) -> None:
    """The longest match wins in the state that the text before has left."""
    assert printed == output(template, x="X")


@pytest.mark.parametrize(
    "template",
    ["#${x}end", "$x.true", "$x.a$x(1)", "$x#*a*#false", "#1#end", "$x[(1)]", "$x.a((1))", "$#foreach($i in [1])#end"],
)
def test_states_that_break_a_parse(template: str) -> None:
    """Some texts do not parse in Velocity because of the state that the text before has left."""
    assert 1 == syntax_error(template)[1]
