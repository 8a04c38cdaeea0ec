"""Literals and operators: what they give, and what does not parse."""

import pytest

from support.velocity import output, syntax_error


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("1 + 2 * 3 - 4", "3"),
        ("(1 + 2) * 3", "9"),
        ("10 - 2 - 3", "5"),
        ("100 / 10 / 2", "5"),
        ("7 % 4 * 2", "6"),
        ("-7 / 2", "-3"),
        ("1--1", "2"),
        ("3 + -1", "2"),
        ("1.5e3 + .5", "1500.5"),
        ("1.", "1.0"),
        ("5.0 / 2", "2.5"),
        ("'a' + 1", "a1"),
        ("1 < 2 == true", "true"),
        ("4 > 2 + 5", "false"),
        ("1 lt 2 and 2 le 2 and 3 gt 2 and 2 ge 2", "true"),
        ("1 eq 1.0 and 1 ne 2", "true"),
        ("false || true && false", "false"),
        ("true or 1 == 2 and false", "true"),
        ("!true || not false", "true"),
        ("!!true", "true"),
        ("$x == 'X'", "true"),
        ("1 == 1 != false == true", "true"),
        ("'a'\n+\n'b'", "ab"),
        ("99999999999999999999", "99999999999999999999"),
    ],
)
def test_operators(expression: str, printed: str) -> None:
    """Operators bind as in Velocity, and those of one level from the left."""
    assert printed == output(f"#set($y = {expression})$y", x="X")


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("[]", "[]"),
        ("[1, 'a', true, $x, 1.5, [2]]", "[1, a, true, X, 1.5, [2]]"),
        ("[1..3]", "[1, 2, 3]"),
        ("[ 2 .. -1 ]", "[2, 1, 0, -1]"),
        ("[$one..$l.size()]", "[1, 2]"),
        ("[1..$x]", ""),
        ("{}", "{}"),
        ("{ }", "{}"),
        ("{'a': 1, \"b\" : {$x: [1]}}", "{a=1, b={X=[1]}}"),
        ("{'a': $x}", "{a=X}"),
        ("{1: 2}", "{1=2}"),
        ("'it''s $x'", "it's $x"),
        ('"say ""$x"""', 'say "X"'),
        ('"{""a"": 2}"', '{"a": 2}'),
        (r'"\u0041\n"', "A\\n"),
        (r"'\u0041'", r"\u0041"),
        (r'"\u0024x"', "$x"),
        ('"$x$x ${x}y $missing."', "XX Xy ."),
        ('"#if($x == ""X"")a#{else}b#end"', "a"),
        ('"#foreach($i in [1..3])$i#end"', "123"),
        ('"a ## b"', "a "),
        ('"$"', "$"),
        ('"cost: 5$"', "cost: 5$"),
        ('"#"', "#"),
        (r'"\$x"', "$x"),
        ('"$l.get(0)"', "p"),
        ("\"$m['k']\"", "v"),
        ('"#hash "', "#hash "),
        ('"$x#* c"', ""),
    ],
)
def test_literals(expression: str, printed: str) -> None:
    """Lists, maps and ranges; strings in double quotes interpolate, a doubled quote stands for itself."""
    assert printed == output(f"#set($y = {expression})$y", x="X", l=["p", "q"], m={"k": "v"}, one=1)


@pytest.mark.parametrize(
    ("call", "printed"),
    [
        ("$m.put('a', null)$m", "{k=v, a=null}"),
        ("$m.put('a', $missing)$m", "{k=v, a=}"),
        ("$m.put('a', [1, $x])$m", "{k=v, a=[1, X]}"),
        ("$m.put( 'a' , {'b': true} )$m", "{k=v, a={b=true}}"),
        ("$m.get($m.get('x').concat('')) $x.concat(\"$x\")", " XX"),
        ("$m.put('k', 'w')", "v"),
    ],
)
def test_arguments(call: str, printed: str) -> None:
    """Arguments are values without operators; a bare word is null."""
    assert printed == output(call, x="X", m={"k": "v"})


@pytest.mark.parametrize(
    ("expression", "column"),
    [
        ("1-1", 12),
        ("1 -1", 13),
        ("-$x", 11),
        ("- 1", 11),
        ("1 2", 13),
        ("1 = 1", 13),
        ("null", 11),
        ("True", 11),
        ("1 LT 2", 13),
        ("()", 12),
        ("(1", 14),
        ("[1,]", 14),
        ("[1.5..2]", 15),
        ("['a'..2]", 15),
        ("[1.. ]", 16),
        ("{a: 1}", 12),
        ("{'a' 1}", 16),
        ("{'a': 1,}", 19),
        ("{'a': 1", 18),
        ("{ 'a': 1 } }", 22),
        ('"a\\"b"', 15),
        ("$x[1.5]", 14),
        ("$x[[1]]", 14),
        ("$x.a(1", 18),
        ("$x.a(1 2)", 18),
        ("$x.a(1 + 2)", 18),
        ("${x", 14),
        ("$x y", 14),
        ("#1", 11),
        ('"#end"', 12),
        ('"\n#if($x)"', 1),
        ('"a""b #end"', 17),
        (r'"a \u00zz"', 14),
        ("9" * 1001, 11),
        ("1 ## c", 13),
        ("'a", 11),
    ],
)
def test_what_does_not_parse(expression: str, column: int) -> None:
    """An expression that Velocity refuses is an error at the token that does not fit."""
    assert column == syntax_error(f"#set($y = {expression})")[2]


def test_a_backslash_ends_no_string() -> None:
    r"""`\"` is a backslash and the end of the string, so that the rest does not parse."""
    assert ("unexpected b, where ) is expected", 1, 14) == syntax_error('#set($y = "\\"b")')
