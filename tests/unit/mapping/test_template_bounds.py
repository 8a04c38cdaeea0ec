"""Hostile templates and bodies: each rendering ends within its bounds, whatever the functions are that it calls."""

import json
from time import process_time

import pytest

from reconciler.mapping.rendering import TemplateInputs
from reconciler.mapping.template import render

MOST_SECONDS = 10
"""Ten times what is promised, for machines that do something else too."""

STEPS = "the template takes more than 1,000,000 steps"
OFTEN = "#foreach($i in [1..1000])#foreach($j in [1..1000])%s#end#end"
SHARED = "#set($l = [])#set($m = [])#foreach($i in [1..60])#set($l = [$l, $l])#set($m = [$m, $m])#end"
READ = "#set($x = $input.path('$.a'))"
SQUARE = READ + "#set($y = $x * $x * $x)"
DIGITS = json.dumps({"a": int("9" * 900)})
FRACTION = '{"a": 1.%s}' % ("1" * 900)
NUMBERS = json.dumps({"a": list(range(20_000))})
RECORDS = json.dumps([{"a": 1, "b": [1, 2]}] * 10_000)


@pytest.mark.parametrize(
    ("template", "body", "message"),
    [
        (SHARED + "$l.equals($m)", "{}", STEPS),
        (SHARED + "$l.hashCode()", "{}", STEPS),
        (OFTEN % "#set($x = $util.parseJson($input.body))", RECORDS, STEPS),
        (OFTEN % "#set($x = $util.parseJson($input.body))", "[" + "a," * 30_000 + "]", STEPS),
        (OFTEN % """#set($x = $input.path("$.a[?(@.b$i == $j && @.c == 1)]"))""", '{"a": [{"b": 1}]}', STEPS),
        (OFTEN % f"""#set($x = $input.path("${".a" * 2_400}$i$j"))""", "{}", STEPS),
        (OFTEN % "#set($y = $input.path('$.a.sum()'))", NUMBERS, STEPS),
        (OFTEN % "#set($y = $input.path('$..a.sum()'))", NUMBERS, STEPS),
        (OFTEN % "#set($y = $input.path('$.a.concat()'))", json.dumps({"a": ["x" * 50] * 20_000}), "bytes of values"),
        (SQUARE + OFTEN % "#set($z = $y / $x)", DIGITS, STEPS),
        (SQUARE + OFTEN % "#set($z = $y % $x)", DIGITS, STEPS),
        (SQUARE + OFTEN % "#set($z = $y.toString(36))", DIGITS, STEPS),
        (SQUARE + OFTEN % '#set($z = "$y")', DIGITS, STEPS),
        (READ + OFTEN % "#set($z = $x * $x)", FRACTION, STEPS),
        (READ + OFTEN % "#set($z = $x / 3)", FRACTION, STEPS),
        (READ + OFTEN % "#if($x < $x)#end", FRACTION, STEPS),
        ("$util.escapeJavaScript($input.body)", '"' * 6_000_000, STEPS),
        ("$input.json('$')", "[" + "1.5," * 350_000 + "1]", STEPS),
        ("$util.escapeJavaScript($input.body)", "\0" * 3_000_000, STEPS),
        ("$input.path('$.a')", '{a: "' + "'" * 1_000_000 + '\\n"}', "more than 200,000 values"),
    ],
)
def test_work_is_bounded(template: str, body: str, message: str) -> None:
    """What takes long for one node of a template is counted as more than one step."""
    start = process_time()
    fault = render(template, TemplateInputs(body)).fault
    seconds = process_time() - start

    assert fault is not None
    assert message in fault.message
    assert not fault.is_certain
    assert seconds < MOST_SECONDS


def test_notes_are_bounded() -> None:
    """A template that does what no source describes in a loop has only a few reasons, and ends."""
    set_twice = '#set($context.responseOverride.header["k$i$j"] = "a")' * 2

    rendering = render(OFTEN % set_twice, TemplateInputs())

    assert rendering.fault is not None
    assert STEPS == rendering.fault.message
    assert 20 == len(rendering.unknown)


def test_many_tokens() -> None:
    """A template of very many tokens is not parsed; those in strings count too. The place is the first too many."""
    plain = render("$a" * 150_000, TemplateInputs()).fault
    strings = render('#set($x = "$a$a$a$a$a$a$a$a$a$a")' * 10_000, TemplateInputs()).fault

    assert plain is not None
    assert strings is not None
    assert "the template has more than 75,000 tokens" == plain.message == strings.message
    assert (False, 1) == (plain.is_certain, plain.line)


def test_large_text_beyond_ascii_is_joined_and_printed() -> None:
    """Texts with characters beyond U+FFFF are joined; two halves that meet become one character."""
    halves = "#set($h = $input.body.substring(0, 1))#set($l = $input.body.substring(1, 2))#set($x = $h + $l)$x"

    assert "\U0001f600" == render(halves, TemplateInputs("\U0001f600")).output
    assert "\U0001f600" == render(halves.replace("$h + $l", "$h.concat($l)"), TemplateInputs("\U0001f600")).output
