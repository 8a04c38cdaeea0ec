"""Limits on steps."""

import pytest

from reconciler.work import SharedLimit, TooMuchWork, Work


def test_steps_end_at_the_limit() -> None:
    """What does not fit is not counted."""
    work = Work(3)
    work.spend(2)

    with pytest.raises(TooMuchWork):
        work.spend(2)
    assert 2 == work.steps


def test_an_outer_limit_holds() -> None:
    """What is spent within another limit counts there as well."""
    outer = Work(5)
    Work(4, outer).spend(4)

    with pytest.raises(TooMuchWork):
        Work(4, outer).spend(2)
    assert 4 == outer.steps


def test_a_shared_limit_ends_with_its_block() -> None:
    """Afterwards nothing limits the whole."""
    limit = SharedLimit("x")
    with limit.limited(3) as work:
        assert work is limit.current

    assert limit.current is None
