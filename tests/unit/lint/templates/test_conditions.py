"""Existence tests that are always true, since only the boolean false is false."""

import pytest

from reconciler.lint.templates.check import template_findings

ROOT = "#set($root = $input.path('$'))"


def messages(text: str) -> list[str]:
    """What is said of conditions."""
    return [one.message for one in template_findings(text, is_json=False) if one.rule == "always-true"]


def test_a_bare_reference_is_reported_with_what_to_write() -> None:
    """At the reference; null equals the empty text."""
    (found,) = template_findings(f"{ROOT}\n#if($root.Item)yes#end", is_json=False)

    assert ("always-true", 2, 5) == (found.rule, found.line, found.column)
    assert "`#if($root.Item)` is true for every value but the boolean false, even if there is no value" == found.message
    assert 'write `#if($root.Item != "")` to test whether there is a value' == found.remedy


def test_a_negated_reference_is_always_false() -> None:
    """The remedy compares the other way round."""
    (found,) = template_findings(f"{ROOT}#if(!$root.Item)no#end", is_json=False)

    assert (
        "`#if(!$root.Item)` is false for every value but the boolean false, even if there is no value" == found.message
    )
    assert 'write `#if($root.Item == "")` to test whether there is a value' == found.remedy


@pytest.mark.parametrize(
    "condition",
    [
        "$root",
        "$root.Item.name",
        "${root.Item}",
        "$!root.Item",
        "$root.a == 1 && $root.b",
        "not $root.a",
        "!($root.a || $root.b == 2)",
        "$stageVariables.debug",
        "$input.params('page')",
        "$input.json('$.a')",
        "$context.authorizer.role",
        "$context.identity.sourceIp",
    ],
)
def test_existence_tests_are_found(condition: str) -> None:
    """Also as parts of a longer condition, and of texts, which are never false."""
    assert 1 == len(messages(f"{ROOT}#if({condition})x#end"))


def test_every_elseif_is_looked_at() -> None:
    """With its own name in the message."""
    assert ["`#elseif($root.b)` is true for every value but the boolean false, even if there is no value"] == messages(
        f"{ROOT}#if($root.a == 1)x#elseif($root.b)y#end"
    )


@pytest.mark.parametrize(
    "condition",
    [
        '$root.Item != ""',
        "$root.a == $root.b",
        "$root.size() > 0",
        "$root.name.contains('x')",
        "$root.list.isEmpty()",
        "$input.path('$.flag')",
        "$root.isActive",
        "$root.enabled",
        "$root.list[0]",
        "$context.isCanaryRequest",
        "$context.flag",
        "$context.authorizer.get('x')",
        "true",
        "$never",
    ],
)
def test_comparisons_calls_and_booleans_are_left_alone(condition: str) -> None:
    """So are names that speak of a boolean, and what other rules report."""
    assert [] == messages(f"{ROOT}#if({condition})x#end")


@pytest.mark.parametrize(
    "text",
    [
        "#foreach($i in $input.path('$.l'))#if($foreach.hasNext),#end#end",
        "#foreach($i in $input.path('$.l'))#if($velocityHasNext),#end#end",
        "#foreach($i in [true, false])#if($i)x#end#end",
        "#set($is = $input.path('$.a') == 1)#if($is)x#end",
        "#set($is = true)#if($is)x#end",
        "#set($is = !$input.path('$.a'))#if($is)x#end",
        "#set($is = $input.body.contains('x'))#if($is)x#end",
        "#set($is = $input.path('$.x'))#set($is = false)#if($is)x#end",
        "#set($is = 1 == 1)#set($as = $is)#if($as)x#end",
        "#set($a = $input.path('$.isOpen'))#set($b = $a.isOpen)#if($b)x#end",
        "#set($map = {'a': true})#if($map.a)x#end",
        "#set($map = $input.path('$'))#set($map.a = false)#if($map.a)x#end",
        "#set($map = $input.path('$'))$map.put('a', false)#if($map.a)x#end",
        "#foreach($i in $input.path('$.l'))#set($last = $foreach.last)#if($last)x#end#end",
        "#foreach($i in $input.path('$.l'))#set($loop = $foreach)#if($loop)x#end#end",
    ],
)
def test_a_variable_that_may_be_a_boolean_is_left_alone(text: str) -> None:
    """By any of its assignments."""
    assert [] == messages(text)


@pytest.mark.parametrize(
    "text",
    [
        "#set($item = $input.path('$.Item'))#if($item)x#end",
        "#set($a = $input.path('$.a'))#set($b = $a.name)#if($b)x#end",
        "#set($a = $input.path('$.a'))#set($a = $a)#if($a)x#end",
        "#set($name = 'x')#if($name)x#end",
        "#set($sum = 1 + 2)#if($sum)x#end",
        "#foreach($i in $input.path('$.l'))#if($i.name)x#end#end",
        "#set($size = $input.path('$.l').size())#if($size)x#end",
        "#set($a = $stageVariables.x)#if($a)x#end",
    ],
)
def test_a_variable_that_is_no_boolean_is_reported(text: str) -> None:
    """Unless the body itself has a boolean there."""
    assert 1 == len(messages(text))
