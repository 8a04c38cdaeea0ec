"""Templates for JSON that give JSON for no input."""

import pytest

from reconciler.lint.templates.check import template_findings


def found(text: str) -> list[tuple[int, int, str]]:
    """Where the output is no JSON, and why."""
    prefix = "the output is not JSON, whatever the input: "
    problems = template_findings(text, is_json=True)
    return [(one.line, one.column, one.message.removeprefix(prefix)) for one in problems if one.rule == "not-json"]


@pytest.mark.parametrize(
    ("text", "line", "column", "why"),
    [
        ('{"a": $input.json("$.a"),}', 1, 26, "a name in double quotes is expected here"),
        ('{\n  "a": $input.json("$.a")\n  "b": 1\n}', 3, 3, "a comma or the end is expected here"),
        ("{'a': 1}", 1, 2, "a name in double quotes is expected here"),
        ('{"a" $input.body}', 1, 6, "a colon is expected here"),
        ('{"a": "$input.path(\'$.a\')}', 1, 7, "this string is not closed"),
        ('[#foreach($i in $input.path("$.l")){"a": $i #end', 1, 44, "a comma or the end is expected here"),
        ('{"a": 1}}', 1, 9, "the JSON ends before this"),
        ('{"a": "\\x"}', 1, 8, "JSON does not have this escape"),
        ('{"a": "\n"}', 1, 8, "a string goes over a line end here"),
        ("oops", 1, 1, "a value is expected here"),
        ('#if($input.body == "a"){a: 1}#{else}{"b" 1}#end', 1, 42, "a colon is expected here"),
    ],
)
def test_what_can_never_be_json_is_reported_where_it_fails(text: str, line: int, column: int, why: str) -> None:
    """The place is where the way through the template that goes furthest fails."""
    assert [(line, column, why)] == found(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": $input.json("$.a"), "b": "$input.path(\'$.b\')"}',
        "$input.json('$')",
        "$input.body",
        "",
        "  \n",
        "#set($context.responseOverride.status = 404)",
        "#if($input.body == 1){a: 1}#end",
        '#if($input.body == 1){"a": 1}#{else}oops#end',
        '[#foreach($i in $input.path("$.l"))"$i",#end]',
        '[#foreach($i in $input.path("$.l"))"$i"#if($foreach.hasNext),#end#end]',
        '[#foreach($i in $input.path("$.l"))"$i"#if($velocityHasNext),#end#end]',
        "{ $input.path('$.members') }",
        "{\"a\": 1 $input.path('$.more')}",
        '#set($quote = \'"\'){"a": ${quote}x$quote}',
        '#set($comma = ""){"a": 1$comma "b": 2}',
        '#set($body = "{")$body "a": 1}',
        '#define($body){"a": 1#end $body}',
        '#set($map = {})$map.put("a", 1){"a": 1}',
        "$util.parseJson($input.body) {",
        '{"a": 1 #stop}}}',
        '{"$ref": 1, "$!none": "\\$input.body"}',
    ],
)
def test_what_may_be_json_passes(text: str) -> None:
    """By some input, or because it is not known what a value prints; an empty output is left alone."""
    assert [] == found(text)


def test_a_template_with_too_many_ways_is_left_alone() -> None:
    """Seven branches have 128 ways, and three have eight."""
    branches = "".join(f"#if($input.body == {number})a#{{else}}b#end" for number in range(7))

    assert [] == found("{" + branches)
    assert [] != found("{" + branches[: len(branches) // 7 * 3])


def test_deep_output_is_left_alone() -> None:
    """It is JSON to some parsers."""
    assert [] == found("[" * 100_000)


def test_number_that_python_does_not_read() -> None:
    """A number of 5,000 digits is JSON."""
    assert [] == found(f'{{"a": {"1" * 5_000}, "b": $x}}')


def test_constant_of_python() -> None:
    """NaN is no JSON, and is reported where it stands."""
    [(line, column, why)] = found('{"NaN": 1,\n"a": NaN, "b": $x}')

    assert (2, 6) == (line, column)
    assert "NaN is not JSON" in why
