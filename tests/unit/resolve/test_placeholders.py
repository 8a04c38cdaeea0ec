"""Placeholders in the raw tree."""

from collections.abc import Callable

import pytest

from reconciler.resolve.nodes import Places
from reconciler.resolve.placeholders import substitute

Tree = Callable[[str], Places]


@pytest.mark.parametrize("text", ["a: ${{ vars.x }}", "a: x-${{env.Y}}-z", "a: ${{", "a: $${{ b }} ${{ c }}"])
def test_not_yet(tree: Tree, text: str) -> None:
    """A placeholder anywhere in a value is refused, not passed on as text."""
    (found,) = substitute(tree(text))

    assert str(found).startswith("m.yaml:1:4: error: placeholders (`${{ ... }}`) are not available yet [not-yet]")


def test_every_one_is_found(tree: Tree) -> None:
    """Each is reported at its own place, in maps and in lists."""
    found = substitute(tree("a: ['${{ x }}', {b: '${{ y }}'}]\nc: ${{ z }}"))

    assert ["m.yaml:1:5", "m.yaml:1:21", "m.yaml:2:4"] == [str(one.location) for one in found]


def test_escaped(tree: Tree) -> None:
    """`$${{` stands for a literal `${{`."""
    places = tree("a: $${{ b }} and $${{ c }}")

    assert () == substitute(places)
    assert {"a": "${{ b }} and ${{ c }}"} == places.root


def test_escaped_in_what_an_alias_shares(tree: Tree) -> None:
    """What two places share is substituted once, not twice."""
    places = tree("a: &x {b: '$${{ c }}'}\nd: *x")

    assert () == substitute(places)
    assert {"a": {"b": "${{ c }}"}, "d": {"b": "${{ c }}"}} == places.root


@pytest.mark.parametrize("key", ["${{ vars.x }}", "a-$${{ b }}"])
def test_key(tree: Tree, key: str) -> None:
    """Keys have no placeholders."""
    (found,) = substitute(tree(f"a: 1\n'{key}': 2"))

    assert str(found).startswith("m.yaml:2:1: error: a placeholder cannot stand in a key [placeholder]")


@pytest.mark.parametrize("text", ["a: ${integration.response.statuscode}", "a: $input.json('$')", "a: $ {{ x }}"])
def test_other_dollars(tree: Tree, text: str) -> None:
    """AWS's own expressions and templates are none of ours."""
    assert () == substitute(tree(text))
