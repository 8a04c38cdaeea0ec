"""Hostile templates: each ends, soon and with little memory, in a result or an error."""

import tracemalloc
from contextlib import suppress
from time import process_time

import pytest

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.velocity.source import TemplateSyntaxError
from reconciler.mapping.velocity.template import parse
from support.velocity import fault_of, output, syntax_error

MOST_BYTES = 100_000_000
MOST_SECONDS = 10
"""Ten times what is promised, for machines that do something else too."""

DOUBLED = "#set($s = 'aaaaaaaaaa')#foreach($i in [1..40])#set($s = {})#end"
TWENTY = "#set($s = 'aaaaaaaaaa')#foreach($i in [1..19])#set($s = $s + $s)#end"


HOSTILE_RENDERINGS = (
    ("#foreach($i in [1..5000000])$i#end", "bytes of values"),
    (
        "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])$c#end#end#end",
        "the template takes more than 1,000,000 steps",
    ),
    (DOUBLED.format('"$s$s"'), "a text grows beyond 10,000,000 characters"),
    (DOUBLED.format("$s + $s"), "a text grows beyond 10,000,000 characters"),
    (TWENTY + "#foreach($i in [1..1000])$s#end", "a text grows beyond 10,000,000 characters"),
    (TWENTY + '#set($x = "<$s>")' * 20, "bytes of values"),
    (TWENTY + r"\$s" * 10 + "$s$s$s", "a text grows beyond 10,000,000 characters"),
    ("#set($n = 9999999999)#foreach($i in [1..100])#set($n = $n * $n)#end", "a number has more than 4,000 digits"),
    (
        "".join(f"#define($a{n})$a{n + 1}$a{n + 1}#end" for n in range(40)) + "#define($a40)x#end$a0",
        "the template takes more than 1,000,000 steps",
    ),
    ("#set($l = [1])#foreach($i in [1..1000])#set($l = [$l, $l])#end$l", "a value is nested deeper than 100"),
    (
        "#set($l = [])#foreach($i in [1..1000])#foreach($j in [1..1000])#set($l = [$l, $j])$l.add('a')#end#end",
        "the template takes more than 1,000,000 steps",
    ),
)
STEPS = "the template takes more than 1,000,000 steps"


@pytest.mark.parametrize(("template", "message"), HOSTILE_RENDERINGS)
def test_hostile_rendering(template: str, message: str) -> None:
    """A rendering that costs too much soon ends in a fault that says so and is not certain of AWS."""
    parsed = parse(template)
    start = process_time()
    fault = parsed.render({}, Budget()).fault
    seconds = process_time() - start

    assert fault is not None
    assert message in fault.message
    assert not fault.is_certain
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize("template", [template for template, message in HOSTILE_RENDERINGS if message != STEPS])
def test_memory_of_hostile_rendering(template: str) -> None:
    """What a rendering would build is bounded before it is built."""
    parsed = parse(template)
    tracemalloc.start()
    parsed.render({}, Budget())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < MOST_BYTES


@pytest.mark.parametrize(
    ("template", "line", "column"),
    [
        ("a\n #foreach($i in [1..1000])#foreach($j in [1..1000])$j$j#end#end", 2, 27),
        ("a\n #foreach($i in [1..5000000])$i#end", 2, 2),
        ("a\n" + TWENTY + "\n$s$s$s", 3, 3),
    ],
)
def test_place_of_a_limit(template: str, line: int, column: int) -> None:
    """A limit is at the loop or reference that exceeds it."""
    fault = fault_of(template)

    assert (line, column) == (fault.line, fault.column)


@pytest.mark.parametrize(
    "template",
    [
        "#if(true)" * 3_000 + "#end" * 3_000,
        "#foreach($i in $l)" * 3_000,
        "#define($d)" * 3_000,
        "#@a()" * 3_000,
        "#if(" + "(" * 3_000 + "1" + ")" * 3_000 + ")#end",
        "#set($x = " + "[" * 3_000 + "]" * 3_000 + ")",
        "#set($x = " + "{1:" * 3_000 + "1" + "}" * 3_000 + ")",
        "#if(" + "!" * 100_000 + "true)#end",
        "$x" + ".a($x" * 3_000 + ")" * 3_000,
        "$x[" * 3_000,
        "#set($x = " + "1||1&&1==1<1+1*(" * 500 + "1" + ")" * 500 + ")",
    ],
)
def test_deep_nesting_does_not_parse(template: str) -> None:
    """What nests beyond 100 levels is a syntax error, at the level that is too deep, and not certain of AWS."""
    with pytest.raises(TemplateSyntaxError) as caught:
        parse(template)

    assert "the template nests deeper than 100 levels" == caught.value.message
    assert caught.value.column > 50 or "#if(!" in template
    assert not caught.value.is_certain


def test_values_and_blocks_within_each_other() -> None:
    """Lists and blocks that print each other, a hundred levels each, end in a fault of the rendering."""
    level = "#define($d{n})$l{n}#end#set($l{m} = $d{n})#foreach($i in [1..90])#set($l{m} = [$l{m}])#end"
    template = "".join(level.format(n=n, m=n + 1) for n in range(20)) + "$l20"
    fault = fault_of(template)

    assert ("values or blocks nest too deeply", False) == (fault.message, fault.is_certain)


def test_a_text_that_is_too_long() -> None:
    """A template that is one long text is bounded too; the fault is at the start."""
    fault = fault_of("a" * 10_000_001)

    assert ("a text grows beyond 10,000,000 characters", 1, 1) == (fault.message, fault.line, fault.column)


def test_nesting_that_parses() -> None:
    """90 levels are no problem, neither for parsing nor for rendering."""
    template = "#if(true)" * 45 + "#if(" + "(" * 40 + "true" + ")" * 40 + ")a#end" + "#end" * 45

    assert "a" == output(template)


def test_long_chains() -> None:
    """Chains of properties, methods and operators may be long."""
    assert "" == output("$x" + ".a" * 10_000 + ".b()" * 10_000, x={})
    assert "10001" == output("#set($x = " + "1 + " * 10_000 + "1)$x")
    assert "b" == output("#if(" + "false || " * 10_000 + "false)a#{else}b#end")


def test_strings_within_strings() -> None:
    """Quotes double with each level of strings, so that the text bounds the levels."""
    string = "$z"
    for _ in range(12):
        string = '"$y.concat(' + string.replace('"', '""') + ')"'

    assert "a" * 12 == output(f"#set($x = {string})$x", y="a", z="").rstrip()


HOSTILE = {
    "backslashes": "\\" * 100_000,
    "backslashes in a comment": "#*" + "\\" * 100_000,
    "backslashes in a text block": "#[[" + "\\" * 100_000,
    "backslashes behind references": "$x.y" * 15_000 + "\\" * 100_000,
    "blanks behind references": "$x.y" * 15_000 + " " * 100_000,
    "blanks": " " * 100_000 + "#set",
    "blanks behind #set": "#set" + " " * 100_000,
    "dollars": "$" * 100_000,
    "hashes": "#" * 100_000,
    "dollars and blanks": "$ " * 50_000,
    "hashes and blanks": "# " * 50_000,
    "quotes": '#set($x = "' + '"' * 100_000,
    "open calls": "#foo(" * 20_000,
    "words": "#foo " * 20_000,
    "curly brackets": "${" * 50_000,
    "else": "#else" * 20_000,
    "sets": "#set($x=1)" * 10_000,
    "strings": '#set($x="$y")' * 8_000,
    "line ends": "\n" * 100_000 + "$x",
    "digits": "#set($x = " + "9" * 100_000 + ")",
    "comments": "$x##\n" * 20_000,
    "operators": "#set($x=" + "1+" * 50_000 + "1)",
    "points": "$x" + ".a" * 50_000,
}


@pytest.mark.parametrize("template", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text(template: str) -> None:
    """A hostile text of 100 KB parses or does not, in a time that grows with its length."""
    start = process_time()
    with suppress(TemplateSyntaxError):
        parse(template)

    assert process_time() - start < MOST_SECONDS


def test_a_number_of_many_digits() -> None:
    """A number of more digits than anyone writes does not parse."""
    assert ("a number of more than 1,000 digits", 1, 11) == syntax_error("#set($x = " + "9" * 1_001 + ")")
