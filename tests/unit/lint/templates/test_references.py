"""Helpers that API Gateway does not have, and variables that nothing sets."""

import pytest

from reconciler.lint.templates.check import template_findings
from reconciler.lint.templates.references import INPUT_METHODS, INPUT_PROPERTIES, UTIL_METHODS
from reconciler.mapping.variables.input import Input
from reconciler.mapping.variables.util import Util


def found(text: str) -> list[tuple[str, str]]:
    """The messages about a template, and the remedies."""
    return [(one.message, one.remedy) for one in template_findings(text, is_json=False)]


def test_the_helpers_are_those_of_the_renderer() -> None:
    """What a template can call is written twice, because the renderer takes long to import."""
    assert (frozenset(Util.methods), frozenset(Input.methods), frozenset(Input.properties)) == (
        UTIL_METHODS,
        INPUT_METHODS,
        INPUT_PROPERTIES,
    )


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        (
            "$util.toJson($input.body)",
            "API Gateway has no `$util.toJson`",
            "write `$input.json('$.name')` for the JSON of a part of the body",
        ),
        (
            "$util.defaultIfNull($input.body, 1)",
            "API Gateway has no `$util.defaultIfNull`",
            'write `#if($value != "")$value#{else}default#end`',
        ),
        (
            "$util.error('x')",
            "API Gateway has no `$util.error`",
            "set the status with `#set($context.responseOverride.status = 400)`",
        ),
        ("$util.time.nowISO8601()", "API Gateway has no `$util.time`", "write `$context.requestTimeEpoch`"),
        (
            "$util.dynamodb.toDynamoDBJson(1)",
            "API Gateway has no `$util.dynamodb`",
            "it belongs to AppSync; write what it does with #if, #set and the methods of texts and lists",
        ),
        (
            "$util.escapeJavascript('x')",
            "API Gateway has no `$util.escapeJavascript`",
            "did you mean `$util.escapeJavaScript`?",
        ),
        (
            "$util.urlEncode",
            "`$util.urlEncode` is a method; without parentheses it is nothing",
            "write `$util.urlEncode(...)`",
        ),
        (
            "$util['urlEncode']",
            "`$util` has no members in brackets",
            "it has base64Decode, base64Encode, escapeJavaScript, parseJson, urlDecode, urlEncode",
        ),
        ("$utils.urlEncode('x')", "API Gateway has no `$utils`", "write `$util`"),
        ("$input.foo()", "API Gateway has no `$input.foo`", "it has body, json, params, path"),
        ("$input.param('x')", "API Gateway has no `$input.param`", "did you mean `$input.params`?"),
        (
            "$input.params",
            "`$input.params` is a method; without parentheses it is nothing",
            "write `$input.params(...)`",
        ),
        ("$input.body.name", "`$input.body` is a text, which has no members", "write `$input.path('$.name')`"),
        ("$input.body[0]", "`$input.body` is a text, which has no members", "write `$input.path('$.name')`"),
        (
            "$ctx.args.id",
            "API Gateway has no `$ctx`",
            "write `$context` for what API Gateway knows of the call, `$input.path('$.name')` for the body",
        ),
    ],
)
def test_unknown_helpers_come_with_what_to_write(text: str, message: str, remedy: str) -> None:
    """For those of AppSync, for wrong spellings, and for members that are none."""
    assert [(message, remedy)] == found(text)
    assert "unknown-helper" == template_findings(text, is_json=False)[0].rule


@pytest.mark.parametrize(
    "text",
    [
        "$util.urlEncode($input.body) $util.parseJson($input.body).name",
        "$input.body $input.json('$') $input.path('$.a').b $input.params().header $input.params('x')",
        "$input.body.length() $util $input",
        r"\$util.toJson(1)",
        "#set($ctx = 1)$ctx",
        "#set($util = {'toJson': 1})$util.toJson",
        "$context.anything.at.all $stageVariables.x $stageVariables['x']",
    ],
)
def test_what_there_is_passes(text: str) -> None:
    """So do escaped references, and variables of the template's own."""
    assert [] == found(text)


def test_a_variable_that_nothing_sets_is_reported_once() -> None:
    """At its first use, with a similar name that is set."""
    template = "#set($message = 1)\n$mesage ${mesage} $massage\n$mesage"
    problems = [(one.rule, one.line, one.column, one.message) for one in template_findings(template, is_json=False)]

    assert [
        ("undefined-reference", 2, 1, "nothing sets `$mesage`, which prints as the empty text"),
        ("undefined-reference", 2, 19, "nothing sets `$massage`, which prints as the empty text"),
    ] == problems
    assert "did you mean `$message`?" == found(template)[0][1]


def test_a_reference_in_a_string_has_its_own_place() -> None:
    """Strings in double quotes are templates too."""
    (problem,) = template_findings('#set($a = "x $b")$a', is_json=False)

    assert ("undefined-reference", 1, 14) == (problem.rule, problem.line, problem.column)


@pytest.mark.parametrize(
    "text",
    [
        "#set($a = 1)$a",
        "$a#set($a = 1)",
        "#foreach($a in [1, 2])$a $foreach.index $velocityCount#end",
        "#define($a)x#end$a",
        "#if($input.path('$.a') == $null)x#end",
        "\\$a",
        "It costs $5.00, or '$' and $.",
        "#set($a = '$b')$a",
    ],
)
def test_what_is_set_is_defined(text: str) -> None:
    """By `#set`, a loop or `#define`, anywhere in the template; `$null` is a common word for null."""
    assert [] == found(text)
