"""Exit codes derive from results, and the gravest wins."""

import itertools

import pytest

from reconciler.errors import ApiNotFound, AwsError, ExitCode, Interrupted, ReconcilerError, UsageError, worst_exit_code

GRAVEST_FIRST = (64, 130, 3, 1, 4, 2, 0)


def test_every_exit_code_has_a_rank() -> None:
    """None is forgotten when one is added."""
    assert sorted(GRAVEST_FIRST) == sorted(ExitCode)


@pytest.mark.parametrize(("graver", "lesser"), list(itertools.combinations(GRAVEST_FIRST, 2)))
def test_the_gravest_of_two(graver: int, lesser: int) -> None:
    """In either order."""
    codes = (ExitCode(graver), ExitCode(lesser))

    assert (graver, graver) == (worst_exit_code(codes), worst_exit_code(reversed(codes)))


def test_nothing_is_fine() -> None:
    """No result at all is no failure."""
    assert ExitCode.OK is worst_exit_code(())


@pytest.mark.parametrize(
    ("kind", "expected"), [(ReconcilerError, 1), (AwsError, 1), (ApiNotFound, 1), (UsageError, 64), (Interrupted, 130)]
)
def test_a_failure_knows_its_exit_code(kind: type[ReconcilerError], expected: int) -> None:
    """What ends the command decides its code."""
    assert expected == kind("it went wrong").exit_code


def test_a_failure_reads_as_message_and_remedy() -> None:
    """The remedy only where there is one."""
    assert ("no API; check the id", "no API") == (str(AwsError("no API", "check the id")), str(AwsError("no API")))
