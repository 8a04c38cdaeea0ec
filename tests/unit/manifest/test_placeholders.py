"""Placeholders in the raw tree."""

from collections.abc import Callable, Mapping
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.diagnostics import MOST
from reconciler.manifest.placeholders import Substituted, find_placeholders, substitute
from reconciler.manifest.variables import Value, Variables, coerce
from reconciler.yamlio.nodes import SourceMap
from reconciler.yamlio.parse import read

Tree = Callable[[str], SourceMap]

VALUES: Final[Mapping[str, Value]] = {"stage": "dev", "n": 5, "share": 0.5, "on": True, "odd": "${{ vars.n }}"}
VARIABLES = Variables(
    VALUES,
    readable=("ORIGIN", "UNSET"),
    process={"ORIGIN": "https://x", "HOME": "/root"},
    environment="dev",
    elsewhere={"stage": ("dev", "prod"), "color": ("qa", "prod"), "n": ("dev",)},
)


def filled(places: SourceMap, *, leave_unset: bool = False) -> Substituted:
    """The tree with these variables."""
    return substitute(places, find_placeholders(places), VARIABLES, leave_unset=leave_unset)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${{ vars.stage }}", "dev"),
        ("${{vars.stage}}", "dev"),
        ("petstore-${{ vars.stage }}-${{ vars.n }}", "petstore-dev-5"),
        ("${{ vars.stage }}${{ vars.stage }}", "devdev"),
        ("'${{ env.ORIGIN }}'", "https://x"),
        ("${{ vars.n }}", 5),
        ("'${{ vars.n }}'", 5),
        ("${{ vars.share }}", 0.5),
        ("${{ vars.on }}", True),
        ("is ${{ vars.on }}", "is true"),
        ("$${{ vars.stage }}", "${{ vars.stage }}"),
        ("$${{ a }} ${{ vars.stage }} $${{ b }}", "${{ a }} dev ${{ b }}"),
        ("$$${{ vars.stage }}", "$${{ vars.stage }}"),
        ("${{ vars.odd }}", "${{ vars.n }}"),
        ("${integration.response.statuscode}", "${integration.response.statuscode}"),
        ("$ {{ x }}", "$ {{ x }}"),
    ],
)
def test_value_of_a_scalar(tree: Tree, text: str, expected: Value) -> None:
    """Alone, a placeholder has the variable's type; within text it becomes text. Values are not substituted again."""
    found = filled(tree(f"a: {text}"))

    assert ({"a": expected}, ()) == (found.places.root, found.diagnostics)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "${{ vars.stag }}",
            "the variable `stag` is not defined in environment dev [undefined-variable]; did you mean `stage`?",
        ),
        (
            "${{ vars.color }}",
            (
                "the variable `color` is not defined in environment dev [undefined-variable]; qa and prod define it: "
                "define it there, or pass --var color=VALUE"
            ),
        ),
        (
            "${{ vars.zzz }}",
            (
                "the variable `zzz` is not defined in environment dev [undefined-variable]; define it there, or pass "
                "--var zzz=VALUE"
            ),
        ),
        (
            "${{ env.HOME }}",
            (
                "the environment variable `HOME` may not be read "
                "[undefined-variable]; allow it in reconciler.yaml: `env: [HOME]`"
            ),
        ),
        (
            "${{ env.ORIGN }}",
            "the environment variable `ORIGN` may not be read [undefined-variable]; did you mean `ORIGIN`?",
        ),
        ("${{ env.UNSET }}", "the environment variable `UNSET` is not set [undefined-variable]; set it"),
        ("${{ vars. }}", "`${{ vars. }}` is not a placeholder [placeholder]; write `${{ vars.NAME }}` or"),
        ("${{ secrets.X }}", "`${{ secrets.X }}` is not a placeholder [placeholder]; write `${{ vars.NAME }}` or"),
        ("${{ vars.stage", "a placeholder is not closed [placeholder]; close it with `}}`, or write `$${{`"),
    ],
)
def test_placeholder_without_a_value(tree: Tree, text: str, expected: str) -> None:
    """The error says what is wrong and how to fix it; the placeholder is never passed on as text."""
    (found,) = filled(tree(f"a: {text}")).diagnostics

    assert str(found).startswith(f"m.yaml:1:4: error: {expected}")


def test_every_problem_is_reported(tree: Tree) -> None:
    """Each has its own place, in maps and in lists."""
    found = filled(tree("a: ['${{ x }}', {b: '${{ y }}'}]\nc: ${{ z }}")).diagnostics

    assert ["m.yaml:1:5", "m.yaml:1:21", "m.yaml:2:4"] == [str(one.location) for one in found]


def test_unset_variable_may_stay(tree: Tree) -> None:
    """Offline, an unset variable that may be read keeps its placeholder, with a warning and a mark."""
    found = filled(tree("a: x ${{ env.UNSET }}"), leave_unset=True)

    assert {"a": "x ${{ env.UNSET }}"} == found.places.root
    sentence = "the environment variable `UNSET` is not set: the placeholder stays [unset-variable]; set it"
    assert [f"m.yaml:1:4: warning: {sentence}"] == [str(diagnostic) for diagnostic in found.diagnostics]
    assert {"m.yaml:1:1", "m.yaml:1:4"} == {str(one) for one in found.symbolic}


@pytest.mark.parametrize("key", ["${{ vars.stage }}", "a-$${{ b }}"])
def test_key(tree: Tree, key: str) -> None:
    """A key cannot contain placeholders."""
    (found,) = filled(tree(f"a: 1\n'{key}': 2")).diagnostics

    assert str(found).startswith("m.yaml:2:1: error: a key cannot contain a placeholder [placeholder]")


def test_parsed_tree_stays(tree: Tree) -> None:
    """It can be substituted again for another environment."""
    places = tree("a: ${{ vars.stage }}\nb: [{c: '${{ vars.n }}'}]")
    filled(places)

    assert {"a": "${{ vars.stage }}", "b": [{"c": "${{ vars.n }}"}]} == places.root


def test_untouched_branches_are_shared(tree: Tree) -> None:
    """Only the path to a change is copied."""
    places = tree("a: {b: ['${{ vars.stage }}']}\nc: {d: e}")
    found = filled(places).places

    assert (True, False) == (found.node(("c",)) is places.node(("c",)), found.node(("a",)) is places.node(("a",)))


def test_tree_without_placeholders_is_the_same(tree: Tree) -> None:
    """Nothing is copied."""
    places = tree("a: {b: c}")

    assert places is filled(places).places


def test_places_stay(tree: Tree) -> None:
    """Substituted values, and everything after them, keep their places."""
    found = filled(tree("a: ['${{ vars.stage }}', x]\nb: '${{ vars.n }}'")).places

    assert ("m.yaml:1:26", "m.yaml:2:4") == (str(found.of_value(("a", 1))), str(found.of_value(("b",))))


def test_what_an_alias_shares(tree: Tree) -> None:
    """A value that an alias shares is substituted in both places, and its problem is reported once."""
    found = filled(tree("a: &x {b: '${{ vars.stage }}', c: '${{ vars.zzz }}'}\nd: *x"))

    assert ("dev", "dev", 1) == (
        found.places.node(("a", "b")),
        found.places.node(("d", "b")),
        len(found.diagnostics),
    )


@given(st.text(st.sampled_from("${} a\n"), max_size=12))
def test_escaping_keeps_any_text(text: str) -> None:
    """Any text comes back unchanged if every `${{` in it is escaped."""
    (places,) = read(b"a: x", "m.yaml").documents
    places.node(())["a"] = text.replace("${{", "$${{")  # type: ignore[index] # a map

    assert {"a": text} == filled(places).places.root


@pytest.mark.parametrize(
    ("text", "defined", "expected"),
    [
        ("true", False, True),
        ("true", None, True),
        ("true", "false", "true"),
        ("012", None, "012"),
        ("5", 6, "5"),
        ("yes", True, "yes"),
    ],
)
def test_value_from_the_command_line(text: str, defined: Value | None, expected: Value) -> None:
    """It is text; true and false are booleans unless they replace text."""
    assert expected == coerce(text, defined)


@pytest.mark.parametrize("text", ["${{" * 100_000, "${{ vars.a }" * 30_000])
def test_text_without_an_end_is_one_error(tree: Tree, text: str) -> None:
    """The end of a placeholder is searched for once, not from every start."""
    found = filled(tree(f"a: '{text}'"))

    assert ["a placeholder is not closed"] == [diagnostic.message for diagnostic in found.diagnostics]


def test_repeated_problem_is_reported_once_for_a_scalar(tree: Tree) -> None:
    """Similar names are searched for once."""
    assert 1 == len(filled(tree(f"a: '{'${{ vars.stagee }}' * 30_000}'")).diagnostics)


def test_many_undefined_variables_are_counted(tree: Tree) -> None:
    """Beyond a limit they are counted instead of listed."""
    text = " ".join(f"${{{{ vars.v{number} }}}}" for number in range(MOST + 5))

    found = filled(tree(f"a: '{text}'")).diagnostics
    assert "5 more problems with placeholders in this document are not listed" == found[-1].message
    assert MOST + 1 == len(found)


def test_values_cannot_blow_a_document_up(tree: Tree) -> None:
    """A long value that is repeated many times ends in an error before memory runs out."""
    variables = Variables({"long": "x" * 1_000_000})
    places = tree(f"a: '{'${{ vars.long }}' * 100_000}'")

    (found,) = substitute(places, find_placeholders(places), variables).diagnostics
    assert "too-large" == found.rule
