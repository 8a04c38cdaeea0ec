"""Most templates need no parser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.lint.templates.check import template_findings
from reconciler.lint.templates.plain import is_plain

LOOP = """#set($root = $input.path('$.pets'))
{
  "pets": [
#foreach($pet in $root.list)
    {"name": "$util.escapeJavaScript($pet.name).replaceAll("\\\\'", "'")", "age": ${pet.age}}#if($foreach.hasNext),#end

#end
  ],
## the number of all
#if($root.total != "" && $root.total > 0)
  "total": $root.total,
#elseif($root.size() == 1)
  "total": 1,
#{else}
  "total": null,
#end
  "request": "$!context.requestId"
}"""


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"a": "$context.requestId", "b": $input.json("$.b"), "c": $input.json(\'$\')}',
        '{"a": "$input.params(\'x\').", "b": "$stageVariables.b"}',
        LOOP,
    ],
)
def test_common_templates_are_plain(text: str) -> None:
    """References, assignments, loops and comparisons."""
    assert is_plain(text, is_json=True)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1,}',
        '{"a": $b}',
        '{"a": $ctx.x}',
        '{"a": "$util.escapeJavaScript($input.body)"}',
        '{"a": $input.foo()}',
        '{"a": "$input.body.x"}',
        "#set($a = 1)#if($a.b)1#end",
        "#foreach($i in $input.path('$.l'))1",
        "1#end",
        "#macro(a)1#end",
        "#set($a = 1)#[[1]]#",
        '"\\$context.a"',
        "#if(1 == 1)" * 30 + "1" + "#end" * 30,
    ],
)
def test_everything_else_gets_a_closer_look(text: str) -> None:
    """Whatever a rule may have something to say about."""
    assert not is_plain(text, is_json=True)


def test_text_that_is_no_json_is_plain_elsewhere() -> None:
    """Only templates for JSON have to give it."""
    assert is_plain("<a>$context.requestId</a>", is_json=False)


TEXTS = [
    "1",
    ",",
    "[",
    "]",
    '"',
    "{",
    "}",
    '{"a": ',
    " ",
    "\n",
    "$",
    "#",
    "\\",
    ".",
    "(",
    ")",
    "'",
    "-b",
    "## x\n",
    "#*",
    "*#",
]
REFERENCES = ["$a", "${a.b}", "$!a", "$context.x", "$context", "$input.body", "$input.path('$.a')", '$input.json("$")']
CALLS = [
    "$util.urlEncode($a)",
    "$util.escapeJavaScript($a)",
    '.replaceAll("\\\\\'", "\'")',
    ".b",
    "[0]",
    ".c(1)",
    "#[[",
]
BLOCKS = ["#if($a)", "#if($a == 1)", '#if($a.b != "" || $a < 2)', "#elseif($a == 'x')", "#else", "#{else}", "#end"]
OTHERS = ["#set($a = 1)", "#set($a = $input.path('$.a'))", "#foreach($a in $a.b)", "#if($foreach.hasNext),#end"]
PARTS = st.sampled_from([*TEXTS, *REFERENCES, *CALLS, *BLOCKS, *OTHERS])


@settings(deadline=None, max_examples=500)
@given(st.lists(PARTS, max_size=12).map("".join), st.booleans())
def test_nothing_is_found_in_a_plain_template(text: str, is_json: bool) -> None:
    """The short way never hides a problem."""
    if is_plain(text, is_json=is_json):
        assert () == template_findings(text, is_json=is_json)
