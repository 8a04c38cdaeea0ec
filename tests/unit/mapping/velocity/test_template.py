"""What templates print: the language as a whole, a fact in each row."""

import pytest

from reconciler.mapping.java.budget import Budget
from reconciler.mapping.velocity.template import parse
from support.velocity import fault_of, output, rendered

PET = {"name": "Rex", "tags": ["good", "old"], "owner": {"first-name": "Ann"}, "none": None}


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("$pet.name", "Rex"),
        ("${pet.name}x", "Rexx"),
        ("$!pet.name", "Rex"),
        ("$!{pet.name}", "Rex"),
        ("$pet.tags[0]", "good"),
        ("$pet.tags[ -1 ]", "old"),
        ("$pet['name']", "Rex"),
        ('$pet["owner"].first-name', "Ann"),
        ("$pet.tags.get(1).length()", "3"),
        ("$pet.name.", "Rex."),
        ("$pet.name.5", "Rex.5"),
        ("$pet.name()", ""),
        ("$pet.name(", "Rex("),
        ("$pet.tags.size", ""),
        ("$missing", ""),
        ("$missing.a.b()[0]", ""),
        ("$!missing", ""),
        ("$pet.none", ""),
    ],
)
def test_reference(template: str, printed: str) -> None:
    """A reference prints its value, and nothing where there is none."""
    assert printed == output(template, pet=PET)


@pytest.mark.parametrize(
    "template",
    [
        "$5.00",
        "#1",
        "#hash",
        "#13ff93",
        "$ ",
        "# ",
        "$$5",
        "a $.b",
        "$-x",
        "$[0]",
        "${ x}",
        "$}",
        "${",
        "'$'",
        "{\"a\": '#'}",
        "\\",
        "\\\\",
        "\\n",
        "\\$ \\# \\$5",
        "C:\\dir\\\\file",
        "#set",
        "#set x",
        "#foo(1, $x)\n",
        "#{foo}",
    ],
)
def test_text(template: str) -> None:
    """What is neither reference nor directive prints as it is."""
    assert template == output(template)


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        (r"\$x", "$x"),
        (r"\\$x", r"\X"),
        (r"\\\$x", r"\$x"),
        (r"\$!x", "$!x"),
        (r"\${x.length()}", "${x.length()}"),
        (r"\$missing", "$missing"),
        (r"$\!x", ""),
        ("$$x", "$X"),
        ("#$x", "#X"),
        (r"\#if(true)", "#if(true)"),
        (r"\\#if(true)a#end", r"\a"),
        (r"\\\#if", r"\#if"),
        (r"\#end \#{else} \#foreach \#stop", "#end #{else} #foreach #stop"),
        (r"\#hash", r"\#hash"),
        (r"\\#hash", r"\\#hash"),
        (r"\#evaluate", r"\#evaluate"),
        (r"#macro(mine)#end\#mine", "#mine"),
    ],
)
def test_escape(template: str, printed: str) -> None:
    """A backslash escapes references and the directives that there are, and is text before all else."""
    assert printed == output(template, x="X")


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("a## b\nc", "ac"),
        ("a #* $b \n *#c", "a c"),
        ("a#** b *#c", "ac"),
        ("a#* not closed", "a"),
        ("#[[ $x #if ## ]]#b", " $x #if ## b"),
        ("$x## b\nc", "Xc"),
        ("$## b", "$"),
        ("#* $x #if #[[ a #** b ## *#c", "c"),
        ("#[[ $x #if #* #[[ #** b ## ]]#c", " $x #if #* #[[ #** b ## c"),
        ("## $x #* #[[ #** b ## \\ \na", "a"),
        ("$x.length()## b\nc", "1c"),
        ("$x.size## b\nc", "## b\nc"),
    ],
)
def test_comment(template: str, printed: str) -> None:
    """Comments vanish, with the line end behind `##`; after `$a.b`, Velocity takes `##` for text."""
    assert printed == output(template, x="X")


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("#if(true)\n a\n#end\nb", " a\nb"),
        ("#if(true) \t\na#end \nb", "ab"),
        ("#if(false)\n#else \r\na#end", "a"),
        ("a\n  #set($y = 1)\nb", "a\n  b"),
        ("a  #set($y = 1) b", "a   b"),
        ("  #set($y = 1)a", "a"),
        ("$x  #set($y = 1)a", "Xa"),
        ("#if(true)  #set($y = 1)  a#end", "  a"),
        ("#set($y = 1)\n\na", "\na"),
        ("#foreach($i in [1, 2])\n  $i\n#end\n", "  1\n  2\n"),
        ("#hash\na", "#hash\na"),
    ],
)
def test_white_space(template: str, printed: str) -> None:
    """The line end behind a directive is eaten, and the blanks before `#set` unless they follow text or a line end."""
    assert printed == output(template, x="X")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("$missing", True),
        ("$pet.none", True),
        ("$empty", True),
        ("$zero", True),
        ("$no", False),
        ("!$missing", False),
        ("!$no", True),
        ("not $no", True),
        ("$missing && $empty", True),
        ("$no || $missing", True),
        ("true", True),
        ("(false)", False),
        ('"$missing" == ""', True),
        ("$missing == $null", True),
        # Literals, sums and interpolated strings never hold in Velocity 1.7.
        ("1", False),
        ('"a"', False),
        ("[1]", False),
        ("1 + 1", False),
        ('!"a"', True),
        ("true and 1", False),
    ],
)
def test_condition(condition: str, holds: bool) -> None:
    """Of references only false does not hold: what is missing, null, empty or 0 does."""
    template = f"#if({condition})yes#{{else}}no#end"

    assert ("yes" if holds else "no") == output(template, pet=PET, empty="", zero=0, no=False)


def test_elseif_and_else() -> None:
    """The first condition that holds decides; without one, #else does."""
    template = "#if($a == 1)one#elseif($a == 2)two#elseif($a == 2)again#{else}many#end"

    assert ["one", "two", "many"] == [output(template, a=value) for value in (1, 2, 3)]


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("#set($y = $missing)[$y]", "[]"),
        ("#set($x = $missing)[$x]", "[]"),
        ("#set($x = 1 / 0)[$x]", "[X]"),
        ('#if((1 / 0) == "")a#{else}b#end#if($missing == "")a#{else}b#end', "ba"),
        ("#set($m.a = 1)$m", "{k=v, a=1}"),
        ('#set($m["a"] = 1)$m', "{k=v, a=1}"),
        ('#set($m["$missing"] = 1)$m', "{k=v, =1}"),
        ("#set($m.Cache-Control = 'no')$m", "{k=v, Cache-Control=no}"),
        ("#set($m.a = {})#set($m.a.b = 1)$m", "{k=v, a={b=1}}"),
        ("#set($m.a.b = 1)$m", "{k=v}"),
        ("#set($missing.a = 1)$missing", ""),
        ("#set($missing.a.b[0] = 1)$missing", ""),
        ("#set($l = [1, 2])#set($l[0] = 3)$l", "[3, 2]"),
        ("#set( $y\n=\n1 )$y", "1"),
        ("#set ($y = 1)$y", "1"),
        ("#{set}($y = 1)$y", "1"),
        ("#set($$x = 1)$x", "1"),
    ],
)
def test_set(template: str, printed: str) -> None:
    """A missing value is assigned as the empty text, a failed sum not at all; nothing is set where nothing is."""
    assert printed == output(template, x="X", m={"k": "v"})


@pytest.mark.parametrize("target", ["${x}", "$!x", "$!{x}"])
def test_set_of_a_formal_reference_is_lost(target: str) -> None:
    """Velocity 1.7 does not set the variable that `${x}` or `$!x` names."""
    assert "X" == output(f"#set({target} = 1)$x", x="X")


def test_set_of_a_member_of_a_formal_reference() -> None:
    """A member can be set through `${m.a}`."""
    assert "{a=1}" == output("#set(${m.a} = 1)$m", m={})


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("a#macro(mine $b)$b#end#mine(5)", "a#mine(5)"),
        ("#mine($x.foo() 'b' , [1..2])", "#mine($x.foo() 'b' , [1..2])"),
        ("#evaluate($x)", "#evaluate($x)"),
        ('#evaluate("$x")\n.', '#evaluate("$x")\n.'),
        ("#@mine()a $x#end b", "#@mine()a $x#end b"),
        (r"#mine(\$x)", "#mine($x)"),
        (r"#@mine()\#if#end", "#@mine()#if#end"),
        ("#@mine x", "#@mine x"),
    ],
)
def test_macros_print_as_text(template: str, printed: str) -> None:
    """Macros are neither defined nor called, and there is no #evaluate; nothing in the call is evaluated."""
    assert printed == output(template, x="X")


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("a#stop b", "a"),
        ("a#if(true)b#stop#end c", "ab"),
        ("a#foreach($i in [1, 2])$i#stop#end", "a1"),
        ("a#stop('why')b", "a"),
        ("a#break b", "a"),
        ('a#set($y = "#stop")b', "a"),
    ],
)
def test_stop(template: str, printed: str) -> None:
    """#stop ends the template, as #break outside of a loop does."""
    assert printed == output(template)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("#if($x)\n #parse('a.vm')#end", "#parse needs another template, and API Gateway has none"),
        ("#if($x)\n #include($x)#end", "#include needs another template, and API Gateway has none"),
    ],
)
def test_other_templates_fail(template: str, message: str) -> None:
    """#parse and #include fail when they are rendered."""
    fault = fault_of(template)

    assert (message, 2, 2) == (fault.message, fault.line, fault.column)


def test_include_that_is_not_rendered() -> None:
    """An #include in a branch that is not taken does no harm, nor does one without arguments."""
    assert "a" == output("#if(false)#include('b')#end#{include}a")


def test_literal() -> None:
    """#literal prints its block as it is, without comments and with escapes resolved."""
    assert "$x #if $y " == output(r"#literal()$x #if \$y #* c *##end".replace("#if", r"\#if"), x="X")


@pytest.mark.parametrize(
    ("template", "line", "column"),
    [
        ("a\n$l.get(5)", 2, 1),
        ("a\n  #set($y = $l[5])", 2, 13),
        ("#set($l[5] = 1)", 1, 1),
        ("#if($l.get(5))a#end", 1, 5),
        ("#foreach($i in [1])\n#if($i == $l.get(7))#end#end", 2, 11),
        ('#set($y = "a\n$l.get(5)")', 2, 1),
        ("#break('a')", 1, 1),
    ],
)
def test_place_of_a_fault(template: str, line: int, column: int) -> None:
    """A fault is at the reference that fails, else at the directive."""
    fault = fault_of(template, l=[1])

    assert (line, column) == (fault.line, fault.column)


def test_a_fault_leaves_no_output() -> None:
    """A template that fails prints nothing."""
    assert "" == rendered("a$l.get(5)", l=[1]).output


def test_variables_as_the_template_leaves_them() -> None:
    """The result has the variables that the template set; those that were given are as before."""
    given = {"a": "b"}
    result = parse("#set($c = 1)#set($a = 2)").render(given, Budget())

    assert {"a": 2, "c": 1} == result.variables
    assert {"a": "b"} == given


def test_a_template_is_parsed_once() -> None:
    """The same text gives the same template, however long it is."""
    assert parse("a $b") is parse("a $b")
    assert parse("a $b" * 10_000) is parse("a $b" * 10_000)


def test_few_long_templates_are_kept() -> None:
    """Long templates are given up when others follow, for the sake of memory."""
    text = "a $b" * 10_000
    first = parse(text)
    for number in range(5):
        parse(text + str(number))

    assert parse(text) is not first
