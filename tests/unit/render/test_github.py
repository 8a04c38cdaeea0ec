"""Remarks as workflow commands."""

import pytest

from reconciler.diagnostics import Location
from reconciler.render.github import annotations
from reconciler.render.remarks import FileLocator, Level, Remark
from reconciler.rules import InputRule

HERE = FileLocator("/repo/api", "/repo")


def remark(level: Level = "error", message: str = "it is wrong", file: str = "a.yaml", line: int = 7) -> Remark:
    """One remark."""
    return Remark(level, InputRule.SYNTAX, message, "fix it", Location(file, line, 3 if line else 0))


def test_a_remark_is_a_command() -> None:
    """With its place, seen from the top of the repository, and its rule as the title."""
    assert (
        "::error file=api/a.yaml,line=7,col=3,title=reconciler%3A syntax::it is wrong; fix it\nDone."
    ) == annotations([remark()], "Done.", HERE)


@pytest.mark.parametrize(("level", "command"), [("error", "error"), ("warning", "warning"), ("note", "notice")])
def test_every_level_has_a_command(level: Level, command: str) -> None:
    """GitHub's own words."""
    assert f"::{command} " in annotations([remark(level)], "", HERE)


def test_a_file_as_a_whole_has_no_line() -> None:
    """Nor a column."""
    assert "::error file=api/a.yaml,title=" in annotations([remark(line=0)], "", HERE)


def test_what_has_no_place_has_none() -> None:
    """The command stands with its title alone."""
    assert "::error title=reconciler%3A syntax::x\n" in annotations([Remark("error", InputRule.SYNTAX, "x")], "", HERE)


def test_signs_of_the_commands_own_are_escaped() -> None:
    """In properties more of them than in the message."""
    assert (
        r"::error file=api/a%3A%2C%25.yaml,line=7,col=3,title=reconciler%3A syntax::100%25: a,b::c\n; fix it"
    ) == annotations([remark(message="100%: a,b::c\n", file="a:,%.yaml")], "", HERE).splitlines()[0]


def test_ten_of_a_level_and_the_rest_is_counted() -> None:
    """GitHub drops what is over without a word."""
    found = [*(remark("note") for _ in range(12)), *(remark("error", f"e{number}") for number in range(11))]
    lines = annotations(found, "Done.", HERE).splitlines()

    assert (
        ["::error"] * 10 + ["::notice"] * 10,
        "Not annotated: 1 more error, 2 more notices. GitHub shows 10 of each level; the report has them all.",
        "Done.",
    ) == ([line.split(" ")[0] for line in lines[:20]], lines[20], lines[21])


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("a.yaml", "api/a.yaml"),
        ("./a.yaml", "api/a.yaml"),
        ("../b.yaml", "b.yaml"),
        ("/repo/c.yaml", "c.yaml"),
        ("../../d.yaml", "/d.yaml"),
        ("/repository/e.yaml", "/repository/e.yaml"),
    ],
)
def test_places_are_seen_from_the_root(file: str, expected: str) -> None:
    """What is outside of it keeps its whole path."""
    assert expected == HERE.relative(file)
