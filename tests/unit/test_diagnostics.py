"""Diagnostics as a list."""

from reconciler.diagnostics import MOST, Diagnostic, Location, error, limited, warning
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
