"""Diagnostics as a list."""

from reconciler.diagnostics import MOST, Diagnostic, Location, error, in_order, limited, warning
from reconciler.rules import InputRule


def numbered(count: int) -> list[Diagnostic]:
    """So many errors, in the order of their lines."""
    return [error(InputRule.SYNTAX, "wrong", "", Location("a.yaml", line)) for line in range(1, count + 1)]


def test_what_is_listed_is_all_there_is() -> None:
    """Up to the limit."""
    assert tuple(numbered(MOST)) == limited(numbered(MOST))


def test_beyond_the_limit_a_diagnostic_says_how_many_are_left_out() -> None:
    """It stands first, in every format, and is an error where errors are."""
    found = limited(numbered(MOST + 7))

    assert "error: 7 more problems are not listed [too-many-problems]" == str(found[0]).partition(";")[0]
    assert MOST + 1 == len(found)


def test_errors_are_kept_before_warnings() -> None:
    """However many warnings stand above an error, the command fails for it."""
    warnings = [warning(InputRule.SYNTAX, "odd", "", Location("a.yaml", line)) for line in range(1, MOST + 1)]
    last = error(InputRule.SYNTAX, "wrong", "", Location("z.yaml", 1))

    assert last in limited([*warnings, last])


HERE = Location("sets/errors.yaml", 3, 7)


def at(address: str, message: str = "wrong") -> Diagnostic:
    """An error of a response of a set."""
    return error(InputRule.SYNTAX, message, "", HERE, address)


def test_one_problem_of_several_responses_is_listed_once() -> None:
    """A set that a hundred methods use has one line for each of its problems."""
    (found,) = in_order([at("GET /a 404"), at("GET /b 404"), at("GET /a 404"), at("GET /c 404")])

    assert ("GET /a 404", ("GET /b 404", "GET /c 404")) == (found.address, found.also)
    assert (found,) == in_order([found, at("GET /b 404")])


def test_problems_that_differ_in_more_than_the_response_are_all_listed() -> None:
    """The text, the place or the severity."""
    unplaced = [error(InputRule.SYNTAX, "wrong", "", None, address) for address in ("GET /a 404", "GET /b 404")]
    different = [at("GET /a 404"), at("GET /b 404", "worse"), at("GET /c 404").softened(), *unplaced]

    assert set(different) == set(in_order(different))


def test_a_problem_of_a_response_and_of_the_whole_is_one_of_the_whole() -> None:
    """What is about no response in particular is never downgraded."""
    assert (at(""),) == in_order([at("GET /a 404"), at(""), at("GET /b 404")])
