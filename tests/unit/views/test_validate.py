"""The text of a validation."""

import pytest

from reconciler.diagnostics import Diagnostic, Location, error, warning
from reconciler.engine.validate import Validation
from reconciler.render.style import Style
from reconciler.rules import InputRule
from reconciler.views.validate import validate_text

WRONG = error(InputRule.SYNTAX, "it is wrong", "fix it", Location("a.yaml", 7, 3))
ODD = warning(InputRule.SYNTAX, "it is odd", "", Location("a.yaml", 8, 3))


def report(*diagnostics: Diagnostic, style: Style | None = None) -> list[str]:
    """The lines of the text."""
    return validate_text(Validation(1, 12, diagnostics), style or Style()).splitlines()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((), "Valid: 1 manifest, 12 responses."),
        ((ODD,), "Valid: 1 warning; 1 manifest, 12 responses can be read."),
        ((WRONG, WRONG, ODD), "Invalid: 2 errors, 1 warning; 1 manifest, 12 responses can be read."),
    ],
)
def test_the_last_line_is_the_summary(found: tuple[Diagnostic, ...], expected: str) -> None:
    """Warnings do not make it invalid."""
    assert expected == report(*found)[-1]


def test_every_problem_is_a_line() -> None:
    """As compilers write them."""
    assert ["a.yaml:7:3: error: it is wrong [syntax]; fix it", "a.yaml:8:3: warning: it is odd [syntax]"] == report(
        WRONG, ODD
    )[:-1]


def test_quiet_is_silent_without_errors() -> None:
    """Warnings are for who asks."""
    assert [] == report(ODD, style=Style(quiet=True))


def test_quiet_keeps_errors() -> None:
    """And the summary."""
    assert ["a.yaml:7:3: error: it is wrong [syntax]; fix it"] == report(WRONG, ODD, style=Style(quiet=True))[:-1]


def test_many_problems_are_cut_and_counted() -> None:
    """A hundred of each severity are more than anybody reads at once."""
    errors = [error(InputRule.SYNTAX, "wrong", "", Location("a.yaml", line)) for line in range(1, 99_999 + 1)]

    lines = report(*errors, *[ODD] * 101)
    assert "... and 99,899 more errors and 1 more warning (-v shows all)" == lines[-2]
    assert 202 == len(lines)


def test_verbose_shows_every_problem() -> None:
    """Who asks for all of them gets them."""
    assert 1_001 == len(report(*[WRONG] * 1_000, style=Style(full=True)))
