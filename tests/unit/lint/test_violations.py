"""What is an error for what a plan writes is a warning for what it leaves alone."""

from dataclasses import replace

from reconciler.diagnostics import Diagnostic, error
from reconciler.lint import downgrade_unplanned
from reconciler.rules import InputRule, LintRule, Severity

WRITTEN = "petstore: GET /pets 404"
LEFT_ALONE = "petstore: GET /pets 500"


def severities(*found: Diagnostic) -> list[Severity]:
    """After settling a plan that writes one response."""
    return [one.severity for one in downgrade_unplanned(found, {WRITTEN})]


def test_what_is_written_has_to_be_right() -> None:
    """An error of a response that the plan writes stays one."""
    assert [Severity.ERROR] == severities(error(LintRule.PARAMETER_KEY, "wrong", address=WRITTEN))


def test_what_is_left_alone_may_be_wrong() -> None:
    """An error of a response that the plan leaves alone is softened."""
    assert [Severity.WARNING] == severities(error(LintRule.PARAMETER_KEY, "wrong", address=LEFT_ALONE))


def test_what_concerns_no_response_stays() -> None:
    """An error without an address is nobody's to soften."""
    assert [Severity.ERROR] == severities(error(LintRule.PARAMETER_KEY, "wrong"))


def test_a_duplicate_stays() -> None:
    """What planning stands on is an error wherever it is."""
    assert [Severity.ERROR] == severities(error(LintRule.DUPLICATE_PATTERN, "twice", address=LEFT_ALONE))


def test_what_others_say_stays() -> None:
    """Diagnostics of other rules than the linter's are left as they are."""
    assert [Severity.ERROR] == severities(error(InputRule.SYNTAX, "wrong", address=LEFT_ALONE))


def test_what_is_written_among_others_has_to_be_right() -> None:
    """A problem of a shared place stays an error if the plan writes one of its responses."""
    found = error(LintRule.PARAMETER_KEY, "wrong", address=LEFT_ALONE)

    assert [Severity.ERROR, Severity.WARNING] == severities(
        replace(found, also=(WRITTEN,)), replace(found, also=(LEFT_ALONE,))
    )
