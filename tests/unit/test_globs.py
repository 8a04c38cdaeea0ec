"""Globs over resource paths and route keys."""

import pytest

from reconciler.globs import path_fits, route_fits


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
