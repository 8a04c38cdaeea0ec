"""Globs over resource paths, route keys and plain texts."""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.globs import path_fits, route_fits, text_fits
from reconciler.step_budget import BudgetExceeded, StepBudget

PARTS: Final = re.compile(r"(/\*\*(?=/|\Z)|\*\*|\*)")
IN_PATHS: Final = {"/**": "(?:/.*)?", "**": ".*", "*": "[^/]*"}

paths = st.text("ab/", max_size=10)
globs = st.lists(st.sampled_from(["a", "b", "/", "*", "**", "/**", "/**/", "/*"]), max_size=8).map("".join)


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("/**", "/", True),
        ("/**", "/pets/{id}/toys", True),
        ("**", "/pets", True),
        ("/pets", "/pets", True),
        ("/pets", "/pets/{id}", False),
        ("/pets/*", "/pets/{id}", True),
        ("/pets/*", "/pets", False),
        ("/pets/*", "/pets/{id}/toys", False),
        ("/pets/**", "/pets", True),
        ("/pets/**", "/pets/{id}/toys", True),
        ("/pets/**", "/petshop", False),
        ("/**/toys", "/toys", True),
        ("/**/toys", "/pets/{id}/toys", True),
        ("/pets/{id}", "/pets/{id}", True),
        ("/pets/{id}", "/pets/{name}", False),
        ("/{proxy+}", "/{proxy+}", True),
        ("/v1.0/*", "/v1x0/a", False),
        ("/pe*", "/pets", True),
        ("/PETS", "/pets", False),
    ],
)
def test_path(glob: str, path: str, expected: bool) -> None:
    """`*` stays within a part, `**` is any number of parts, all else is itself."""
    assert expected is path_fits(glob, path)


@pytest.mark.parametrize(
    ("glob", "route", "expected"),
    [
        ("*", "$connect", True),
        ("$*", "$connect", True),
        ("$connect", "$connect", True),
        ("send*", "sendMessage", True),
        ("send", "sendMessage", False),
        ("a*c", "a/b/c", True),
        ("a.c", "abc", False),
        ("[ab]", "a", False),
    ],
)
def test_route(glob: str, route: str, expected: bool) -> None:
    """`*` is any text, all else is itself."""
    assert expected is route_fits(glob, route)


@given(globs, paths)
def test_path_globs_mean_what_their_regular_expressions_mean(glob: str, path: str) -> None:
    """The definition, tried in every way there is."""
    meaning = "".join(IN_PATHS.get(part, re.escape(part)) for part in PARTS.split(glob))

    assert (re.fullmatch(meaning, path, re.DOTALL) is not None) is path_fits(glob, path)


@given(globs, paths)
def test_route_globs_mean_what_their_regular_expressions_mean(glob: str, route: str) -> None:
    """Every star is any text."""
    meaning = ".*".join(map(re.escape, glob.split("*")))

    assert (re.fullmatch(meaning, route, re.DOTALL) is not None) is route_fits(glob, route)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("/" + "*a" * 25 + "b", "/" + "a" * 200),
        ("/**/a" * 25 + "/b", "/a" * 200),
        ("/" + "**a" * 25 + "b", "/" + "a" * 200),
        ("/**/" + "*a*/" * 25 + "b", "/aa" * 200),
        ("**" + "*a" * 25 + "/b", "a/aa" * 200),
        ("/**" * 200 + "/b", "/a" * 200),
    ],
)
def test_a_path_glob_of_stars_takes_few_steps(glob: str, path: str) -> None:
    """Where a backtracking matcher tries more ways than there are seconds, the steps stay below length times length."""
    work = StepBudget(len(glob) * len(path))

    assert not path_fits(glob, path, work)


def test_a_route_glob_of_stars_takes_a_step_for_each() -> None:
    """A star is never tried again."""
    work = StepBudget(30)

    assert not route_fits("*a" * 25 + "b", "a" * 200, work)


def test_steps_of_a_glob_are_limited() -> None:
    """Long globs over long paths end where the caller says so."""
    with pytest.raises(BudgetExceeded):
        path_fits("/*a" * 100 + "b", "/aa" * 1_000, StepBudget(50))


@pytest.mark.parametrize(
    ("glob", "text", "expected"),
    [
        ("shop: * /pets/** 404", "shop: GET /pets/{id} 404", True),
        ("*4?4", "shop: GET / 404", True),
        ("*[45]04", "shop: GET / 504", True),
        ("*[!45]04", "shop: GET / 504", False),
        ("SHOP*", "shop: GET / 200", False),
        ("*a" * 25 + "b", "a" * 10_000, False),
    ],
)
def test_text(glob: str, text: str, expected: bool) -> None:
    """As a shell has them; many stars are no trap."""
    assert expected is text_fits(glob, text)
