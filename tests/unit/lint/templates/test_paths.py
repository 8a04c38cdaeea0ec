"""What part of the body a condition reads, and whether a test has a boolean there."""

import pytest

from reconciler.lint.templates.check import template_findings
from reconciler.lint.templates.paths import BodyPath, has_boolean


def paths(text: str) -> tuple[BodyPath, ...]:
    """What the only condition of a template reads."""
    (found,) = template_findings(text, is_json=False)
    return found.reads


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#set($a = $input.path('$'))#if($a)x#end", [()]),
        ("#set($a = $input.path('$'))#if($a.b.c)x#end", [("b", "c")]),
        ("#set($a = $input.path('$.b'))#if($a.c)x#end", [("b", "c")]),
        ("#set($a = $input.path(\"$['b c'][0][*].d\"))#if($a)x#end", [("b c", None, None, "d")]),
        ("#set($a = $input.path('$').b.get('c'))#if($a.d)x#end", [("b", "c", "d")]),
        ("#set($a = $input.path('$.b'))#set($c = $a['d'][0])#if($c.e)x#end", [("b", "d", None, "e")]),
        ("#foreach($i in $input.path('$.b'))#if($i.c)x#end#end", [("b", None, "c")]),
        ("#set($a = $input.path('$.b'))#set($a = $input.path('$.c'))#if($a)x#end", [("b",), ("c",)]),
        ("#set($a = $input.path('$..b'))#if($a)x#end", []),
        ("#set($a = $input.path($b))#set($b = '$')#if($a)x#end", []),
        ("#set($a = $input.body.trim())#if($a)x#end", []),
        ("#set($a = $a)#if($a)x#end", []),
        ("#if($stageVariables.x)x#end", []),
        (f"#set($a = $input.path('$'))#if($a{'.b' * 21})x#end", []),
    ],
)
def test_a_condition_reads_parts_of_the_body(text: str, expected: list[BodyPath]) -> None:
    """Through variables and loops, as far as that is plain to see."""
    assert tuple(expected) == paths(text)


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        (("a",), {"a": False}, True),
        (("a", None, "b"), {"a": [{"b": 1}, {"b": True}]}, True),
        (("a", None), {"a": {"b": True}}, True),
        ((), True, True),
        (("a",), {"a": "true"}, False),
        (("a",), {"a": 0}, False),
        (("a",), {"b": True}, False),
        (("a", "b"), {"a": [{"b": True}]}, False),
        ((None,), "text", False),
    ],
)
def test_a_boolean_is_found(path: BodyPath, body: object, expected: bool) -> None:
    """Neither a number nor a text is one."""
    assert expected == has_boolean(path, body)
